"""iShares' holdings file: metadata, a line with one no-break space, the table, and a legal footer."""

from __future__ import annotations

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

_HEADER = ("name", "sector", "asset class", "market value", "weight (%)")


def read(raw: RawFile, ticker: str) -> HoldingsFile | None:
    """The fund's holdings, or None when this is not such a file.

    Asset Class decides what is equity: escrow lines and rights count, futures and cash do not. Printed weights are
    rounded to a hundredth of a percent, a tenth of a small-company fund's lines to zero, so weights come from values.
    """
    table = find_table(raw, _HEADER)
    if table is None:
        return None
    rows = [
        Holding(
            name=record["name"],
            weight=number(raw, record["weight (%)"], line, "Weight (%)") / 100,
            ticker=identifier(record.get("ticker")),
            cusip=identifier(record.get("cusip")),
            isin=identifier(record.get("isin")),
            sector=sector_name(record["sector"]),
            market_value=number(raw, record["market value"], line, "Market Value"),
            is_equity=record["asset class"].lower() == "equity",
        )
        for line, record in table.records()
    ]
    return finished(raw, ticker, _as_of(raw, table), rows, "GICS", "ishares")


def _as_of(raw: RawFile, table: Table) -> date:
    for row in table.before:
        if len(row) >= 2 and "as of" in row[0].lower():
            day = parse_day(row[1], american=True)
            if day is not None:
                return day
    raise raw.error('No line "Fund Holdings as of" dates the holdings.', fix="Download the file again.")
