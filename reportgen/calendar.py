"""Sessions, weeks, months and option expiries of the New York Stock Exchange.

The one seam over `exchange_calendars`, which is loaded at the first question. Nothing here knows today's date: every
question names its days. Holidays that lie ahead are the exchange's published ones; unforeseen closures are not.
A snapshot brings its own sessions, which then answer instead (`given`): old articles rebuild whatever a later
calendar says, and nothing needs to be loaded.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from reportgen.errors import DataError
from reportgen.model import DateArray, as_date

if TYPE_CHECKING:
    from exchange_calendars import ExchangeCalendar

# One block of years answers every usual question, so that the calendar is built once a process.
BLOCK = (1990, 2035)
EXCHANGE = "XNYS"
_CLOSURES = Path(__file__).with_name("closures.txt")
NEW_YORK = ZoneInfo("America/New_York")
# Days in data lie within these years; what is asked about them may lie a little beyond.
FIRST, LAST = date(1900, 1, 1), date(2099, 12, 31)
_BEYOND = timedelta(days=365)
# A provider's last bar is final some time after the close.
_SETTLED = timedelta(minutes=30)
_GIVEN: ContextVar[DateArray | None] = ContextVar("sessions", default=None)


@contextmanager
def given(days: DateArray) -> Iterator[None]:
    """Inside, the sessions given answer every question about the whole years that they span."""
    token = _GIVEN.set(days)
    try:
        yield
    finally:
        _GIVEN.reset(token)


def every_session() -> DateArray:
    """All sessions that usual questions are about: what a snapshot keeps."""
    return _kept()


def last_closed(now: datetime) -> date:
    """The last session whose close, and half an hour more, has passed at a moment that knows its time zone."""
    moment = now.astimezone(UTC)
    session = session_on_or_before(moment.astimezone(NEW_YORK).date())
    if close_of(session) + _SETTLED > moment:
        session = session_on_or_before(session - timedelta(days=1))
    return session


def sessions(start: date, end: date) -> DateArray:
    """Every session from `start` to `end`, both included, oldest first; empty where there is none.

    Raises DataError for days of other centuries than those from FIRST to LAST, give or take a year.
    """
    for day in (start, end):
        if not FIRST - _BEYOND <= day <= LAST + _BEYOND:
            what = f"The exchange's calendar does not reach {day}."
            raise DataError(what, fix=f"Name a day in the years {FIRST.year} to {LAST.year}.")
    every = _known(start, end)
    low = np.searchsorted(every, np.datetime64(start, "D"), side="left")
    high = np.searchsorted(every, np.datetime64(end, "D"), side="right")
    return every[low:high]


def _known(start: date, end: date) -> DateArray:
    """The sessions that answer for a span: those given, the kept ones, or the exchange's calendar."""
    given_days = _GIVEN.get()
    if given_days is not None and given_days.size:
        first, last = as_date(given_days[0]).year, as_date(given_days[-1]).year
        if first <= start.year and end.year <= last:
            return given_days
    years = min(start.year, BLOCK[0]), max(end.year, BLOCK[1])
    return _kept() if years == BLOCK else _asked(*years)


@lru_cache(maxsize=1)
def _kept() -> DateArray:
    """The sessions of the block: its weekdays but for the closures in the file."""
    lines = _CLOSURES.read_text(encoding="ascii").split("\n")
    closed = np.array([line for line in lines if line and not line.startswith("#")], dtype="datetime64[D]")
    days = np.arange(np.datetime64(f"{BLOCK[0]}-01-01", "D"), np.datetime64(f"{BLOCK[1] + 1}-01-01", "D"))
    open_days: DateArray = days[np.is_busday(days, holidays=closed)]
    open_days.setflags(write=False)
    return open_days


@lru_cache(maxsize=4)
def _asked(first_year: int, last_year: int) -> DateArray:
    days: DateArray = _exchange(first_year, last_year).sessions.to_numpy().astype("datetime64[D]")
    days.setflags(write=False)
    return days


@lru_cache(maxsize=4)
def _exchange(first_year: int, last_year: int) -> ExchangeCalendar:
    import exchange_calendars

    return exchange_calendars.get_calendar(EXCHANGE, start=f"{first_year}-01-01", end=f"{last_year}-12-31")


def close_of(session: date) -> datetime:
    """When the exchange closes on a session, in UTC: at 13:00 instead of 16:00 New York time on half days.

    Raises ValueError for a day that is no session.
    """
    if not is_session(session):
        raise ValueError(f"{session} is no session")
    years = min(session.year, BLOCK[0]), max(session.year, BLOCK[1])
    closes = _exchange(*years).closes
    seconds = closes.iloc[np.searchsorted(_asked(*years), np.datetime64(session, "D"))].timestamp()
    return datetime.fromtimestamp(seconds, UTC)


def last_session_of_week(day: date) -> date | None:
    """The last session from Monday to Sunday of the day's week: a Thursday before a closed Friday; None without any."""
    monday = day - timedelta(days=day.weekday())
    open_days = sessions(monday, monday + timedelta(days=6))
    return as_date(open_days[-1]) if open_days.size else None


def session_on_or_before(day: date) -> date:
    """The last session that is not after `day`: the day itself, or the session before a weekend or holiday."""
    return as_date(sessions(_shifted(day, -14), day)[-1])


def session_on_or_after(day: date) -> date:
    """The first session that is not before `day`."""
    return as_date(sessions(day, _shifted(day, 14))[0])


def _shifted(day: date, days: int) -> date:
    """The day so many days later; at the ends of what a date can hold, the day itself."""
    near_the_end = not date.min + timedelta(days=366) < day < date.max - timedelta(days=366)
    return day if near_the_end else day + timedelta(days=days)


def is_session(day: date) -> bool:
    """Whether the exchange is open on `day`."""
    return sessions(day, day).size == 1


def expiries(start: date, end: date) -> tuple[date, ...]:
    """The monthly option expiries from `start` to `end`: third Fridays, or the session before a closed one.

    2025-04-17, for Good Friday, is one of the latter.
    """
    days = []
    year, month = start.year, start.month
    while (year, month) <= (end.year, end.month):
        days.append(session_on_or_before(_third_friday(year, month)))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return tuple(day for day in days if start <= day <= end)


def next_expiries(after: date, count: int = 3) -> tuple[date, ...]:
    """The next `count` monthly expiries that lie after the day named."""
    return expiries(after + timedelta(days=1), after + timedelta(days=32 * (count + 1)))[:count]


def _third_friday(year: int, month: int) -> date:
    first = date(year, month, 1)
    to_friday = (4 - first.weekday()) % 7
    return first + timedelta(days=to_friday + 14)


def weeks(days: DateArray) -> DateArray:
    """The Monday of each day's ISO week: equal for days of one week."""
    counted = days.astype("datetime64[D]").astype(np.int64)
    # 1970-01-01 was a Thursday: three days after its Monday.
    mondays: DateArray = (counted - (counted + 3) % 7).astype("datetime64[D]")
    return mondays


def months(days: DateArray) -> DateArray:
    """Each day's calendar month as datetime64[M]: equal for days of one month."""
    whole: DateArray = days.astype("datetime64[M]")
    return whole
