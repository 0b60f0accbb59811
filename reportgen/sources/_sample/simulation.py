"""The whole sample from nothing but a list of sessions: a pure function."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from reportgen.model import DateArray, DatedSeries, FloatArray, Fund, FundFact, Holdings, PriceHistory
from reportgen.sources._sample.calibration import TARGETS, calibrated
from reportgen.sources._sample.factors import FIRST, FIVE_YEARS_BACK, LAST, ONE_YEAR_BACK, Factors, simulate_factors
from reportgen.sources._sample.noise import daily_normals, fat_tailed
from reportgen.sources._sample.paths import SESSIONS_A_YEAR, bridged, daily, independent
from reportgen.sources._sample.portfolios import simulate_holdings
from reportgen.sources._sample.prices import history
from reportgen.sources._sample.recipes import FUNDS, FundRecipe

FACTS_SOURCE = "sample fund facts"
RATES_SOURCE = "sample rates"
TERMS = "Simulated by the program; no market and no fund ever had these figures."

# When the sample's fund facts and portfolios are dated: the session before the last one.
FACTS_DAY = date(2026, 3, 26)

# The three-month rate in percent a year, straight lines between these days.
_RATE = {
    FIRST: 0.05,
    date(2015, 12, 16): 0.20,
    date(2018, 12, 19): 2.40,
    date(2019, 7, 31): 2.10,
    date(2020, 2, 26): 1.50,
    date(2020, 3, 25): 0.06,
    date(2022, 2, 1): 0.20,
    date(2023, 7, 26): 5.40,
    date(2024, 8, 30): 5.20,
    date(2025, 12, 10): 3.70,
    LAST: 3.60,
}


@dataclass(frozen=True, slots=True)
class Sample:
    """The parts of the sample, each by ticker, in the order of the recipes. risk_free: annual fractions, by day."""

    funds: Mapping[str, Fund]
    histories: Mapping[str, PriceHistory]
    holdings: Mapping[str, Holdings]
    risk_free: DatedSeries
    days: DateArray


def simulate(days: DateArray) -> Sample:
    """The sample on the sessions given, which must run from FIRST to LAST."""
    factors = simulate_factors(days)
    histories = {}
    for ticker, recipe in FUNDS.items():
        path = wealth_path(ticker, recipe, factors)
        if ticker in TARGETS:
            path = calibrated(path, days, TARGETS[ticker])
        histories[ticker] = history(ticker, recipe, path, days, factors.waves)
    holdings = simulate_holdings(FACTS_DAY)
    funds = {ticker: fund_of(ticker, recipe) for ticker, recipe in FUNDS.items()}
    return Sample(funds, histories, holdings, _risk_free(days), days)


def wealth_path(ticker: str, recipe: FundRecipe, factors: Factors) -> FloatArray:
    """The fund's log total-return path before calibration: factor returns by its loadings, its own noise and drift."""
    days = factors.days
    noise = fat_tailed(daily_normals(f"own {ticker}", days), recipe.tails) * np.exp(
        recipe.own_clustering * factors.waves
    )
    (own,) = independent([noise], factors.blocks)
    path = np.cumsum(own) * (recipe.own_volatility / np.sqrt(SESSIONS_A_YEAR))
    # The fund's own noise leads nowhere: over the years of each window it ends where its steady drift takes it.
    ends = (FIRST, FIVE_YEARS_BACK, ONE_YEAR_BACK, LAST)
    path = bridged(path, days, {day: recipe.own_drift * (day - FIRST).days / 365.25 for day in ends})
    total = daily(path)
    for name, loading in recipe.loadings.items():
        total = total + loading * factors.returns[name]
    return np.cumsum(total)


def fund_of(ticker: str, recipe: FundRecipe) -> Fund:
    """Who the fund is, with its facts as of FACTS_DAY."""
    facts = {
        "expense_ratio": FundFact(recipe.expense_ratio, "fraction", FACTS_DAY, FACTS_SOURCE),
        "provider_yield": FundFact(recipe.distribution_yield, "fraction", FACTS_DAY, FACTS_SOURCE),
        "net_assets": FundFact(recipe.net_assets, "usd", FACTS_DAY, FACTS_SOURCE),
    }
    return Fund(
        ticker,
        recipe.name,
        recipe.asset_class,
        recipe.issuer,
        recipe.index,
        recipe.category,
        recipe.inception,
        facts=facts,
    )


def _risk_free(days: DateArray) -> DatedSeries:
    at = np.array(list(_RATE), dtype="datetime64[D]").astype(np.float64)
    percent = np.interp(days.astype(np.float64), at, np.array(list(_RATE.values())))
    percent = np.maximum(np.round(percent + 0.012 * daily_normals("rate", days), 2), 0.0)
    return DatedSeries("DGS3MO", days, percent / 100.0, "fraction", RATES_SOURCE)
