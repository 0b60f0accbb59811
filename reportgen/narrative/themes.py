"""The article's themes: from asset class, size, the dominant sector and which sections spoke."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reportgen.model import AssetClass, Statement
from reportgen.narrative.scene import Setting

DOMINANT = 0.30
"""A sector that holds this share of a fund is one of the article's themes."""

_CLASSES: Mapping[AssetClass, str] = {
    "equity": "Equity ETFs",
    "bond": "Bond ETFs",
    "commodity": "Commodities",
    "leveraged": "Leveraged ETFs",
    "mixed": "Multi-asset funds",
}
_SIZES = (
    ("small", "Small caps"),
    ("mid-cap", "Mid caps"),
    ("mid cap", "Mid caps"),
    ("large", "Large caps"),
)
_SECTIONS: Mapping[str, str] = {
    "concentration": "Concentration",
    "breadth": "Market breadth",
    "credit": "Credit and rates",
    "second-order": "Sector rotation",
    "flows": "Flows and hedging",
    "tail": "Tail risk",
    "cost": "Fund costs",
}
MOST = 8


def themes(setting: Setting, statements: Mapping[str, tuple[Statement, ...]]) -> tuple[str, ...]:
    """At most eight themes, each once: what the funds are before what is said about them."""
    return tuple(dict.fromkeys((*_of_funds(setting), *_of_sections(statements))))[:MOST]


def _of_funds(setting: Setting) -> Iterator[str]:
    for ticker in setting.tickers:
        fund = setting.funds.get(ticker)
        if fund is None:
            continue
        if fund.asset_class in _CLASSES:
            yield _CLASSES[fund.asset_class]
        described = f"{fund.category or ''} {fund.index or ''}".lower()
        yield from (theme for word, theme in _SIZES if word in described)
        sector = setting.measurements.find(ticker, "largest_sector")
        if sector is not None and isinstance(sector.value, str):
            weight = sector.details.get("weight")
            if isinstance(weight, float) and weight >= DOMINANT:
                yield sector.value


def _of_sections(statements: Mapping[str, tuple[Statement, ...]]) -> Iterator[str]:
    for section, theme in _SECTIONS.items():
        if statements.get(section):
            yield theme
