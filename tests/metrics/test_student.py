"""Student's t against scipy's, and against what must hold of any."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.metrics._student import quantile, two_sided_p


@pytest.mark.parametrize(
    ("size", "freedom", "p"),
    [(12.706204736432095, 1, 0.05), (2.228138851964939, 10, 0.05), (1.9623390808264078, 1000, 0.05), (0.0, 7, 1.0)],
)
def test_tabled_values(size: float, freedom: int, p: float) -> None:
    assert two_sided_p(size, freedom) == pytest.approx(p, rel=1e-9)


@given(st.floats(0, 40), st.integers(1, 3000))
def test_a_larger_size_is_rarer_and_more_freedom_makes_it_rarer_still(size: float, freedom: int) -> None:
    p = two_sided_p(size, freedom)
    assert 0 <= p <= 1
    assert two_sided_p(size + 0.5, freedom) <= p
    assert size < 1 or two_sided_p(size, freedom + 5) <= p * (1 + 1e-9)


@given(st.integers(1, 2000), st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_the_quantile_inverts_the_p(freedom: int, level: float) -> None:
    assert two_sided_p(quantile(level, freedom), freedom) == pytest.approx(1 - level, rel=1e-8)


@pytest.mark.slow
def test_scipy_agrees() -> None:
    from scipy import stats

    for freedom in (1, 2, 5, 17, 63, 250, 1256):
        for size in (0.01, 0.5, 1.3, 2.2, 4.0, 8.0, 15.0):
            assert two_sided_p(size, freedom) == pytest.approx(2 * stats.t.sf(size, freedom), rel=1e-8)
