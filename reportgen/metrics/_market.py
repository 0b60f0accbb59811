"""The snapshot as metrics see it: total-return paths, the risk-free return, the sessions, the yardsticks."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from reportgen.metrics._metric import Unavailable
from reportgen.model import DateArray, FloatArray, Fund, PriceHistory, Snapshot, as_date

_RATE_MAY_AGE = 5  # sessions


@dataclass(frozen=True, eq=False)
class Track:
    """One fund's whole path to the as-of: `wealth` grows from 1 at the first day, distributions reinvested."""

    history: PriceHistory
    wealth: FloatArray

    @property
    def days(self) -> DateArray:
        return self.history.dates

    def at(self, days: DateArray) -> slice | np.ndarray[tuple[int], np.dtype[np.intp]]:
        """Where these days stand in the history; they must be among its days."""
        first = int(np.searchsorted(self.days, days[0]))
        if np.array_equal(self.days[first : first + days.size], days):
            return slice(first, first + days.size)
        return np.searchsorted(self.days, days)

    def closes(self, days: DateArray) -> FloatArray:
        return self.history.close[self.at(days)]

    def volumes(self, days: DateArray) -> FloatArray:
        return self.history.volume[self.at(days)]


def total_return_path(history: PriceHistory) -> FloatArray:
    """Growth of 1 from the first close, each distribution reinvested at the ex-date's close.

    The growth factor of a day is (close + distribution) / previous close. A distribution on the first day belongs to
    the holder of the day before and is left out.
    """
    growth = (history.close[1:] + history.distributions[1:]) / history.close[:-1]
    return np.concatenate([[1.0], np.cumprod(growth)])


class Market:
    """Read-only access to a snapshot, each path computed once."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.as_of = snapshot.as_of
        self.sessions = snapshot.sessions[snapshot.sessions <= np.datetime64(snapshot.as_of, "D")]
        self._tracks: dict[str, Track] = {}
        self._returns: dict[tuple[str, bytes], FloatArray] = {}
        self._rates: dict[bytes, FloatArray] = {}
        self._kept: dict[Hashable, FloatArray] = {}
        self._fingerprints: dict[str, bytes] = {}

    def track(self, ticker: str) -> Track:
        """The fund's path up to the as-of. Raises Unavailable where the snapshot has no prices."""
        found = self._tracks.get(ticker)
        if found is None:
            history = self.snapshot.histories.get(ticker)
            history = history.until(self.as_of) if history is not None else None
            if history is None:
                raise Unavailable(f"no prices for {ticker}")
            found = self._tracks[ticker] = Track(history, total_return_path(history))
        return found

    def began(self, ticker: str) -> str:
        """The reason a window does not exist: the fund is too young, or its data begin later than the fund."""
        first = self.track(ticker).history.first
        fund = self.snapshot.funds.get(ticker)
        older = fund is not None and fund.inception is not None and fund.inception < first - timedelta(days=31)
        return f"data begin {first}" if older else f"began {first}"

    def source(self, ticker: str) -> str:
        """The source of a fund's prices."""
        return self.track(ticker).history.source

    def fingerprint(self, ticker: str) -> bytes:
        """The identity of a fund's prices up to the as-of and of where they are from."""
        if ticker not in self._fingerprints:
            history = self.snapshot.histories[ticker]
            flags = (history.source, history.distributions_known, history.total_return_closes)
            self._fingerprints[ticker] = f"{history.sha256} {flags!r}".encode()
        return self._fingerprints[ticker]

    @cached_property
    def rate_fingerprint(self) -> bytes:
        """The identity of the risk-free rate; empty where there is none."""
        rate = self.snapshot.risk_free
        return b"" if rate is None else rate.dates.tobytes() + rate.values.tobytes() + rate.source.encode()

    def wealth(self, ticker: str, days: DateArray) -> FloatArray:
        """The fund's path at these days, which must be among its own."""
        track = self.track(ticker)
        return track.wealth[track.at(days)]

    def returns(self, ticker: str, days: DateArray) -> FloatArray:
        """The fund's total returns from each of these days to the next."""
        key = (ticker, days.tobytes())
        found = self._returns.get(key)
        if found is None:
            wealth = self.wealth(ticker, days)
            found = self._returns[key] = wealth[1:] / wealth[:-1] - 1
            found.setflags(write=False)
        return found

    def kept(self, key: Hashable, make: Callable[[], FloatArray]) -> FloatArray:
        """An array that several funds need, made once."""
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = make()
            found.setflags(write=False)
        return found

    def common_days(self, days: DateArray, tickers: Sequence[str]) -> DateArray:
        """Those of the days on which every one of these funds has a close; the first and last must be among them."""
        common = days
        for ticker in tickers:
            track = self.track(ticker)
            if isinstance(track.at(days), slice):
                continue
            if track.days[0] > days[0]:
                raise Unavailable(f"{ticker} {self.began(ticker)}")
            common = np.intersect1d(common, track.days, assume_unique=True)
        if common.size == 0 or common[0] != days[0] or common[-1] != days[-1]:
            raise Unavailable(f"{' and '.join(tickers)} lack a close at the window's start or end")
        return common

    def benchmark_of(self, fund: Fund) -> str:
        """The yardstick for a fund of that class. Raises Unavailable where there is none."""
        ticker = self.snapshot.context.benchmark_for(fund.asset_class)
        if ticker is None:
            raise Unavailable("no benchmark for this kind of fund")
        return ticker

    def risk_free(self, days: DateArray) -> FloatArray:
        """The risk-free return from each day to the next: the rate known at the earlier day x days / 365.

        A rate may be five sessions old. Raises Unavailable where one is missing.
        """
        key = days.tobytes()
        found = self._rates.get(key)
        if found is None:
            found = self._rates[key] = self._accrued(days)
            found.setflags(write=False)
        return found

    def _accrued(self, days: DateArray) -> FloatArray:
        series = self.snapshot.risk_free
        if series is None:
            raise Unavailable("no risk-free rate")
        known = np.isfinite(series.values)
        dates, rates = series.dates[known], series.values[known]
        position = np.searchsorted(dates, days[:-1], side="right") - 1
        if dates.size == 0 or position[0] < 0:
            raise Unavailable(f"no risk-free rate on {as_date(days[0])}")
        age = self._sessions_between(dates[position], days[:-1])
        if np.any(age > _RATE_MAY_AGE):
            raise Unavailable(f"no risk-free rate around {as_date(days[:-1][age > _RATE_MAY_AGE][0])}")
        return rates[position] * np.diff(days).astype(np.float64) / 365

    def _sessions_between(self, earlier: DateArray, later: DateArray) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
        if self.sessions.size == 0:
            return np.busday_count(earlier, later)
        return np.searchsorted(self.sessions, later, "right") - np.searchsorted(self.sessions, earlier, "right")

    @cached_property
    def since(self) -> date:
        """Where "since inception" starts for every fund compared: the first day of the youngest."""
        return max(self.track(ticker).history.first for ticker in self.snapshot.tickers)
