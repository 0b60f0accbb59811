"""Pulls a simulated fund to published figures: a piecewise tilt of its drift, solved and not looked up.

Five figures of a total-return path are met at once: the growth over five years and over the last year, and the depth of
the five-year maximum drawdown, with its rough dates and its recovery given as milestones. Each day's noise stays; only
the drift between milestones moves, by a few hundredths of a percent a day.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

import numpy as np

from reportgen.model import DateArray, FloatArray
from reportgen.sources._sample.factors import FIVE_YEARS_BACK, LAST, ONE_YEAR_BACK
from reportgen.sources._sample.paths import Milestones, bridged, position

# Enough halvings of one unit of log wealth to reach the last bit, so that every machine stops at the same place.
_HALVINGS = 60


@dataclass(frozen=True, slots=True)
class Target:
    """What a fund's path must give by the metrics' definitions, as of LAST.

    growth_1y, growth_5y: final over starting wealth. drawdown: the five-year maximum, negative. peak: day and wealth
    (1 at the five-year start); fall: day and share of the solved depth; waypoints: day and wealth of what comes later.
    history: log growth from the first session to the five-year start.
    """

    growth_1y: float
    growth_5y: float
    drawdown: float
    peak: tuple[date, float]
    fall: tuple[tuple[date, float], ...]
    waypoints: tuple[tuple[date, float], ...]
    history: float


TARGETS = {
    "IWM": Target(
        growth_1y=1.2258,
        growth_5y=1.172,
        drawdown=-0.3191,
        peak=(date(2021, 11, 9), 1.08),
        fall=((date(2022, 1, 27), 0.5), (date(2022, 6, 16), 0.95), (date(2022, 8, 16), 0.5), (date(2022, 9, 29), 1.0)),
        waypoints=(
            (date(2023, 2, 2), 0.92), (date(2023, 5, 31), 0.87), (date(2023, 7, 31), 0.97), (date(2023, 10, 27), 0.85),
            (date(2023, 12, 27), 0.98), (date(2024, 3, 28), 1.02), (date(2024, 7, 16), 1.06),
            (date(2024, 11, 25), 1.13), (date(2025, 4, 8), 0.86), (date(2025, 5, 13), 0.96), (date(2025, 10, 6), 1.13),
            (date(2026, 1, 22), 1.20), (date(2026, 3, 20), 1.148),
        ),
        history=0.74,
    ),
    "QQQ": Target(
        growth_1y=1.2054,
        growth_5y=1.834,
        drawdown=-0.3512,
        peak=(date(2021, 12, 27), 1.28),
        fall=((date(2022, 3, 14), 0.55), (date(2022, 6, 16), 0.9), (date(2022, 8, 16), 0.5), (date(2022, 11, 9), 1.0)),
        waypoints=(
            (date(2023, 2, 2), 0.99), (date(2023, 7, 18), 1.21), (date(2023, 10, 26), 1.11), (date(2023, 12, 27), 1.30),
            (date(2024, 7, 10), 1.60), (date(2024, 8, 7), 1.41), (date(2025, 2, 18), 1.71),
            (date(2025, 4, 8), 1.34), (date(2025, 5, 13), 1.63), (date(2025, 10, 29), 1.96), (date(2026, 1, 27), 1.93),
            (date(2026, 3, 20), 1.857),
        ),
        history=1.33,
    ),
}  # fmt: skip


def calibrated(path: FloatArray, days: DateArray, target: Target) -> FloatArray:
    """The log path tilted to the target. Deterministic: a fixed number of halvings of the depth at the trough.

    Raises ValueError when no depth reaches the drawdown, which means that the noise or the milestones are unfit.
    """
    start = position(days, FIVE_YEARS_BACK)
    # The drawdown deepens as the trough is pushed down: halve between the peak's level and one unit below it.
    high = math.log(target.peak[1])
    low = high - 1.0
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        deep = worst_fall(bridged(path, days, _milestones(target, days, middle))[start:]) <= target.drawdown
        low, high = (middle, high) if deep else (low, middle)
    tilted = bridged(path, days, _milestones(target, days, low))
    if abs(worst_fall(tilted[start:]) - target.drawdown) > 1e-9:
        raise ValueError(f"no tilt gives a drawdown of {target.drawdown}")
    return tilted


def _milestones(target: Target, days: DateArray, depth: float) -> Milestones:
    first: date = days[0].astype("datetime64[D]").item()
    levels = {
        first: -target.history,
        FIVE_YEARS_BACK: 0.0,
        target.peak[0]: math.log(target.peak[1]),
        ONE_YEAR_BACK: math.log(target.growth_5y / target.growth_1y),
        LAST: math.log(target.growth_5y),
    }
    top = math.log(target.peak[1])
    levels |= {day: top + share * (depth - top) for day, share in target.fall}
    return levels | {day: math.log(wealth) for day, wealth in target.waypoints}


def worst_fall(path: FloatArray) -> float:
    """The maximum drawdown of a log wealth path, as a fraction at most 0."""
    return float(np.expm1(np.min(path - np.maximum.accumulate(path))))
