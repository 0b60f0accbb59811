"""Price files: bytes become a history. What is wrong with single rows is an issue; what is wrong with all, an error."""

from __future__ import annotations

import csv
import io
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import Issue
from reportgen.model import DateArray, FloatArray, PriceHistory
from reportgen.sources._base import PriceBasis
from reportgen.sources._basis import decide_basis
from reportgen.sources._columns import Column, Layout, Provider, layout_of
from reportgen.sources._days import DayError, parse_days
from reportgen.sources._distributions import Paid, paid_out
from reportgen.sources._raw import RawFile, refuse_markup
from reportgen.sources._rows import clean_rows
from reportgen.sources._values import number_in, shown

_LARGEST_SPLIT = 1000.0
_INFINITE = frozenset({"inf", "infinity"})
_MISSING = frozenset({"", "NaN", "nan", "null", "None", "N/A", "n/a", "-", "NULL", "#N/A"})


@dataclass(frozen=True, eq=False)
class PriceFile:
    """A history as read, with what only the quality checks need.

    adjusted: the provider's adjusted close, where it can be held against closes and distributions. decided: days
    whose distribution was chosen or corrected, and need not fit it.
    """

    history: PriceHistory
    basis: PriceBasis
    provider: Provider
    adjusted: FloatArray | None
    issues: tuple[Issue, ...]
    decided: frozenset[date] = frozenset()


def read_prices(raw: RawFile, ticker: str, told: PriceBasis | None = None) -> PriceFile:
    """The history of one ticker in a CSV or Parquet file, oldest first.

    told: the basis of the closes, for a file that does not say it. Raises DataError, with the line where it can, for
    a file that is no price table, has no rows, mixes date forms, contradicts itself about a day, or whose basis
    cannot be told.
    """
    layout, days, columns = _read(raw, ticker)
    basis = decide_basis(raw.name, ticker, layout, told)
    rows = clean_rows(raw, ticker, days, _split_adjusted(raw, layout, days, columns), basis)
    if basis == "price":
        paid = paid_out(rows.columns, rows.close, rows.days, ticker)
    else:
        paid = Paid(np.zeros_like(rows.close), known=False)
    history = PriceHistory(
        ticker,
        rows.days,
        rows.close,
        paid.amounts,
        rows.columns.get("volume", np.full(rows.close.size, np.nan)),
        raw.name,
        paid.known,
        basis == "total return",
    )
    adjusted = rows.columns.get("adjusted") if basis == "price" and "distributions" in rows.columns else None
    return PriceFile(history, basis, layout.provider, adjusted, (*rows.issues, *paid.issues), paid.decided)


def read_columns(raw: RawFile, ticker: str) -> tuple[DateArray, Mapping[Column, FloatArray]]:
    """The file's days and columns as they stand, neither sorted nor checked."""
    _, days, columns = _read(raw, ticker)
    return days, columns


def _read(raw: RawFile, ticker: str) -> tuple[Layout, DateArray, Mapping[Column, FloatArray]]:
    if raw.content.startswith(b"PAR1"):
        from reportgen.sources._parquet import read_parquet

        return read_parquet(raw, ticker)
    refuse_markup(raw)
    layout = layout_of(raw, ticker)
    days, columns = _read_table(raw, layout)
    return layout, days, columns


def _read_table(raw: RawFile, layout: Layout) -> tuple[DateArray, dict[Column, FloatArray]]:
    """The columns as they stand in the file: at once where every cell is clean, else cell by cell."""
    lines = raw.text.splitlines()[layout.lines :]
    if not any(line.strip() for line in lines):
        raise raw.error("The file has a header and no rows.", fix="Download it again or remove it.")
    if max(map(str.count, lines, repeat(layout.delimiter))) >= layout.width:
        return _read_patiently(raw, layout)
    # Both ways read decimals exactly, on every machine; not every table reader promises that.
    kinds: list[tuple[Column, str]] = [(c, "U40" if c == "date" else "f8") for c in layout.columns]
    try:
        table = _loaded(raw.text, layout, kinds)
        days = parse_days(table["date"].tolist())
    except (ValueError, UserWarning):
        return _read_patiently(raw, layout)
    return days, {c: np.array(table[c]) for c in layout.columns if c != "date"}


def _loaded(text: str, layout: Layout, kinds: list[tuple[Column, str]]) -> NDArray[np.void]:
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        return np.loadtxt(
            io.StringIO(text),
            dtype=kinds,
            comments=None,
            delimiter=layout.delimiter,
            skiprows=layout.lines,
            usecols=list(layout.columns.values()),
            quotechar='"',
            ndmin=1,
        )


def _read_patiently(raw: RawFile, layout: Layout) -> tuple[DateArray, dict[Column, FloatArray]]:
    """Cell by cell, for what the fast way refuses. Raises DataError with the line of the first cell that is wrong."""
    lines, rows = _data_rows(raw, layout)
    needed = max(layout.columns.values()) + 1
    for line, row in zip(lines, rows, strict=True):
        if len(row) < needed:
            raise raw.error(
                f"The line has {len(row)} cells and should have {needed} or more.",
                line=line,
                fix="The file may be cut off: download it again.",
            )
        if any(cell.strip() for cell in row[layout.width :]):
            raise raw.error(
                f"The line has {len(row)} cells under a header of {layout.width}: a decimal comma may have cut one.",
                line=line,
                fix="Write decimals with a dot.",
            )
    try:
        days = parse_days([row[layout.columns["date"]].strip() for row in rows])
    except DayError as error:
        fix = "Write every date in one form, best YYYY-MM-DD."
        raise raw.error(error.what, line=lines[error.position], fix=fix) from None
    columns = {c: [row[p] for row in rows] for c, p in layout.columns.items() if c != "date"}
    return days, {c: _numbers(raw, c, cells, lines, layout.delimiter) for c, cells in columns.items()}


def _data_rows(raw: RawFile, layout: Layout) -> tuple[list[int], list[list[str]]]:
    """The rows below the header that hold anything, with their lines."""
    reader = csv.reader(io.StringIO(raw.text), delimiter=layout.delimiter)
    try:
        numbered = [(reader.line_num, row) for row in reader if row]
    except csv.Error as error:
        raise raw.error(f"The table cannot be read: {error}.", line=reader.line_num) from None
    kept = [(line, row) for line, row in numbered if line > layout.lines and any(cell.strip() for cell in row)]
    return [line for line, _ in kept], [row for _, row in kept]


def _numbers(raw: RawFile, column: Column, cells: Sequence[str], lines: Sequence[int], d: str) -> FloatArray:
    return np.array([_number(raw, cell.strip(), column, line, d) for cell, line in zip(cells, lines, strict=True)])


def _number(raw: RawFile, text: str, column: Column, line: int, delimiter: str) -> float:
    if text in _MISSING:
        return float("nan")
    if text.lstrip("+-").lower() in _INFINITE:
        return float(text)
    value = number_in(text.lstrip("$"), commas_separate=delimiter == ",")
    if value is not None:
        return value
    if "," in text:
        what = f"The comma in {shown(text)} (column {column}) may be a decimal comma, which would change every figure."
        raise raw.error(what, line=line, fix="Write decimals with a dot and leave out separators of thousands.")
    raise raw.error(f"{shown(text)} is not a number in the column {column}.", line=line, fix="Correct the line.")


def _split_adjusted(
    raw: RawFile, layout: Layout, days: DateArray, columns: Mapping[Column, FloatArray]
) -> Mapping[Column, FloatArray]:
    """Alpha Vantage serves closes as traded and split coefficients beside them; all others have applied the splits."""
    if layout.provider != "alpha_vantage" or "splits" not in columns:
        return columns
    splits = np.where(columns["splits"] > 0, columns["splits"], 1.0)
    wild = np.flatnonzero((splits < 1 / _LARGEST_SPLIT) | (splits > _LARGEST_SPLIT))
    if wild.size:
        raise raw.error(f"The split of {days[wild[0]]} is one in {splits[wild[0]]:g}.", fix="Correct the line.")
    order = np.argsort(days, kind="stable")
    later = np.ones_like(splits)
    later[order[:-1]] = np.cumprod(splits[order][:0:-1])[::-1]
    adjusted = dict(columns)
    for name in ("close", "distributions"):
        if name in adjusted:
            adjusted[name] = adjusted[name] / later
    if "volume" in adjusted:
        adjusted["volume"] = adjusted["volume"] * later
    return adjusted
