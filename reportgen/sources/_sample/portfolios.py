"""Invented portfolios: lognormal weights solved for a wanted effective number, sectors filled to wanted weights."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from reportgen.model import FloatArray, Holding, Holdings
from reportgen.sources._sample.noise import inverse_normal, numbered_normals
from reportgen.sources._sample.recipes import FUNDS

SOURCE = "sample holdings"
TAXONOMY = "GICS"
CASH_WEIGHT = 0.002
_HALVINGS = 60


@dataclass(frozen=True, slots=True)
class PortfolioRecipe:
    """count: equity lines. effective: 1 / sum of squared weights. first_number: of the first invented company.

    sectors: wanted weights by sector, summing to 1.
    """

    count: int
    effective: float
    first_number: int
    sectors: Mapping[str, float]


PORTFOLIOS: Mapping[str, PortfolioRecipe] = {
    "QQQ": PortfolioRecipe(
        101, 28.5, 1,
        {
            "Information Technology": 0.502, "Communication Services": 0.158, "Consumer Discretionary": 0.134,
            "Consumer Staples": 0.060, "Health Care": 0.055, "Industrials": 0.045, "Materials": 0.014,
            "Utilities": 0.014, "Energy": 0.008, "Financials": 0.006, "Real Estate": 0.004,
        },
    ),
    "IWM": PortfolioRecipe(
        1942, 530.0, 102,
        {
            "Industrials": 0.181, "Financials": 0.172, "Health Care": 0.168, "Information Technology": 0.147,
            "Consumer Discretionary": 0.094, "Energy": 0.058, "Real Estate": 0.057, "Materials": 0.047,
            "Utilities": 0.031, "Communication Services": 0.025, "Consumer Staples": 0.020,
        },
    ),
}  # fmt: skip

# Companies grown too large for one index and not yet gone from it: ranks in the small-company portfolio, from 0.
_SHARED_WITH = ("IWM", "QQQ")
_SHARED_RANKS = (4, 9, 15, 22, 30, 41)

_Row = tuple[int, str, float]


def simulate_holdings(as_of: date) -> Mapping[str, Holdings]:
    """The full portfolios of the funds that have a recipe, largest line first."""
    rows = {ticker: _rows(ticker, recipe) for ticker, recipe in PORTFOLIOS.items()}
    small, large = _SHARED_WITH
    rows[small] = _with_shared(rows[small], rows[large])
    return {ticker: _holdings(ticker, lines, FUNDS[ticker].net_assets, as_of) for ticker, lines in rows.items()}


def portfolio(ticker: str, recipe: PortfolioRecipe, net_assets: float, as_of: date) -> Holdings:
    """The full portfolio of one fund that shares no company on purpose. net_assets: dollars."""
    return _holdings(ticker, _rows(ticker, recipe), net_assets, as_of)


def _rows(ticker: str, recipe: PortfolioRecipe) -> list[_Row]:
    weights = lognormal_weights(recipe.count, recipe.effective, f"weights {ticker}")
    sectors = _fill(weights, recipe.sectors)
    numbers = range(recipe.first_number, recipe.first_number + recipe.count)
    return list(zip(numbers, sectors, weights.tolist(), strict=True))


def lognormal_weights(count: int, effective: float, stream: str) -> FloatArray:
    """Positive weights, largest first, that sum to 1 and have the effective number wanted.

    Lognormal quantiles with a little noise; the spread is halved towards the wanted number a fixed number of times.
    """
    grid = inverse_normal((np.arange(count)[::-1] + 0.5) / count)
    shape = np.sort(grid + 0.04 * numbered_normals(stream, count))[::-1]
    low, high = 0.0, 5.0
    for _ in range(_HALVINGS):
        spread = 0.5 * (low + high)
        weights = _normalised(np.exp(spread * shape))
        low, high = (spread, high) if 1.0 / np.sum(weights * weights) > effective else (low, spread)
    return _normalised(np.exp(low * shape))


def _normalised(weights: FloatArray) -> FloatArray:
    shares: FloatArray = weights / np.sum(weights)
    return shares


def _fill(weights: FloatArray, wanted: Mapping[str, float]) -> list[str]:
    """A sector for each weight, largest first: always the one that lacks most."""
    lacking = dict(wanted)
    chosen = []
    for weight in weights.tolist():
        sector = max(lacking, key=lambda name: lacking[name])
        lacking[sector] -= weight
        chosen.append(sector)
    return chosen


def _with_shared(small: list[_Row], large: list[_Row]) -> list[_Row]:
    """The small-company rows with a few of the other portfolio's smallest companies put in, sector by sector."""
    rows = list(small)
    free = list(reversed(large))
    for rank in _SHARED_RANKS:
        _, sector, weight = rows[rank]
        twin = next((row for row in free if row[1] == sector), None)
        if twin is not None:
            free.remove(twin)
            rows[rank] = (twin[0], sector, weight)
    return rows


def _holdings(ticker: str, rows: list[_Row], assets: float, as_of: date) -> Holdings:
    """Market values in cents, and the weights that follow from them: what a reader of the exported file finds."""
    invested = (1.0 - CASH_WEIGHT) * assets
    lines = [
        Holding(f"Sample Company {number:04d}", 0.0, f"S{number:04d}", None, None, sector, round(weight * invested, 2))
        for number, sector, weight in rows
    ]
    cash = Holding("Cash", 0.0, market_value=round(CASH_WEIGHT * assets, 2), is_equity=False)
    valued = sorted(((line.market_value or 0.0, line) for line in (*lines, cash)), key=lambda pair: -pair[0])
    total = math.fsum(value for value, _ in valued)
    weighted = tuple(replace(line, weight=value / total) for value, line in valued)
    return Holdings(ticker, as_of, weighted, "full", SOURCE, TAXONOMY)
