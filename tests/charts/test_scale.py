from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.charts._scale import Scale, date_ticks, linear_ticks, log_ticks, nice_step

numbers = st.floats(-1e6, 1e6, allow_nan=False)


def test_round_ticks_enclose_the_values() -> None:
    assert linear_ticks(537, 2589) == (500, 1000, 1500, 2000, 2500, 3000)
    assert linear_ticks(-0.35, 0.0, 5) == (-0.4, -0.3, -0.2, -0.1, 0.0)


@given(numbers, numbers)
def test_ticks_enclose_any_values_in_equal_steps(a: float, b: float) -> None:
    low, high = sorted((a, b))
    ticks = linear_ticks(low, high)
    slack = 1e-6 * (ticks[-1] - ticks[0])
    assert ticks[0] <= low + slack
    assert ticks[-1] >= high - slack
    assert 2 <= len(ticks) <= 8


@given(st.floats(1e-6, 1e9), st.integers(2, 12))
def test_steps_are_one_two_or_five(span: float, most: int) -> None:
    step = nice_step(span, most)
    assert f"{step:.0e}"[0] in "125"
    assert span / step <= most * 1.000001


def test_logarithmic_ticks_stay_inside() -> None:
    assert log_ticks(1, 1942, (1, 2, 5)) == (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
    assert log_ticks(30, 40) == ()


def test_logarithms_map_decades_to_equal_lengths() -> None:
    x = Scale(1, 100, 0, 200, log=True)
    assert [x(1), x(10), x(100)] == [0, 100, 200]


@pytest.mark.parametrize(("low", "high", "log"), [(1, 1, False), (2, 1, False), (0, 1, True)])
def test_an_empty_span_is_refused(low: float, high: float, log: bool) -> None:
    with pytest.raises(ValueError, match="scale cannot"):
        Scale(low, high, 0, 100, log)


def test_years_are_marked_on_their_first_day() -> None:
    ticks = date_ticks(date(2021, 3, 26), date(2026, 3, 27))
    assert [text for _, text in ticks] == ["2022", "2023", "2024", "2025", "2026"]
    assert all((day.month, day.day) == (1, 1) for day, _ in ticks)


def test_months_are_marked_where_the_span_is_short() -> None:
    assert [text for _, text in date_ticks(date(2025, 5, 20), date(2026, 3, 27))] == [
        "Jul 2025",
        "Oct 2025",
        "Jan 2026",
    ]


def test_a_few_days_are_marked_by_both_ends() -> None:
    assert [text for _, text in date_ticks(date(2026, 3, 3), date(2026, 3, 20))] == ["2026-03-03", "2026-03-20"]


@given(st.dates(date(1900, 1, 1), date(2090, 1, 1)), st.integers(1, 40_000))
def test_date_ticks_rise_and_stay_inside(first: date, length: int) -> None:
    last = min(first + timedelta(days=length), date(2100, 1, 1))
    days = [day for day, _ in date_ticks(first, last)]
    assert days == sorted(set(days))
    assert first <= days[0] <= days[-1] <= last
    assert 2 <= len(days) <= 12
