"""Which column of a price file is what: the names that Yahoo, yfinance, Stooq and Alpha Vantage give them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from reportgen.sources._raw import RawFile
from reportgen.sources._values import uppercase

Column = Literal["date", "close", "adjusted", "volume", "distributions", "capital gains", "splits"]
Provider = Literal["yahoo", "stooq", "alpha_vantage", "own"]

_NAMES: Mapping[str, Column] = {
    "date": "date",
    "datetime": "date",
    "timestamp": "date",
    "index": "date",
    "close": "close",
    "adjclose": "adjusted",
    "adjustedclose": "adjusted",
    "adjustedcloseprice": "adjusted",
    "volume": "volume",
    "vol": "volume",
    "dividends": "distributions",
    "dividend": "distributions",
    "dividendamount": "distributions",
    "distributions": "distributions",
    "distribution": "distributions",
    "capitalgains": "capital gains",
    "stocksplits": "splits",
    "splitcoefficient": "splits",
}
_FIELD_WORDS = frozenset({"open", "high", "low", *_NAMES})
_UNQUOTED_NOISE = re.compile(r"^\d+[a-z]?\. |[\s_<>*.-]+|\(.*?\)")
_HEADER_LINES = 40


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a price file's table begins and what its columns are.

    columns: position of each known column. lines: how many lines stand before the data. width: how many columns the
    header names. tickers: all that the file holds, where it holds several.
    """

    columns: Mapping[Column, int]
    lines: int
    delimiter: str
    provider: Provider
    width: int
    tickers: tuple[str, ...] = ()


def _plain(name: str) -> str:
    return _UNQUOTED_NOISE.sub("", name.strip().lower().lstrip("\ufeff"))


def layout_of(raw: RawFile, ticker: str) -> Layout:
    """The layout of a price file, for the ticker's columns where it holds several tickers.

    Raises DataError when there is no header with a date and a close, when a column comes twice, and when the file
    holds other tickers only.
    """
    lines = raw.text.splitlines()[:_HEADER_LINES]
    delimiter = _delimiter(lines)
    rows = list(csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter))
    for i, row in enumerate(rows):
        if i + 1 < len(rows) and _is_two_level(row, rows[i + 1]):
            return _two_level(raw, rows, i, delimiter, ticker)
        names = [_plain(name) for name in row]
        known = [name for name in names if name in _FIELD_WORDS]
        if len(known) >= 2:
            columns = _positions(raw, list(enumerate(names)), i + 1)
            return Layout(columns, i + 1, delimiter, _provider(names), len(row))
    raise raw.error(
        "No header with a date and a close was found.", fix="The first line must name the columns, as in Date,Close."
    )


def layout_of_names(raw: RawFile, names: Sequence[str]) -> Layout:
    """The layout of a table whose columns are already told apart. Raises DataError as `layout_of` does."""
    plain = [_plain(name) for name in names]
    return Layout(_positions(raw, list(enumerate(plain)), None), 0, "", _provider(plain), len(names))


def _delimiter(lines: Sequence[str]) -> str:
    head = next((line for line in lines if line.strip()), "")
    return max(",;\t", key=head.count)


def _positions(raw: RawFile, names: Sequence[tuple[int, str]], line: int | None) -> dict[Column, int]:
    columns: dict[Column, int] = {}
    for position, name in names:
        column = _NAMES.get(name)
        if column is None:
            continue
        if column in columns:
            raise raw.error(f"The column {column} comes twice.", line=line, fix="Keep one of them.")
        columns[column] = position
    if "date" not in columns:
        raise raw.error("There is no column of dates.", line=line, fix="Name it Date.")
    if "close" not in columns and "adjusted" not in columns:
        raise raw.error("There is no column of closes.", line=line, fix="Name it Close.")
    return columns


def _provider(names: Sequence[str]) -> Provider:
    """Whose shape the columns have; a file of no known shape is the user's own."""
    if "splitcoefficient" in names or "dividendamount" in names or "timestamp" in names:
        return "alpha_vantage"
    if "openint" in names or "per" in names:
        return "stooq"
    if "adjclose" in names or "stocksplits" in names:
        return "yahoo"
    return "own"


def _is_two_level(row: Sequence[str], below: Sequence[str]) -> bool:
    """yfinance writes fields over tickers, or tickers over fields, and the name of the dates in a third line."""
    if len(row) < 2 or len(row) != len(below):
        return False
    upper, lower = {_plain(name) for name in row[1:]}, {_plain(name) for name in below[1:]}
    fields_above, fields_below = upper <= _FIELD_WORDS, lower <= _FIELD_WORDS
    return fields_above != fields_below and _plain(row[0]) in {"price", "ticker", ""}


def _two_level(raw: RawFile, rows: Sequence[Sequence[str]], top: int, delimiter: str, ticker: str) -> Layout:
    upper, lower = rows[top], rows[top + 1]
    fields_above = {_plain(name) for name in upper[1:]} <= _FIELD_WORDS
    fields, tickers = (upper, lower) if fields_above else (lower, upper)
    held = tuple(dict.fromkeys(uppercase(name.strip()) for name in tickers[1:]))
    if ticker not in held:
        raise raw.error(f"The file holds {', '.join(held)}, not {ticker}.", line=top + 1)
    names = [(0, "date")]
    names += [(i, _plain(fields[i])) for i in range(1, len(fields)) if uppercase(tickers[i].strip()) == ticker]
    lines = top + 2
    # The third line names the dates and leaves the rest empty.
    if len(rows) > lines and not any(cell.strip() for cell in rows[lines][1:]):
        lines += 1
    return Layout(_positions(raw, names, top + 1), lines, delimiter, "yahoo", len(upper), held)
