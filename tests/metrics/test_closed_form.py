"""Toy series whose figures can be worked out by hand."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest

from reportgen.metrics import returns, risk, tail
from reportgen.metrics._metric import Measured, Unavailable
from tests.metrics.hand import history, path, rate, view


def number(measured: Measured) -> float:
    assert isinstance(measured.value, int | float)
    return float(measured.value)


def test_a_distribution_is_reinvested_at_the_ex_date_close() -> None:
    fund = view(history("A", [100, 50, 55], distributions={1: 50}))
    # 50 dollars on a close of 50 double the holding: worth as much as before, then up by a tenth.
    assert number(returns.total_return(fund)) == pytest.approx(0.10)
    assert number(returns.growth_of_1000(fund)) == pytest.approx(1100)


def test_a_distribution_on_the_first_day_belongs_to_the_holder_before() -> None:
    assert number(returns.total_return(view(history("A", [100, 110], distributions={0: 5})))) == pytest.approx(0.10)


def test_a_constant_return() -> None:
    fund = view(history("A", path([0.001] * 300)), risk_free=rate(0.0))
    assert number(returns.total_return(fund)) == pytest.approx(1.001**300 - 1)
    assert number(risk.volatility(fund)) == 0
    assert number(risk.max_drawdown(fund)) == 0
    assert risk.max_drawdown(fund).details == {}
    assert number(returns.positive_days(fund)) == 1
    for metric in (risk.sharpe, risk.sortino, risk.skew, risk.excess_kurtosis, risk.calmar):
        with pytest.raises(Unavailable):
            metric(fund)


def test_a_fall_on_the_first_day_counts_from_the_starting_one() -> None:
    fund = view(history("A", path([-0.10, 0.05, 0.02, 0.03])))
    drawdown = risk.max_drawdown(fund)
    assert number(drawdown) == pytest.approx(-0.10)
    assert drawdown.details == {"peak": date(2026, 3, 23), "trough": date(2026, 3, 24), "recovered": "not recovered"}


def test_a_drawdown_is_recovered_at_the_first_close_back_at_the_peak() -> None:
    fund = view(history("A", [100, 80, 90, 100, 120]))
    assert risk.max_drawdown(fund).details["recovered"] == date(2026, 3, 26)


def test_a_peak_touched_twice_is_left_the_second_time() -> None:
    details = risk.max_drawdown(view(history("A", [100, 90, 100, 80, 80, 120]))).details
    assert details == {"peak": date(2026, 3, 24), "trough": date(2026, 3, 25), "recovered": date(2026, 3, 27)}


def test_an_exact_return_to_the_peak_survives_rounding() -> None:
    factors = [1 / 3, 3.0, 0.1, 10.0, 0.7, 1 / 0.7]
    fund = view(history("A", path([f - 1 for f in factors])))
    assert risk.max_drawdown(fund).details["recovered"] != "not recovered"


def test_annualized_growth_counts_calendar_days() -> None:
    days = np.array(["2021-03-26", "2026-03-27"], dtype="datetime64[D]")
    fund = view(history("A", [100, 200], days=days))
    assert number(returns.cagr(fund)) == pytest.approx(2 ** (365.25 / 1827) - 1)


def test_nothing_is_annualized_under_a_year() -> None:
    days = np.array(["2025-03-28", "2026-03-27"], dtype="datetime64[D]")
    with pytest.raises(Unavailable, match="under one year"):
        returns.cagr(view(history("A", [100, 200], days=days)))
    a_year = np.array(["2025-03-27", "2026-03-27"], dtype="datetime64[D]")
    assert number(returns.cagr(view(history("A", [100, 110], days=a_year)))) == pytest.approx(1.1 ** (365.25 / 365) - 1)


def test_two_points() -> None:
    fund = view(history("A", path([0.02, -0.01])))
    assert number(risk.volatility(fund)) == pytest.approx(0.03 / math.sqrt(2) * math.sqrt(252))
    assert returns.best_day(fund).details == {"day": date(2026, 3, 26)}
    assert number(returns.worst_day(fund)) == pytest.approx(-0.01)


def test_sortino_counts_every_day_in_the_denominator() -> None:
    fund = view(history("A", path([0.02, -0.01, 0.02, -0.01])))
    assert number(risk.sortino(fund)) == pytest.approx(0.005 / math.sqrt(0.0002 / 4) * math.sqrt(252))


def test_the_risk_free_return_is_the_previous_days_rate_by_calendar_days() -> None:
    fund = view(history("A", path([0.0] * 5)), risk_free=rate(0.0365))
    # Five weekdays up to a Friday: four steps of one day and, before Monday, one of three days.
    assert fund.excess == pytest.approx([-0.0003, -0.0001, -0.0001, -0.0001, -0.0001])


def test_a_quantile_between_two_days_averages_those_at_or_below() -> None:
    fund = view(history("A", path(np.linspace(-0.05, 0.05, 101))))
    assert number(tail.value_at_risk_95(fund)) == pytest.approx(-0.045)
    assert number(tail.expected_shortfall_95(fund)) == pytest.approx(np.linspace(-0.05, -0.045, 6).mean())
    assert tail.expected_shortfall_95(fund).details == {"count": 6}


def test_days_without_a_move_are_neither_gains_nor_losses() -> None:
    fund = view(history("A", path([0.01, 0.0, 0.0, -0.01])))
    assert number(returns.positive_days(fund)) == 0.5
    assert returns.positive_days(fund).n == 2


def test_only_complete_weeks_count() -> None:
    # Wed 2026-03-11 to Wed 2026-03-25: the only complete week is that of Monday the 16th.
    fund = view(history("A", [100, 150, 200, 202, 204, 206, 208, 220, 100, 100, 100], last=date(2026, 3, 25)))
    week = returns.best_week(fund)
    assert number(week) == pytest.approx(0.10)
    assert (week.n, week.details) == (1, {"start": date(2026, 3, 13), "end": date(2026, 3, 20)})
    assert number(returns.worst_week(fund)) == number(week)


def test_only_complete_months_count() -> None:
    days = np.array(["2026-01-15", "2026-01-30", "2026-02-27", "2026-03-27"], dtype="datetime64[D]")
    fund = view(history("A", [100, 200, 150, 300], days=days))
    month = returns.best_month(fund)
    assert number(month) == pytest.approx(-0.25)
    assert (month.n, month.details) == (1, {"start": date(2026, 1, 30), "end": date(2026, 2, 27)})


def test_a_missing_week_does_not_make_one_week_of_two() -> None:
    days = np.array(["2026-02-27", "2026-03-06", "2026-03-20", "2026-03-27"], dtype="datetime64[D]")
    assert returns.best_week(view(history("A", [100, 110, 220, 231], days=days))).n == 2
