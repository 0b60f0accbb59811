"""Student's t distribution, for errors that rest on few observations; no library, so every machine agrees."""

from __future__ import annotations

import math
from functools import lru_cache

_STEPS = 300
_TINY = 1e-300
_CLOSE = 1e-14


def two_sided_p(size: float, freedom: float) -> float:
    """How often |t| is at least `size` with so many degrees of freedom: I_x(f / 2, 1 / 2), x = f / (f + size^2)."""
    return _incomplete_beta(freedom / 2, 0.5, freedom / (freedom + size * size))


@lru_cache(maxsize=4096)
def quantile(level: float, freedom: int) -> float:
    """The size that |t| stays under with probability `level`.

    By Newton's method from zero: the tail is convex, so every step stays below the root and none overshoots.
    """
    half = (freedom + 1) / 2
    peak = math.exp(math.lgamma(half) - math.lgamma(freedom / 2)) / math.sqrt(freedom * math.pi)
    size, density = 0.0, peak
    while True:
        density = peak * math.pow(1 + size * size / freedom, -half)
        step = (two_sided_p(size, freedom) - (1 - level)) / (2 * density)
        size += step
        if step <= _CLOSE * size:
            return size


def _incomplete_beta(a: float, b: float, x: float) -> float:
    """The regularized incomplete beta function by its continued fraction (Abramowitz and Stegun, 26.5.8)."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - _incomplete_beta(b, a, 1 - x)
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    return math.exp(log_front) / (a * _fraction(a, b, x))


def _fraction(a: float, b: float, x: float) -> float:
    """1 + d1 / (1 + d2 / (1 + ...)) by Lentz's method."""
    value, upper, lower = 1.0, 1.0, 0.0
    for step in range(1, _STEPS):
        m = step // 2
        if step % 2:
            term = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            term = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        lower = 1 / (1 + term * lower or _TINY)
        upper = 1 + term / upper or _TINY
        value *= upper * lower
        if abs(upper * lower - 1) < _CLOSE:
            break
    return value
