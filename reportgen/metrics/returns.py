"""What a holder earned: total returns over windows, with distributions reinvested."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from reportgen.metrics import _draws
from reportgen.metrics._metric import Measured, Unavailable, metric
from reportgen.metrics._periods import Periods
from reportgen.metrics._views import SAME, FundWindow
from reportgen.metrics._windows import CODES, months_before
from reportgen.model import as_date

_GIPS = "CFA Institute, Global Investment Performance Standards (2020)"


@metric(
    label="Total return",
    unit="fraction",
    decimals=2,
    section="returns",
    direction="higher is better",
    codes=CODES,
    formula="Growth of the wealth index over the window less one; distributions are reinvested at their ex-date close.",
    reference=_GIPS,
    interval="bootstrap",
    draws=_draws.total_return,
    interval_codes=("1Y", "3Y", "5Y"),
)
def total_return(w: FundWindow) -> Measured:
    """Growth of the wealth index over the window, less one.

    Returns a fraction, losses negative. Needs one return.
    """
    return Measured(float(w.wealth[-1]) - 1, n=w.returns.size)


@metric(
    label="Growth of $1,000",
    unit="usd",
    decimals=0,
    section="returns",
    direction="higher is better",
    codes=CODES,
    formula="1,000 times the growth of the wealth index over the window.",
    reference=_GIPS,
    parameters={"start": 1000},
)
def growth_of_1000(w: FundWindow) -> Measured:
    """What 1,000 dollars became over the window, distributions reinvested, before tax and trading costs.

    Returns dollars. Needs one return.
    """
    return Measured(1000 * float(w.wealth[-1]), n=w.returns.size)


@metric(
    label="Annualized return",
    unit="fraction",
    decimals=2,
    section="returns",
    direction="higher is better",
    formula="Growth of the wealth index to the power of one over years (of 365.25 days), less one; none under a year.",
    reference=_GIPS,
    interval="bootstrap",
    draws=_draws.cagr,
    interval_codes=("1Y", "3Y", "5Y"),
)
def cagr(w: FundWindow) -> Measured:
    """Growth a year, compounded: growth ** (1 / years) - 1, years = calendar days / 365.25.

    Returns a fraction a year, losses negative. Missing for a window under one year.
    """
    if w.window.start > months_before(w.window.end, 12):
        raise Unavailable("not annualized under one year")
    return Measured(float(w.wealth[-1]) ** (1 / w.window.years) - 1, n=w.returns.size)


@metric(
    label="Calendar-year return",
    unit="fraction",
    decimals=2,
    section="returns",
    direction="higher is better",
    codes=("CY",),
    formula="Total return from the last close of the year before to the year's last close; complete years only.",
    reference=_GIPS,
)
def calendar_return(w: FundWindow) -> Measured:
    """Total return over one calendar year.

    Returns a fraction, losses negative. Missing for the year in which the history begins.
    """
    return Measured(float(w.wealth[-1]) - 1, n=w.returns.size)


@metric(
    label="Best day",
    unit="fraction",
    decimals=2,
    section="returns",
    codes=CODES,
    formula="The largest daily total return in the window.",
    reference="This product's definition.",
)
def best_day(w: FundWindow) -> Measured:
    """The largest daily total return. Returns a fraction; details: `day`. Needs one return."""
    return _day(w, _first(w.returns >= np.max(w.returns) - SAME))


@metric(
    label="Worst day",
    unit="fraction",
    decimals=2,
    section="risk",
    direction="higher is better",
    codes=CODES,
    formula="The smallest daily total return in the window.",
    reference="This product's definition.",
)
def worst_day(w: FundWindow) -> Measured:
    """The smallest daily total return. Returns a fraction, losses negative; details: `day`. Needs one return."""
    return _day(w, _first(w.returns <= np.min(w.returns) + SAME))


@metric(
    label="Best week",
    unit="fraction",
    decimals=2,
    section="returns",
    formula="The largest total return of a complete ISO week in the window.",
    reference="This product's definition.",
)
def best_week(w: FundWindow) -> Measured:
    """The largest return of a complete ISO week. Returns a fraction; details: `start` (base close) and `end`."""
    return _period(w, w.weeks, best=True)


@metric(
    label="Worst week",
    unit="fraction",
    decimals=2,
    section="risk",
    direction="higher is better",
    formula="The smallest total return of a complete ISO week in the window.",
    reference="This product's definition.",
)
def worst_week(w: FundWindow) -> Measured:
    """The smallest return of a complete ISO week. Returns a fraction, losses negative; details: `start`, `end`."""
    return _period(w, w.weeks, best=False)


@metric(
    label="Best month",
    unit="fraction",
    decimals=2,
    section="returns",
    formula="The largest total return of a complete calendar month in the window.",
    reference="This product's definition.",
)
def best_month(w: FundWindow) -> Measured:
    """The largest return of a complete calendar month. Returns a fraction; details: `start` (base close), `end`."""
    return _period(w, w.months, best=True)


@metric(
    label="Worst month",
    unit="fraction",
    decimals=2,
    section="risk",
    direction="higher is better",
    formula="The smallest total return of a complete calendar month in the window.",
    reference="This product's definition.",
)
def worst_month(w: FundWindow) -> Measured:
    """The smallest return of a complete month. Returns a fraction, losses negative; details: `start`, `end`."""
    return _period(w, w.months, best=False)


@metric(
    label="Positive days",
    unit="fraction",
    decimals=1,
    section="returns",
    codes=CODES,
    formula="Share of days with a gain among the days whose return is not zero.",
    reference="This product's definition.",
)
def positive_days(w: FundWindow) -> Measured:
    """Share of gains among the non-zero daily returns. Returns a fraction of one; n counts the non-zero days."""
    moved = int(np.count_nonzero(np.abs(w.returns) > SAME))
    if not moved:
        raise Unavailable("no day with a return other than zero")
    return Measured(int(np.count_nonzero(w.returns > SAME)) / moved, n=moved)


def _first(flags: NDArray[np.bool_]) -> int:
    """Where the first true flag stands: of several days alike, the earliest."""
    return int(np.argmax(flags))


def _day(w: FundWindow, position: int) -> Measured:
    return Measured(float(w.returns[position]), n=w.returns.size, details={"day": as_date(w.days[position + 1])})


def _period(w: FundWindow, periods: Periods, *, best: bool) -> Measured:
    returns = periods.returns(w.wealth)
    if returns.size == 0:
        raise Unavailable("no complete period in the window")
    i = _first(returns >= np.max(returns) - SAME if best else returns <= np.min(returns) + SAME)
    start, end = as_date(w.days[periods.base[i]]), as_date(w.days[periods.end[i]])
    return Measured(float(returns[i]), n=returns.size, details={"start": start, "end": end})
