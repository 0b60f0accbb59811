"""Which days a window holds. A window starts at the last close on or before its anniversary and is never stretched."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

import numpy as np

from reportgen.model import DateArray, Window, as_date

CODES = ("1W", "1M", "3M", "YTD", "1Y", "3Y", "5Y", "10Y", "SI")
LONG_CODES = ("1Y", "3Y", "5Y", "10Y", "SI")

# The longest pause of US exchanges since 1945 is the week of September 2001. A close older than that is not "the
# last close before the anniversary" but a hole in the data, and starting there would stretch the window.
_LONGEST_PAUSE = timedelta(days=7)
# What a fund did in its first days is no record: nothing is told since inception before four weeks are over.
_SHORTEST_RECORD = timedelta(days=28)
_MONTHS_BACK = {"1M": 1, "3M": 3, "1Y": 12, "3Y": 36, "5Y": 60, "10Y": 120}


def anniversary(code: str, as_of: date) -> date:
    """The day a window's start is looked for: that day's close, or the last one before it.

    Months are counted back to the same day, or to the month's last day where it is shorter (29 Feb -> 28 Feb).
    Raises ValueError for a code that has no anniversary (SI) or is unknown.
    """
    if code == "1W":
        return as_of - timedelta(days=7)
    if code == "YTD":
        return date(as_of.year - 1, 12, 31)
    if code in _MONTHS_BACK:
        return months_before(as_of, _MONTHS_BACK[code])
    if code.startswith("CY") and code[2:].isdigit():
        return date(int(code[2:]) - 1, 12, 31)
    raise ValueError(f"no such window: {code!r}")


def months_before(day: date, months: int) -> date:
    """The same day of the month so many months earlier, or that month's last day."""
    count = day.year * 12 + day.month - 1 - months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def resolve(code: str, days: DateArray, as_of: date, began: str, inception: date | None = None) -> Window | str:
    """The window of that code over a history's days (rising, the as-of among them), or why there is none.

    began: the reason where the history is too short, such as "began 2024-03-01". inception: where SI starts; the
    first day when it is not given.
    """
    end = date(int(code[2:]), 12, 31) if code.startswith("CY") else as_of
    if end > as_of and not _year_is_over(as_of, end.year):
        return f"{end.year} is not over on {as_of}"
    last = _close_on_or_before(days, end)
    target = (inception or as_date(days[0])) if code == "SI" else anniversary(code, as_of)
    first = _close_on_or_before(days, target)
    if first is None:
        return began
    if target - first > _LONGEST_PAUSE:
        return f"no close between {first} and {target}"
    if code == "SI" and last is not None and last - first < _SHORTEST_RECORD:
        return began
    if last is None or end - last > _LONGEST_PAUSE or first >= last:
        return began if first == last else f"no close near {end}"
    return Window(code, first, last)


def calendar_codes(first: date, as_of: date) -> tuple[str, ...]:
    """The codes of the calendar years that are over, from the year of the first day on."""
    last = as_of.year if _year_is_over(as_of, as_of.year) else as_of.year - 1
    return tuple(f"CY{year}" for year in range(first.year, last + 1))


def _year_is_over(as_of: date, year: int) -> bool:
    """Whether no weekday of the year is left after the as-of: US exchanges are open on December 31."""
    rest = (date(year, 12, 31) - as_of).days
    return all((as_of + timedelta(days=i)).weekday() >= 5 for i in range(1, rest + 1))


def _close_on_or_before(days: DateArray, day: date) -> date | None:
    position = int(np.searchsorted(days, np.datetime64(day, "D"), side="right"))
    return as_date(days[position - 1]) if position else None
