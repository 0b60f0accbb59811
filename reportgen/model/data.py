"""What stage 1 loads: funds, histories, holdings, rates, and the snapshot that holds them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from reportgen.errors import Issue
from reportgen.model._common import DateArray, FloatArray, Unit, as_date, read_only, read_only_days

if TYPE_CHECKING:
    import pandas as pd

AssetClass = Literal["equity", "bond", "commodity", "leveraged", "mixed", "unknown"]
Scope = Literal["full", "top-10"]


@dataclass(frozen=True, slots=True)
class FundFact:
    """One property of a fund as a source states it; `as_of` None means the source does not date it."""

    value: float | str | date
    unit: Unit
    as_of: date | None
    source: str


@dataclass(frozen=True, slots=True)
class Fund:
    """Who a fund is. `facts` holds expense_ratio and provider_yield (fractions), net_assets (dollars) and
    holdings_count (count) where a source states them; `leverage` is the daily multiple, if known.

    unused: what is stated, but of a day too far from the as-of to count, with the nearest such day: names of facts,
    and "holdings".
    """

    ticker: str
    name: str
    asset_class: AssetClass = "unknown"
    issuer: str | None = None
    index: str | None = None
    category: str | None = None
    inception: date | None = None
    currency: str = "USD"
    leverage: float | None = None
    facts: Mapping[str, FundFact] = field(default_factory=dict)
    unused: Mapping[str, date] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class PriceHistory:
    """Daily closes of one series, split-adjusted and not dividend-adjusted, oldest first.

    close: dollars, positive; distributions: dollars a share on the ex-date, zero on other days;
    volume: shares, NaN where unknown. Raises ValueError when the arrays do not fit each other.
    distributions_known: False when the closes already hold them or the file does not tell them: no yield can be
    measured, and where the closes are prices, returns are price returns. total_return_closes: whether the closes hold
    the distributions already.
    """

    ticker: str
    dates: DateArray
    close: FloatArray
    distributions: FloatArray
    volume: FloatArray
    source: str = "unknown"
    distributions_known: bool = True
    total_return_closes: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "dates", read_only_days(self.dates))
        for name in ("close", "distributions", "volume"):
            values = read_only(getattr(self, name))
            if values.shape != self.dates.shape:
                raise ValueError(f"{self.ticker}: {name} has {values.size} values for {self.dates.size} dates")
            object.__setattr__(self, name, values)
        if self.dates.size == 0:
            raise ValueError(f"{self.ticker}: a history needs at least one day")
        if np.any(np.diff(self.dates) <= np.timedelta64(0, "D")):
            raise ValueError(f"{self.ticker}: dates must rise from day to day")
        if not np.all(np.isfinite(self.close)) or np.any(self.close <= 0):
            raise ValueError(f"{self.ticker}: closes must be positive numbers")
        if not np.all(np.isfinite(self.distributions)) or np.any(self.distributions < 0):
            raise ValueError(f"{self.ticker}: distributions must be numbers of at least zero")

    @property
    def first(self) -> date:
        return as_date(self.dates[0])

    @property
    def last(self) -> date:
        return as_date(self.dates[-1])

    @cached_property
    def sha256(self) -> str:
        """The history's identity: a hash of its contents."""
        digest = hashlib.sha256(self.ticker.encode())
        for values in (self.dates.astype(np.int64), self.close, self.distributions, self.volume):
            digest.update(np.ascontiguousarray(values).astype(values.dtype.newbyteorder("<")).tobytes())
        return digest.hexdigest()

    def until(self, day: date) -> PriceHistory | None:
        """The history up to and including `day`; None when it begins later."""
        stop = int(np.searchsorted(self.dates, np.datetime64(day, "D"), side="right"))
        if stop == 0:
            return None
        return PriceHistory(
            self.ticker,
            self.dates[:stop],
            self.close[:stop],
            self.distributions[:stop],
            self.volume[:stop],
            self.source,
            self.distributions_known,
            self.total_return_closes,
        )

    @property
    def price_returns_only(self) -> bool:
        """Whether nothing is known of what was paid, so that returns can be no more than changes of the price."""
        return not (self.distributions_known or self.total_return_closes)

    def to_frame(self) -> pd.DataFrame:
        """A pandas frame with the columns close, distributions and volume, indexed by date."""
        import pandas as pd

        columns = {"close": self.close, "distributions": self.distributions, "volume": self.volume}
        return pd.DataFrame(columns, index=pd.DatetimeIndex(self.dates, name="date"))


@dataclass(frozen=True, slots=True)
class Holding:
    """One line of a fund. `weight` is a fraction of the fund as stated; `market_value` dollars or None."""

    name: str
    weight: float
    ticker: str | None = None
    cusip: str | None = None
    isin: str | None = None
    sector: str | None = None
    market_value: float | None = None
    is_equity: bool = True


@dataclass(frozen=True, slots=True)
class Holdings:
    """A fund's holdings on a day. With scope "top-10" only the largest lines are known.

    sectors: weights by sector as the provider states them (fractions), where it does; a full file's own rows
    decide otherwise. taxonomy names whose sectors these are ("GICS", "Morningstar").
    """

    ticker: str
    as_of: date
    rows: tuple[Holding, ...]
    scope: Scope
    source: str
    taxonomy: str | None = None
    sectors: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class DatedSeries:
    """A dated series of values in the unit named: rates and spreads as fractions a year, VIX as points."""

    name: str
    dates: DateArray
    values: FloatArray
    unit: Unit
    source: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "dates", read_only_days(self.dates))
        object.__setattr__(self, "values", read_only(self.values))
        if self.dates.shape != self.values.shape:
            raise ValueError(f"{self.name}: {self.values.size} values for {self.dates.size} dates")


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """Where one part of a snapshot came from. `publishable` says whether its licence lets figures be sent on;
    `terms` is the sentence printed about it; `provider` is a key of `LICENCES`, or empty where it is none of these.
    """

    id: str
    name: str
    kind: Literal["prices", "fund facts", "holdings", "rates", "calendar"]
    publishable: bool
    terms: str
    sha256: str
    as_of: date | None = None
    retrieved_at: str | None = None
    provider: str = ""

    @property
    def retrieved_on(self) -> date | None:
        """The day on which it was retrieved, in UTC; None for what was not fetched."""
        return date.fromisoformat(self.retrieved_at[:10]) if self.retrieved_at else None


@dataclass(frozen=True, slots=True)
class ContextFunds:
    """The funds that serve as yardsticks, by role; a ticker that is absent from the data is simply absent.

    benchmark: the one asked for, for every fund; None means by asset class (`benchmark_for`).
    """

    benchmark: str | None = None
    equity_benchmark: str = "SPY"
    bond_benchmark: str = "AGG"
    credit: str = "HYG"
    rates: str = "IEF"
    investment_grade: str = "LQD"
    long_rates: str = "TLT"
    technology: str = "XLK"
    companions: tuple[str, ...] = ("SOXX", "SMH", "XLK", "XLE", "XLI", "XBI", "KRE", "GLD")

    @property
    def tickers(self) -> tuple[str, ...]:
        """Every context ticker once, the benchmarks first."""
        benchmarks = (self.benchmark,) if self.benchmark else (self.equity_benchmark, self.bond_benchmark)
        named = (self.credit, self.rates, self.investment_grade, self.long_rates, self.technology)
        return tuple(dict.fromkeys((*benchmarks, *named, *self.companions)))

    def benchmark_for(self, asset_class: AssetClass) -> str | None:
        """The yardstick of a fund of that class: a share index for equity, a bond index for bonds, else none."""
        if self.benchmark is not None:
            return self.benchmark
        return {"equity": self.equity_benchmark, "bond": self.bond_benchmark}.get(asset_class)


@dataclass(frozen=True, slots=True)
class DatedEvent:
    """A scheduled event: kind ("expiry", "fomc", "cpi"), its day, a plain name and where the date is from."""

    kind: str
    day: date
    name: str
    source: str


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """All that one article is made from.

    as_of: the last session on which every fund has a close, at or before `requested` (None: nothing was asked).
    tickers: the funds compared, in the order asked for; `histories` also holds the context funds.
    sessions: the exchange's sessions over the histories' span. risk_free: annual fractions, by day.
    """

    as_of: date
    requested: date | None
    tickers: tuple[str, ...]
    context: ContextFunds
    funds: Mapping[str, Fund]
    histories: Mapping[str, PriceHistory]
    holdings: Mapping[str, Holdings]
    risk_free: DatedSeries | None
    series: Mapping[str, DatedSeries]
    sessions: DateArray
    events: tuple[DatedEvent, ...]
    issues: tuple[Issue, ...]
    sources: tuple[SourceRecord, ...]
    simulated: bool = False
    calendar_through: date | None = None

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Every pair of the funds compared, the one asked for first standing first."""
        t = self.tickers
        return tuple((a, b) for i, a in enumerate(t) for b in t[i + 1 :])


@dataclass(frozen=True, slots=True)
class Request:
    """What stage 1 is asked for: two to five tickers, the as-of (None: the last common day) and the yardsticks.

    allow_stale: how many days the data may end before the as-of's session; zero holds the article.
    """

    tickers: tuple[str, ...]
    as_of: date | None = None
    context: ContextFunds = ContextFunds()
    allow_stale: int = 0
