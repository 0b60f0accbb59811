"""The largest holdings by name, so that who enters and who leaves can be told."""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.metrics import _portfolio as portfolios
from reportgen.metrics._metric import Measured, Unavailable, metric
from reportgen.metrics._views import FundProfile
from reportgen.metrics.income import known_only_from

_MOST = 10


@metric(
    label="Weight of a largest holding",
    short="weight of a largest holding",
    unit="fraction",
    decimals=1,
    section="concentration",
    basis="holdings",
    difference=False,
    formula="Weight of each of the ten largest equity lines, from market values where all are known.",
    reference="Descriptive.",
    parameters={"lines": _MOST},
)
def top_holding(p: FundProfile) -> Mapping[str, Measured]:
    """The weights of the ten largest equity lines, the largest first. Returns fractions, keyed by the line's name.

    Two lines of one name are told apart by their tickers. Details: `rank` from 1, `scope` ("full" where every line is
    known), and `ticker` where it is stated.
    """
    reason = known_only_from(p.fund, "holdings") if p.holdings is None else None
    if reason is not None:
        raise Unavailable(f"holdings {reason}")
    known = portfolios.portfolio(p.holdings)
    assert p.holdings is not None
    found: dict[str, Measured] = {}
    for rank, (row, weight) in enumerate(zip(known.rows[:_MOST], known.weights, strict=False), start=1):
        name = row.name if row.name not in found else f"{row.name} ({row.ticker or row.cusip or rank})"
        details: dict[str, str | int] = {
            "rank": rank,
            "scope": p.holdings.scope,
            **({"ticker": row.ticker} if row.ticker else {}),
        }
        found[name] = Measured(weight, details=details, as_of=p.holdings.as_of, sources=(p.holdings.source,))
    return found
