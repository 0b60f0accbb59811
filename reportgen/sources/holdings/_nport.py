"""SEC filings of form N-PORT: every line with its share of net assets in percent, tickers mostly absent."""

from __future__ import annotations

from datetime import date
from xml.etree.ElementTree import Element

from reportgen.model import Holding
from reportgen.sources._days import parse_day
from reportgen.sources._raw import RawFile
from reportgen.sources.holdings._lines import HoldingsFile, finished, identifier, number
from reportgen.sources.holdings._xlsx import parse_xml

_SPACE = "{http://www.sec.gov/edgar/nport}"
_EQUITY = frozenset({"EC", "EP"})  # common and preferred


def read(raw: RawFile, ticker: str) -> HoldingsFile | None:
    """The fund's holdings, or None when this is no N-PORT filing. The day is repPdDate; repPdEnd is the fiscal year's.

    A blank line may stand before the XML declaration.
    """
    if b"edgar/nport" not in raw.content[:4096]:
        return None
    root = parse_xml(raw, raw.content)
    if not root.tag.startswith(_SPACE):
        return None
    lines = list(root.iter(f"{_SPACE}invstOrSec"))
    rows = [_row(raw, position, line) for position, line in enumerate(lines, start=1)]
    return finished(raw, ticker, _as_of(raw, root), rows, None, "sec", by_value=False)


def _row(raw: RawFile, position: int, line: Element) -> Holding:
    def text(name: str) -> str:
        return (line.findtext(f"{_SPACE}{name}") or "").strip()

    def value_of(name: str) -> str | None:
        found = line.find(f"{_SPACE}identifiers/{_SPACE}{name}")
        return identifier(found.get("value")) if found is not None else None

    name = identifier(text("title")) or identifier(text("name"))
    if name is None:
        raise raw.error(f"Holding {position} has no name.", fix="Download the filing again.")
    return Holding(
        name=name,
        weight=number(raw, text("pctVal"), position, "pctVal") / 100,
        ticker=value_of("ticker"),
        cusip=identifier(text("cusip")),
        isin=value_of("isin"),
        market_value=number(raw, text("valUSD"), position, "valUSD"),
        is_equity=text("assetCat") in _EQUITY,
    )


def _as_of(raw: RawFile, root: Element) -> date:
    day = parse_day(root.findtext(f".//{_SPACE}repPdDate") or "")
    if day is None:
        raise raw.error("The filing has no repPdDate.", fix="Download it again.")
    return day
