"""As many invented funds as a benchmark needs, from the same factors as the sample."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np

from reportgen.model import DateArray, Fund, Holdings, PriceHistory
from reportgen.sources._sample.factors import LAST, RECIPES, Factors, simulate_factors
from reportgen.sources._sample.noise import numbered_normals
from reportgen.sources._sample.paths import position
from reportgen.sources._sample.portfolios import PORTFOLIOS, PortfolioRecipe, portfolio
from reportgen.sources._sample.prices import history
from reportgen.sources._sample.recipes import FundRecipe
from reportgen.sources._sample.simulation import FACTS_DAY, Sample, fund_of, simulate, wealth_path

_LINES = 120
_COMPANIES = 3000


def simulate_universe(days: DateArray, count: int, years: int) -> Sample:
    """The sample's own funds and `count` more, F0001 and on, over the last `years` years of the sessions given.

    days: the sessions of the whole sample. A fund is the same whatever the count. Neighbors share companies.
    Raises ValueError for a count that is not between 1 and 9,999, or years outside the sample.
    """
    if not 1 <= count <= 9999:
        raise ValueError(f"a universe has 1 to 9999 funds, not {count}")
    first = date(LAST.year - years, LAST.month, LAST.day)
    start = position(days, first)
    if start >= position(days, LAST):
        raise ValueError(f"a universe lasts at least one year, not {years}")
    base, factors = simulate(days), simulate_factors(days)
    recipes = {f"F{number:04d}": _recipe(number) for number in range(1, count + 1)}
    made = {ticker: _history(ticker, recipe, factors) for ticker, recipe in recipes.items()}
    funds: dict[str, Fund] = {ticker: fund_of(ticker, recipe) for ticker, recipe in recipes.items()}
    holdings = {ticker: _portfolio(ticker, recipe) for ticker, recipe in recipes.items()}
    return Sample(
        {**base.funds, **funds},
        _since({**base.histories, **made}, start),
        {**base.holdings, **holdings},
        base.risk_free,
        days[start:],
    )


def _recipe(number: int) -> FundRecipe:
    """A share fund whose sensitivities, noise, size and cost are drawn from its own stream."""
    draws = numbered_normals(f"fund {number}", 12).tolist()
    usual = {"market": 1.0, "small companies": 0.2}
    loadings = {
        name: round(usual.get(name, 0.0) + 0.3 * draw, 2) for name, draw in zip(RECIPES, draws[:6], strict=True)
    }
    return FundRecipe(
        name=f"Sample Fund {number:04d}",
        issuer="Sample Issuer",
        index=f"Sample Index {number:04d}",
        category="Large Blend",
        asset_class="equity",
        inception=date(2005, 1, 3),
        expense_ratio=round(0.002 * float(np.exp(0.6 * draws[6])), 4),
        net_assets=round(5e9 * float(np.exp(draws[7])), -6),
        loadings=loadings,
        own_volatility=0.05 * float(np.exp(0.5 * draws[8])),
        last_close=round(100.0 * float(np.exp(0.5 * draws[9])), 2),
        turnover=2e8 * float(np.exp(draws[7])),
        distribution_yield=round(0.015 * float(np.exp(0.4 * draws[10])), 4),
        own_drift=round(0.02 * draws[11], 3),
    )


def _history(ticker: str, recipe: FundRecipe, factors: Factors) -> PriceHistory:
    return history(ticker, recipe, wealth_path(ticker, recipe, factors), factors.days, factors.waves)


def _since(histories: Mapping[str, PriceHistory], start: int) -> dict[str, PriceHistory]:
    return {
        ticker: PriceHistory(
            ticker, h.dates[start:], h.close[start:], h.distributions[start:], h.volume[start:], h.source
        )
        for ticker, h in histories.items()
    }


def _portfolio(ticker: str, recipe: FundRecipe) -> Holdings:
    first = int(ticker[1:]) * 40 % _COMPANIES + 1
    return portfolio(
        ticker, PortfolioRecipe(_LINES, 45.0, first, PORTFOLIOS["IWM"].sectors), recipe.net_assets, FACTS_DAY
    )
