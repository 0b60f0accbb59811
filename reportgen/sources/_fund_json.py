"""Fund facts as Yahoo words them, one JSON file a fund: units are turned into ours here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from reportgen.errors import Issue
from reportgen.model import Fund, FundFact, Holdings
from reportgen.sources._classes import asset_class_of, leverage_of
from reportgen.sources._days import parse_day
from reportgen.sources._provider_lines import TAXONOMY, largest_lines, largest_sector, sector_weights
from reportgen.sources._raw import RawFile
from reportgen.sources._values import SANE, finite, parsed_json, words

_NOT_FUNDS = {"EQUITY": "a single stock", "INDEX": "an index", "CURRENCY": "a currency", "CRYPTOCURRENCY": "a coin",
              "FUTURE": "a future", "OPTION": "an option"}  # fmt: skip
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
    data = parsed_json(raw, "fund facts")
    if not isinstance(data, dict):
        raise raw.error("The fund facts are not a JSON object.", fix="One file describes one fund.")
    return data


def _text(data: Mapping[str, Any], key: str) -> str | None:
    value = data.get(key)
    return words(value) or None if isinstance(value, str) else None


def _fetched(data: Mapping[str, Any]) -> date | None:
    text = _text(data, "fetchedAt")
    return parse_day(text[:10]) if text else None


def _inception(data: Mapping[str, Any]) -> date | None:
    seconds = finite(data.get("fundInceptionDate"))
    if seconds is None or not -2e9 < seconds < 4e9:
        return None
    return datetime.fromtimestamp(seconds, UTC).date()


def _facts(
    raw: RawFile, ticker: str, data: Mapping[str, Any], as_of: date | None, issues: list[Issue]
) -> dict[str, FundFact]:
    facts = {}
    ratio = finite(data.get("expenseRatio"))
    if ratio is not None and 0 <= ratio / 100 <= _DEAREST:
        facts["expense_ratio"] = FundFact(round(ratio / 100, 8), "fraction", as_of, raw.name)
    elif ratio is not None:
        issues.append(_strange(raw, ticker, f"an expense ratio of {ratio:g} percent"))
    paid = finite(data.get("yield"))
    if paid is not None and 0 <= paid <= 1:
        facts["provider_yield"] = FundFact(paid, "fraction", as_of, raw.name)
    elif paid is not None:
        issues.append(_strange(raw, ticker, f"a yield of {paid:g}, which should be a fraction"))
    assets = finite(data.get("totalAssets"))
    least, most = SANE["net_assets"]
    if assets is not None and least <= assets <= most:
        facts["net_assets"] = FundFact(assets, "usd", as_of, raw.name)
    elif assets is not None or isinstance(data.get("totalAssets"), int):
        issues.append(_strange(raw, ticker, f"net assets of {_dollars(assets)}, which no fund has"))
    return facts


def _dollars(assets: float | None) -> str:
    return "more dollars than there are" if assets is None else f"{assets:g} dollars"


def _strange(raw: RawFile, ticker: str, what: str) -> Issue:
    return Issue("warning", "strange-fund-fact", ticker, f"The provider states {what}; it is not used.", raw.name)


def _holdings(
    raw: RawFile, fund: Fund, data: Mapping[str, Any], as_of: date | None, issues: list[Issue]
) -> Holdings | None:
    """The provider's ten largest lines and its sector weights, where they can be meant."""
    (rows, odd_rows), (sectors, odd_sectors) = largest_lines(data), sector_weights(data)
    issues += [_strange(raw, fund.ticker, odd) for odd in (odd_rows, odd_sectors) if odd]
    if as_of is None or not (rows or sectors):
        return None
    if fund.asset_class == "bond" and sectors:
        message = f"The provider calls this bond fund {largest_sector(sectors)}; share sectors say nothing about bonds."
        issues.append(Issue("warning", "absurd-sector-weights", fund.ticker, message, raw.name))
        sectors = {}
    if fund.asset_class in ("bond", "leveraged", "commodity") and len(rows) < 10:
        if rows:
            message = f"The provider lists {len(rows)} of the fund's holdings, which need not be its largest positions."
            issues.append(Issue("note", "partial-holdings", fund.ticker, message, raw.name))
        return None
    return Holdings(fund.ticker, as_of, rows, "top-10", raw.name, TAXONOMY, sectors)
