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
        name="iShares Russell 2000 ETF", issuer=_ISHARES, index="Russell 2000 Index", category="Small Blend",
        asset_class="equity", inception=date(2000, 5, 22), expense_ratio=0.0019, net_assets=74e9,
        loadings={"market": 1.16, "small companies": 1.00, "credit": 0.75, "rates": 0.10}, own_volatility=0.02,
        last_close=246.0, turnover=8.4e9, distribution_yield=0.0098,
    ),
    "QQQ": FundRecipe(
        name="Invesco QQQ Trust", issuer=_INVESCO, index="NASDAQ-100 Index", category="Large Growth",
        asset_class="equity", inception=date(1999, 3, 10), expense_ratio=0.0018, net_assets=395e9,
        loadings={"market": 1.22, "technology": 1.00, "small companies": -0.08, "credit": 0.15}, own_volatility=0.02,
        last_close=568.0, turnover=27e9, distribution_yield=0.0046,
    ),
    "SPY": FundRecipe(
        name="SPDR S&P 500 ETF Trust", issuer=_SPDR, index="S&P 500 Index", category="Large Blend",
        asset_class="equity", inception=date(1993, 1, 22), expense_ratio=0.0009, net_assets=640e9,
        loadings={"market": 1.07, "technology": 0.12}, own_volatility=0.004,
        last_close=640.0, turnover=45e9, distribution_yield=0.0112,
    ),
    "AGG": FundRecipe(
        name="iShares Core U.S. Aggregate Bond ETF", issuer=_ISHARES, index="Bloomberg US Aggregate Bond Index",
        category="Intermediate Core Bond", asset_class="bond", inception=date(2003, 9, 22), expense_ratio=0.0003,
        net_assets=135e9,
        loadings={"rates": 0.78, "credit": 0.10}, own_volatility=0.011,
        last_close=99.0, turnover=0.9e9, distribution_yield=0.039, payments="monthly",
    ),
    "HYG": FundRecipe(
        name="iShares iBoxx $ High Yield Corporate Bond ETF", issuer=_ISHARES,
        index="iBoxx USD Liquid High Yield Index", category="High Yield Bond", asset_class="bond",
        inception=date(2007, 4, 4), expense_ratio=0.0049, net_assets=17e9,
        loadings={"market": 0.33, "credit": 1.00, "rates": 0.40}, own_volatility=0.006,
        last_close=79.0, turnover=3.2e9, distribution_yield=0.058, payments="monthly",
    ),
    "IEF": FundRecipe(
        name="iShares 7-10 Year Treasury Bond ETF", issuer=_ISHARES, index="ICE US Treasury 7-10 Year Index",
        category="Long Government", asset_class="bond", inception=date(2002, 7, 22), expense_ratio=0.0015,
        net_assets=45e9,
        loadings={"rates": 1.00}, own_volatility=0.003,
        last_close=95.0, turnover=0.8e9, distribution_yield=0.038, payments="monthly",
    ),
    "LQD": FundRecipe(
        name="iShares iBoxx $ Investment Grade Corporate Bond ETF", issuer=_ISHARES,
        index="iBoxx USD Liquid Investment Grade Index", category="Corporate Bond", asset_class="bond",
        inception=date(2002, 7, 22), expense_ratio=0.0014, net_assets=30e9,
        loadings={"rates": 1.05, "credit": 0.35, "market": 0.08}, own_volatility=0.025,
        last_close=108.0, turnover=3.3e9, distribution_yield=0.045, payments="monthly",
    ),
    "TLT": FundRecipe(
        name="iShares 20+ Year Treasury Bond ETF", issuer=_ISHARES, index="ICE US Treasury 20+ Year Index",
        category="Long Government", asset_class="bond", inception=date(2002, 7, 22), expense_ratio=0.0015,
        net_assets=43e9,
        loadings={"rates": 1.95}, own_volatility=0.06, own_drift=-0.012,
        last_close=86.0, turnover=3.1e9, distribution_yield=0.044, payments="monthly",
    ),
    "SOXX": FundRecipe(
        name="iShares Semiconductor ETF", issuer=_ISHARES, index="NYSE Semiconductor Index", category="Technology",
        asset_class="equity", inception=date(2001, 7, 10), expense_ratio=0.0034, net_assets=20e9,
        loadings={"market": 1.45, "technology": 1.35, "semiconductors": 1.00}, own_volatility=0.05,
        last_close=325.0, turnover=1.6e9, distribution_yield=0.0055,
    ),
    "SMH": FundRecipe(
        name="VanEck Semiconductor ETF", issuer="VanEck", index="MVIS US Listed Semiconductor 25 Index",
        category="Technology", asset_class="equity", inception=date(2011, 12, 20), expense_ratio=0.0035,
        net_assets=38e9,
        loadings={"market": 1.42, "technology": 1.40, "semiconductors": 0.95}, own_volatility=0.05, own_drift=0.02,
        last_close=372.0, turnover=2.4e9, distribution_yield=0.0035,
    ),
    "XLK": FundRecipe(
        name="Technology Select Sector SPDR Fund", issuer=_SPDR, index="Technology Select Sector Index",
        category="Technology", asset_class="equity", inception=date(1998, 12, 16), expense_ratio=0.0008,
        net_assets=92e9,
        loadings={"market": 1.25, "technology": 1.15, "semiconductors": 0.12}, own_volatility=0.04, own_drift=0.005,
        last_close=131.0, turnover=1.9e9, distribution_yield=0.006,
    ),
    "XLE": FundRecipe(
        name="Energy Select Sector SPDR Fund", issuer=_SPDR, index="Energy Select Sector Index",
        category="Equity Energy", asset_class="equity", inception=date(1998, 12, 16), expense_ratio=0.0008,
        net_assets=30e9,
        loadings={"market": 0.80, "technology": -0.70, "small companies": 0.25, "credit": 0.60, "rates": -0.35},
        own_volatility=0.21, own_drift=-0.02,
        last_close=61.0, turnover=1.8e9, distribution_yield=0.031,
    ),
    "XLI": FundRecipe(
        name="Industrial Select Sector SPDR Fund", issuer=_SPDR, index="Industrial Select Sector Index",
        category="Industrials", asset_class="equity", inception=date(1998, 12, 16), expense_ratio=0.0008,
        net_assets=26e9,
        loadings={"market": 1.00, "technology": -0.35, "small companies": 0.20, "credit": 0.20}, own_volatility=0.06,
        own_drift=0.005,
        last_close=158.0, turnover=1.6e9, distribution_yield=0.0135,
    ),
    "XBI": FundRecipe(
        name="SPDR S&P Biotech ETF", issuer=_SPDR, index="S&P Biotechnology Select Industry Index", category="Health",
        asset_class="equity", inception=date(2006, 1, 31), expense_ratio=0.0035, net_assets=7e9,
        loadings={"market": 0.95, "small companies": 1.00, "credit": 0.80, "rates": 0.50}, own_volatility=0.22,
        own_drift=0.03,
        last_close=118.0, turnover=1e9, distribution_yield=0.003,
    ),
    "KRE": FundRecipe(
        name="SPDR S&P Regional Banking ETF", issuer=_SPDR, index="S&P Regional Banks Select Industry Index",
        category="Financial", asset_class="equity", inception=date(2006, 6, 19), expense_ratio=0.0035,
        net_assets=3.8e9,
        loadings={"market": 1.00, "technology": -0.35, "small companies": 0.85, "credit": 0.90, "rates": -0.35},
        own_volatility=0.18,
        last_close=63.0, turnover=0.95e9, distribution_yield=0.0255,
    ),
    "GLD": FundRecipe(
        name="SPDR Gold Shares", issuer=_SPDR, index="LBMA Gold Price", category="Commodities Focused",
        asset_class="commodity", inception=date(2004, 11, 18), expense_ratio=0.0040, net_assets=150e9,
        loadings={"market": 0.05, "rates": 0.65}, own_volatility=0.145, own_drift=0.075,
        last_close=410.0, turnover=4.2e9, payments="none",
    ),
}  # fmt: skip
