"""Curves over sessions: pulling a path through milestones, volatility that clusters, series freed of each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from reportgen.model import DateArray, FloatArray

SESSIONS_A_YEAR = 252
Block = tuple[int, int]
Milestones = Mapping[date, float]


def position(days: DateArray, day: date) -> int:
    """The index of the last session on or before `day`. Raises ValueError when the sessions begin later."""
    index = int(np.searchsorted(days, np.datetime64(day, "D"), side="right")) - 1
    if index < 0:
        raise ValueError(f"no session on or before {day}")
    return index


def bridged(path: FloatArray, days: DateArray, milestones: Milestones) -> FloatArray:
    """The log path tilted so that it passes through each milestone (day to log level).

    Between two milestones every day's return moves by the same amount; beyond the last the path keeps its shape.
    """
    at = np.array([position(days, day) for day in sorted(milestones)])
    wanted = np.array([milestones[day] for day in sorted(milestones)])
    tilt: FloatArray = np.interp(np.arange(path.size), at, wanted - path[at])
    return path + tilt


def daily(path: FloatArray) -> FloatArray:
    """Log returns of a log path, zero on its first day."""
    return np.diff(path, prepend=path[0])


def clustered(shocks: FloatArray, drops: FloatArray, episodes: FloatArray) -> FloatArray:
    """The log of daily volatility relative to its usual level: slow waves that rise after falls, plus stress episodes.

    shocks, drops: standard normal; drops is the series whose falls raise the next days' volatility.
    """
    level, wave = 0.0, np.empty(shocks.size)
    for day, push in enumerate((0.075 * shocks - 0.05 * np.roll(drops, 1)).tolist()):
        level = 0.97 * level + push
        wave[day] = level
    return wave + episodes


def stress(days: DateArray, episodes: Sequence[tuple[date, float, float]]) -> FloatArray:
    """The sum of the episodes' marks on log volatility: each a first day, a size and the sessions until it is 1/e."""
    index = np.arange(days.size)
    total = np.zeros(days.size)
    for first, size, fade in episodes:
        since = index - int(np.searchsorted(days, np.datetime64(first, "D")))
        total += np.where(since >= 0, size * np.exp(-np.maximum(since, 0) / fade), 0.0)
    return total


def independent(series: Sequence[FloatArray], blocks: Sequence[Block]) -> list[FloatArray]:
    """The series with mean 0, variance 1 and no correlation with those before them, in each block of days on its own.

    Gram-Schmidt by explicit sums, so that no linear-algebra library decides the last digits.
    """
    result = [np.zeros_like(values) for values in series]
    for start, stop in blocks:
        for number, values in enumerate(series):
            part = values[start:stop] - values[start:stop].mean()
            for before in result[:number]:
                other = before[start:stop]
                part = part - other * (np.sum(part * other) / part.size)
            result[number][start:stop] = part / np.sqrt(np.sum(part * part) / part.size)
    return result
