"""A second reader of the files: figures worked out again with pandas from the CSVs, knowing nothing of the program.

It reads prices, rates, fund facts, words.toml and the headers of the rule files itself. Definitions follow the method
cards in words: returns reinvest distributions at the ex-date close, windows start at the last close on or before the
anniversary.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates"
_BACK = {
    "1W": pd.DateOffset(days=7), "1M": pd.DateOffset(months=1), "3M": pd.DateOffset(months=3),
    "1Y": pd.DateOffset(years=1), "3Y": pd.DateOffset(years=3), "5Y": pd.DateOffset(years=5),
    "10Y": pd.DateOffset(years=10),
}  # fmt: skip


class Span(NamedTuple):
    """From one close to another, both included."""

    start: pd.Timestamp
    end: pd.Timestamp


@lru_cache(maxsize=64)
def prices(folder: Path, ticker: str) -> pd.DataFrame:
    """Close and wealth by day; wealth reinvests each distribution at its ex-date's close."""
    table = pd.read_csv(folder / "prices" / f"{ticker}.csv", parse_dates=["Date"]).set_index("Date")
    growth = (table["Close"] + table["Dividends"]) / table["Close"].shift(1)
    table["wealth"] = growth.fillna(1.0).cumprod()
    return table[["Close", "Dividends", "wealth"]]


@lru_cache(maxsize=1)
def bill_rate(folder: Path) -> pd.Series:
    """The three-month bill's yearly rate as a fraction, by day of publication."""
    table = pd.read_csv(folder / "rates" / "DGS3MO.csv", parse_dates=["date"], na_values=".").dropna()
    return table.set_index("date")["value"] / 100


@lru_cache(maxsize=64)
def stated(folder: Path, ticker: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads((folder / "fund_facts" / f"{ticker}.json").read_text())
    return found


class Reader:
    """One fund over one span."""

    def __init__(self, folder: Path, ticker: str, span: Span) -> None:
        self.folder, self.ticker, self.span = folder, ticker, span

    @cached_property
    def wealth(self) -> pd.Series:
        return prices(self.folder, self.ticker)["wealth"].loc[self.span.start : self.span.end]

    @cached_property
    def returns(self) -> pd.Series:
        return self.wealth.pct_change().iloc[1:]

    @cached_property
    def excess(self) -> pd.Series:
        """Returns less the bill's, which pays for each calendar day by the rate known the day before."""
        days = self.wealth.index
        known = bill_rate(self.folder).reindex(days, method="ffill").shift(1).iloc[1:]
        passed = days.to_series().diff().dt.days.iloc[1:]
        earned: pd.Series = (1 + known) ** (passed / 365.25) - 1
        return self.returns - earned

    def of(self, ticker: str) -> Reader:
        return Reader(self.folder, ticker, self.span)

    @property
    def years(self) -> float:
        return (self.span.end - self.span.start).days / 365.25

    def regressed(self, *others: pd.Series) -> np.ndarray[Any, Any]:
        """The slopes of a regression on the others, after an intercept."""
        table = pd.concat([self.returns, *others], axis=1).dropna().to_numpy()
        design = np.column_stack([np.ones(len(table)), table[:, 1:]])
        slopes: np.ndarray[Any, Any] = np.linalg.lstsq(design, table[:, 0], rcond=None)[0][1:]
        return slopes

    def credit(self) -> np.ndarray[Any, Any]:
        """The slopes on the market, on high yield less half of Treasuries, and on Treasuries."""
        treasuries = self.of("IEF").returns
        return self.regressed(self.of("SPY").returns, self.of("HYG").returns - treasuries / 2, treasuries)


def _drawdown(r: Reader) -> float:
    return float((r.wealth / r.wealth.cummax() - 1).min())


def _volatility(r: Reader) -> float:
    return float(r.returns.std(ddof=1) * np.sqrt(252))


def _sharpe(r: Reader) -> float:
    return float(r.excess.mean() / r.excess.std(ddof=1) * np.sqrt(252))


def _beta(r: Reader) -> float:
    mine, market = r.excess, r.of("SPY").excess
    return float(np.cov(mine, market)[0, 1] / np.var(market, ddof=1))


def _tail_beta(r: Reader) -> float:
    market = r.of("SPY").excess
    worst = market <= market.quantile(0.05)
    return float(np.cov(r.excess[worst], market[worst])[0, 1] / np.var(market[worst], ddof=1))


def _shortfall(r: Reader) -> float:
    return float(r.returns[r.returns <= r.returns.quantile(0.05)].mean())


def _variance_share(r: Reader) -> float:
    squares = (r.returns**2).sort_values(ascending=False)
    return float(squares.iloc[: int(0.05 * len(squares) + 1e-9)].sum() / squares.sum())


def _expiry_effect(r: Reader) -> float:
    inside = np.array([_holds_third_friday(day) for day in r.returns.index])
    size = r.returns.abs()
    return float(size[inside].mean() - size[~inside].mean())


def _holds_third_friday(day: pd.Timestamp) -> bool:
    friday = day + pd.Timedelta(days=4 - day.weekday())
    return 15 <= friday.day <= 21


def _grouped(r: Reader, kind: str) -> pd.Series:
    """The returns of whole weeks or months: from the last close of one to the last close of the next."""
    last = r.wealth.groupby(pd.DatetimeIndex(r.wealth.index).to_period(kind)).last()
    found = last.pct_change().iloc[1:]
    end = r.span.end
    closing = end.to_period(kind).end_time.normalize()
    coming = pd.bdate_range(end + pd.Timedelta(days=1), closing)
    return found.iloc[:-1] if len(coming) else found


FUND: Mapping[str, Callable[[Reader], float]] = {
    "total_return": lambda r: float(r.wealth.iloc[-1] / r.wealth.iloc[0] - 1),
    "growth_of_1000": lambda r: float(1000 * r.wealth.iloc[-1] / r.wealth.iloc[0]),
    "cagr": lambda r: float((r.wealth.iloc[-1] / r.wealth.iloc[0]) ** (1 / r.years) - 1),
    "volatility": _volatility,
    "max_drawdown": _drawdown,
    "sharpe": _sharpe,
    "best_day": lambda r: float(r.returns.max()),
    "worst_day": lambda r: float(r.returns.min()),
    "positive_days": lambda r: float((r.returns > 0).sum() / (r.returns != 0).sum()),
    "value_at_risk_95": lambda r: float(r.returns.quantile(0.05)),
    "expected_shortfall_95": _shortfall,
    "variance_share": _variance_share,
    "beta": _beta,
    "tail_beta": _tail_beta,
    "credit_beta": lambda r: float(r.credit()[1]),
    "rate_beta": lambda r: float(r.credit()[2]),
    "expiry_effect": _expiry_effect,
    "worst_month": lambda r: float(_grouped(r, "M").min()),
    "best_month": lambda r: float(_grouped(r, "M").max()),
}

PAIR: Mapping[str, Callable[[Reader, Reader], float]] = {
    "correlation": lambda a, b: float(np.corrcoef(a.excess, b.excess)[0, 1]),
}

STATED: Mapping[str, Callable[[Mapping[str, Any]], float]] = {
    "expense_ratio": lambda facts: float(facts["expenseRatio"]) / 100,
    "net_assets": lambda facts: float(facts["totalAssets"]),
}

LOOSE = {"sharpe": 0.02, "beta": 0.005, "tail_beta": 0.02, "correlation": 0.002}
"""How far two readers may be apart where the bill's rate of single days matters; else one part in a million."""


def companion(a: Reader, b: Reader, ticker: str) -> float:
    """The slope of a companion beyond the market on the first fund less the second."""
    market = a.of("SPY").returns
    y, x = a.of(ticker).returns - market, a.returns - b.returns
    return float(np.cov(x, y)[0, 1] / np.var(x, ddof=1))


def fell(r: Reader) -> tuple[pd.Timestamp, pd.Timestamp]:
    """The days of the deepest fall's peak and trough."""
    trough: Any = (r.wealth / r.wealth.cummax() - 1).idxmin()
    peak: Any = r.wealth.loc[:trough].idxmax()
    return peak, trough


def start_of(folder: Path, ticker: str, code: str, as_of: pd.Timestamp) -> pd.Timestamp:
    """The last close on or before the window's anniversary."""
    target = pd.Timestamp(as_of.year - 1, 12, 31) if code == "YTD" else as_of - _BACK[code]
    days = prices(folder, ticker).index
    return pd.Timestamp(days[days <= target][-1])


def adjusted(ps: Mapping[str, float]) -> dict[str, float]:
    """Benjamini and Hochberg's adjusted p-values: the least of p m / rank over this rank and all after it."""
    names = sorted(ps, key=lambda name: ps[name])
    raw = [ps[name] * len(names) / rank for rank, name in enumerate(names, 1)]
    return {name: min(1.0, *raw[i:]) for i, name in enumerate(names)}


@lru_cache(maxsize=1)
def headers() -> Mapping[str, Mapping[str, Any]]:
    """The header of each shipped rule, and its text under "text"."""
    found = {}
    for path in (TEMPLATES / "commentary").rglob("*.j2"):
        head, _, text = path.read_text().removeprefix("{#---\n").partition("\n---#}")
        found[f"{path.parent.name}/{path.stem}"] = {**tomllib.loads(head), "text": text}
    return found


@lru_cache(maxsize=1)
def scales() -> Mapping[str, tuple[tuple[float, str], ...]]:
    """The graded words with their limits, the last without one."""
    tables = tomllib.loads((TEMPLATES / "words.toml").read_text())
    return {
        name: (*((float(limit), word) for limit, word in table["steps"]), (float("inf"), table["beyond"]))
        for name, table in tables.items()
        if "steps" in table
    }
