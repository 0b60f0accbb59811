"""Least squares by explicit sums, and Newey-West errors.

No linear-algebra library: its last bits depend on the processor, and three regressors do not need one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reportgen.metrics._metric import Unavailable
from reportgen.model import FloatArray

_DEGENERATE = 1e-12


@dataclass(frozen=True, eq=False)
class Fit:
    """Ordinary least squares with an intercept.

    influence: for the intercept and each slope, every observation's contribution to the estimate's error; zero where
    an observation was left out. Their long-run variance, summed, is the estimate's variance.
    """

    intercept: float
    slopes: tuple[float, ...]
    influence: tuple[FloatArray, ...]
    n: int


def regress(y: FloatArray, *regressors: FloatArray, where: FloatArray | None = None) -> Fit:
    """Regress y (T) on an intercept and the regressors (T each); `where` (T, ones and zeros) selects observations.

    Raises Unavailable where a regressor does not vary, or is a combination of the others.
    """
    weight = np.ones_like(y) if where is None else where
    n = int(np.sum(weight))
    if n <= len(regressors) + 1:
        raise Unavailable(f"too few observations for a regression: {n}")
    means = [float(np.sum(weight * x)) / n for x in regressors]
    mean = float(np.sum(weight * y)) / n
    centered = [weight * (x - m) for x, m in zip(regressors, means, strict=True)]
    inverse = _inverse([[float(np.sum(a * b)) for b in centered] for a in centered])
    with_y = [float(np.sum(x * (y - mean))) for x in centered]
    slopes = tuple(math.fsum(c * v for c, v in zip(row, with_y, strict=True)) for row in inverse)
    residual = weight * (y - mean)
    for slope, x in zip(slopes, centered, strict=True):
        residual = residual - slope * x
    per_slope = [sum((c * x for c, x in zip(row, centered, strict=True)), np.zeros_like(y)) for row in inverse]
    of_slopes = [x * residual for x in per_slope]
    of_intercept = residual / n - sum((m * s for m, s in zip(means, of_slopes, strict=True)), np.zeros_like(y))
    intercept = mean - math.fsum(s * m for s, m in zip(slopes, means, strict=True))
    return Fit(intercept, slopes, (of_intercept, *of_slopes), n)


def _inverse(matrix: Sequence[Sequence[float]]) -> list[list[float]]:
    """The inverse of a small positive definite matrix, by Gauss-Jordan elimination."""
    size = len(matrix)
    rows = [[*row, *(1.0 if i == j else 0.0 for j in range(size))] for i, row in enumerate(matrix)]
    for i in range(size):
        if rows[i][i] <= _DEGENERATE * matrix[i][i] or rows[i][i] <= _DEGENERATE**2:
            raise Unavailable("the yardstick's returns do not vary enough")
        rows[i] = [value / rows[i][i] for value in rows[i]]
        for j in range(size):
            if j != i:
                factor = rows[j][i]
                rows[j] = [a - factor * b for a, b in zip(rows[j], rows[i], strict=True)]
    return [row[size:] for row in rows]


def lag(observations: int) -> int:
    """Newey and West's rule of thumb: floor(4 (T / 100)^(2/9))."""
    return int(4 * (observations / 100) ** (2 / 9))


def long_run_error(influence: FloatArray) -> float:
    """The standard error of an estimate from its influence: Newey-West with Bartlett weights, no small-sample factor.

    Reference: Newey and West (1987), Econometrica 55.
    """
    lags = lag(influence.size)
    total = float(np.sum(influence * influence))
    for k in range(1, lags + 1):
        total += 2 * (1 - k / (lags + 1)) * float(np.sum(influence[k:] * influence[:-k]))
    return math.sqrt(max(total, 0.0))
