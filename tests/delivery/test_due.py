"""An issue is due once the last session of the week has closed, whatever day that is."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import exchange_calendars
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen import calendar
from reportgen.delivery.schedule.due import look

NEW_YORK = ZoneInfo("America/New_York")
HOUR = timedelta(hours=1)


def new_york(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


@lru_cache(maxsize=1)
def weeks() -> Mapping[date, tuple[date, datetime]]:
    """By each week's Monday its last session and close, straight from the exchange's calendar."""
    table = exchange_calendars.get_calendar("XNYS", start="1999-01-01", end="2035-12-31").schedule
    found = {}
    for session, close in zip(table.index.date, table["close"].dt.to_pydatetime(), strict=True):
        found[session - timedelta(days=session.weekday())] = (session, close)
    return found


@pytest.mark.parametrize(
    ("now", "as_of", "due"),
    [
        ("2026-04-02T16:59", date(2026, 3, 27), False),  # Good Friday is the day after: Thursday ends the week
        ("2026-04-02T17:00", date(2026, 4, 2), True),
        ("2026-04-03T18:30", date(2026, 4, 2), True),
        ("2026-11-25T18:30", date(2026, 11, 20), False),  # Thanksgiving is Thursday; Friday closes at one
        ("2026-11-26T18:30", date(2026, 11, 20), False),
        ("2026-11-27T13:59", date(2026, 11, 20), False),
        ("2026-11-27T14:00", date(2026, 11, 27), True),
        ("2026-12-24T14:00", date(2026, 12, 24), True),  # a half day, and Christmas on Friday
        ("2026-12-31T17:00", date(2026, 12, 31), True),
        ("2001-09-10T16:59", date(2001, 9, 7), False),
        ("2001-09-16T12:00", date(2001, 9, 10), True),  # the exchange stayed shut from Tuesday on
        ("2026-03-30T09:00", date(2026, 3, 27), False),
    ],
)
def test_the_weeks_that_are_not_like_others(now: str, as_of: date, *, due: bool) -> None:
    issued = calendar.last_session_of_week(as_of - timedelta(days=7)) if due else as_of
    found = look(new_york(now), issued, HOUR)
    assert (found.as_of, found.due) == (as_of, due)


moments = st.datetimes(datetime(2000, 1, 8), datetime(2035, 11, 30), timezones=st.just(UTC))  # noqa: DTZ001


@given(now=moments, minutes=st.integers(0, 1440))
def test_the_as_of_is_the_latest_week_that_has_closed(now: datetime, minutes: int) -> None:
    margin = timedelta(minutes=minutes)
    closed = [(session, close) for session, close in weeks().values() if close + margin <= now]
    coming = min(close for _, close in weeks().values() if close + margin > now)
    found = look(now, None, margin)
    assert found.due
    assert (found.as_of, found.ready - margin) == max(closed)
    assert found.next_ready == coming + margin


@given(now=moments, ago=st.integers(0, 5))
def test_what_is_there_is_not_made_again(now: datetime, ago: int) -> None:
    sessions = [session for session, close in weeks().values() if close + HOUR <= now]
    assert look(now, sessions[-1 - ago], HOUR).due == (ago > 0)


def test_a_look_every_evening_makes_one_issue_a_week() -> None:
    """Three years of evenings: each week's last session is issued once, in order, within a day of its close."""
    issued: list[date] = []
    now = new_york("2024-01-05T18:30")
    while now.year < 2027:
        found = look(now, issued[-1] if issued else None, HOUR)
        if found.due:
            assert now - HOUR >= weeks()[found.as_of - timedelta(days=found.as_of.weekday())][1]
            assert now.date() == found.as_of
            issued.append(found.as_of)
        now = (now.replace(tzinfo=None) + timedelta(days=1)).replace(tzinfo=NEW_YORK)
    wanted = [session for session, _ in weeks().values() if date(2024, 1, 5) <= session < date(2027, 1, 1)]
    assert issued == wanted
    assert all(a < b for a, b in itertools.pairwise(issued))


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        look(datetime(2026, 4, 2, 18, 30), None, HOUR)  # noqa: DTZ001


def test_closes_are_the_exchanges_own() -> None:
    assert calendar.close_of(date(2026, 11, 27)) == new_york("2026-11-27T13:00")
    assert calendar.close_of(date(2026, 4, 2)) == new_york("2026-04-02T16:00")
    with pytest.raises(ValueError, match="no session"):
        calendar.close_of(date(2026, 4, 3))
