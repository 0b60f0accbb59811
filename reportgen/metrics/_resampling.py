"""The stationary bootstrap: one set of resampled sessions a window, shared by every fund.

Blocks of consecutive sessions of geometric length (21 on average), wrapped around the window's end, are strung
together to paths as long as the window. The blocks depend on the window's code and number of sessions alone, so a
fund's distribution does not know which other funds are compared, and two funds' distributions can be subtracted.

Reference: Politis and Romano (1994), Journal of the American Statistical Association 89.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from reportgen.model import DateArray, FloatArray, Window

DRAWS = 2000
MEAN_BLOCK = 21
_TO_UNIT = 2.0**-53  # from the upper 53 bits of a raw integer to [0, 1)
_BEGINS = np.uint64(math.ceil(1 / MEAN_BLOCK / _TO_UNIT) << 11)
"""Raw integers below it are those whose number in [0, 1) is below 1 / MEAN_BLOCK: a block begins."""

Integers = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Paths:
    """The resampled sessions of one window, as blocks and as positions.

    starts, stops: each block's sessions as positions from 0 to twice the window (wrapped); first: each draw's first
    block; size: the window's sessions.
    """

    size: int
    starts: Integers
    stops: Integers
    first: Integers

    @cached_property
    def positions(self) -> Integers:
        """Which session stands at each place of each path: draws x sessions."""
        lengths = self.stops - self.starts
        begins = np.cumsum(lengths) - lengths
        path = np.repeat((self.starts - begins).astype(np.int32), lengths)
        path += np.arange(path.size, dtype=np.int32)
        path[path >= self.size] -= self.size
        return path.reshape(DRAWS, self.size)

    @cached_property
    def counts(self) -> NDArray[np.uint8]:
        """How often each session stands in each path: draws x sessions."""
        flat = self.positions + (np.arange(DRAWS, dtype=np.int32) * self.size)[:, None]
        counted = np.bincount(flat.ravel(), minlength=DRAWS * self.size)
        return counted.astype(np.uint8).reshape(DRAWS, self.size)

    def totals(self, values: FloatArray) -> FloatArray:
        """The sum of a session's values along each path, by differences of prefix sums."""
        prefix = np.concatenate([[0.0], np.cumsum(np.concatenate([values, values]))])
        return np.add.reduceat(prefix[self.stops] - prefix[self.starts], self.first)


@lru_cache(maxsize=8)
def paths(code: str, size: int) -> Paths:
    """The paths of a window of that code with so many sessions; the seed is the code's."""
    seed = int.from_bytes(hashlib.sha256(code.encode()).digest()[:8], "big")
    generator = np.random.PCG64(seed)
    begins = generator.random_raw(DRAWS * size).reshape(DRAWS, size) < _BEGINS
    begins[:, 0] = True
    draw, place = np.nonzero(begins)
    starts = np.floor(_uniform(generator, place.size) * size).astype(np.int32)
    following = np.append(place[1:], 0)
    lengths = np.where(following == 0, size, following) - place
    first = np.flatnonzero(place == 0)
    assert draw[-1] == DRAWS - 1
    return Paths(size, starts, (starts + lengths).astype(np.int32), first.astype(np.int32))


def _uniform(generator: np.random.PCG64, count: int) -> FloatArray:
    """Numbers from 0 to 1 out of the generator's raw integers, which no release of numpy may change."""
    raw = generator.random_raw(count)
    uniform: FloatArray = (raw >> np.uint64(11)).astype(np.float64) * _TO_UNIT
    return uniform


@dataclass(frozen=True, eq=False)
class Resampling:
    """A window's paths as one series sees them: sessions on which it has no value are left out of every path.

    where: the positions of the series' days among the window's sessions.
    """

    paths: Paths
    where: NDArray[np.intp]

    @cached_property
    def n(self) -> FloatArray:
        """The number of values in each path."""
        return self.totals(np.ones(self.where.size))

    def spread(self, values: FloatArray) -> FloatArray:
        """The series' values at their sessions, zero elsewhere."""
        if self.where.size == self.paths.size:
            return values
        placed = np.zeros(self.paths.size)
        placed[self.where] = values
        return placed

    def totals(self, values: FloatArray) -> FloatArray:
        """The sum of the values along each path."""
        return self.paths.totals(self.spread(values))

    def means(self, values: FloatArray) -> FloatArray:
        """The mean of the values along each path."""
        return self.totals(values) / self.n

    def ranked(self, values: FloatArray, share: float) -> Ranked:
        """The lowest values with how often each path holds them: as many as cover `share` of every path."""
        order = np.argsort(values, kind="stable")
        wanted = np.ceil(share * self.n) + 2
        columns = min(order.size, int(2 * share * order.size) + 8)
        while True:
            lowest = order[:columns]
            held = np.cumsum(self.paths.counts[:, self.where[lowest]], axis=1, dtype=np.int32)
            if columns == order.size or np.all(held[:, -1] >= wanted):
                return Ranked(lowest, values[lowest], held, self.n)
            columns = min(order.size, 2 * columns)

    def chunks(self, values: FloatArray, length: int) -> FloatArray:
        """The sum of the values over each full stretch of so many sessions along each path: draws x stretches."""
        path = self.spread(values)[self.paths.positions]
        whole = path.shape[1] // length
        sums: FloatArray = path[:, : whole * length].reshape(DRAWS, whole, length).sum(axis=2)
        return sums


@dataclass(frozen=True, eq=False)
class Ranked:
    """The lowest values of a series, rising, and of each path the number of values up to each of them.

    order: where they stand in the series; held: draws x values, cumulative; n: the number of values in each path.
    """

    order: NDArray[np.intp]
    values: FloatArray
    held: Integers
    n: FloatArray

    @cached_property
    def times(self) -> Integers:
        """How often each path holds each value: draws x values."""
        return np.diff(self.held, axis=1, prepend=0)

    def at_rank(self, rank: FloatArray) -> NDArray[np.intp]:
        """Which value stands at a rank (from 0) in each path."""
        found: NDArray[np.intp] = np.minimum(np.sum(self.held <= rank[:, None], axis=1), self.values.size - 1)
        return found

    def quantiles(self, share: float) -> FloatArray:
        """Each path's quantile, interpolated linearly."""
        rank = (self.n - 1) * share
        low, high = self.values[self.at_rank(np.floor(rank))], self.values[self.at_rank(np.floor(rank) + 1)]
        return low + (rank - np.floor(rank)) * (high - low)

    def sums(self, count: FloatArray, series: FloatArray) -> FloatArray:
        """The sum of a series over each path's `count` (at least one) lowest-ranked places."""
        cut = self.at_rank(count - 1)
        row = np.arange(cut.size)
        values = series[self.order]
        totals = np.cumsum(self.times * values, axis=1)
        return totals[row, cut] - (self.held[row, cut] - count) * values[cut]


def resampling(sessions: DateArray, window: Window, days: DateArray) -> Resampling | None:
    """The window's paths for a series with values on these days; None where the exchange's sessions are not known."""
    low = np.searchsorted(sessions, np.datetime64(window.start, "D"), side="right")
    high = np.searchsorted(sessions, np.datetime64(window.end, "D"), side="right")
    grid = sessions[low:high]
    where = np.searchsorted(grid, days)
    if grid.size == 0 or where[-1] >= grid.size or not np.array_equal(grid[where], days):
        return None
    return Resampling(paths(window.code, int(grid.size)), where)
