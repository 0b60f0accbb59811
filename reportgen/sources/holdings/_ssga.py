"""State Street's workbook: the fund's name, ticker and day above the table, legal text below it."""

from __future__ import annotations

import re
from datetime import date

from reportgen.model import Holding
from reportgen.sources._days import parse_day
from reportgen.sources._raw import RawFile
from reportgen.sources.holdings._lines import (
    HoldingsFile,
    Table,
    finished,
    identifier,
    number,
    sector_name,
    table_in,
)
from reportgen.sources.holdings._xlsx import first_sheet, is_workbook

_HEADER = ("name", "ticker", "identifier", "weight")
_AS_OF = re.compile(r"as of\s+(.+)", re.IGNORECASE)
_CASH = re.compile(r"\b(us dollar|cash|money market|government fund|future|treasury bill)\b", re.IGNORECASE)


def read(raw: RawFile, ticker: str) -> HoldingsFile | None:
    """The fund's holdings, or None when this is not such a workbook. Weights are percent, written as text.

    The table ends with the first row that has no weight. Raises DataError for another fund's workbook.
    """
    if not is_workbook(raw):
        return None
    table = table_in(first_sheet(raw), _HEADER)
    if table is None:
        return None
    _refuse_another(raw, table, ticker)
    rows = []
    for line, cells in table.rows:
        record = dict(zip(table.header, (*cells, *[""] * len(table.header)), strict=False))
        if identifier(record["name"]) is None or not record["weight"]:
            break
        rows.append(
            Holding(
                name=" ".join(record["name"].split()),
                weight=number(raw, record["weight"], line, "Weight") / 100,
                ticker=identifier(record["ticker"]),
                cusip=identifier(record["identifier"]),
                sector=sector_name(record.get("sector")),
                is_equity=_CASH.search(record["name"]) is None,
            )
        )
    taxonomy = "GICS" if any(row.sector for row in rows) else None
    return finished(raw, ticker, _as_of(raw, table), rows, taxonomy, "ssga")


def _refuse_another(raw: RawFile, table: Table, ticker: str) -> None:
    for row in table.before:
        if len(row) >= 2 and row[0].lower().startswith("ticker") and row[1].upper() != ticker:
            raise raw.error(f"The workbook is of the fund {row[1]}, not of {ticker}.", fix="Rename or remove it.")


def _as_of(raw: RawFile, table: Table) -> date:
    for row in table.before:
        for cell in row:
            match = _AS_OF.match(cell)
            day = parse_day(match[1], american=True) if match else None
            if day is not None:
                return day
    raise raw.error('No line "As of" dates the holdings.', fix="Download the workbook again.")
