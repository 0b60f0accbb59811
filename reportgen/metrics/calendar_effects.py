"""Whether days of the calendar that flows are said to move are different: the turn of the month, quarterly expiries."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from reportgen.metrics._calendar import in_expiry_week
from reportgen.metrics._metric import Measured, Unavailable, metric
from reportgen.metrics._resampling import Resampling
from reportgen.metrics._views import FundWindow
from reportgen.model import DateArray, FloatArray

_FIRST_DAYS = 3
_CODES = ("3Y", "5Y", "10Y", "SI")
_QUARTERLY = 3


def around_month_end(days: DateArray) -> NDArray[np.bool_]:
    """Whether each session is the last of its month or one of the first three; the newest month's end is not known."""
    month = days.astype("datetime64[M]").astype(np.int64)
    changes = np.flatnonzero(np.diff(month)) + 1
    inside = np.zeros(days.size, dtype=np.bool_)
    for change in changes:
        inside[change - 1 : change + _FIRST_DAYS] = True
    return inside


def in_quarterly_week(days: DateArray) -> NDArray[np.bool_]:
    """Whether each day lies in the expiry week of March, June, September or December."""
    month: NDArray[np.int64] = days.astype("datetime64[M]").astype(np.int64) % 12 + 1
    quarterly: NDArray[np.bool_] = in_expiry_week(days) & (month % _QUARTERLY == 0)
    return quarterly


def _turn_draws(w: FundWindow, s: Resampling) -> FloatArray:
    return _gap(w.returns, around_month_end(w.days[1:]).astype(np.float64), s)


def _quarterly_draws(w: FundWindow, s: Resampling) -> FloatArray:
    return _gap(np.abs(w.returns), in_quarterly_week(w.days[1:]).astype(np.float64), s)


def _gap(values: FloatArray, inside: FloatArray, s: Resampling) -> FloatArray:
    """Along each path, the mean of the values inside less that of the others; NaN where a path has only one kind."""
    held = s.totals(inside)
    with np.errstate(divide="ignore", invalid="ignore"):
        return s.totals(values * inside) / held - s.totals(values * (1 - inside)) / (s.n - held)


@metric(
    label="Turn-of-the-month effect",
    short="turn-of-the-month effect",
    unit="fraction",
    decimals=3,
    section="sensitivity",
    minimum=250,
    interval="bootstrap",
    draws=_turn_draws,
    codes=_CODES,
    formula="Mean daily return on the last session of each month and the first three of the next, less that of the "
    "other sessions.",
    reference="Lakonishok and Smidt (1988), Review of Financial Studies 1",
    parameters={"first_days": _FIRST_DAYS},
)
def turn_of_month_effect(w: FundWindow) -> Measured:
    """How much more a fund earns a day around the turn of the month than on other days.

    Returns a fraction a day, positive where the turn earns more. Details: `days` around the turn. Needs 250 returns.
    """
    return _measured(w.returns, around_month_end(w.days[1:]))


@metric(
    label="Quarterly-expiry effect",
    short="quarterly-expiry effect",
    unit="fraction",
    decimals=3,
    section="sensitivity",
    minimum=250,
    interval="bootstrap",
    draws=_quarterly_draws,
    codes=_CODES,
    formula="Mean absolute daily return in the expiry weeks of March, June, September and December, less that of all "
    "other weeks.",
    reference="This product's definition; expiries are third Fridays.",
)
def quarterly_expiry_effect(w: FundWindow) -> Measured:
    """How much more a fund moves a day in the weeks of quarterly expiries than in all others.

    Returns a fraction, negative where those weeks are calmer. Details: `days` in them. Needs 250 returns.
    """
    return _measured(np.abs(w.returns), in_quarterly_week(w.days[1:]))


def _measured(values: FloatArray, inside: NDArray[np.bool_]) -> Measured:
    count = int(np.count_nonzero(inside))
    if count in {0, values.size}:
        raise Unavailable("no two kinds of days to compare")
    gap = float(np.mean(values[inside])) - float(np.mean(values[~inside]))
    return Measured(gap, values.size, {"days": count})
