"""Fewer points, the same picture: the smallest and the largest of each strip of pixels."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from reportgen.model import FloatArray

MOST_POINTS = 330


def kept(across: FloatArray, values: FloatArray, most: int = MOST_POINTS) -> NDArray[np.intp]:
    """Indices of at most `most` points: first, last, and each strip's minimum and maximum, in order.

    across: rising positions (pixels or days), of the shape of `values`. All indices where there are few enough.
    """
    if values.size <= most:
        return np.arange(values.size)
    strips = (most - 2) // 2
    edges = np.searchsorted(across, np.linspace(across[0], across[-1], strips + 1)[1:-1])
    chosen = {0, values.size - 1}
    bounds = [0, *edges.tolist(), values.size]
    for start, stop in itertools.pairwise(bounds):
        if start < stop:
            chosen.add(start + int(np.argmin(values[start:stop])))
            chosen.add(start + int(np.argmax(values[start:stop])))
    return np.array(sorted(chosen), dtype=np.intp)
