"""Finds the reader that a holdings file's content asks for."""

from __future__ import annotations

from collections.abc import Callable

from reportgen.sources._raw import RawFile, refuse_markup
from reportgen.sources.holdings import _invesco, _ishares, _nport, _plain, _ssga
from reportgen.sources.holdings._lines import HoldingsFile
from reportgen.sources.holdings._xlsx import is_workbook

Reader = Callable[[RawFile, str], HoldingsFile | None]

_STRUCTURED: tuple[Reader, ...] = (_ssga.read, _nport.read, _invesco.read_json)
_TABLES: tuple[Reader, ...] = (_ishares.read, _invesco.read_csv, _plain.read)


def read_holdings(raw: RawFile, ticker: str) -> HoldingsFile:
    """A fund's holdings from a file of any known format, told by its content and never by its name.

    Raises DataError for a web page, for a file of no known format, and for holdings that contradict themselves.
    """
    found = _first(_STRUCTURED, raw, ticker)
    if found is not None:
        return found
    if not is_workbook(raw):
        refuse_markup(raw)
        found = _first(_TABLES, raw, ticker)
    if found is not None:
        return found
    raise raw.error(
        "This is no holdings file of a known format.",
        fix="Give the issuer's own file, or a table with the columns Name, Ticker and Weight.",
    )


def _first(readers: tuple[Reader, ...], raw: RawFile, ticker: str) -> HoldingsFile | None:
    return next((found for reader in readers if (found := reader(raw, ticker)) is not None), None)
