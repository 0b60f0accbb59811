"""Price files in Parquet, as yfinance and pandas write them; needs the package pyarrow."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from reportgen.errors import DataError
from reportgen.model import DateArray, FloatArray
from reportgen.sources._columns import Column, Layout, layout_of_names
from reportgen.sources._days import DayError, parse_days
from reportgen.sources._raw import RawFile

if TYPE_CHECKING:
    import pandas as pd


def read_parquet(raw: RawFile, ticker: str) -> tuple[Layout, DateArray, Mapping[Column, FloatArray]]:
    """The layout, days and columns of a Parquet file. Raises DataError where pyarrow is missing or cannot read it."""
    try:
        import pyarrow as pa  # type: ignore[import-untyped]
    except ImportError:
        raise DataError(
            "Parquet files need the package pyarrow.", where=raw.name, fix="Install fund-reportgen[parquet]."
        ) from None
    import pandas as pd

    try:
        frame = pd.read_parquet(io.BytesIO(raw.content))
    except (pa.ArrowException, OSError, ValueError) as error:
        raise raw.error(f"The Parquet file cannot be read: {error}.", fix="Write it again.") from None
    if isinstance(frame.index, pd.DatetimeIndex) or frame.index.name is not None:
        frame = frame.reset_index()
    frame = _one_level(raw, frame, ticker)
    layout = layout_of_names(raw, [str(name) for name in frame.columns])
    if frame.empty:
        raise raw.error("The file has columns and no rows.", fix="Download it again or remove it.")
    days = _days(raw, frame.iloc[:, layout.columns["date"]])
    columns: dict[Column, FloatArray] = {}
    for column, position in layout.columns.items():
        if column != "date":
            columns[column] = _numbers(raw, column, frame.iloc[:, position])
    return layout, days, columns


def _one_level(raw: RawFile, frame: pd.DataFrame, ticker: str) -> pd.DataFrame:
    """The ticker's columns of a frame with fields over tickers, or tickers over fields."""
    if frame.columns.nlevels == 1:
        return frame
    wanted = [i for i, names in enumerate(frame.columns) if ticker in (str(n).upper() for n in names) or i == 0]
    if len(wanted) < 2:
        raise raw.error(f"The file does not hold {ticker}.")
    chosen = frame.iloc[:, wanted]
    chosen.columns = [
        "Date",
        *(next(str(n) for n in names if str(n).upper() != ticker) for names in chosen.columns[1:]),
    ]
    return chosen


def _days(raw: RawFile, column: pd.Series) -> DateArray:
    if column.isna().any():
        raise raw.error("There are rows without a date.", fix="Remove them.")
    # Local wall time names the session, as in text files: a stamp's zone is never converted.
    texts = [str(stamp) for stamp in column]
    try:
        return parse_days(texts)
    except DayError as error:
        raise raw.error(f"Row {error.position + 1}: {error.what}", fix="Write the column of dates as dates.") from None


def _numbers(raw: RawFile, name: str, column: pd.Series) -> FloatArray:
    try:
        return column.to_numpy(dtype=np.float64)
    except (ValueError, TypeError):
        raise raw.error(f"The column {name} does not hold numbers.", fix="Write it as numbers.") from None
