"""Invesco's holdings: the CSV file with the fund's ticker in every line, and the newer JSON."""

from __future__ import annotations

from reportgen.model import Holding
from reportgen.sources._days import parse_day
from reportgen.sources._raw import RawFile
from reportgen.sources._values import finite, parsed_json, shown
from reportgen.sources.holdings._lines import (
    LARGEST,
    HoldingsFile,
    find_table,
    finished,
    identifier,
    number,
    sector_name,
)

_HEADER = ("fund ticker", "holding ticker", "marketvalue", "weight", "name", "date")
_NOT_EQUITY = (
    "cash",
    "currency",
    "money market",
    "future",
    "forward",
    "swap",
    "option",
    "bond",
    "note",
    "bill",
    "repo",
)


def read_csv(raw: RawFile, ticker: str) -> HoldingsFile | None:
    """The fund's holdings, or None when this is not such a file. Weights are in percent; tickers trail a blank.

    Raises DataError when the lines are another fund's or of several days.
    """
    table = find_table(raw, _HEADER)
    if table is None:
        return None
    rows, days = [], set()
    for line, record in table.records():
        if record["fund ticker"].upper() != ticker:
            raise raw.error(f"The line is of the fund {record['fund ticker']}, not of {ticker}.", line=line)
        days.add(parse_day(record["date"], american=True))
        rows.append(
            Holding(
                name=record["name"],
                weight=number(raw, record["weight"], line, "Weight") / 100,
                ticker=identifier(record["holding ticker"]),
                cusip=identifier(record.get("security identifier")),
                sector=sector_name(record.get("sector")),
                market_value=number(raw, record["marketvalue"], line, "MarketValue"),
                is_equity=_is_equity(record.get("class of shares", "")),
            )
        )
    day = days.pop() if len(days) == 1 else None
    if day is None:
        raise raw.error("The column Date does not name one day.", fix="Download the file again.")
    return finished(raw, ticker, day, rows, "GICS", "invesco")


def _is_equity(kind: str) -> bool:
    return not any(word in kind.lower() for word in _NOT_EQUITY)


def read_json(raw: RawFile, ticker: str) -> HoldingsFile | None:
    """The fund's holdings from Invesco's JSON, or None when this is not such a file. Weights are in percent."""
    if not raw.content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return None
    data = parsed_json(raw, "holdings")
    if not isinstance(data, dict) or "effectiveDate" not in data or not isinstance(data.get("holdings"), list):
        return None
    day = parse_day(text[:10]) if isinstance(text := data["effectiveDate"], str) else None
    if day is None:
        raise raw.error(f"effectiveDate is not a date: {shown(data['effectiveDate'])}.", fix="Download the file again.")
    rows = [_row(raw, i, line) for i, line in enumerate(data["holdings"], start=1)]
    stated = data.get("totalNumberOfHoldings")
    if isinstance(stated, int) and stated != len(rows):
        raise raw.error(f"The file names {shown(stated)} holdings and lists {len(rows)}.", fix="Download all of them.")
    return finished(raw, ticker, day, rows, "GICS", "invesco")


def _row(raw: RawFile, position: int, line: object) -> Holding:
    if not isinstance(line, dict):
        raise raw.error(f"Holding {position} is not an object.", fix="Download the file again.")
    weight = finite(line.get("percentageOfTotalNetAssets"))
    name = line.get("issuerName") or line.get("securityName") or line.get("name")
    if weight is None or not isinstance(name, str):
        raise raw.error(f"Holding {position} has no name or no percentageOfTotalNetAssets.", fix="Download it again.")
    value = finite(line.get("marketValueBase", line.get("marketValue")))
    if abs(weight) > LARGEST or abs(value or 0.0) > LARGEST:
        raise raw.error(f"Holding {position} has a weight or value that no holding has.", fix="Download it again.")
    return Holding(
        name=name.strip(),
        weight=weight / 100,
        ticker=identifier(_word(line, "ticker")),
        cusip=identifier(_word(line, "cusip")),
        isin=identifier(_word(line, "isin")),
        sector=sector_name(_word(line, "sectorName") or _word(line, "sector")),
        market_value=value,
        is_equity=_is_equity(_word(line, "securityTypeName") or ""),
    )


def _word(line: dict[str, object], key: str) -> str | None:
    value = line.get(key)
    return value if isinstance(value, str) else None
