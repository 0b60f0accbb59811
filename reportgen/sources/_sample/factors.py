"""The common forces behind the sample's funds: daily log returns of six factors.

Each factor is noise with clustering volatility, pulled through invented milestones that give it a history: falls
like those of 2018, 2020 and 2022, long advances between them. The levels are round numbers, not any market's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from reportgen.model import DateArray, FloatArray
from reportgen.sources._sample.noise import daily_normals, fat_tailed
from reportgen.sources._sample.paths import (
    SESSIONS_A_YEAR,
    Block,
    Milestones,
    bridged,
    clustered,
    daily,
    independent,
    position,
    stress,
)

FIRST = date(2013, 12, 31)
LAST = date(2026, 3, 27)
FIVE_YEARS_BACK = date(2021, 3, 26)
ONE_YEAR_BACK = date(2025, 3, 27)

_EPISODES = (
    (date(2015, 8, 20), 0.7, 25.0),
    (date(2018, 2, 5), 0.7, 20.0),
    (date(2018, 10, 10), 0.6, 45.0),
    (date(2020, 2, 24), 1.4, 40.0),
    (date(2022, 1, 10), 0.35, 180.0),
    (date(2025, 4, 3), 0.6, 14.0),
)


@dataclass(frozen=True, slots=True)
class FactorRecipe:
    """How a factor is made.

    volatility: a year, as a fraction. clustering: how much of the market's log volatility waves it shares.
    tails: the weight of the cubic term that fattens its tails. milestones: log levels by day.
    """

    volatility: float
    clustering: float
    tails: float
    milestones: Milestones


RECIPES: Mapping[str, FactorRecipe] = {
    "market": FactorRecipe(
        volatility=0.158, clustering=1.0, tails=0.02,
        milestones={
            FIRST: 0.0, date(2014, 12, 31): 0.11, date(2015, 7, 17): 0.15, date(2016, 2, 10): 0.02,
            date(2016, 12, 30): 0.22, date(2017, 12, 29): 0.41, date(2018, 9, 21): 0.50, date(2018, 12, 24): 0.31,
            date(2019, 7, 26): 0.54, date(2020, 2, 20): 0.66, date(2020, 3, 23): 0.28, date(2020, 4, 17): 0.46,
            date(2020, 6, 8): 0.60, date(2020, 12, 31): 0.77, FIVE_YEARS_BACK: 0.83, date(2021, 12, 30): 1.02,
            date(2022, 6, 16): 0.80, date(2022, 8, 16): 0.89, date(2022, 10, 11): 0.76, date(2023, 7, 28): 0.99,
            date(2023, 10, 27): 0.91, date(2024, 7, 15): 1.20, date(2025, 2, 18): 1.31, ONE_YEAR_BACK: 1.24,
            date(2025, 4, 8): 1.14, date(2025, 5, 13): 1.24, date(2025, 6, 26): 1.31, date(2025, 10, 29): 1.39,
            date(2026, 1, 27): 1.41, LAST: 1.39,
        },
    ),
    "rates": FactorRecipe(
        volatility=0.068, clustering=0.3, tails=0.02,
        milestones={
            FIRST: 0.0, date(2016, 7, 8): 0.17, date(2018, 11, 8): 0.08, date(2020, 8, 4): 0.33, FIVE_YEARS_BACK: 0.27,
            date(2022, 10, 20): 0.10, date(2023, 10, 18): 0.07, ONE_YEAR_BACK: 0.17, LAST: 0.21,
        },
    ),
    "credit": FactorRecipe(
        volatility=0.042, clustering=1.0, tails=0.04,
        milestones={
            FIRST: 0.0, date(2015, 6, 1): 0.03, date(2016, 2, 11): -0.04, date(2018, 9, 21): 0.09,
            date(2018, 12, 26): 0.06, date(2020, 2, 20): 0.13, date(2020, 3, 23): 0.02, FIVE_YEARS_BACK: 0.14,
            date(2022, 9, 29): 0.08, ONE_YEAR_BACK: 0.17, LAST: 0.19,
        },
    ),
    "technology": FactorRecipe(
        volatility=0.096, clustering=1.0, tails=0.1,
        milestones={
            FIRST: 0.0, date(2018, 9, 3): 0.18, date(2018, 12, 24): 0.16, date(2020, 9, 1): 0.38,
            FIVE_YEARS_BACK: 0.34, date(2021, 11, 19): 0.40, date(2022, 12, 28): 0.20, date(2024, 7, 9): 0.42,
            ONE_YEAR_BACK: 0.35, LAST: 0.38,
        },
    ),
    "small companies": FactorRecipe(
        volatility=0.118, clustering=0.2, tails=0.0,
        milestones={
            FIRST: 0.0, date(2016, 2, 11): -0.12, date(2018, 8, 31): -0.06, date(2020, 3, 18): -0.35,
            FIVE_YEARS_BACK: -0.16, date(2022, 1, 28): -0.42, date(2023, 10, 27): -0.58, date(2024, 11, 25): -0.54,
            ONE_YEAR_BACK: -0.65, LAST: -0.64,
        },
    ),
    "semiconductors": FactorRecipe(
        volatility=0.17, clustering=0.6, tails=0.04,
        milestones={
            FIRST: 0.0, FIVE_YEARS_BACK: 0.25, date(2022, 10, 14): 0.05, date(2024, 6, 18): 0.42, ONE_YEAR_BACK: 0.42,
            LAST: 0.50,
        },
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Factors:
    """The simulated forces: sessions, daily log returns by name, and the log of market volatility's usual multiple."""

    days: DateArray
    returns: Mapping[str, FloatArray]
    waves: FloatArray
    blocks: tuple[Block, ...]


def simulate_factors(days: DateArray) -> Factors:
    """The factors over the sessions given, which must cover FIRST to LAST.

    The years before the five-year window and the window itself are freed of chance correlations separately, so that
    a fund's sensitivity over five years is the one its recipe names.
    """
    turn = position(days, FIVE_YEARS_BACK) + 1
    blocks = ((1, turn), (turn, days.size))
    drops = daily_normals("market", days)
    waves = clustered(daily_normals("volatility", days), drops, stress(days, _EPISODES))
    rough = [_noise(name, recipe, days, waves) for name, recipe in RECIPES.items()]
    returns = {}
    for (name, recipe), noise in zip(RECIPES.items(), independent(rough, blocks), strict=True):
        path = np.cumsum(noise) * (recipe.volatility / np.sqrt(SESSIONS_A_YEAR))
        returns[name] = daily(bridged(path, days, recipe.milestones))
    return Factors(days, returns, waves, blocks)


def _noise(name: str, recipe: FactorRecipe, days: DateArray, waves: FloatArray) -> FloatArray:
    shape = fat_tailed(daily_normals(name, days), recipe.tails)
    scaled: FloatArray = shape * np.exp(recipe.clustering * waves)
    return scaled
