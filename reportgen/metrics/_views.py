"""What a metric function is given: read-only arrays cut to one window, from which only sound questions can be asked.

A view is made from a price history, never from loose arrays, so a price cannot be taken for a return. `days` has one
entry more than `returns`: the first is the window's start, whose close is the base of the first return.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar, TypeVar

import numpy as np

from reportgen.metrics._market import Market
from reportgen.metrics._metric import Unavailable
from reportgen.metrics._periods import Periods, complete_months, complete_weeks
from reportgen.metrics._shelf import Kept
from reportgen.model import DateArray, FloatArray, Fund, Holdings, Window

T = TypeVar("T")

# Returns and falls that differ by less differ by rounding alone: prices quoted in another unit give the same report.
SAME = 1e-12


@dataclass(frozen=True, eq=False)
class Aligned:
    """Daily total returns of several series over the sessions that all of them have.

    days: T + 1, the base first; own: the fund's returns (T); others: the context funds' returns, T each, in the
    order asked for.
    """

    days: DateArray
    own: FloatArray
    others: tuple[FloatArray, ...]


@dataclass(frozen=True, eq=False)
class FundWindow:
    """A fund over a window, on the sessions named by `days` (its own, or those common to a pair).

    lasting: where answers are kept that are the same in every article about the fund, on its own sessions.
    """

    windowed: ClassVar[bool] = True
    of_one_fund: ClassVar[bool] = True

    market: Market
    fund: Fund
    window: Window
    days: DateArray
    lasting: Kept = field(default_factory=Kept)

    @cached_property
    def wealth(self) -> FloatArray:
        """Growth of 1 with distributions reinvested at the ex-date close: T + 1 values, the first is 1."""
        wealth = self.market.wealth(self.fund.ticker, self.days)
        return _sealed(wealth / wealth[0])

    @cached_property
    def returns(self) -> FloatArray:
        """Daily total returns (T), as fractions; losses negative."""
        return _sealed(self.wealth[1:] / self.wealth[:-1] - 1)

    @cached_property
    def excess(self) -> FloatArray:
        """Daily total returns less the risk-free return (T). Raises Unavailable without a rate."""
        return _sealed(self.returns - self.market.risk_free(self.days))

    @cached_property
    def closes(self) -> FloatArray:
        """Split-adjusted closes, dollars: T + 1 values."""
        return self.market.track(self.fund.ticker).closes(self.days)

    @cached_property
    def volumes(self) -> FloatArray:
        """Shares traded on each day after the start (T); NaN where unknown."""
        return self.market.track(self.fund.ticker).volumes(self.days)[1:]

    @cached_property
    def weeks(self) -> Periods:
        """The complete ISO weeks within the window."""
        return complete_weeks(self.days)

    @cached_property
    def months(self) -> Periods:
        """The complete calendar months within the window."""
        return complete_months(self.days)

    @cached_property
    def benchmark(self) -> str:
        """The benchmark's ticker. Raises Unavailable where the fund has none or is it."""
        ticker = self.market.benchmark_of(self.fund)
        return self.other(ticker, "benchmark")

    def other(self, ticker: str, role: str) -> str:
        """The ticker, unless the fund is that fund: then it is its own yardstick and nothing can be measured."""
        if ticker == self.fund.ticker:
            raise Unavailable(f"is its own {role}")
        return ticker

    @cached_property
    def _kept(self) -> dict[str, object]:
        return {}

    def once(self, name: str, make: Callable[[], T]) -> T:
        """An intermediate result that several metrics need, made once for this view."""
        if name not in self._kept:
            self._kept[name] = make()
        return self._kept[name]  # type: ignore[return-value]

    def aligned(self, *tickers: str) -> Aligned:
        """The fund's and the context funds' returns over the sessions common to all of them.

        Raises Unavailable where a context fund has no prices over the whole window.
        """
        return self.once(f"aligned with {tickers}", lambda: self._align(tickers))

    def _align(self, tickers: tuple[str, ...]) -> Aligned:
        days = self.market.common_days(self.days, tickers)
        own, *others = (self.market.returns(t, days) for t in (self.fund.ticker, *tickers))
        return Aligned(days, own, tuple(others))

    @cached_property
    def against_benchmark(self) -> Aligned:
        """The fund's and its benchmark's *excess* returns, aligned."""
        pair = self.aligned(self.benchmark)
        rate = self.market.risk_free(pair.days)
        return Aligned(pair.days, _sealed(pair.own - rate), (_sealed(pair.others[0] - rate),))


@dataclass(frozen=True, eq=False)
class PairWindow:
    """Two funds over a window, both on the sessions common to the two."""

    windowed: ClassVar[bool] = True
    of_one_fund: ClassVar[bool] = False

    market: Market
    first: FundWindow
    second: FundWindow
    window: Window

    @property
    def days(self) -> DateArray:
        return self.first.days


@dataclass(frozen=True, eq=False)
class FundProfile:
    """A fund as of a day, without a window: its stated facts, its holdings and its price history to date."""

    windowed: ClassVar[bool] = False
    of_one_fund: ClassVar[bool] = True

    market: Market
    fund: Fund
    holdings: Holdings | None


@dataclass(frozen=True, eq=False)
class PairProfile:
    """Two funds as of a day, without a window."""

    windowed: ClassVar[bool] = False
    of_one_fund: ClassVar[bool] = False

    market: Market
    first: FundProfile
    second: FundProfile


@dataclass(frozen=True, eq=False)
class ArticleView:
    """All funds compared, in the order asked for."""

    windowed: ClassVar[bool] = False
    of_one_fund: ClassVar[bool] = False

    market: Market
    profiles: Mapping[str, FundProfile]


def _sealed(values: FloatArray) -> FloatArray:
    values = np.ascontiguousarray(values, dtype=np.float64)
    values.setflags(write=False)
    return values
