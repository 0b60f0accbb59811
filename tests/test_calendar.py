"""Sessions, weeks and expiries against dates that the exchange and the exchanges of options published."""

from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen import calendar
from reportgen.errors import DataError

days = st.dates(date(1995, 1, 1), date(2033, 12, 31))


@pytest.mark.parametrize(
    ("asked", "session"),
    [
        (date(2026, 3, 27), date(2026, 3, 27)),
        (date(2026, 3, 29), date(2026, 3, 27)),  # a Sunday
        (date(2026, 4, 5), date(2026, 4, 2)),  # Easter Sunday after Good Friday
        (date(2012, 10, 30), date(2012, 10, 26)),  # two days closed by a hurricane
        (date(2001, 9, 16), date(2001, 9, 10)),
        (date(2025, 1, 9), date(2025, 1, 8)),  # a day of mourning
    ],
)
def test_session_on_or_before(asked: date, session: date) -> None:
    assert calendar.session_on_or_before(asked) == session


@pytest.mark.parametrize(
    ("month", "day"),
    [
        ((2025, 4), date(2025, 4, 17)),
        ((2026, 6), date(2026, 6, 18)),
        ((2027, 6), date(2027, 6, 17)),
        ((2026, 5), date(2026, 5, 15)),
    ],
)
def test_expiry_is_the_third_friday_or_the_session_before(month: tuple[int, int], day: date) -> None:
    assert calendar.expiries(date(*month, 1), date(*month, 28)) == (day,)


def test_next_expiries_lie_after_the_day() -> None:
    assert calendar.next_expiries(date(2026, 5, 15)) == (date(2026, 6, 18), date(2026, 7, 17), date(2026, 8, 21))


def test_expiries_respect_both_ends() -> None:
    assert calendar.expiries(date(2026, 5, 15), date(2026, 5, 15)) == (date(2026, 5, 15),)
    assert calendar.expiries(date(2026, 5, 16), date(2026, 6, 17)) == ()


def test_a_year_has_its_sessions() -> None:
    assert calendar.sessions(date(2024, 1, 1), date(2024, 12, 31)).size == 252
    assert calendar.sessions(date(2026, 3, 28), date(2026, 3, 29)).size == 0


def test_sessions_before_the_usual_block() -> None:
    assert calendar.sessions(date(1975, 1, 1), date(1975, 1, 3)).tolist() == [date(1975, 1, 2), date(1975, 1, 3)]


@given(days)
def test_a_session_is_its_own_neighbour_and_no_session_lies_between(day: date) -> None:
    before, after = calendar.session_on_or_before(day), calendar.session_on_or_after(day)
    assert before <= day <= after
    assert calendar.is_session(before)
    assert calendar.is_session(after)
    assert calendar.is_session(day) == (before == after)
    assert calendar.sessions(before, after).size == (1 if before == after else 2)


@given(days)
def test_weeks_begin_on_monday_as_iso_weeks_do(day: date) -> None:
    monday = calendar.weeks(np.array([day], dtype="datetime64[D]"))[0].item()
    assert monday.weekday() == 0
    assert monday.isocalendar()[:2] == day.isocalendar()[:2]


def test_months() -> None:
    found = calendar.months(np.array(["2026-01-31", "2026-02-01"], dtype="datetime64[D]"))
    assert [str(month) for month in found] == ["2026-01", "2026-02"]


@pytest.mark.parametrize("day", [date.min, date(1677, 1, 1), date(1898, 12, 31), date(2262, 5, 1), date.max])
def test_a_day_of_another_age_is_refused(day: date) -> None:
    for ask in (calendar.is_session, calendar.session_on_or_before, calendar.session_on_or_after):
        with pytest.raises(DataError, match="calendar does not reach"):
            ask(day)


def test_the_ends_of_the_calendar_are_known() -> None:
    assert calendar.session_on_or_after(date(1900, 1, 2)) == date(1900, 1, 2)
    assert calendar.session_on_or_before(date(2100, 1, 2)) == calendar.LAST


def test_the_kept_closures_are_those_of_the_library() -> None:
    first, last = calendar.BLOCK
    kept = calendar.sessions(date(first, 1, 1), date(last, 12, 31))
    assert np.array_equal(kept, calendar._asked(first, last)), "run tools/closures.py"
    assert calendar.sessions(date(1970, 1, 1), date(1970, 1, 5)).astype(str).tolist() == ["1970-01-02", "1970-01-05"]


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-11-25T20:59", date(2026, 11, 24)),  # before the close at 16:00 in New York
        ("2026-11-25T21:29", date(2026, 11, 24)),  # closed, and not settled
        ("2026-11-25T21:30", date(2026, 11, 25)),
        ("2026-11-26T21:30", date(2026, 11, 25)),  # Thanksgiving
        ("2026-11-27T18:29", date(2026, 11, 25)),
        ("2026-11-27T18:30", date(2026, 11, 27)),  # a half day closes at 13:00
        ("2026-07-01T20:30", date(2026, 7, 1)),  # summer time
        ("2026-11-30T03:00", date(2026, 11, 27)),  # Sunday evening in New York
    ],
)
def test_the_last_closed_session(moment: str, day: date) -> None:
    assert calendar.last_closed(datetime.fromisoformat(moment).replace(tzinfo=UTC)) == day


def test_given_sessions_answer_for_the_years_that_they_span() -> None:
    days = np.array(["2026-01-02", "2026-06-30", "2026-12-31"], dtype="datetime64[D]")
    with calendar.given(days):
        assert calendar.sessions(date(2026, 1, 1), date(2026, 12, 31)).size == 3
        assert calendar.session_on_or_before(date(2026, 7, 5)) == date(2026, 6, 30)
        assert calendar.sessions(date(2025, 1, 1), date(2025, 12, 31)).size == 250
    assert calendar.sessions(date(2026, 1, 1), date(2026, 12, 31)).size == 251
