"""Markets whose truth is known: funds that differ in nothing but chance, or in one effect that was planted.

All funds have the same drift, the same sensitivity to the market and their own noise of the same size, so every claim
about a difference is false unless it was planted. Days are fat-tailed (Student's t with six degrees of freedom) and
turbulence comes in spells, as in real markets: a false discovery here would be one there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np

from reportgen import calendar, metrics
from reportgen.model import (
    Commentary,
    ContextFunds,
    DateArray,
    DatedSeries,
    FloatArray,
    Fund,
    FundFact,
    Holding,
    Holdings,
    Measurements,
    PriceHistory,
    Snapshot,
)
from reportgen.narrative import Words, comment, load_rules, load_words
from reportgen.narrative.rules import Rule

FIRST, AS_OF = date(2020, 3, 2), date(2026, 3, 27)
BROAD, NARROW = "FUNDA", "FUNDB"
_NAMES = (BROAD, NARROW, "FUNDC", "FUNDD", "FUNDE")
_LARGEST = (0.10, 0.50, 0.20, 0.30, 0.40)
"""Weights of the ten largest lines: they give the roles, and no return depends on them."""


@dataclass(frozen=True, slots=True)
class Planted:
    """What is true of a simulated market. credit: the broad fund's sensitivity to credit beyond the others';
    expiry: by how much the narrow fund's moves are larger in weeks of option expiries, as a share.
    """

    funds: int = 2
    credit: float = 0.0
    expiry: float = 0.0


@lru_cache(maxsize=1)
def _days() -> DateArray:
    return calendar.sessions(FIRST, AS_OF)


@lru_cache(maxsize=1)
def library() -> tuple[tuple[Rule, ...], Words]:
    """The shipped rules and words."""
    words = load_words()
    return load_rules(None, metrics.catalogue(), words), words


def told(seed: int, truth: Planted) -> tuple[Measurements, Commentary]:
    """The facts and the commentary of one simulated market."""
    snapshot = market(seed, truth)
    measured = metrics.measure(snapshot)
    rules, words = library()
    return measured, comment(measured, snapshot, rules, words)


def market(seed: int, truth: Planted) -> Snapshot:
    """One simulated market as a snapshot."""
    draw = np.random.default_rng(seed)
    days = _days()
    calm = _spells(draw, days.size - 1)

    def noise(daily: float) -> FloatArray:
        moves: FloatArray = daily * calm * draw.standard_t(6, days.size - 1) / np.sqrt(1.5)
        return moves

    stocks, credit, rates = 0.0004 + noise(0.010), noise(0.003), noise(0.004)
    returns = {
        "SPY": stocks,
        "AGG": 0.8 * rates + noise(0.0005),
        "HYG": 0.35 * stocks + credit + 0.5 * rates,
        "IEF": rates,
        "LQD": rates + 0.3 * credit + noise(0.0005),
        "TLT": 2.2 * rates + noise(0.001),
    }
    returns |= {name: stocks + noise(0.006) for name in ("XLK", *ContextFunds().companions)}
    for i, name in enumerate(_NAMES[: truth.funds]):
        own = stocks + noise(0.007) + (truth.credit * credit if name == BROAD else 0.0)
        returns[name] = own * np.where(_in_expiry_week(days[1:]), 1 + truth.expiry, 1.0) if i == 1 else own
    return _snapshot(returns, days, _NAMES[: truth.funds])


def _spells(draw: np.random.Generator, size: int) -> FloatArray:
    """A slowly changing size of all moves, one on average: what clusters volatility."""
    level = np.zeros(size)
    shocks = draw.standard_normal(size)
    for t in range(1, size):
        level[t] = 0.97 * level[t - 1] + 0.1 * shocks[t]
    scale: FloatArray = np.exp(level)
    scale /= np.sqrt(np.mean(scale**2))
    return scale


def _in_expiry_week(days: DateArray) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether the Friday of each day's week is the third of its month; worked out day by day, for nobody's sake."""
    found = []
    for day in days.astype("datetime64[D]").tolist():
        friday = np.datetime64(day, "D") + np.timedelta64(4 - day.weekday(), "D")
        found.append(15 <= friday.astype("datetime64[D]").tolist().day <= 21)
    return np.array(found)


def _snapshot(returns: dict[str, FloatArray], days: DateArray, tickers: tuple[str, ...]) -> Snapshot:
    zeros, volume = np.zeros(days.size), np.full(days.size, 1e6)
    histories = {
        name: PriceHistory(name, days, 100 * np.cumprod(np.concatenate([[1.0], 1 + r])), zeros, volume, "simulated")
        for name, r in returns.items()
    }
    facts = {"expense_ratio": FundFact(0.002, "fraction", AS_OF, "simulated")}
    funds = {name: Fund(name, f"{name} Fund", "bond" if name == "AGG" else "equity", facts=facts) for name in returns}
    return Snapshot(
        as_of=AS_OF,
        requested=AS_OF,
        tickers=tickers,
        context=ContextFunds(),
        funds=funds,
        histories=histories,
        holdings={name: _held(name, share) for name, share in zip(tickers, _LARGEST, strict=False)},
        risk_free=DatedSeries("DGS3MO", days, np.full(days.size, 0.02), "fraction", "simulated"),
        series={},
        sessions=days,
        events=(),
        issues=(),
        sources=(),
        simulated=True,
    )


def _held(ticker: str, largest: float) -> Holdings:
    weights = [largest / 10] * 10 + [(1 - largest) / 190] * 190
    rows = tuple(
        Holding(f"{ticker} line {i}", w, f"{ticker}{i}", sector="Industrials", market_value=1e9 * w)
        for i, w in enumerate(weights)
    )
    return Holdings(ticker, AS_OF, rows, "full", "simulated")
