"""Price files: bytes become a history. What is wrong with single rows is an issue; what is wrong with all, an error."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from reportgen.errors import Issue
from reportgen.model import DateArray, FloatArray, PriceHistory
from reportgen.sources._base import PriceBasis
from reportgen.sources._basis import decide_basis
from reportgen.sources._columns import Column, Layout, Provider, layout_of
from reportgen.sources._days import DayError, parse_days
from reportgen.sources._distributions import Paid, paid_out
from reportgen.sources._raw import RawFile, refuse_markup
from reportgen.sources._rows import clean_rows

if TYPE_CHECKING:
    import pandas as pd

_MISSING = ("", "NaN", "nan", "null", "None", "N/A", "n/a", "-", "NULL", "#N/A")


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
    rows = clean_rows(raw, ticker, days, _split_adjusted(layout, days, columns), basis)
    if basis == "price":
        paid = paid_out(rows.columns, rows.close, rows.days, ticker)
    else:
        paid = Paid(np.zeros_like(rows.close), known=False)
    history = PriceHistory(
        ticker,
        rows.days,
        rows.close,
        np.maximum(paid.amounts, 0.0),
        rows.columns.get("volume", np.full(rows.close.size, np.nan)),
        raw.name,
        paid.known,
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
    """The columns as they stand in the file. The fast reader takes clean files, the patient one names the line."""
    import pandas as pd

    positions = sorted(layout.columns.values())
    try:
        frame = pd.read_csv(
            io.StringIO(raw.text),
            sep=layout.delimiter,
            header=None,
            skiprows=layout.lines,
            usecols=positions,
            dtype={p: str if p == layout.columns["date"] else np.float64 for p in positions},
            na_values=list(_MISSING),
            keep_default_na=False,
            float_precision="round_trip",
        )
    except (ValueError, pd.errors.ParserError):
        return _read_patiently(raw, layout)
    texts = _date_texts(frame, layout)
    if texts is None:
        return _read_patiently(raw, layout)
    if not texts:
        raise raw.error("The file has a header and no rows.", fix="Download it again or remove it.")
    try:
        days = parse_days(texts)
    except DayError:
        return _read_patiently(raw, layout)
    return days, {c: frame[p].to_numpy(dtype=np.float64) for c, p in layout.columns.items() if c != "date"}


def _date_texts(frame: pd.DataFrame, layout: Layout) -> list[str] | None:
    column = frame[layout.columns["date"]]
    return None if column.isna().any() else [str(text) for text in column]


def _read_patiently(raw: RawFile, layout: Layout) -> tuple[DateArray, dict[Column, FloatArray]]:
    """Line by line, for what the fast reader refuses. Raises DataError with the line of the first bad cell."""
    texts: list[str] = []
    lines: list[int] = []
    values: dict[Column, list[float]] = {c: [] for c in layout.columns if c != "date"}
    for line, row in _data_rows(raw, layout):
        texts.append(_cell(raw, row, layout.columns["date"], line))
        lines.append(line)
        for column, found in values.items():
            found.append(_number(raw, _cell(raw, row, layout.columns[column], line), column, line))
    if not texts:
        raise raw.error("The file has a header and no rows.", fix="Download it again or remove it.")
    try:
        days = parse_days(texts)
    except DayError as error:
        raise raw.error(
            error.what, line=lines[error.position], fix="Write every date in one form, best YYYY-MM-DD."
        ) from None
    return days, {c: np.array(v, dtype=np.float64) for c, v in values.items()}


def _data_rows(raw: RawFile, layout: Layout) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(raw.text), delimiter=layout.delimiter)
    try:
        for row in reader:
            if reader.line_num > layout.lines and any(cell.strip() for cell in row):
                yield reader.line_num, row
    except csv.Error as error:
        raise raw.error(f"The table cannot be read: {error}.", line=reader.line_num) from None


def _cell(raw: RawFile, row: Sequence[str], position: int, line: int) -> str:
    if position >= len(row):
        raise raw.error(
            f"The line has {len(row)} cells and should have {position + 1} or more.",
            line=line,
            fix="The file may be cut off: download it again.",
        )
    return row[position].strip()


def _number(raw: RawFile, text: str, column: Column, line: int) -> float:
    if text in _MISSING:
        return float("nan")
    try:
        return float(text.replace(",", "").lstrip("$"))
    except ValueError:
        raise raw.error(
            f"{text!r} is not a number in the column {column}.", line=line, fix="Correct the line."
        ) from None


def _split_adjusted(
    layout: Layout, days: DateArray, columns: Mapping[Column, FloatArray]
) -> Mapping[Column, FloatArray]:
    """Alpha Vantage serves closes as traded and split coefficients beside them; all others have applied the splits."""
    if layout.provider != "alpha vantage" or "splits" not in columns:
        return columns
    splits = np.where(columns["splits"] > 0, columns["splits"], 1.0)
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
