"""The fields of a fund profile: whose they are, in which unit they are served, and whether they can be believed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, NamedTuple

from reportgen.errors import IncompleteError, Issue
from reportgen.sources._values import finite
from reportgen.sources.yahoo._market import Answer

ServedUnit = Literal["percent points", "fraction", "dollars", "epoch seconds", "text", "reciprocal"]
Leg = Literal["v10", "v7", "merged"]


class Field(NamedTuple):
    """One field of the merged answer: its key at Yahoo, the unit in which it is served, and ours in the file."""

    key: str
    unit: ServedUnit
    ours: str


FIELDS = (
    Field("netExpenseRatio", "percent points", "expenseRatio"),
    Field("yield", "fraction", "yield"),
    Field("totalAssets", "dollars", "totalAssets"),
    Field("fundInceptionDate", "epoch seconds", "fundInceptionDate"),
    Field("longName", "text", "longName"),
    Field("shortName", "text", "shortName"),
    Field("category", "text", "category"),
    Field("fundFamily", "text", "fundFamily"),
    Field("currency", "text", "currency"),
    Field("quoteType", "text", "quoteType"),
)
"""What is kept, under the names that `_fund_json` reads. Percent points stay what they are; the reader divides."""

CHECKS = {"dividendYield": "percent points", "Annual Report Expense Ratio": "fraction", "netAssets": "dollars"}
"""What only confirms a kept field, with the unit in which it is served."""

DISTRUSTED = ("ytdReturn", "marketCap", "sharesOutstanding", "trailingAnnualDividendYield")
"""What is never read: its unit or its meaning changes from fund to fund."""

# Keys that only one of the two merged answers has.
_OF_SUMMARY = ("fundFamily", "category", "legalType", "fundInceptionDate")
_OF_QUOTE = ("fullExchangeName", "sourceInterval", "typeDisp", "netExpenseRatio")
_RATIO_WITHIN = 0.02
_LARGEST_FACTOR = 10.0
# Both are of the same fund, if not of the same day.
_ASSETS_WITHIN = 1.5


@dataclass
class Profile:
    """A profile as it will be kept, and what was refused."""

    ticker: str
    kept: dict[str, Any] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)

    def refuse(self, ours: str, why: str) -> None:
        """Leave a field out and say so."""
        if self.kept.pop(ours, None) is not None:
            message = f"{why} The figure was left out."
            self.issues.append(Issue("warning", "strange-fund-fact", self.ticker, message))


def profile_of(ticker: str, answer: Answer, fetched: date, paid: float | None) -> tuple[bytes, tuple[Issue, ...]]:
    """The profile as a file that `_fund_json` reads, and what was refused.

    paid: the last twelve months' distributions over the last close, a fraction, where prices are known. Raises
    IncompleteError where one of the two answers that yfinance merges is missing, for units may have flipped then.
    """
    refuse_half(ticker, answer.info)
    kept = {f.ours: answer.info[f.key] for f in FIELDS if _fits(answer.info.get(f.key), f.unit)}
    profile = Profile(ticker, kept)
    _check_ratio(profile, answer)
    _check_yield(profile, answer, paid)
    _check_assets(profile, answer)
    lines = {"topHoldings": answer.fund.get("holdings", []), "sectorWeightings": answer.fund.get("sectors", {})}
    told = {"ticker": ticker, **profile.kept, **lines, "fetchedAt": fetched.isoformat()}
    return (json.dumps(told, indent=1, ensure_ascii=False) + "\n").encode(), tuple(profile.issues)


def refuse_half(ticker: str, info: Mapping[str, Any]) -> None:
    """Raises IncompleteError unless the merged answer has keys of both requests."""
    for name, keys in (("quoteSummary", _OF_SUMMARY), ("quote", _OF_QUOTE)):
        if not any(info.get(key) is not None for key in keys):
            what = f"Yahoo Finance's profile of {ticker} lacks its {name} half, so its units cannot be trusted."
            raise IncompleteError(what, fix="Run the command again later: only what is missing is asked for.")


def _fits(value: object, unit: ServedUnit) -> bool:
    return isinstance(value, str) and bool(value.strip()) if unit == "text" else finite(value) is not None


def _check_ratio(profile: Profile, answer: Answer) -> None:
    """The expense ratio must be a hundred times the other request's, which is a fraction."""
    stated = finite(profile.kept.get("expenseRatio"))
    other = finite(answer.fund.get("operations", {}).get("Annual Report Expense Ratio"))
    if stated is not None and other is not None and abs(stated - 100 * other) > _RATIO_WITHIN:
        why = f"The expense ratio is stated as {stated:g} percent and as {100 * other:g} percent."
        profile.refuse("expenseRatio", why)


def _check_yield(profile: Profile, answer: Answer, paid: float | None) -> None:
    """The yield is a fraction: it may not be many times what another field or the distributions say."""
    stated = finite(profile.kept.get("yield"))
    points = finite(answer.info.get("dividendYield"))
    for other, source in ((points and points / 100, "Yahoo's other field"), (paid, "the distributions")):
        if stated and other and not 1 / _LARGEST_FACTOR < stated / other < _LARGEST_FACTOR:
            why = f"The yield is stated as {100 * stated:g}%, and {source} say {100 * other:.2f}%."
            profile.refuse("yield", why)
            return


def _check_assets(profile: Profile, answer: Answer) -> None:
    stated, other = finite(profile.kept.get("totalAssets")), finite(answer.info.get("netAssets"))
    if stated and other and not 1 / _ASSETS_WITHIN < stated / other < _ASSETS_WITHIN:
        profile.refuse("totalAssets", f"Net assets are stated as {stated:,.0f} and as {other:,.0f} dollars.")
