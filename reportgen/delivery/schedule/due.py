"""Whether an issue is due: once the exchange's last session of a week has closed, and none is there for it yet.

The time is given by the caller. A machine that slept over the weekend finds the week that ended still due.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from reportgen import calendar

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Due:
    """What a look at the calendar says.

    due: whether an issue should be made now. as_of: the last session of the latest week that is complete. ready: when
    that week's issue could first be made. next_ready: when the following week's can.
    """

    due: bool
    as_of: date
    ready: datetime
    next_ready: datetime


def look(now: datetime, issued: date | None, after_close: timedelta) -> Due:
    """What is due at `now` (with a time zone), when the latest issue's as-of is `issued`.

    after_close: how long after the close data need. A week counts once its last session's close is that long ago.
    Raises ValueError for a `now` without a time zone.
    """
    if now.tzinfo is None:
        raise ValueError("the time needs a zone")
    day = now.astimezone(calendar.NEW_YORK).date() + _WEEK
    later: date | None = None
    while True:
        session = calendar.last_session_of_week(day)
        if session is not None:
            if calendar.close_of(session) + after_close <= now:
                break
            later = session
        day -= _WEEK
    following = later or _following(session)
    due = issued is None or issued < session
    return Due(due, session, calendar.close_of(session) + after_close, calendar.close_of(following) + after_close)


def _following(session: date) -> date:
    """The last session of the next week that has one."""
    day = session + _WEEK
    while (found := calendar.last_session_of_week(day)) is None:
        day += _WEEK
    return found
