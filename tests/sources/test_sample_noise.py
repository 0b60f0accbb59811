"""The sample's random numbers: known answers, the normal quantile against the standard library, independence."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reportgen.sources._sample.noise import (
    daily_normals,
    fat_tailed,
    inverse_normal,
    numbered_normals,
    uniforms,
    words,
)

probabilities = st.floats(min_value=1e-300, max_value=1.0 - 2.0**-53, allow_nan=False)


def test_words_are_those_of_splitmix64() -> None:
    # The reference implementation's first outputs for the seed zero.
    expected = [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]
    assert words(0, np.arange(3, dtype=np.uint64)).tolist() == expected


def test_uniforms_stay_between_zero_and_one() -> None:
    numbers = uniforms("any", np.arange(100_000, dtype=np.uint64))
    assert 0.0 < numbers.min() < 1e-4
    assert 1.0 - 1e-4 < numbers.max() < 1.0
    assert abs(numbers.mean() - 0.5) < 0.005


@given(st.lists(probabilities, min_size=1, max_size=30))
@example([0.075, 0.925, 0.0750001, 0.9249999, 0.5])
@example([1.3e-11, 1.4e-11, 1e-300])
def test_the_normal_quantile_agrees_with_the_standard_library(chosen: list[float]) -> None:
    ours = inverse_normal(np.array(chosen))
    theirs = np.array([NormalDist().inv_cdf(p) for p in chosen])
    np.testing.assert_allclose(ours, theirs, rtol=1e-14, atol=1e-16)


@given(probabilities.filter(lambda p: p > 1e-12))
def test_the_normal_quantile_undoes_the_distribution(probability: float) -> None:
    back = NormalDist().cdf(float(inverse_normal(np.array([probability]))[0]))
    assert back == pytest.approx(probability, rel=1e-9)


@pytest.mark.slow
def test_the_normal_quantile_agrees_with_scipy() -> None:
    special = pytest.importorskip("scipy.special")
    grid = np.concatenate(
        [np.logspace(-300, -1, 20_000), np.linspace(0.05, 0.95, 20_001), 1 - np.logspace(-15, -1, 500)]
    )
    np.testing.assert_allclose(inverse_normal(grid), special.ndtri(grid), rtol=1e-12, atol=1e-15)


def test_normals_have_normal_moments() -> None:
    draws = numbered_normals("moments", 200_000)
    assert abs(draws.mean()) < 0.01
    assert abs(draws.std() - 1.0) < 0.01
    assert abs(float(np.mean(draws**4)) - 3.0) < 0.08


def test_a_day_less_moves_no_other_day() -> None:
    days = np.arange("2020-01-01", "2020-03-01", dtype="datetime64[D]")
    without = np.delete(days, 17)
    assert np.array_equal(daily_normals("any", without), np.delete(daily_normals("any", days), 17))


def test_streams_are_their_own() -> None:
    first, second = numbered_normals("one", 20_000), numbered_normals("two", 20_000)
    assert abs(float(np.corrcoef(first, second)[0, 1])) < 0.02


@pytest.mark.parametrize("weight", [0.0, 0.02, 0.1])
def test_fat_tails_keep_the_variance(weight: float) -> None:
    normal = numbered_normals("tails", 200_000)
    bent = fat_tailed(normal, weight)
    assert float(bent.var()) == pytest.approx(1.0, abs=0.02)
    kurtosis = float(np.mean(bent**4)) - 3.0
    assert kurtosis == pytest.approx(0.0, abs=0.1) if weight == 0.0 else kurtosis > 20 * weight
