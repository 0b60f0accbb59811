"""Hand-made measurements in the shapes that stage 2 gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from reportgen.model import (
    ContextFunds,
    DateArray,
    Fact,
    FloatArray,
    Fund,
    Measurements,
    MetricSpec,
    Series,
    Snapshot,
    Unit,
    Window,
    as_date,
)

FIRST, LAST = np.datetime64("2021-03-26"), np.datetime64("2026-03-27")
TICKERS = ("IWM", "QQQ", "SPY", "TLT", "BRK-B")
SECTORS = {
    "IWM": {"Industrials": 0.181, "Health Care": 0.172, "Financials": 0.164, "Technology": 0.152, "Energy": 0.049},
    "QQQ": {"Technology": 0.505, "Communication Services": 0.162, "Consumer Cyclical": 0.131, "Industrials": 0.041},
    "SPY": {"Technology": 0.331, "Financials": 0.131, "Health Care": 0.101, "Industrials": 0.081, "Energy": 0.031},
    "TLT": {"Government": 1.0},
    "BRK-B": {"Financials": 0.62, "Energy": 0.11, "Utilities": 0.09},
}


def metric(name: str, unit: Unit, decimals: int) -> MetricSpec:
    return MetricSpec(name, name, unit, decimals, "test", "", "")


SPECS: Mapping[str, MetricSpec] = {
    spec.name: spec
    for spec in (
        metric("growth_of_1000", "usd", 0),
        metric("max_drawdown", "fraction", 2),
        metric("sector_weight", "fraction", 1),
        metric("largest_sector", "text", 0),
        metric("top10_weight", "fraction", 1),
        metric("holdings_count", "count", 0),
        metric("diff.total_return", "fraction", 2),
        metric("total_return", "fraction", 2),
    )
} | {
    "move_percentile": replace(
        metric("move_percentile", "fraction", 0), parameters={"history": 1260, "low": 0.05, "high": 0.95}
    )
}


def sessions(first: np.datetime64 = FIRST, last: np.datetime64 = LAST) -> DateArray:
    """Every weekday from first to last."""
    days = np.arange(first, last + np.timedelta64(1, "D"), dtype="datetime64[D]")
    return days[np.is_busday(days)]


def walk(position: int, size: int, volatility: float = 0.011, drift: float = 0.0004) -> FloatArray:
    """A fixed random walk that starts at 1,000."""
    steps = np.random.default_rng(20 + position).normal(drift, volatility, size)
    steps[0] = 0.0
    wealth: FloatArray = 1000 * np.exp(np.cumsum(steps))
    return wealth


def curves(ticker: str, days: DateArray, wealth: FloatArray, code: str = "5Y") -> tuple[list[Fact], list[Series]]:
    """The wealth and drawdown series of one fund with the two facts that label them."""
    peaks = np.maximum.accumulate(wealth)
    falls = wealth / peaks - 1
    trough = int(np.argmin(falls))
    later = np.flatnonzero(wealth[trough:] >= peaks[trough])
    window = Window(code, as_date(days[0]), as_date(days[-1]))
    details = {
        "peak": as_date(days[int(np.argmax(wealth[: trough + 1]))]),
        "trough": as_date(days[trough]),
        "recovered": as_date(days[trough + int(later[0])]) if later.size else "not recovered",
    }
    worst = float(falls[trough])
    facts = [
        Fact(ticker, "growth_of_1000", "usd", float(wealth[-1]), code=code, window=window),
        Fact(ticker, "max_drawdown", "fraction", worst, code=code, window=window, details=details if worst else {}),
    ]
    return facts, [
        Series(f"{ticker}/wealth/{code}", ticker, "usd", wealth, days),
        Series(f"{ticker}/drawdown/{code}", ticker, "fraction", falls, days),
    ]


def holdings(ticker: str, count: int, top: float) -> tuple[list[Fact], list[Series]]:
    """A concentration curve whose first ten names weigh `top`, with its two facts."""
    head = np.linspace(1.4, 0.6, 10) * top / 10
    tail = np.linspace(1.5, 0.5, count - 10) if count > 10 else np.zeros(0)
    tail = tail * (1 - top) / tail.sum() if tail.size else tail
    values = np.concatenate([[0.0], np.cumsum(np.concatenate([head, tail]))])
    facts = [
        Fact(ticker, "top10_weight", "fraction", float(values[10])),
        Fact(ticker, "holdings_count", "count", count),
    ]
    return facts, [
        Series(f"{ticker}/concentration", ticker, "fraction", values, None, np.arange(values.size, dtype=np.float64))
    ]


def measurements(facts: Sequence[Fact], series: Sequence[Series], tickers: Sequence[str]) -> Measurements:
    by_id = {fact.id: fact for fact in facts}
    return Measurements(date(2026, 3, 27), tuple(tickers), by_id, {s.id: s for s in series}, SPECS)


def complete(tickers: Sequence[str] = TICKERS[:2], days: DateArray | None = None, code: str = "5Y") -> Measurements:
    """Everything that the charts can draw, for the funds named."""
    days = sessions() if days is None else days
    facts: list[Fact] = []
    series: list[Series] = []
    for i, ticker in enumerate(tickers):
        for some_facts, some_series in (
            curves(ticker, days, walk(i, days.size), code),
            holdings(ticker, (1942, 101, 503, 40, 25)[i], (0.06, 0.47, 0.36, 0.5, 0.8)[i]),
        ):
            facts += some_facts
            series += some_series
        for sector, weight in SECTORS[ticker].items():
            facts.append(Fact(ticker, "sector_weight", "fraction", weight, key=sector, details={"taxonomy": "GICS"}))
    for i, ticker in enumerate(tickers[1:]):
        gap = 0.15 * np.sin(np.arange(max(days.size - 252, 0)) / 90.0 + i) - 0.03
        if gap.size < 2:
            continue
        series.append(Series(f"{tickers[0]}:{ticker}/rolling_difference/1Y", "difference", "fraction", gap, days[252:]))
        facts.append(Fact(tickers[0], "diff.total_return", "fraction", float(gap[-1]), second=ticker, code="1Y"))
    return measurements(facts, series, tickers)


def snapshot(tickers: Sequence[str] = TICKERS[:2]) -> Snapshot:
    funds = {t: Fund(t, f"{t} Trust") for t in tickers}
    return Snapshot(
        as_of=date(2026, 3, 27),
        requested=None,
        tickers=tuple(tickers),
        context=ContextFunds(),
        funds=funds,
        histories={},
        holdings={},
        risk_free=None,
        series={},
        sessions=sessions(),
        events=(),
        issues=(),
        sources=(),
    )


@pytest.fixture(scope="session", name="complete")
def _complete() -> Callable[..., Measurements]:
    """complete(tickers, days, code): everything that the charts can draw."""
    return complete


@pytest.fixture(scope="session", name="curves")
def _curves() -> Callable[..., tuple[list[Fact], list[Series]]]:
    """curves(ticker, days, wealth, code): one fund's curves with their facts."""
    return curves


@pytest.fixture(scope="session", name="gathered")
def _gathered() -> Callable[..., Measurements]:
    """gathered(facts, series, tickers): measurements of just these."""
    return measurements


@pytest.fixture(scope="session", name="snapshot")
def _snapshot() -> Snapshot:
    return snapshot()
