"""The sample's funds: names, costs and payments, and how each answers to the factors.

Names and issuers are those of real funds, because readers know them; every figure is simulated. Sensitivities are round
numbers of the usual size for such a fund.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from reportgen.model import AssetClass

Payments = Literal["quarterly", "monthly", "none"]


@dataclass(frozen=True, slots=True)
class FundRecipe:
    """One simulated fund.

    loadings: sensitivity to each factor. own_volatility, own_clustering, own_drift: the fund's own noise, a year
    (fraction), its share of the market's volatility waves, and its steady log drift a year. tails: as in FactorRecipe.
    last_close and turnover: dollars a share and dollars traded a day at the end. distribution_yield: a year, fraction.
    """

    name: str
    issuer: str
    index: str
    category: str
    asset_class: AssetClass
    inception: date
    expense_ratio: float
    net_assets: float
    loadings: Mapping[str, float]
    own_volatility: float
    last_close: float
    turnover: float
    distribution_yield: float = 0.0
    payments: Payments = "quarterly"
    own_drift: float = 0.0
    own_clustering: float = 0.5
    tails: float = 0.02


_ISHARES, _INVESCO, _SPDR = "iShares", "Invesco", "State Street Investment Management"

FUNDS: Mapping[str, FundRecipe] = {
    "IWM": FundRecipe(
        "iShares Russell 2000 ETF", _ISHARES, "Russell 2000 Index", "Small Blend", "equity", date(2000, 5, 22),
        0.0019, 74.0e9, {"market": 1.16, "small companies": 1.0, "credit": 0.75, "rates": 0.1}, 0.02,
        246.0, 8.4e9, 0.0098,
    ),
    "QQQ": FundRecipe(
        "Invesco QQQ Trust", _INVESCO, "NASDAQ-100 Index", "Large Growth", "equity", date(1999, 3, 10),
        0.0018, 395.0e9, {"market": 1.22, "technology": 1.0, "small companies": -0.08, "credit": 0.15}, 0.02,
        568.0, 27.0e9, 0.0046,
    ),
    "SPY": FundRecipe(
        "SPDR S&P 500 ETF Trust", _SPDR, "S&P 500 Index", "Large Blend", "equity", date(1993, 1, 22),
        0.0009, 640.0e9, {"market": 1.07, "technology": 0.12}, 0.004, 640.0, 45.0e9, 0.0112,
    ),
    "AGG": FundRecipe(
        "iShares Core U.S. Aggregate Bond ETF", _ISHARES, "Bloomberg US Aggregate Bond Index",
        "Intermediate Core Bond", "bond", date(2003, 9, 22),
        0.0003, 135.0e9, {"rates": 0.78, "credit": 0.10}, 0.011, 99.0, 0.9e9, 0.039, "monthly",
    ),
    "HYG": FundRecipe(
        "iShares iBoxx $ High Yield Corporate Bond ETF", _ISHARES, "iBoxx USD Liquid High Yield Index",
        "High Yield Bond", "bond", date(2007, 4, 4),
        0.0049, 17.0e9, {"market": 0.33, "credit": 1.0, "rates": 0.40}, 0.006, 79.0, 3.2e9, 0.058, "monthly",
    ),
    "IEF": FundRecipe(
        "iShares 7-10 Year Treasury Bond ETF", _ISHARES, "ICE US Treasury 7-10 Year Index",
        "Long Government", "bond", date(2002, 7, 22),
        0.0015, 45.0e9, {"rates": 1.0}, 0.003, 95.0, 0.8e9, 0.038, "monthly",
    ),
    "LQD": FundRecipe(
        "iShares iBoxx $ Investment Grade Corporate Bond ETF", _ISHARES, "iBoxx USD Liquid Investment Grade Index",
        "Corporate Bond", "bond", date(2002, 7, 22),
        0.0014, 30.0e9, {"rates": 1.05, "credit": 0.35, "market": 0.08}, 0.025, 108.0, 3.3e9, 0.045, "monthly",
    ),
    "TLT": FundRecipe(
        "iShares 20+ Year Treasury Bond ETF", _ISHARES, "ICE US Treasury 20+ Year Index",
        "Long Government", "bond", date(2002, 7, 22),
        0.0015, 43.0e9, {"rates": 1.95}, 0.06, 86.0, 3.1e9, 0.044, "monthly", own_drift=-0.012,
    ),
    "SOXX": FundRecipe(
        "iShares Semiconductor ETF", _ISHARES, "NYSE Semiconductor Index", "Technology", "equity", date(2001, 7, 10),
        0.0034, 20.0e9, {"market": 1.45, "technology": 1.35, "semiconductors": 1.0}, 0.05, 325.0, 1.6e9, 0.0055,
    ),
    "SMH": FundRecipe(
        "VanEck Semiconductor ETF", "VanEck", "MVIS US Listed Semiconductor 25 Index", "Technology", "equity",
        date(2011, 12, 20), 0.0035, 38.0e9, {"market": 1.42, "technology": 1.4, "semiconductors": 0.95}, 0.05,
        372.0, 2.4e9, 0.0035, own_drift=0.02,
    ),
    "XLK": FundRecipe(
        "Technology Select Sector SPDR Fund", _SPDR, "Technology Select Sector Index", "Technology", "equity",
        date(1998, 12, 16), 0.0008, 92.0e9, {"market": 1.25, "technology": 1.15, "semiconductors": 0.12}, 0.04,
        131.0, 1.9e9, 0.006, own_drift=0.005,
    ),
    "XLE": FundRecipe(
        "Energy Select Sector SPDR Fund", _SPDR, "Energy Select Sector Index", "Equity Energy", "equity",
        date(1998, 12, 16), 0.0008, 30.0e9,
        {"market": 0.80, "technology": -0.70, "small companies": 0.25, "credit": 0.6, "rates": -0.35}, 0.21,
        61.0, 1.8e9, 0.031, own_drift=-0.02,
    ),
    "XLI": FundRecipe(
        "Industrial Select Sector SPDR Fund", _SPDR, "Industrial Select Sector Index", "Industrials", "equity",
        date(1998, 12, 16), 0.0008, 26.0e9,
        {"market": 1.0, "technology": -0.35, "small companies": 0.20, "credit": 0.2}, 0.06,
        158.0, 1.6e9, 0.0135, own_drift=0.005,
    ),
    "XBI": FundRecipe(
        "SPDR S&P Biotech ETF", _SPDR, "S&P Biotechnology Select Industry Index", "Health", "equity",
        date(2006, 1, 31), 0.0035, 7.0e9,
        {"market": 0.95, "small companies": 1.0, "credit": 0.8, "rates": 0.5}, 0.22,
        118.0, 1.0e9, 0.003, own_drift=0.03,
    ),
    "KRE": FundRecipe(
        "SPDR S&P Regional Banking ETF", _SPDR, "S&P Regional Banks Select Industry Index", "Financial", "equity",
        date(2006, 6, 19), 0.0035, 3.8e9,
        {"market": 1.0, "technology": -0.35, "small companies": 0.85, "credit": 0.9, "rates": -0.35}, 0.18,
        63.0, 0.95e9, 0.0255,
    ),
    "GLD": FundRecipe(
        "SPDR Gold Shares", _SPDR, "LBMA Gold Price", "Commodities Focused", "commodity", date(2004, 11, 18),
        0.0040, 150.0e9, {"market": 0.05, "rates": 0.65}, 0.145, 410.0, 4.2e9, payments="none", own_drift=0.075,
    ),
}  # fmt: skip
