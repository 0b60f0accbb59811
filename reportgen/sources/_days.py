"""Dates in files: ISO with or without time and zone, compact, or with slashes; one form a file."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date

import numpy as np

from reportgen import calendar
from reportgen.model import DateArray

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?(?:Z|UTC|[+-]\d{2}:?\d{2}))?)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_WORDED = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2}), (\d{4})")
_DAY_MONTH = re.compile(r"(\d{1,2})[- ]([A-Za-z]{3})[A-Za-z]*[- ](\d{4})")
_MONTHS = {name: i for i, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)}


class DayError(ValueError):
    """A date that cannot be read; `position` is its place in the sequence."""

    def __init__(self, what: str, position: int) -> None:
        self.what = what
        self.position = position
        super().__init__(what)


def parse_days(texts: Sequence[str], *, american: bool = False) -> DateArray:
    """The days of a column, in its order. The date on the stamp counts, whatever its zone: exchanges stamp local days.

    american: dates with slashes are month/day, as the provider is known to write them.

    Raises DayError for a text that is no date or one of another age, for a column that mixes forms, and for slashes
    of which neither the order day/month nor month/day can be told.
    """
    fast = _plain_iso(texts)
    if fast is not None:
        return _within(fast, texts)
    form = _form_of(texts, american)
    days = np.empty(len(texts), dtype="datetime64[D]")
    for i, text in enumerate(texts):
        match = _FORMS[form].fullmatch(text.strip())
        if match is None:
            raise DayError(_complaint(text, form), i)
        try:
            days[i] = _READERS[form](match)
        except (ValueError, KeyError):
            raise DayError(f"{text!r} is not a date.", i) from None
    return _within(days, texts)


def _within(days: DateArray, texts: Sequence[str]) -> DateArray:
    """The days, where the exchange's calendar knows all of them. Raises DayError for the first that it does not."""
    first, last = np.datetime64(calendar.FIRST, "D"), np.datetime64(calendar.LAST, "D")
    outside = np.flatnonzero((days < first) | (days > last))
    if outside.size:
        at = int(outside[0])
        raise DayError(f"{texts[at]!r} lies outside the years {calendar.FIRST.year} to {calendar.LAST.year}.", at)
    return days


def parse_day(text: str, *, american: bool = False) -> date | None:
    """One date, or None where the text is none or could be read in two ways."""
    try:
        days = parse_days([text], american=american)
    except DayError:
        return None
    value = days[0].item()
    return value if isinstance(value, date) else None


def _plain_iso(texts: Sequence[str]) -> DateArray | None:
    """All at once, where every text is exactly YYYY-MM-DD: the usual case, a hundred times faster."""
    if not texts or any(len(text) != 10 for text in texts):
        return None
    letters = np.array(texts, dtype="U10").view("U1").reshape(len(texts), 10)
    digits = letters[:, [0, 1, 2, 3, 5, 6, 8, 9]]
    if not (np.all(letters[:, [4, 7]] == "-") and np.all((digits >= "0") & (digits <= "9"))):
        return None
    try:
        return np.array(texts, dtype="datetime64[D]")
    except ValueError:
        return None


def _form_of(texts: Sequence[str], american: bool) -> str:
    """The form of the first date; slashes are read by what the whole column allows."""
    if not texts:
        return "iso"
    first = texts[0].strip()
    for form, pattern in _FORMS.items():
        if pattern.fullmatch(first):
            return _order_of_slashes(texts) if form == "month first" and not american else form
    raise DayError(f"{first!r} is not a date.", 0)


def _order_of_slashes(texts: Sequence[str]) -> str:
    parts = [match.groups() for text in texts if (match := _SLASHED.fullmatch(text.strip()))]
    if max(int(first) for first, _, _ in parts) > 12:
        return "day first"
    if max(int(second) for _, second, _ in parts) > 12 or all(first == second for first, second, _ in parts):
        return "month first"
    raise DayError(f"{texts[0]!r} could be month/day or day/month; write dates as YYYY-MM-DD.", 0)


def _complaint(text: str, form: str) -> str:
    other = next((name for name, pattern in _FORMS.items() if pattern.fullmatch(text.strip())), None)
    if other is None:
        return f"{text!r} is not a date."
    return f"The dates change their form: {text!r} stands among dates {_IN_WORDS[form]}."


def _numbered(year: str, month: str, day: str) -> date:
    return date(int(year), int(month), int(day))


_FORMS: dict[str, re.Pattern[str]] = {
    "iso": _ISO,
    "compact": _COMPACT,
    "month first": _SLASHED,
    "day first": _SLASHED,
    "dotted": _DOTTED,
    "worded": _WORDED,
    "day month": _DAY_MONTH,
}
_READERS: dict[str, Callable[[re.Match[str]], date]] = {
    "iso": lambda m: _numbered(m[1], m[2], m[3]),
    "compact": lambda m: _numbered(m[1], m[2], m[3]),
    "month first": lambda m: _numbered(m[3], m[1], m[2]),
    "day first": lambda m: _numbered(m[3], m[2], m[1]),
    "dotted": lambda m: _numbered(m[3], m[2], m[1]),
    "worded": lambda m: date(int(m[3]), _MONTHS[m[1][:3].lower()], int(m[2])),
    "day month": lambda m: date(int(m[3]), _MONTHS[m[2][:3].lower()], int(m[1])),
}
_IN_WORDS = {
    "iso": "written YYYY-MM-DD",
    "compact": "written YYYYMMDD",
    "month first": "written month/day/year",
    "day first": "written day/month/year",
    "dotted": "written day.month.year",
    "worded": "with the month in words",
    "day month": "with the month in words",
}
