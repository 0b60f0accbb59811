"""Rates and the volatility index from FRED's public table of a graph, which needs no key."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from reportgen.errors import DataError, MalformedError
from reportgen.sources._rates import KNOWN, read_rate
from reportgen.sources._raw import RawFile
from reportgen.sources._web import Web

SERIES = ("DGS3MO", "DGS10", "VIXCLS")
"""What is fetched. The high-yield spread is ICE's, for personal use only and not needed: take it from a local file."""


def address(series: str, start: date, end: date) -> str:
    """Where the table of a series lies, from one day to another."""
    return f"https://fred.stlouisfed.org/graph/fredgraph.csv?id={series}&cosd={start}&coed={end}"


def fetch_series(web: Web, series: str, start: date, end: date) -> bytes:
    """The table, once it reads as one. Raises NetworkError where it cannot be had, MalformedError where it is none."""
    content = web.get(address(series, start, end))
    try:
        read_rate(RawFile(Path(series), f"{series}.csv", content), *KNOWN[series])
    except DataError as error:
        raise MalformedError(f"FRED's table of {series}: {error.what}", fix="Run the command again later.") from None
    return content
