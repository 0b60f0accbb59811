"""What a fund pays out and what it costs, and the facts that its provider states."""

from __future__ import annotations

from datetime import date

import numpy as np

from reportgen.metrics._metric import Measured, Unavailable, metric
from reportgen.metrics._views import FundProfile
from reportgen.metrics._windows import months_before
from reportgen.model import Fund, FundFact, Scalar

_STATED = "As the provider states it."
_TOLERANCE = 0.2


@metric(
    label="Distribution yield",
    unit="fraction",
    decimals=2,
    section="income",
    basis="price",
    formula="Distributions with an ex-date in the twelve months to the as-of, over the last close.",
    reference="This product's definition; the provider's yield is a cross-check at 20% relative.",
    parameters={"months": 12, "tolerance": _TOLERANCE},
)
def distribution_yield(p: FundProfile) -> Measured:
    """Distributions of the trailing twelve months over the last close.

    Returns a fraction. Details: `count` of distributions, and where the provider states a yield `provider_yield` and
    whether it `agrees` ("yes", "no") within 20 %. Missing for a fund younger than twelve months,
    and where the prices do not tell what was paid.
    """
    history = p.market.track(p.fund.ticker).history
    if not history.distributions_known:
        raise Unavailable("distributions not known")
    back = np.datetime64(months_before(p.market.as_of, 12), "D")
    if history.dates[0] > back:
        raise Unavailable(p.market.began(p.fund.ticker))
    recent = history.distributions[history.dates > back]
    value = float(np.sum(recent)) / float(history.close[-1])
    details: dict[str, Scalar] = {"count": int(np.count_nonzero(recent))}
    stated = p.fund.facts.get("provider_yield")
    if stated is not None and isinstance(stated.value, int | float):
        apart = abs(value - float(stated.value))
        details["provider_yield"] = float(stated.value)
        details["agrees"] = "yes" if apart <= _TOLERANCE * abs(float(stated.value)) else "no"
    return Measured(value, details=details, as_of=history.last, sources=(history.source,))


@metric(
    label="Expense ratio",
    unit="fraction",
    decimals=2,
    section="income",
    direction="lower is better",
    basis="stated by the provider",
    formula=_STATED,
    reference="The fund's prospectus, through the source named.",
)
def expense_ratio(p: FundProfile) -> Measured:
    """Yearly fund expenses as a fraction of its assets, as stated. Missing where no source states it."""
    return _stated(p, "expense_ratio", "no expense ratio stated")


@metric(
    label="Net assets",
    unit="usd",
    decimals=0,
    section="income",
    basis="stated by the provider",
    formula=_STATED,
    reference="The provider named as the source.",
)
def net_assets(p: FundProfile) -> Measured:
    """The fund's assets in dollars, as stated. Missing where no source states them."""
    return _stated(p, "net_assets", "no net assets stated")


@metric(
    label="Inception",
    unit="date",
    decimals=0,
    section="income",
    basis="stated by the provider",
    formula=_STATED,
    reference="The provider named as the source.",
    difference=False,
)
def inception(p: FundProfile) -> Measured:
    """The day the fund began, as stated; a date. Missing where no source states it."""
    if p.fund.inception is None:
        raise Unavailable("no inception date stated")
    return Measured(p.fund.inception)


def stated_number(fact: FundFact | None) -> float | None:
    """The number of a stated fact, or None where nothing (or no number) is stated."""
    if fact is None or isinstance(fact.value, str | date):
        return None
    return float(fact.value)


def known_only_from(fund: Fund, name: str) -> str | None:
    """The reason why a fact, or "holdings", of a day too far from the as-of is not used; None where there is none."""
    day = fund.unused.get(name)
    return f"known only from {day}" if day is not None else None


def _stated(p: FundProfile, name: str, reason: str) -> Measured:
    fact = p.fund.facts.get(name)
    value = stated_number(fact)
    if fact is None or value is None:
        raise Unavailable(known_only_from(p.fund, name) or reason)
    return Measured(value, as_of=fact.as_of, sources=(fact.source,))
