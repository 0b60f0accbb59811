"""funds.toml: a publisher's own words about its funds, one table a ticker, in our units."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, get_args

from reportgen import calendar
from reportgen.errors import DataError
from reportgen.model import AssetClass, Fund, FundFact, Unit
from reportgen.sources._base import PriceBasis, nearest
from reportgen.sources._classes import asset_class_of, leverage_of
from reportgen.sources._raw import RawFile
from reportgen.sources._values import LARGEST_CLOSE, SANE, finite, shown, uppercase, words

FACT_UNITS: Mapping[str, Unit] = {
    "expense_ratio": "fraction",
    "provider_yield": "fraction",
    "net_assets": "usd",
    "holdings_count": "count",
}
IDENTITY = ("name", "issuer", "index", "category", "asset_class", "inception", "currency", "leverage")
_KEYS = (*IDENTITY, *FACT_UNITS, "basis", "as_of", "source")
_PERCENT = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*%\s*")
# A larger fraction is a percentage whose sign was forgotten: the dearest fund costs an eighth of its assets a year.
_LARGEST = {"expense_ratio": 0.15, "provider_yield": 1.0}


@dataclass(frozen=True, slots=True)
class FundEntry:
    """One table of funds.toml: names said, facts said, the basis of the closes, the day of the facts."""

    said: Mapping[str, object]
    facts: Mapping[str, FundFact]
    basis: PriceBasis | None
    as_of: date | None

    def over(self, fund: Fund) -> Fund:
        """The fund under the names said here, with the facts said here alone."""
        return with_identity(replace(fund, facts=self.facts), self.said)


def read_funds_toml(raw: RawFile, data: Mapping[str, Any]) -> Mapping[str, FundEntry]:
    """Every fund described, by ticker. Raises DataError for an unknown key or a value of the wrong kind."""
    found: dict[str, FundEntry] = {}
    for name, table in data.items():
        ticker = uppercase(name)
        if ticker in found:
            raise raw.error(f"[{ticker}] comes twice, once in small letters.", fix="Keep one of the two tables.")
        found[ticker] = _entry(raw, ticker, table)
    return found


def _entry(raw: RawFile, ticker: str, table: object) -> FundEntry:
    if not isinstance(table, dict):
        raise raw.error(f"{ticker} is not a table.", fix=f"Begin it with [{ticker}].")
    for key in table:
        if key not in _KEYS:
            raise raw.error(f"[{ticker}] has the unknown key {key!r}.", fix=_near(key))
    as_of = checked(raw, ticker, "as_of", table.get("as_of")) if "as_of" in table else None
    assert as_of is None or isinstance(as_of, date)
    facts = {
        name: FundFact(checked(raw, ticker, name, table[name]), unit, as_of, raw.name)
        for name, unit in FACT_UNITS.items()
        if name in table
    }
    said = {name: checked(raw, ticker, name, table[name]) for name in IDENTITY if name in table}
    return FundEntry(said, facts, _basis(raw, ticker, table.get("basis")), as_of)


def _near(key: str) -> str:
    alike = nearest(key, _KEYS, most=1)
    return f"Did you mean {alike[0]}?" if alike else f"Known are {', '.join(_KEYS)}."


def with_identity(fund: Fund, said: Mapping[str, object]) -> Fund:
    """The fund under the names said; class and multiple follow from category and name where they are not said."""
    merged: dict[str, Any] = {name: said.get(name, getattr(fund, name)) for name in IDENTITY}
    if "asset_class" not in said and ("category" in said or fund.asset_class == "unknown"):
        merged["asset_class"] = asset_class_of(merged["category"], merged["name"])
    if "leverage" not in said and fund.leverage is None:
        merged["leverage"] = leverage_of(merged["name"])
    return Fund(fund.ticker, **merged, facts=fund.facts)


def checked(raw: RawFile, ticker: str, name: str, value: object) -> float | str | date:
    """A value of the kind that its key asks for. Raises DataError; a fraction may be written "0.19%"."""
    if name in ("inception", "as_of", "day"):
        if isinstance(value, date) and not isinstance(value, datetime) and calendar.FIRST <= value <= calendar.LAST:
            return value
        raise _wrong(raw, ticker, name, value, "a date, as in 2026-03-27")
    if name in ("leverage", "amount") or name in FACT_UNITS:
        return _number(raw, ticker, name, value)
    if not isinstance(value, str) or not words(value):
        raise _wrong(raw, ticker, name, value, "words in quotation marks")
    if name == "asset_class" and value not in get_args(AssetClass):
        raise _wrong(raw, ticker, name, value, f"one of {', '.join(get_args(AssetClass))}")
    return words(value)


def _number(raw: RawFile, ticker: str, name: str, value: object) -> float:
    percent = _PERCENT.fullmatch(value) if isinstance(value, str) else None
    if percent and FACT_UNITS.get(name) == "fraction":
        value = round(float(percent[1]) / 100, 10)
    number = finite(value)
    if number is None:
        raise _wrong(raw, ticker, name, value, "a number")
    if name != "leverage" and number < 0:
        raise _wrong(raw, ticker, name, value, "a number of at least zero")
    if number > _LARGEST.get(name, float("inf")):
        raise _wrong(raw, ticker, name, value, 'a fraction: write 0.0019 or "0.19%" for 0.19 percent')
    least, most = SANE.get(name, (0.0, LARGEST_CLOSE))
    if not least <= number <= most:
        raise _wrong(raw, ticker, name, value, f"from {least:,.0f} to {most:,.0f}")
    if name == "holdings_count" and not number.is_integer():
        raise _wrong(raw, ticker, name, value, "a whole number")
    return number


def _wrong(raw: RawFile, ticker: str, name: str, value: object, wanted: str) -> DataError:
    return raw.error(f"{ticker}: {name} is {shown(value)}.", fix=f"It must be {wanted}.")


def _basis(raw: RawFile, ticker: str, value: object) -> PriceBasis | None:
    if value is None or (isinstance(value, str) and value in get_args(PriceBasis)):
        return value  # type: ignore[return-value]
    raise _wrong(raw, ticker, "basis", value, '"price" or "total return"')
