"""Random numbers that are the same on every machine and with every version of numpy.

A draw is a hash of the stream's name and the day, not the next state of a generator: a session more or less moves no
other day, and a new stream moves no other stream. Only whole-number arithmetic decides the bits.
"""

from __future__ import annotations

import hashlib
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from reportgen.model import DateArray, FloatArray

Words = NDArray[np.uint64]

# Names the whole draw: another edition is another market. This one was taken because it meets the targets with falls
# and recoveries of ordinary shape.
EDITION = "sample 30"

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)

# Coefficients of the numerators and denominators, highest power first: M. J. Wichura, "Algorithm AS 241: The
# percentage points of the normal distribution", Applied Statistics 37 (1988), 477-484, routine PPND16.
_CENTER = (
    (2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
     13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608),
    (5226.495278852854561, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
     5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1.0),
)  # fmt: skip
_NEAR_TAIL = (
    (7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
     3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734),
    (1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
     0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1.0),
)  # fmt: skip
_FAR_TAIL = (
    (2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093,
     0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772),
    (2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
     0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1.0),
)  # fmt: skip


def words(key: int, counters: Words) -> Words:
    """The SplitMix64 outputs of a generator seeded with `key` (64 bits) at each position counted from zero.

    Reference: G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
    """
    state = np.full_like(counters, key) + (counters + np.uint64(1)) * _GOLDEN
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: Words = state ^ (state >> np.uint64(31))
    return mixed


def uniforms(stream: str, counters: Words) -> FloatArray:
    """Numbers strictly between 0 and 1, one a counter, from the stream of that name."""
    key = int.from_bytes(hashlib.sha256(f"{EDITION}: {stream}".encode()).digest()[:8], "big")
    top = words(key, counters) >> np.uint64(11)
    # Half a step above zero, so that the inverse of a distribution is never asked for 0 or 1.
    numbers: FloatArray = (top.astype(np.float64) + 0.5) * 2.0**-53
    return np.minimum(numbers, 1.0 - 2.0**-53)


def daily_normals(stream: str, days: DateArray) -> FloatArray:
    """Standard normal numbers, one a day."""
    return inverse_normal(uniforms(stream, days.astype("datetime64[D]").astype(np.int64).astype(np.uint64)))


def numbered_normals(stream: str, count: int) -> FloatArray:
    """Standard normal numbers, the first `count` of the stream."""
    return inverse_normal(uniforms(stream, np.arange(count, dtype=np.uint64)))


def inverse_normal(probability: FloatArray) -> FloatArray:
    """The standard normal quantile of each probability (strictly between 0 and 1), to about 16 digits (AS 241)."""
    offset = probability - 0.5
    central = np.abs(offset) <= 0.425
    square = np.where(central, 0.180625 - offset * offset, 0.0)
    result = offset * _quotient(_CENTER, square)
    tail = ~central
    # The smaller of both sides keeps the digits that 1 - p would lose.
    depth = np.sqrt(-np.log(np.minimum(probability[tail], 1.0 - probability[tail])))
    size = np.where(depth <= 5.0, _quotient(_NEAR_TAIL, depth - 1.6), _quotient(_FAR_TAIL, depth - 5.0))
    result[tail] = np.copysign(size, offset[tail])
    return result


def _quotient(coefficients: tuple[tuple[float, ...], tuple[float, ...]], x: FloatArray) -> FloatArray:
    above, below = (reduce(lambda sum_, c: sum_ * x + c, powers, np.zeros_like(x)) for powers in coefficients)
    quotient: FloatArray = above / below
    return quotient


def fat_tailed(normal: FloatArray, weight: float) -> FloatArray:
    """Normal numbers bent to fat tails, variance still 1: a z + b z^3 with b / a = weight, at least 0.

    Reference: A. I. Fleishman, "A method for simulating non-normal distributions", Psychometrika 43 (1978).
    The variance of z + w z^3 is 1 + 6 w + 15 w^2.
    """
    scale = (1.0 + 6.0 * weight + 15.0 * weight * weight) ** -0.5
    bent: FloatArray = scale * normal * (1.0 + weight * normal * normal)
    return bent
