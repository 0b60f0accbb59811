"""How often a paired interval holds the truth, on funds whose truth is known."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from reportgen.metrics import _draws
from reportgen.metrics._resampling import resampling
from reportgen.metrics._uncertainty import from_draws
from reportgen.model import FloatArray
from tests.metrics.hand import NO_RATE, history, path, view

pytestmark = pytest.mark.slow

SIZE, PAIRS, RHO, FREEDOM = 1260, 300, 0.7, 5
SHIFT = np.array([0.0005, 0.0003])
SCALE = np.array([0.010, 0.008])
METRICS = ("cagr", "sharpe", "volatility", "expected_shortfall")
Simulate = Callable[[np.random.Generator, int], FloatArray]


def independent(random: np.random.Generator, size: int) -> FloatArray:
    """Two funds' returns with Student-t tails, correlated, without memory: 2 x size."""
    shared, own = random.standard_normal((2, 2, size))
    mixed = RHO * shared[0] + math.sqrt(1 - RHO**2) * own[0], shared[0]
    heavy = np.sqrt(FREEDOM / random.chisquare(FREEDOM, size) * (FREEDOM - 2) / FREEDOM)
    found: FloatArray = np.stack(mixed) * heavy * SCALE[:, None] + SHIFT[:, None]
    return found


def clustered(random: np.random.Generator, size: int) -> FloatArray:
    """The same with volatility that comes in clusters: GARCH(1,1) with persistence 0.98."""
    shocks = independent(random, size) - SHIFT[:, None]
    state, found = 1.0, np.empty_like(shocks)
    for i in range(size):
        found[:, i] = shocks[:, i] * math.sqrt(state)
        state = 0.02 + 0.08 * state * float(np.mean((shocks[:, i] / SCALE) ** 2)) + 0.90 * state
    moved: FloatArray = found + SHIFT[:, None]
    return moved


def truth(simulate: Simulate) -> dict[str, float]:
    """Each metric's difference in two million days."""
    a, b = simulate(np.random.default_rng(99), 2_000_000 if simulate is independent else 400_000)

    def of(r: FloatArray) -> dict[str, float]:
        years = 365.25 / (7 / 5)  # weekdays a year
        return {
            "cagr": math.expm1(float(np.mean(np.log1p(r))) * years),
            "sharpe": float(np.mean(r) / np.std(r)) * math.sqrt(252),
            "volatility": float(np.std(r)) * math.sqrt(252),
            "expected_shortfall": float(np.mean(r[r <= np.quantile(r, 0.05)])),
        }

    first, second = of(a), of(b)
    return {name: first[name] - second[name] for name in METRICS}


def distributions(returns: FloatArray) -> dict[str, FloatArray]:
    fund = view(history("A", path(returns)), code="5Y", risk_free=NO_RATE)
    sample = resampling(fund.market.sessions, fund.window, fund.days[1:])
    assert sample is not None
    return {name: getattr(_draws, name)(fund, sample) for name in METRICS}


@cache
def covered(simulate: Simulate) -> dict[str, float]:
    """The share of simulated pairs whose interval holds the true difference."""
    true, random = truth(simulate), np.random.default_rng(1)
    hits = dict.fromkeys(METRICS, 0)
    for _ in range(PAIRS):
        first, second = (distributions(r) for r in simulate(random, SIZE))
        for name in METRICS:
            interval = from_draws(first[name] - second[name])
            assert interval is not None
            hits[name] += interval.low <= true[name] <= interval.high
    return {name: count / PAIRS for name, count in hits.items()}


@pytest.mark.parametrize("name", METRICS)
def test_intervals_hold_the_truth_of_days_without_memory(name: str) -> None:
    assert covered(independent)[name] >= 0.91


def test_what_clusters_of_volatility_do_is_told_and_not_promised() -> None:
    shares = covered(clustered)
    print({name: f"{share:.0%}" for name, share in shares.items()})
    assert shares["volatility"] < covered(independent)["volatility"]


def test_resampling_two_funds_apart_would_widen_the_interval() -> None:
    random, widened = np.random.default_rng(2), []
    for _ in range(20):
        first, second = (distributions(r)["sharpe"] for r in independent(random, SIZE))
        together, apart = (from_draws(first - other) for other in (second, np.roll(second, 997)))
        assert together is not None
        assert apart is not None
        widened.append((apart.high - apart.low) / (together.high - together.low))
    assert np.mean(widened) == pytest.approx(1 / math.sqrt(1 - RHO), rel=0.15)
