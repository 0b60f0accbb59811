"""Finds the reader that a holdings file's content asks for."""

from __future__ import annotations

from collections.abc import Callable

from reportgen.sources._raw import RawFile, refuse_markup
from reportgen.sources.holdings import _invesco, _ishares, _plain
from reportgen.sources.holdings._lines import HoldingsFile

Reader = Callable[[RawFile, str], HoldingsFile | None]

_TEXT_READERS: tuple[Reader, ...] = (_ishares.read, _invesco.read_csv, _plain.read)


def read_holdings(raw: RawFile, ticker: str) -> HoldingsFile:
    """A fund's holdings from a file of any known format, told by its content and never by its name.

    Raises DataError for a web page, for a file of no known format, and for holdings that contradict themselves.
    """
    found = _invesco.read_json(raw, ticker)
    if found is not None:
        return found
    refuse_markup(raw)
    for reader in _TEXT_READERS:
        found = reader(raw, ticker)
        if found is not None:
            return found
    raise raw.error(
        "This is no holdings file of a known format.",
        fix="Give the issuer's own file, or a table with the columns Name, Ticker and Weight.",
    )
