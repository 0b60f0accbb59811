"""The shared resampling: what every path holds, and the shortcuts against the plain calculation."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from reportgen.metrics import _draws, _pareto, returns, risk, tail
from reportgen.metrics._resampling import DRAWS, MEAN_BLOCK, Resampling, paths, resampling
from reportgen.metrics._uncertainty import from_draws
from reportgen.metrics._views import FundWindow
from reportgen.model import FloatArray, Window
from tests.metrics.hand import history, path, rate, view, weekdays

SIZE = 600


@pytest.fixture(scope="module")
def noise() -> FloatArray:
    return np.random.default_rng(7).standard_t(4, SIZE) * 0.01


@pytest.fixture(scope="module")
def fund(noise: FloatArray) -> FundWindow:
    return view(history("A", path(noise)), code="5Y", risk_free=rate(0.03))


@pytest.fixture(scope="module")
def sample(fund: FundWindow) -> Resampling:
    found = resampling(fund.market.sessions, fund.window, fund.days[1:])
    assert found is not None
    return found


def test_every_path_is_as_long_as_the_window_and_made_of_its_sessions(sample: Resampling) -> None:
    positions = sample.paths.positions
    assert positions.shape == (DRAWS, SIZE)
    assert positions.min() == 0
    assert positions.max() == SIZE - 1
    assert np.all(sample.paths.counts.sum(axis=1, dtype=np.int64) == SIZE)


def test_blocks_run_on_and_are_as_long_as_meant(sample: Resampling) -> None:
    steps = np.diff(sample.paths.positions, axis=1) % SIZE
    broken = np.mean(steps != 1)
    assert broken == pytest.approx(1 / MEAN_BLOCK, rel=0.02)


def test_the_paths_depend_on_code_and_length_alone() -> None:
    assert np.array_equal(paths("5Y", 40).positions, paths("5Y", 40).positions)
    assert not np.array_equal(paths("5Y", 40).positions, paths("3Y", 40).positions)
    # Pinned: another release of numpy or another processor must draw the same.
    pinned = paths("5Y", 1256).positions
    assert pinned[0, :3].tolist() == [111, 112, 113]
    assert pinned[-1, -3:].tolist() == [1164, 1165, 801]


def along(values: FloatArray, sample: Resampling) -> FloatArray:
    return values[sample.paths.positions]


def test_totals_are_the_sums_along_the_paths(noise: FloatArray, sample: Resampling) -> None:
    assert sample.totals(noise) == pytest.approx(along(noise, sample).sum(axis=1), abs=1e-12)


def root_mean_square(values: FloatArray) -> float:
    return math.sqrt(float(np.mean(values * values)))


# Each metric's formula on one path, as numpy writes it, from returns r, excess returns e and years y.
PLAIN: dict[str, Callable[[FloatArray, FloatArray, float], float]] = {
    "total_return": lambda r, _, __: float(np.prod(1 + r)) - 1,
    "cagr": lambda r, _, y: math.pow(float(np.prod(1 + r)), 1 / y) - 1,
    "volatility": lambda r, _, __: float(np.std(r, ddof=1)) * math.sqrt(252),
    "sharpe": lambda _, e, __: float(np.mean(e) / np.std(e, ddof=1)) * math.sqrt(252),
    "sortino": lambda _, e, __: float(np.mean(e)) / root_mean_square(np.minimum(e, 0)) * math.sqrt(252),
    "value_at_risk": lambda r, _, __: float(np.quantile(r, 0.05)),
    "expected_shortfall": lambda r, _, __: float(np.mean(r[r <= np.quantile(r, 0.05)])),
    "variance_share": lambda r, _, __: float(np.sum(np.sort(r * r)[-(r.size // 20) :]) / np.sum(r * r)),
    "one_in_ten_years_day": lambda r, _, __: -_pareto.fit(r).ten_year_loss,
}


@pytest.mark.parametrize("name", PLAIN)
def test_a_distribution_is_the_metric_along_each_path(name: str, fund: FundWindow, sample: Resampling) -> None:
    drawn = getattr(_draws, name)(fund, sample)
    r, e = along(fund.returns, sample), along(fund.excess, sample)
    assert drawn.shape == (DRAWS,)
    for draw in (0, 1, 777, DRAWS - 1):
        assert drawn[draw] == pytest.approx(PLAIN[name](r[draw], e[draw], fund.window.years), rel=1e-9), draw


def test_the_formulas_along_the_paths_are_those_of_the_metrics(fund: FundWindow) -> None:
    for name, metric in (
        ("total_return", returns.total_return), ("volatility", risk.volatility), ("sharpe", risk.sharpe),
        ("sortino", risk.sortino), ("value_at_risk", tail.value_at_risk_95),
        ("expected_shortfall", tail.expected_shortfall_95), ("variance_share", tail.variance_share),
    ):  # fmt: skip
        assert metric(fund).value == pytest.approx(PLAIN[name](fund.returns, fund.excess, fund.window.years), rel=1e-9)


def test_sessions_without_a_value_are_left_out_of_every_path(noise: FloatArray) -> None:
    days = weekdays(SIZE + 1)
    kept = np.ones(SIZE + 1, dtype=bool)
    kept[[50, 120, 121]] = False
    sample = resampling(days, Window("5Y", days[0].item(), days[-1].item()), days[kept][1:])
    assert sample is not None
    values = noise[kept[1:]]
    chosen = sample.paths.positions[3]
    there = np.isin(chosen, sample.where)
    assert sample.n[3] == there.sum()
    expected = np.zeros(SIZE)
    expected[sample.where] = values
    assert sample.totals(values)[3] == pytest.approx(expected[chosen[there]].sum(), abs=1e-12)
    ranked = sample.ranked(values, 0.05)
    assert ranked.quantiles(0.05)[3] == pytest.approx(np.quantile(expected[chosen[there]], 0.05))


def test_without_the_exchanges_sessions_there_is_no_interval(fund: FundWindow) -> None:
    assert resampling(fund.days[:0], fund.window, fund.days[1:]) is None
    assert resampling(fund.days[:-5], fund.window, fund.days[1:]) is None


def test_the_p_value_counts_both_sides() -> None:
    draws = np.concatenate([np.full(5, -1.0), np.full(1995, 1.0)])
    found = from_draws(draws)
    assert found is not None
    assert found.p == 2 * (1 + 5) / 2001
    assert (found.low, found.high) == (1.0, 1.0)
    everywhere_zero = from_draws(np.zeros(2000))
    assert everywhere_zero is not None
    assert everywhere_zero.p == 1.0
    assert from_draws(np.array([1.0, math.nan])) is None
