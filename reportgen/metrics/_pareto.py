"""The generalized Pareto distribution of losses beyond a threshold, fitted by probability-weighted moments.

Reference: Hosking and Wallis (1987), Technometrics 29; Pickands (1975), Annals of Statistics 3.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from reportgen.metrics._metric import Unavailable
from reportgen.model import FloatArray

EXCEEDED = 0.1  # the share of days beyond the threshold
FEWEST = 50
PLOTTING = 0.65  # of the plotting position p = (i - 0.35) / n, counted from the largest
_PERIOD = 10 * 252  # sessions in ten years
_FLAT = 1e-9


class Fitted(NamedTuple):
    """What was fitted: the `size` of the sample of losses beyond the threshold, the tail's shape (positive: heavy) and
    the loss that one session in ten years exceeds.
    """

    size: int
    shape: float
    ten_year_loss: float


def fit(returns: FloatArray) -> Fitted:
    """The distribution of losses beyond the 90th percentile of losses. Raises Unavailable for fewer than 50 of them."""
    threshold = -float(np.quantile(returns, EXCEEDED))
    beyond = np.sort(-returns[-returns > threshold])[::-1] - threshold
    if beyond.size < FEWEST:
        raise Unavailable(f"needs {FEWEST} large losses, has {beyond.size}")
    first, second = (np.array(moment) for moment in moments(beyond))
    shape, _ = parameters(first, second)
    level = return_level(np.array(threshold), first, second, np.array(beyond.size / returns.size))
    return Fitted(int(beyond.size), float(shape), float(level))


def moments(beyond: FloatArray) -> tuple[float, float]:
    """The first two probability-weighted moments of excesses, the largest first."""
    rank = np.arange(1, beyond.size + 1)
    return float(np.mean(beyond)), float(np.sum(beyond * (rank - PLOTTING))) / beyond.size**2


def return_level(threshold: FloatArray, first: FloatArray, second: FloatArray, exceeded: FloatArray) -> FloatArray:
    """The loss exceeded once in ten years, from the two moments of the excesses and the share of days beyond."""
    shape, scale = parameters(first, second)
    ratio = exceeded * _PERIOD
    flat = np.abs(shape) < _FLAT
    safe = np.where(flat, 1.0, shape)
    level: FloatArray = threshold + scale * np.where(flat, np.log(ratio), (ratio**safe - 1) / safe)
    return level


def parameters(first: FloatArray, second: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Shape and scale: k = a0 / (a0 - 2 a1) - 2, scale = 2 a0 a1 / (a0 - 2 a1), shape = -k."""
    spread = first - 2 * second
    return 2 - first / spread, 2 * first * second / spread
