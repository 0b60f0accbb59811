"""Fund facts as Yahoo words them, one JSON file a fund: units are turned into ours here and nowhere else."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from reportgen.errors import Issue
from reportgen.model import Fund, FundFact, Holding, Holdings
from reportgen.sources._classes import asset_class_of, leverage_of
from reportgen.sources._days import parse_day
from reportgen.sources._raw import RawFile

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
_NOT_FUNDS = {"EQUITY": "a single stock", "INDEX": "an index", "CURRENCY": "a currency", "CRYPTOCURRENCY": "a coin",
              "FUTURE": "a future", "OPTION": "an option"}  # fmt: skip
_CASH_NAMES = ("money market", "cash fund", "csh fnd", "treasury sl agency", "liquidity fund", "government obligations")
_DEAREST = 0.2


@dataclass(frozen=True, slots=True)
class FundProfile:
    """What one file says about a fund. `refused` says why it cannot be compared, where it cannot."""

    fund: Fund
    as_of: date | None = None
    holdings: Holdings | None = None
    issues: tuple[Issue, ...] = ()
    refused: str | None = None


def read_fund_json(raw: RawFile, ticker: str) -> FundProfile:
    """A fund's profile. expenseRatio is in percent points, yield and weights are fractions, totalAssets dollars.

    Raises DataError for text that is not JSON, or not a fund's.
    """
    data = _parsed(raw)
    as_of = _fetched(data)
    issues: list[Issue] = []
    name = _text(data, "longName") or _text(data, "shortName") or ticker
    category = _text(data, "category")
    fund = Fund(
        ticker=ticker,
        name=name,
        asset_class=asset_class_of(category, name),
        issuer=_text(data, "fundFamily"),
        category=category,
        inception=_inception(data),
        currency=_text(data, "currency") or "USD",
        leverage=leverage_of(name),
        facts=_facts(raw, ticker, data, as_of, issues),
    )
    holdings = _holdings(raw, fund, data, as_of, issues)
    kind = (_text(data, "quoteType") or "").upper()
    return FundProfile(fund, as_of, holdings, tuple(issues), _NOT_FUNDS.get(kind))


def _parsed(raw: RawFile) -> Mapping[str, Any]:
    try:
        data = json.loads(raw.text)
    except (json.JSONDecodeError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        raise raw.error(
            "The fund facts are not JSON.", line=line, fix="Download the file again or remove it."
        ) from None
    if not isinstance(data, dict):
        raise raw.error("The fund facts are not a JSON object.", fix="One file describes one fund.")
    return data


def _text(data: Mapping[str, Any], key: str) -> str | None:
    value = data.get(key)
    return " ".join(value.split()) or None if isinstance(value, str) else None


def _number(data: Mapping[str, Any], key: str) -> float | None:
    value = data.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def _fetched(data: Mapping[str, Any]) -> date | None:
    text = _text(data, "fetchedAt")
    return parse_day(text[:10]) if text else None


def _inception(data: Mapping[str, Any]) -> date | None:
    seconds = _number(data, "fundInceptionDate")
    if seconds is None or not -2e9 < seconds < 4e9:
        return None
    return datetime.fromtimestamp(seconds, UTC).date()


def _facts(
    raw: RawFile, ticker: str, data: Mapping[str, Any], as_of: date | None, issues: list[Issue]
) -> dict[str, FundFact]:
    facts = {}
    ratio = _number(data, "expenseRatio")
    if ratio is not None and 0 <= ratio / 100 <= _DEAREST:
        facts["expense_ratio"] = FundFact(round(ratio / 100, 8), "fraction", as_of, raw.name)
    elif ratio is not None:
        issues.append(_strange(raw, ticker, f"an expense ratio of {ratio:g} percent"))
    paid = _number(data, "yield")
    if paid is not None and 0 <= paid <= 1:
        facts["provider_yield"] = FundFact(paid, "fraction", as_of, raw.name)
    elif paid is not None:
        issues.append(_strange(raw, ticker, f"a yield of {paid:g}, which should be a fraction"))
    assets = _number(data, "totalAssets")
    if assets is not None and assets > 0:
        facts["net_assets"] = FundFact(assets, "usd", as_of, raw.name)
    return facts


def _strange(raw: RawFile, ticker: str, what: str) -> Issue:
    return Issue("warning", "strange-fund-fact", ticker, f"The provider states {what}; it is not used.", raw.name)


def _holdings(
    raw: RawFile, fund: Fund, data: Mapping[str, Any], as_of: date | None, issues: list[Issue]
) -> Holdings | None:
    """The provider's ten largest lines and its sector weights, where they can be meant."""
    rows = _rows(data)
    sectors = _sectors(data)
    if as_of is None or not (rows or sectors):
        return None
    if fund.asset_class == "bond" and sectors:
        message = f"The provider calls this bond fund {_largest(sectors)}; sectors of shares say nothing about bonds."
        issues.append(Issue("warning", "absurd-sector-weights", fund.ticker, message, raw.name))
        sectors = {}
    if fund.asset_class in ("bond", "leveraged", "commodity") and len(rows) < 10:
        if rows:
            message = f"The provider lists {len(rows)} of the fund's holdings, which need not be its largest positions."
            issues.append(Issue("note", "partial-holdings", fund.ticker, message, raw.name))
        return None
    return Holdings(fund.ticker, as_of, rows, "top-10", raw.name, TAXONOMY, sectors)


def _rows(data: Mapping[str, Any]) -> tuple[Holding, ...]:
    rows = []
    for line in data.get("topHoldings") or ():
        if not isinstance(line, dict):
            continue
        weight, name = _number(line, "weight"), _text(line, "name")
        if weight is None or not 0 < weight <= 1 or name is None:
            continue
        is_equity = not any(word in name.lower() for word in _CASH_NAMES)
        rows.append(Holding(name, weight, _text(line, "symbol"), is_equity=is_equity))
    return tuple(sorted(rows, key=lambda row: -row.weight)[:10])


def _sectors(data: Mapping[str, Any]) -> dict[str, float]:
    stated = data.get("sectorWeightings")
    if not isinstance(stated, dict):
        return {}
    weights = {_SECTORS.get(key, key.replace("_", " ").title()): _number(stated, key) for key in stated}
    return {name: weight for name, weight in weights.items() if weight is not None and 0 < weight <= 1}


def _largest(sectors: Mapping[str, float]) -> str:
    name = max(sectors, key=lambda sector: sectors[sector])
    return f"{100 * sectors[name]:.1f}% {name}"
