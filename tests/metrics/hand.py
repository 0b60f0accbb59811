"""Snapshots made by hand: price paths from numpy arrays, and a plain reader of the real files."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np

from reportgen.metrics._market import Market
from reportgen.metrics._views import FundWindow
from reportgen.model import (
    ContextFunds,
    DateArray,
    DatedSeries,
    FloatArray,
    Fund,
    Holding,
    Holdings,
    PriceHistory,
    Snapshot,
    Window,
    as_date,
)


def weekdays(count: int, last: date = date(2026, 3, 27)) -> DateArray:
    """So many weekdays, the last of them on or before `last`."""
    end = np.busday_offset(np.datetime64(last, "D"), 0, roll="backward")
    return np.busday_offset(end, np.arange(1 - count, 1))


def path(returns: Sequence[float] | FloatArray, start: float = 100.0) -> FloatArray:
    """Closes that give these returns: one more than there are returns."""
    return start * np.concatenate([[1.0], np.cumprod(1 + np.asarray(returns, dtype=np.float64))])


def history(
    ticker: str,
    close: Sequence[float] | FloatArray,
    *,
    days: DateArray | None = None,
    last: date = date(2026, 3, 27),
    distributions: Mapping[int, float] | None = None,
    volume: FloatArray | None = None,
) -> PriceHistory:
    """A history from closes; distributions by position."""
    closes = np.asarray(close, dtype=np.float64)
    paid = np.zeros(closes.size)
    for position, amount in (distributions or {}).items():
        paid[position] = amount
    traded = np.full(closes.size, 1e6) if volume is None else volume
    return PriceHistory(ticker, weekdays(closes.size, last) if days is None else days, closes, paid, traded, "hand")


def rate(yearly: float, first: date = date(1990, 1, 1), last: date = date(2030, 1, 1)) -> DatedSeries:
    """A constant risk-free rate on every day."""
    days = np.arange(np.datetime64(first, "D"), np.datetime64(last, "D"))
    return DatedSeries("rate", days, np.full(days.size, yearly), "fraction", "hand rates")


NO_RATE = rate(0.0)
YARDSTICKS = ContextFunds()


@dataclass(frozen=True)
class Hand:
    """What a snapshot is made of, with harmless defaults."""

    histories: Sequence[PriceHistory]
    tickers: tuple[str, ...] = ()
    funds: Mapping[str, Fund] = field(default_factory=dict)
    holdings: Mapping[str, Holdings] = field(default_factory=dict)
    risk_free: DatedSeries | None = NO_RATE
    context: ContextFunds = YARDSTICKS
    sessions: DateArray | None = None
    as_of: date | None = None

    def snapshot(self) -> Snapshot:
        histories = {h.ticker: h for h in self.histories}
        tickers = self.tickers or tuple(histories)
        funds = {t: self.funds.get(t, Fund(t, f"Fund {t}", "equity")) for t in histories}
        every = np.unique(np.concatenate([h.dates for h in self.histories]))
        return Snapshot(
            as_of=self.as_of or min(as_date(histories[t].dates[-1]) for t in tickers),
            requested=None,
            tickers=tickers,
            context=self.context,
            funds=funds,
            histories=histories,
            holdings=self.holdings,
            risk_free=self.risk_free,
            series={},
            sessions=every if self.sessions is None else self.sessions,
            events=(),
            issues=(),
            sources=(),
        )


def view(
    one: PriceHistory,
    *others: PriceHistory,
    code: str = "SI",
    risk_free: DatedSeries | None = NO_RATE,
    context: ContextFunds = YARDSTICKS,
    fund: Fund | None = None,
) -> FundWindow:
    """A fund over its whole history; the others are there as context."""
    funds = {} if fund is None else {one.ticker: fund}
    snapshot = Hand((one, *others), (one.ticker,), funds, risk_free=risk_free, context=context).snapshot()
    return FundWindow(Market(snapshot), snapshot.funds[one.ticker], Window(code, one.first, one.last), one.dates)


def lines(*weights: float, sector: str | None = None, prefix: str = "N") -> tuple[Holding, ...]:
    """Equity lines of these weights, with tickers N0, N1, ..."""
    return tuple(Holding(f"{prefix}{i}", w, f"{prefix}{i}", sector=sector) for i, w in enumerate(weights))


def read_prices(folder: Path, ticker: str, *, adjusted: bool = False) -> PriceHistory:
    with (folder / "prices" / f"{ticker}.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    days = np.array([row["Date"] for row in rows], dtype="datetime64[D]")
    close = np.array([float(row["AdjClose" if adjusted else "Close"]) for row in rows])
    paid = np.array([0.0 if adjusted else float(row["Dividends"]) for row in rows])
    volume = np.array([float(row["Volume"]) for row in rows])
    return PriceHistory(ticker, days, close, paid, volume, f"{ticker}.csv")


def read_rate(folder: Path, name: str = "DGS3MO") -> DatedSeries:
    with (folder / "rates" / f"{name}.csv").open(encoding="utf-8") as file:
        rows = [(row["date"], float(row["value"]) / 100) for row in csv.DictReader(file) if row["value"]]
    days = np.array([day for day, _ in rows], dtype="datetime64[D]")
    return DatedSeries(name, days, np.array([value for _, value in rows]), "fraction", name)
