"""A hand-made catalogue and facts in the shapes of stage 2."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from reportgen.model import MetricSpec, Unit

_FRACTIONS = (
    "total_return cagr volatility max_drawdown expected_shortfall_95 value_at_risk_95 best_day worst_day best_week "
    "worst_week best_month worst_month positive_days calendar_return"
).split()
_RATIOS = "sharpe sortino skew excess_kurtosis beta calmar correlation credit_beta".split()
_STATIC: Mapping[str, Unit] = {
    "distribution_yield": "fraction", "expense_ratio": "fraction", "net_assets": "usd", "holdings_count": "count",
    "top10_weight": "fraction", "effective_holdings": "count", "effective_holdings_at_least": "count",
    "effective_holdings_at_most": "count", "largest_sector": "text", "sector_weight": "fraction", "overlap": "fraction",
    "overlap_at_least": "fraction", "overlap_at_most": "fraction", "market_impact": "score",
}  # fmt: skip


def spec(name: str, unit: Unit, *, per_window: bool = True, **more: object) -> MetricSpec:
    settings: dict[str, object] = {"decimals": 2, "section": "test", "formula": "", "reference": "", **more}
    label = name.replace("_", " ").capitalize()
    return MetricSpec(name, label, unit, per_window=per_window, short=label.lower(), **settings)  # type: ignore[arg-type]


def make_catalogue() -> dict[str, MetricSpec]:
    found = {name: spec(name, "fraction", interval="bootstrap") for name in _FRACTIONS}
    found |= {name: spec(name, "ratio", interval="hac") for name in _RATIOS}
    found["growth_of_1000"] = spec("growth_of_1000", "usd", decimals=0)
    found["expected_shortfall_95"] = spec("expected_shortfall_95", "fraction", parameters={"level": 0.05})
    found |= {name: spec(name, unit, per_window=False) for name, unit in _STATIC.items()}
    return found


@pytest.fixture(scope="session")
def catalogue() -> dict[str, MetricSpec]:
    return make_catalogue()
