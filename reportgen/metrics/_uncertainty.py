"""From a metric's sampling distribution to its interval and p-value."""

from __future__ import annotations

import math

import numpy as np

from reportgen.metrics._regression import long_run_error
from reportgen.model import FloatArray, Interval

LEVEL = 0.95
_Z = 1.959963984540054  # the normal distribution's 97.5% point
_FLAT = 1e-15


def from_draws(draws: FloatArray) -> Interval | None:
    """A percentile interval from a bootstrap distribution, with p = 2 (1 + min(#<=0, #>=0)) / (B + 1), at most 1.

    None where some draws have no value.
    """
    if not np.all(np.isfinite(draws)):
        return None
    low, high = np.quantile(draws, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    side = min(int(np.count_nonzero(draws <= 0)), int(np.count_nonzero(draws >= 0)))
    p = min(1.0, 2 * (1 + side) / (draws.size + 1))
    return Interval(float(low), float(high), LEVEL, "bootstrap", int(draws.size), p)


def from_influence(value: float, influence: FloatArray) -> Interval:
    """A normal interval from a regression estimate's Newey-West error, with the two-sided normal p."""
    error = long_run_error(influence)
    if error <= _FLAT:
        return Interval(value, value, LEVEL, "hac", None, 1.0 if abs(value) <= _FLAT else 0.0)
    p = math.erfc(abs(value / error) / math.sqrt(2))
    return Interval(value - _Z * error, value + _Z * error, LEVEL, "hac", None, p)
