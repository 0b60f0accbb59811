"""A plain table of holdings: a name or ticker, a weight, and what else is there. The day is in it or in its name."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from reportgen.model import Holding
from reportgen.sources._days import parse_day
from reportgen.sources._raw import RawFile
from reportgen.sources.holdings._lines import (
    HoldingsFile,
    Table,
    find_table,
    finished,
    identifier,
    number,
    sector_name,
)

_NAMES = ("name", "holding", "security", "description", "issuer", "company")
_WEIGHTS = ("weight", "weight (%)", "weight %", "% weight", "weighting", "% of net assets", "percent")
_VALUES = ("market value", "marketvalue", "market value ($)", "value")
_DAYS = ("date", "as of", "as_of", "asof")
_CLASSES = ("asset class", "type", "security type", "class")
_DAY_IN_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})")
_NOT_EQUITY = ("cash", "future", "money market", "swap", "option", "bond", "forward", "fixed income", "currency")


def read(raw: RawFile, ticker: str) -> HoldingsFile | None:
    """The fund's holdings, or None when there is no header with a weight and a name or ticker.

    Weights are fractions when they sum to one and percent when they sum to a hundred; else DataError.
    """
    table = _table(raw)
    if table is None:
        return None
    rows, days = [], set()
    for line, record in table.records():
        name = _first(record, _NAMES) or identifier(record.get("ticker"))
        if name is None:
            continue
        day = _first(record, _DAYS)
        days.add(parse_day(day, american=True) if day else None)
        value = _first(record, _VALUES)
        rows.append(
            Holding(
                name=name,
                weight=number(raw, _first(record, _WEIGHTS) or "", line, "weight"),
                ticker=identifier(record.get("ticker") or record.get("symbol")),
                cusip=identifier(record.get("cusip")),
                isin=identifier(record.get("isin")),
                sector=sector_name(record.get("sector")),
                market_value=number(raw, value, line, "market value") if value else None,
                is_equity=not any(word in (_first(record, _CLASSES) or "").lower() for word in _NOT_EQUITY),
            )
        )
    total = math.fsum(row.weight for row in rows)
    scale = 100.0 if 90 <= total <= 110 else 1.0
    fractions = [replace(row, weight=row.weight / scale) for row in rows]
    return finished(
        raw, ticker, _as_of(raw, days), fractions, "as stated in the file" if _sectors(fractions) else None, "own"
    )


def _sectors(rows: list[Holding]) -> bool:
    return any(row.sector for row in rows)


def _table(raw: RawFile) -> Table | None:
    for weight in _WEIGHTS:
        for name in (*_NAMES, "ticker", "symbol"):
            table = find_table(raw, (name, weight))
            if table is not None:
                return table
    return None


def _first(record: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((found for name in names if (found := identifier(record.get(name)))), None)


def _as_of(raw: RawFile, days: set[date | None]) -> date:
    if len(days) == 1 and (day := next(iter(days))) is not None:
        return day
    match = _DAY_IN_NAME.search(raw.path.name)
    day = parse_day(match[1]) if match else None
    if day is None:
        raise raw.error(
            "The holdings are of no single day that the file names.",
            fix="Add a column Date, or put the day into the file's name, as in IWM_2026-05-05.csv.",
        )
    return day
