"""Fewer points, the same picture: the smallest and the largest of each strip of pixels."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from reportgen.model import FloatArray

MOST_POINTS = 330


def kept(across: FloatArray, values: FloatArray, most: int = MOST_POINTS) -> NDArray[np.intp]:
    """Indices of at most `most` points: first, last, and each strip's minimum and maximum, in order.

    across: rising positions (pixels or days), of the shape of `values`, which are finite. All indices where there are
    few enough.
    """
    if values.size <= most:
        return np.arange(values.size)
    strips = (most - 2) // 2
    edges = np.searchsorted(across, np.linspace(across[0], across[-1], strips + 1)[1:-1])
    chosen = {0, values.size - 1}
    bounds = [0, *edges.tolist(), values.size]
    numbers: list[float] = values.tolist()  # strips are short: lists are searched faster than arrays
    for start, stop in itertools.pairwise(bounds):
        if start < stop:
            strip = numbers[start:stop]
            chosen.update((start + strip.index(min(strip)), start + strip.index(max(strip))))
    return np.array(sorted(chosen), dtype=np.intp)
