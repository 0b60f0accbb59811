"""Complete weeks and months: the returns between one period's last close and the next one's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportgen.model import DateArray, FloatArray

_MONDAY = np.datetime64("1970-01-05", "D")


@dataclass(frozen=True, eq=False)
class Periods:
    """Positions among a window's days: period i runs from the close at `base[i]` to the close at `end[i]`."""

    base: NDArray[np.intp]
    end: NDArray[np.intp]

    def returns(self, wealth: FloatArray) -> FloatArray:
        """The periods' returns from a wealth path over the same days."""
        return wealth[self.end] / wealth[self.base] - 1


def complete_weeks(days: DateArray) -> Periods:
    """ISO weeks that lie in the window from their first session to their last."""
    week = (days - _MONDAY).astype(np.int64) // 7
    return _complete(week, _weekdays_left(days[-1], _MONDAY + np.timedelta64(7 * int(week[-1]) + 6, "D")))


def complete_months(days: DateArray) -> Periods:
    """Calendar months that lie in the window from their first session to their last."""
    month = days.astype("datetime64[M]")
    return _complete(month.astype(np.int64), _weekdays_left(days[-1], (month[-1] + 1).astype("datetime64[D]") - 1))


def _complete(period: NDArray[np.int64], weekdays_left: bool) -> Periods:
    last_of_each = np.flatnonzero(np.diff(period, append=period[-1] + 1))
    if weekdays_left:
        last_of_each = last_of_each[:-1]
    base, end = last_of_each[:-1], last_of_each[1:]
    adjacent = period[end] - period[base] == 1  # a hole in the data must not make one period out of two
    return Periods(base[adjacent], end[adjacent])


def _weekdays_left(day: np.datetime64, close: np.datetime64) -> bool:
    """Whether a weekday is left of the period after the day. A holiday counts as one: a week that the window ends
    before its last weekday is left out rather than asked of a calendar that may not reach so far.
    """
    return bool(np.busday_count(day + 1, close + 1) > 0)
