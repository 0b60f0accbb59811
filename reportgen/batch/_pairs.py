"""The list of comparisons: a CSV file with the tickers of one article a line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from reportgen.errors import DataError, UsageError
from reportgen.sources import checked_tickers

_HEADER = ("first", "second", "third", "fourth", "fifth")
_NAMED = 100


@dataclass(frozen=True, slots=True)
class Pair:
    """One comparison of the list: two to five tickers, and the line they stand on."""

    line: int
    tickers: tuple[str, ...]

    @property
    def label(self) -> str:
        return " and ".join(self.tickers)


def read_pairs(path: Path) -> tuple[Pair, ...]:
    """The comparisons of a file, in its order.

    Blank lines and lines that begin with # are passed over, and so is a first line "first,second". Raises UsageError
    with every line that names no comparison or one that stands above already, DataError for a file that cannot be
    read or names nothing.
    """
    pairs: list[Pair] = []
    mistakes: list[str] = []
    seen: dict[tuple[str, ...], int] = {}
    for line, cells in _rows(path):
        try:
            tickers = checked_tickers(cells)
        except UsageError as wrong:
            mistakes.append(f"{path}:{line}: {wrong.what}")
            continue
        if tickers in seen:
            mistakes.append(f"{path}:{line}: {' and '.join(tickers)} are compared in line {seen[tickers]} already.")
            continue
        seen[tickers] = line
        pairs.append(Pair(line, tickers))
    if mistakes:
        more = [f"and {len(mistakes) - _NAMED} lines more"] if len(mistakes) > _NAMED else []
        advice = "Write two to five different tickers a line, such as IWM,QQQ, and each comparison once."
        raise UsageError("\n".join([*mistakes[:_NAMED], *more, advice]))
    if not pairs:
        raise DataError("The list names no comparison.", where=str(path), fix="Write a line such as IWM,QQQ.")
    return tuple(pairs)


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The lines that should name a comparison, with their numbers from one."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        what = f"The list cannot be read: {error.strerror}."
        raise DataError(what, where=str(path), fix="Name a CSV file.") from None
    except UnicodeDecodeError:
        raise DataError("The list is not text.", where=str(path), fix="Save it as CSV in UTF-8.") from None
    reader = csv.reader(io.StringIO(text))
    try:
        for cells in reader:
            filled = [cell.strip() for cell in cells if cell.strip()]
            header = reader.line_num == 1 and tuple(cell.lower() for cell in filled) == _HEADER[: len(filled)]
            if filled and not filled[0].startswith("#") and not header:
                yield reader.line_num, filled
    except csv.Error as error:
        raise DataError(f"The list is no CSV file: {error}.", where=f"{path}:{reader.line_num}") from None
