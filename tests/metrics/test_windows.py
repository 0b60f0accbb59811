from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.metrics._windows import CODES, anniversary, calendar_codes, months_before, resolve
from reportgen.model import Window

TEN_YEARS = np.arange(np.datetime64("2014-01-01"), np.datetime64("2026-03-28"))
WORKDAYS = TEN_YEARS[np.is_busday(TEN_YEARS)]
AS_OF = date(2026, 3, 27)


@pytest.mark.parametrize(
    ("code", "start"),
    [
        ("1W", date(2026, 3, 20)),
        ("1M", date(2026, 2, 27)),
        ("3M", date(2025, 12, 26)),  # the 27th is a Saturday
        ("YTD", date(2025, 12, 31)),
        ("1Y", date(2025, 3, 27)),
        ("3Y", date(2023, 3, 27)),
        ("5Y", date(2021, 3, 26)),  # the 27th is a Saturday
        ("10Y", date(2016, 3, 25)),  # the 27th is a Sunday
        ("SI", date(2014, 1, 1)),
    ],
)
def test_a_window_starts_at_the_last_close_on_or_before_its_anniversary(code: str, start: date) -> None:
    assert resolve(code, WORKDAYS, AS_OF, "began") == Window(code, start, AS_OF)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2024, 2, 29), 48, date(2020, 2, 29)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 15), 3, date(2025, 10, 15)),
    ],
)
def test_the_same_day_or_the_months_last(day: date, months: int, expected: date) -> None:
    assert months_before(day, months) == expected


def test_too_short_a_history_gives_the_reason_and_no_window() -> None:
    days = WORKDAYS[np.datetime64("2024-03-01") <= WORKDAYS]
    assert resolve("3Y", days, AS_OF, "began 2024-03-01") == "began 2024-03-01"
    assert resolve("1Y", days, AS_OF, "began 2024-03-01") == Window("1Y", date(2025, 3, 27), AS_OF)


def test_a_history_that_begins_the_day_after_the_anniversary_is_too_short() -> None:
    days = WORKDAYS[np.datetime64("2025-03-28") <= WORKDAYS]
    assert resolve("1Y", days, AS_OF, "began 2025-03-28") == "began 2025-03-28"


def test_a_hole_around_the_anniversary_is_not_bridged() -> None:
    hole = (np.datetime64("2021-03-10") < WORKDAYS) & (np.datetime64("2021-04-10") > WORKDAYS)
    found = resolve("5Y", WORKDAYS[~hole], AS_OF, "began")
    assert found == "no close between 2021-03-10 and 2021-03-27"


def test_one_day_of_history_has_no_window() -> None:
    one = np.array(["2026-03-27"], dtype="datetime64[D]")
    assert all(isinstance(resolve(code, one, AS_OF, "began 2026-03-27"), str) for code in CODES)


def test_since_inception_starts_where_it_is_told() -> None:
    found = resolve("SI", WORKDAYS, AS_OF, "began", date(2020, 6, 6))
    assert found == Window("SI", date(2020, 6, 5), AS_OF)


def test_calendar_years_run_from_close_to_close() -> None:
    assert resolve("CY2022", WORKDAYS, AS_OF, "began") == Window("CY2022", date(2021, 12, 31), date(2022, 12, 30))
    assert resolve("CY2014", WORKDAYS, AS_OF, "began 2014-01-01") == "began 2014-01-01"


@pytest.mark.parametrize(
    ("as_of", "last"),
    [
        (date(2023, 12, 28), "CY2022"),
        (date(2023, 12, 29), "CY2023"),  # the 30th and 31st are a weekend
        (date(2024, 12, 31), "CY2024"),
        (date(2024, 12, 30), "CY2023"),
    ],
)
def test_only_years_that_are_over_are_offered(as_of: date, last: str) -> None:
    assert calendar_codes(date(2020, 5, 1), as_of)[-1] == last


def test_the_current_year_is_refused() -> None:
    assert resolve("CY2026", WORKDAYS, AS_OF, "began") == "2026 is not over on 2026-03-27"


@pytest.mark.parametrize("code", ["2Y", "CY", "CYxx", ""])
def test_unknown_codes_are_programming_errors(code: str) -> None:
    with pytest.raises(ValueError, match="no such window"):
        anniversary(code, AS_OF)


@given(st.dates(date(2015, 1, 1), date(2026, 3, 27)), st.sampled_from([c for c in CODES if c != "SI"]))
def test_no_window_is_ever_stretched_or_cut_by_more_than_a_week(as_of: date, code: str) -> None:
    days = WORKDAYS[np.datetime64(as_of) >= WORKDAYS]
    found = resolve(code, days, as_of, "began")
    wanted = anniversary(code, as_of)
    if isinstance(found, str):
        assert wanted < date(2014, 1, 1) or wanted >= days[-1].item()
    else:
        assert wanted - timedelta(days=7) < found.start <= wanted
        assert not np.any((days > np.datetime64(found.start)) & (days <= np.datetime64(wanted)))
