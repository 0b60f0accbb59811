from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from reportgen.charts._reduce import MOST_POINTS, kept


def test_few_points_are_all_kept() -> None:
    assert kept(np.arange(5.0), np.array([3.0, 1, 4, 1, 5])).tolist() == [0, 1, 2, 3, 4]


@given(st.integers(MOST_POINTS + 1, 5000), st.integers(0, 2**32 - 1))
def test_ends_and_extremes_survive(size: int, seed: int) -> None:
    values = np.random.default_rng(seed).normal(size=size).cumsum()
    chosen = kept(np.arange(size, dtype=np.float64), values)
    assert chosen.size <= MOST_POINTS
    assert np.all(np.diff(chosen) > 0)
    assert {0, size - 1, int(values.argmin()), int(values.argmax())} <= set(chosen.tolist())


def test_every_strip_keeps_its_spike() -> None:
    values = np.zeros(3000)
    spikes = np.arange(50, 3000, 300)
    values[spikes] = 1.0
    assert set(spikes.tolist()) <= set(kept(np.arange(3000.0), values).tolist())


def test_a_gap_in_the_days_is_no_obstacle() -> None:
    across = np.concatenate([np.arange(500.0), np.arange(9000.0, 9500.0)])
    assert kept(across, across).size <= MOST_POINTS
