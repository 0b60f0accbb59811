"""From a metric's sampling distribution to its interval and p-value."""

from __future__ import annotations

import numpy as np

from reportgen.metrics._regression import long_run_error
from reportgen.metrics._student import quantile, two_sided_p
from reportgen.model import FloatArray, Interval

LEVEL = 0.95
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
    """An interval from a regression estimate's Newey-West error, with the two-sided p, by Student's t.

    Its degrees of freedom are the effective number of observations behind the error, (sum u^2)^2 / sum u^4 of the
    influences u (Kish 1965): where a few days decide an estimate, as for betas on the worst days, a normal p of 0.001
    comes up by chance twenty times as often as it should.
    """
    error = long_run_error(influence)
    if error <= _FLAT:
        return Interval(value, value, LEVEL, "hac", None, 1.0 if abs(value) <= _FLAT else 0.0)
    squares = influence * influence
    freedom = max(1, int(float(np.sum(squares)) ** 2 / float(np.sum(squares * squares))))
    half = quantile(LEVEL, freedom) * error
    return Interval(value - half, value + half, LEVEL, "hac", None, two_sided_p(abs(value / error), freedom))
