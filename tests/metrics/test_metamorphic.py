"""What must not move when the data are turned, and what must move in a known way."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.metrics import returns, risk, tail
from reportgen.metrics._metric import Measured
from reportgen.metrics._views import FundWindow
from reportgen.model import FloatArray
from tests.metrics.hand import history, path, rate, view, weekdays

METRICS = (
    returns.total_return, returns.positive_days, returns.best_day, returns.worst_day, risk.volatility, risk.sharpe,
    risk.sortino, risk.max_drawdown, risk.skew, risk.excess_kurtosis, tail.value_at_risk_95, tail.expected_shortfall_95,
    tail.variance_share,
)  # fmt: skip
daily = st.lists(st.floats(-0.08, 0.08).map(lambda r: round(r, 4)), min_size=120, max_size=160).map(np.array)


def varied(values: FloatArray) -> bool:
    return np.unique(values).size > 20 and bool(np.any(values < 0))


def value(measured: Measured) -> float:
    assert isinstance(measured.value, int | float)
    return float(measured.value)


def all_of(fund: FundWindow) -> list[float]:
    return [value(metric(fund)) for metric in METRICS]


@given(daily.filter(varied), st.floats(0.01, 100))
def test_the_level_of_prices_means_nothing(values: FloatArray, factor: float) -> None:
    one, other = (view(history("A", path(values, start))) for start in (100.0, 100.0 * factor))
    assert all_of(one) == pytest.approx(all_of(other), rel=1e-6, abs=1e-9)


@given(daily.filter(varied), st.randoms(use_true_random=False))
def test_the_order_of_days_matters_to_drawdowns_alone(values: FloatArray, random: object) -> None:
    shuffled = np.random.default_rng(3).permutation(values)
    one, other = (view(history("A", path(v))) for v in (values, shuffled))
    for metric in METRICS:
        if metric is not risk.max_drawdown:
            assert value(metric(other)) == pytest.approx(value(metric(one)), rel=1e-6, abs=1e-9), metric
    sunk = view(history("A", path(np.sort(values))))
    assert value(risk.max_drawdown(sunk)) <= value(risk.max_drawdown(one)) + 1e-12


@given(daily.filter(varied))
def test_twice_the_daily_return_is_twice_the_risk(values: FloatArray) -> None:
    one, twice = view(history("A", path(values))), view(history("A", path(2 * values)))
    for metric in (risk.volatility, tail.value_at_risk_95, tail.expected_shortfall_95, returns.worst_day):
        assert value(metric(twice)) == pytest.approx(2 * value(metric(one)), rel=1e-6, abs=1e-9)
    for metric in (risk.sharpe, risk.skew, tail.variance_share):
        assert value(metric(twice)) == pytest.approx(value(metric(one)), rel=1e-6, abs=1e-9)
    assert value(risk.max_drawdown(twice)) <= value(risk.max_drawdown(one))


@given(daily.filter(varied), st.integers(1, 119), st.floats(0.01, 0.5))
def test_paying_out_and_keeping_are_the_same_to_the_holder(values: FloatArray, day: int, share: float) -> None:
    kept = path(values)
    paid = kept.copy()
    paid[day:] *= 1 - share
    one = view(history("A", kept))
    other = view(history("A", paid, distributions={day: kept[day] * share}))
    assert all_of(one) == pytest.approx(all_of(other), rel=1e-6, abs=1e-9)


@given(daily.filter(varied), st.floats(0, 0.1))
def test_the_wealth_path_ends_where_its_returns_lead(values: FloatArray, yearly: float) -> None:
    fund = view(history("A", path(values)), risk_free=rate(yearly))
    assert value(returns.total_return(fund)) == pytest.approx(float(np.prod(1 + fund.returns)) - 1, rel=1e-9, abs=1e-12)
    assert value(returns.growth_of_1000(fund)) == pytest.approx(1000 * (1 + value(returns.total_return(fund))))
    drop = value(risk.max_drawdown(fund))
    assert -1 < drop <= min(0.0, value(returns.worst_day(fund))) + 1e-12
    assert np.all(fund.returns - fund.excess >= 0)


def test_views_are_read_only() -> None:
    fund = view(history("A", path([0.01] * 30), days=weekdays(31)))
    for array in (fund.returns, fund.wealth, fund.excess, fund.closes, fund.volumes):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
