from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.sources._days import DayError, parse_day, parse_days

any_day = st.dates(date(1900, 1, 1), date(2099, 12, 31))


@given(st.lists(any_day, min_size=1, max_size=30))
@pytest.mark.parametrize("form", ["%Y-%m-%d", "%Y-%m-%d 00:00:00-05:00", "%Y-%m-%dT00:00:00Z", "%Y%m%d", "%d.%m.%Y"])
def test_each_form_is_read_back(form: str, days: list[date]) -> None:
    assert parse_days([day.strftime(form) for day in days]).tolist() == days


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-03-28 23:30:00-04:00", date(2024, 3, 28)),  # local stamps are not converted
        ("2022-01-04 00:00:00+00:00", date(2022, 1, 4)),
        ("May 05, 2026", date(2026, 5, 5)),
        ("07-Feb-2025", date(2025, 2, 7)),
        ("3/28/2024", date(2024, 3, 28)),
        ("28/3/2024", date(2024, 3, 28)),
        ("5/5/2024", date(2024, 5, 5)),
    ],
)
def test_single_dates(text: str, day: date) -> None:
    assert parse_day(text) == day


@pytest.mark.parametrize("text", ["", "n/a", "2024-02-30", "2024-13-01", "2024-1-1", "5/6/2024", "13/13/2024", "2024"])
def test_what_is_no_date_or_two_is_none(text: str) -> None:
    assert parse_day(text) is None


def test_the_column_decides_the_order_of_slashes() -> None:
    assert parse_days(["03/04/2024", "25/04/2024"]).tolist() == [date(2024, 4, 3), date(2024, 4, 25)]
    assert parse_days(["03/04/2024", "03/25/2024"]).tolist() == [date(2024, 3, 4), date(2024, 3, 25)]


def test_slashes_that_could_be_either_are_refused() -> None:
    with pytest.raises(DayError, match="could be month/day or day/month"):
        parse_days(["03/04/2024", "05/06/2024"])


def test_slashes_of_a_known_american_provider_are_not_ambiguous() -> None:
    assert parse_day("05/06/2026", american=True) == date(2026, 5, 6)


def test_a_change_of_form_names_its_place() -> None:
    with pytest.raises(DayError, match="stands among dates written YYYY-MM-DD") as caught:
        parse_days(["2024-01-02", "2024-01-03", "01/04/2024"])
    assert caught.value.position == 2


@given(st.text(max_size=20))
def test_no_text_breaks_the_reader(text: str) -> None:
    parse_day(text)
