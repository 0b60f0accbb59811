"""A provider's ten largest lines and its sector weights, where they add up to what they can be."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from reportgen.model import Holding
from reportgen.sources._values import finite, words

TAXONOMY = "Morningstar"
_SECTORS: Mapping[str, str] = {
    "realestate": "Real Estate",
    "consumer_cyclical": "Consumer Cyclical",
    "basic_materials": "Basic Materials",
    "consumer_defensive": "Consumer Defensive",
    "technology": "Technology",
    "communication_services": "Communication Services",
    "financial_services": "Financial Services",
    "utilities": "Utilities",
    "industrials": "Industrials",
    "energy": "Energy",
    "healthcare": "Healthcare",
}
_CASH_NAMES = ("money market", "cash fund", "csh fnd", "treasury sl agency", "liquidity fund", "government obligations")
# Real sector weights sum to one as printed; ten lines sum to no more than one, but for rounding.
_LEAST_SECTORS, _MOST_SECTORS, _MOST_LINES = 0.9, 1.05, 1.005


def largest_lines(data: Mapping[str, Any]) -> tuple[tuple[Holding, ...], str | None]:
    """The lines, the largest first, ten at most; none where they sum to more than the fund, with what is wrong."""
    stated = data.get("topHoldings")
    rows = [row for line in stated if (row := _line(line))] if isinstance(stated, list) else []
    largest = tuple(sorted(rows, key=lambda row: -row.weight)[:10])
    total = math.fsum(row.weight for row in largest)
    if total > _MOST_LINES:
        return (), f"its {len(largest)} largest holdings as {100 * total:.1f}% of the fund"
    return largest, None


def _line(line: object) -> Holding | None:
    if not isinstance(line, dict):
        return None
    weight, name, symbol = finite(line.get("weight")), line.get("name"), line.get("symbol")
    name = words(name) if isinstance(name, str) else ""
    if weight is None or not 0 < weight <= 1 or not name:
        return None
    is_equity = not any(word in name.lower() for word in _CASH_NAMES)
    return Holding(name, weight, (words(symbol) or None) if isinstance(symbol, str) else None, is_equity=is_equity)


def sector_weights(data: Mapping[str, Any]) -> tuple[dict[str, float], str | None]:
    """Weights by sector as fractions; none where they do not add up to a fund, with what is wrong."""
    stated = data.get("sectorWeightings")
    if not isinstance(stated, dict):
        return {}, None
    found = {_SECTORS.get(key, words(key.replace("_", " ")).title()): finite(stated[key]) for key in stated}
    weights = {name: weight for name, weight in found.items() if name and weight is not None and 0 < weight <= 1}
    total = math.fsum(weights.values())
    if weights and not _LEAST_SECTORS <= total <= _MOST_SECTORS:
        return {}, f"sector weights that sum to {100 * total:.1f}% and not to 100%"
    return weights, None


def largest_sector(sectors: Mapping[str, float]) -> str:
    """The largest sector in words, with its weight."""
    name = max(sectors, key=lambda sector: sectors[sector])
    return f"{100 * sectors[name]:.1f}% {name}"
