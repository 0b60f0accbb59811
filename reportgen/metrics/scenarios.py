"""What each fund did when something else went wrong: credit, technology, or one of the funds compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from reportgen.metrics._metric import Measured, Unavailable, metric
from reportgen.metrics._periods import complete_months
from reportgen.metrics._resampling import Resampling
from reportgen.metrics._views import FundWindow
from reportgen.model import DateArray, FloatArray, Scalar, as_date

T = TypeVar("T")
_MONTHS = 0.1  # the worst decile of months
_DAYS = 0.05  # the worst twentieth of days
_FEWEST_MONTHS = 30
_MONTH = 21
_HALF = 0.5
_EPSILON = 1e-9
_CODES = ("5Y", "10Y", "SI")
_OWN = "This product's definition."
_FORMULA = (
    "in the scenario's worst months (a tenth: high yield less half of 7 to 10 year Treasuries, or the technology "
    "sector fund) or days (a twentieth: one of the funds compared)."
)


@dataclass(frozen=True, eq=False)
class _Scenario:
    """The fund's returns beside the scenario's, month by month or day by day."""

    days: DateArray
    own: FloatArray
    driver: FloatArray
    share: float
    frequency: str
    sources: tuple[str, ...]

    @cached_property
    def worst(self) -> NDArray[np.intp]:
        """Positions of the scenario's lowest returns, the lowest first."""
        count = int(self.share * self.driver.size + _EPSILON)
        return np.argsort(self.driver, kind="stable")[:count]


def _mean_draws(w: FundWindow, s: Resampling) -> Mapping[str, FloatArray]:
    """The scenario means along every path; a path's months are its stretches of 21 sessions."""
    found = {}
    for name in _names(w):
        try:
            found[name] = _lasting(w, "draws", name, partial(_path_means, w, s, name))
        except Unavailable:
            continue
    return found


def _lasting(w: FundWindow, what: str, name: str, make: Callable[[], T]) -> T:
    """What `make` gives, made once a fund where its scenario is the market's, and so the same in every article."""
    return w.lasting.once((f"scenario {what}", name, w.window.code), make) if _by_month(name) else make()


@metric(
    label="Mean return in the scenario",
    unit="fraction",
    decimals=1,
    section="scenarios",
    direction="higher is better",
    minimum=250,
    interval="bootstrap",
    draws=_mean_draws,
    codes=_CODES,
    of_group=True,
    formula=f"Mean total return {_FORMULA}",
    reference=_OWN,
    parameters={"months": _MONTHS, "days": _DAYS},
)
def scenario_mean(w: FundWindow) -> Mapping[str, Measured | Unavailable]:
    """Mean return when the scenario was at its worst; keyed "credit", "technology" and by fund compared.

    Returns fractions, losses negative. Details: `count` of months or days, `frequency`. A fund that is a scenario's own
    proxy is missing there, as is a scenario without data. Needs 250 returns, scenarios of months 30 months.
    """
    return {name: _mean(w, name) for name in _names(w)}


@metric(
    label="Worst return in the scenario",
    unit="fraction",
    decimals=1,
    section="scenarios",
    direction="higher is better",
    minimum=250,
    codes=_CODES,
    of_group=True,
    formula=f"Lowest total return {_FORMULA}",
    reference=_OWN,
    parameters={"months": _MONTHS, "days": _DAYS},
)
def scenario_worst(w: FundWindow) -> Mapping[str, Measured | Unavailable]:
    """Lowest return when the scenario was at its worst; keyed as scenario_mean.

    Returns fractions, losses negative. Details also: `day`, on which that month or day ended.
    """
    return {name: _worst(w, name) for name in _names(w)}


def _names(w: FundWindow) -> tuple[str, ...]:
    return ("credit", "technology", *w.market.snapshot.tickers)


def _mean(w: FundWindow, name: str) -> Measured | Unavailable:
    found = _of_scenario(w, name)
    if isinstance(found, Unavailable):
        return found
    details: dict[str, Scalar] = {"count": int(found.worst.size), "frequency": found.frequency}
    return Measured(float(np.mean(found.own[found.worst])), int(found.own.size), details, sources=found.sources)


def _worst(w: FundWindow, name: str) -> Measured | Unavailable:
    found = _of_scenario(w, name)
    if isinstance(found, Unavailable):
        return found
    worst = int(found.worst[np.argmin(found.own[found.worst])])
    details: dict[str, Scalar] = {
        "count": int(found.worst.size),
        "frequency": found.frequency,
        "day": as_date(found.days[worst]),
    }
    return Measured(float(found.own[worst]), int(found.own.size), details, sources=found.sources)


def _drivers(w: FundWindow, name: str) -> tuple[str, ...]:
    """The funds whose returns make the scenario. Raises Unavailable where the fund is one of them by role."""
    context = w.market.snapshot.context
    if name == "credit":
        return w.other(context.credit, "credit proxy"), w.other(context.rates, "rate proxy")
    if name == "technology":
        return (w.other(context.technology, "technology proxy"),)
    return (name,)


def _driven(name: str, returns: list[FloatArray]) -> FloatArray:
    return returns[0] - _HALF * returns[1] if name == "credit" else returns[0]


def _by_month(name: str) -> bool:
    return name in {"credit", "technology"}


def _of_scenario(w: FundWindow, name: str) -> _Scenario | Unavailable:
    def make() -> _Scenario | Unavailable:
        try:
            return _scenario(w, name)
        except Unavailable as missing:
            return missing

    return w.once(f"scenario {name}", lambda: _lasting(w, "returns", name, make))


def _scenario(w: FundWindow, name: str) -> _Scenario:
    drivers = _drivers(w, name)
    both = w.aligned(*drivers)
    sources = tuple(w.market.source(ticker) for ticker in drivers)
    if not _by_month(name):
        return _Scenario(both.days[1:], both.own, both.others[0], _DAYS, "days", sources)
    months = complete_months(both.days)
    if months.end.size < _FEWEST_MONTHS:
        raise Unavailable(f"needs {_FEWEST_MONTHS} months, has {months.end.size}")
    own, *others = (months.returns(w.market.wealth(t, both.days)) for t in (w.fund.ticker, *drivers))
    return _Scenario(both.days[months.end], own, _driven(name, others), _MONTHS, "months", sources)


def _path_means(w: FundWindow, s: Resampling, name: str) -> FloatArray:
    drivers = _drivers(w, name)
    both = w.aligned(*drivers)
    if both.days.size != w.days.size:
        raise Unavailable("sessions differ")
    if not _by_month(name):
        ranked = s.ranked(both.others[0], _DAYS)
        count = np.floor(_DAYS * ranked.n + _EPSILON)
        return ranked.sums(count, both.own) / count
    own, *others = (_stretches(w, s, ticker) for ticker in (w.fund.ticker, *drivers))
    driver = _driven(name, others)
    months = int(_MONTHS * driver.shape[1] + _EPSILON)
    worst = np.argpartition(driver, months - 1, axis=1)[:, :months]
    means: FloatArray = np.mean(np.take_along_axis(own, worst, axis=1), axis=1)
    return means


def _stretches(w: FundWindow, s: Resampling, ticker: str) -> FloatArray:
    """A fund's returns over the 21-session stretches of each path; kept, since every fund compared asks for them."""
    return w.market.kept(
        ("stretches", ticker, w.window.code, w.days.tobytes()),
        lambda: np.expm1(s.chunks(np.log1p(w.market.returns(ticker, w.days)), _MONTH)),
    )
