"""Rates in fractions, the bill's discount as a yield, and events with the span over which they are known."""

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pytest

from reportgen import calendar
from reportgen.errors import DataError
from reportgen.sources._events import event_issues, event_series, events_around, known_through
from reportgen.sources._rates import discount_to_yield, known_rate, read_bill, read_rate
from reportgen.sources._raw import RawFile

Raw = Callable[..., RawFile]


def test_percent_becomes_a_fraction_and_gaps_are_left_out(raw: Raw) -> None:
    series = read_rate(
        raw("date,value\n2024-01-02,5.40\n2024-01-03,.\n2024-01-04,\n2024-01-05,-0.05\n"), "R", "fraction", 100
    )
    assert series.dates.tolist() == [date(2024, 1, 2), date(2024, 1, 5)]
    assert series.values == pytest.approx([0.054, -0.0005])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("date,value\n", "no values"),
        ("date,value\n2024-01-02,high\n", "IWM.csv:2: 'high' is not a number"),
        ("date,value\n2024-01-02\n", "IWM.csv:2: The line has no value"),
        ("date,value\n2024-01-03,1\n2024-01-02,1\n", "do not rise"),
        ("date,value\n2024-01-03,1\nsoon,1\n", "IWM.csv:3: 'soon' is not a date"),
        ("<html>", "HTML page"),
    ],
)
def test_a_broken_series_is_named(raw: Raw, text: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read_rate(raw(text), "R", "fraction", 100)


def test_known_series_are_told_by_the_beginning_of_their_name() -> None:
    assert known_rate("BAMLH0A0HYM2_2023_2026-04") == ("HY_OAS", "fraction", 100.0)
    assert known_rate("dgs3mo") == ("DGS3MO", "fraction", 100.0)
    assert known_rate("DGS30") is None


def test_a_discount_as_a_yield() -> None:
    # a 13-week bill at 5.25% discount costs 98.672917 and yields (100 / 98.672917 - 1) x 365 / 91
    price = 100 * (1 - 0.0525 * 91 / 360)
    assert discount_to_yield(np.array([0.0525]))[0] == pytest.approx((100 / price - 1) * 365 / 91)
    assert discount_to_yield(np.array([0.0]))[0] == 0.0


def test_the_bill_keeps_zero_and_negative_discounts(raw: Raw) -> None:
    series = read_bill(raw("Date,Close,AdjClose\n2020-03-25,-0.05,-0.05\n2020-03-24,0.0,0.0\n2020-03-26,,\n"))
    assert series.dates.tolist() == [date(2020, 3, 24), date(2020, 3, 25)]
    assert series.values[0] == 0
    assert series.values[1] < 0


def test_shipped_events_are_in_order_and_inside_their_span() -> None:
    for series in event_series():
        assert list(series.days) == sorted(set(series.days))
        assert series.valid_from <= series.days[0] <= series.days[-1] <= series.valid_through
        assert all(calendar.is_session(day) for day in series.days)


def test_events_around_an_as_of() -> None:
    events = events_around(date(2026, 1, 2), date(2026, 3, 27))
    coming = [(event.kind, event.day) for event in events if event.day > date(2026, 3, 27)]
    assert coming[:4] == [
        ("cpi", date(2026, 4, 10)),
        ("expiry", date(2026, 4, 17)),
        ("fomc", date(2026, 4, 29)),
        ("cpi", date(2026, 5, 12)),
    ]
    assert [event.day for event in events] == sorted(event.day for event in events)
    assert all(event.source for event in events)


def test_outside_its_span_a_list_says_so() -> None:
    assert known_through() == date(2026, 12, 31)
    assert event_issues(date(2026, 3, 27)) == ()
    assert [(i.severity, i.code) for i in event_issues(date(2025, 6, 2))] == 2 * [("note", "events-not-listed")]


@pytest.mark.parametrize(("days_before_the_end", "warned"), [(60, []), (59, ["cpi"]), (-400, ["fomc", "cpi"])])
def test_the_end_of_a_list_is_warned_of_60_days_ahead(days_before_the_end: int, warned: list[str]) -> None:
    issues = event_issues(known_through() - timedelta(days=days_before_the_end))
    assert [issue.subject for issue in issues if issue.severity == "warning"] == warned


@pytest.mark.parametrize("value", ["1e9", "-99", "30.1", "-5.1", "inf", "1e999", "4,5"])
def test_a_rate_that_cannot_be_is_refused_with_its_line(raw: Raw, value: str) -> None:
    with pytest.raises(DataError, match=r"IWM\.csv:3: .*is not a"):
        read_rate(raw(f'date,value\n2024-01-02,5\n2024-01-03,"{value}"\n'), "DGS3MO", "fraction", 100)


def test_volatility_is_no_rate(raw: Raw) -> None:
    assert read_rate(raw("date,value\n2020-03-16,82.69\n"), "VIX", "ratio", 1).values.tolist() == [82.69]
    with pytest.raises(DataError, match="index from 0 to"):
        read_rate(raw("date,value\n2020-03-16,-1\n"), "VIX", "ratio", 1)


@pytest.mark.parametrize("close", ["395.6", "-6", "inf"])
def test_a_discount_that_no_bill_has_is_refused_with_its_line(raw: Raw, close: str) -> None:
    with pytest.raises(DataError, match=r"IRX.csv:3: The value .* on 2020-03-25 is not a rate"):
        read_bill(raw(f"Date,Close,AdjClose\n2020-03-24,1.0,1.0\n2020-03-25,{close},1\n", "^IRX.csv"))
