"""What the holdings readers share: tables with a header somewhere, numbers with commas, tickers that are dashes."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from reportgen.errors import Issue, Severity
from reportgen.model import Holding, Holdings
from reportgen.sources._raw import RawFile
from reportgen.sources._values import number_in, shown, words

_DASHES = frozenset({"", "-", "--", "—", "–", "n/a", "N/A"})
# Real files sum to between 99.9% and 100.3%; a list of the ten largest, or a page cut off, is far from it.
_LEAST_SUM, _LARGEST_SUM = 0.9, 1.1
_ROUNDING, _CONTRADICTION = 0.001, 0.02
# In dollars more than any fund owns; in percent, more than any weight.
LARGEST = 1e15
_SECTORS: Mapping[str, str] = {"Communication": "Communication Services", "Financial": "Financials"}


@dataclass(frozen=True, slots=True)
class Table:
    """The rows below a header, each with the line it ends on. `before` holds the rows above the header."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    before: tuple[tuple[str, ...], ...]

    def records(self) -> Iterator[tuple[int, Mapping[str, str]]]:
        """Each row by column name. The table ends at the first row of another length: what follows is legal text."""
        for line, row in self.rows:
            if len(row) != len(self.header):
                return
            yield line, dict(zip(self.header, row, strict=True))


@dataclass(frozen=True, slots=True)
class HoldingsFile:
    """Holdings as read, whose file it is (a key of the licences), and what was odd about it."""

    holdings: Holdings
    provider: str = "own"
    issues: tuple[Issue, ...] = ()


def find_table(raw: RawFile, needed: Sequence[str]) -> Table | None:
    """The table whose header has every needed name (lower case), or None. Cells are stripped of blanks and NBSP."""
    return table_in(csv_rows(raw), needed)


def csv_rows(raw: RawFile) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Each row of a CSV text with the line it ends on. Raises DataError where the text cannot be one."""
    reader = csv.reader(io.StringIO(raw.text))
    try:
        for cells in reader:
            yield reader.line_num, tuple(cells)
    except csv.Error as error:
        raise raw.error(f"The table cannot be read: {error}.", line=reader.line_num) from None


def table_in(rows: Iterable[tuple[int, tuple[str, ...]]], needed: Sequence[str]) -> Table | None:
    """The table among numbered rows whose header has every needed name (lower case), or None."""
    before: list[tuple[str, ...]] = []
    header: tuple[str, ...] = ()
    found: list[tuple[int, tuple[str, ...]]] = []
    for line, cells in rows:
        row = tuple(cell.strip() for cell in cells)
        if header:
            found.append((line, row))
        elif set(needed) <= {name.lower() for name in row}:
            header = tuple(name.lower() for name in row)
        else:
            before.append(row)
    return Table(header, tuple(found), tuple(before)) if header else None


def number(raw: RawFile, text: str, line: int, what: str) -> float:
    """A number with commas for thousands and, perhaps, a percent sign; dashes are zero. Raises DataError."""
    cleaned = text.replace("$", "").rstrip("%").strip()
    if cleaned in _DASHES:
        return 0.0
    negative = re.fullmatch(r"\((.*)\)", cleaned)
    value = number_in(negative[1] if negative else cleaned)
    if value is not None and abs(value) <= LARGEST:
        return -value if negative else value
    fix = "Write decimals with a dot." if "," in cleaned else "Download the file again."
    raise raw.error(f"{shown(text)} is not a number in the column {what}.", line=line, fix=fix)


def identifier(text: str | None) -> str | None:
    """A ticker, CUSIP or ISIN as printed, or None for a dash."""
    cleaned = (text or "").strip()
    return None if cleaned in _DASHES else cleaned


def sector_name(text: str | None) -> str | None:
    """A sector under its full name, or None for a dash."""
    cleaned = identifier(text)
    return _SECTORS.get(cleaned, cleaned) if cleaned else None


def finished(
    raw: RawFile,
    ticker: str,
    as_of: date,
    rows: Sequence[Holding],
    taxonomy: str | None,
    provider: str,
    *,
    by_value: bool = True,
) -> HoldingsFile:
    """The holdings of a full file, largest line first, with weights from market values where every line has one.

    `rows` carry the weights as printed (fractions); they stay where `by_value` is False, as they are exact already.
    Raises DataError where they do not sum to one: a part of the fund is missing, or the unit is another.
    """
    if not rows:
        raise raw.error("The file has no lines of holdings.", fix="Download it again.")
    stated = math.fsum(row.weight for row in rows)
    if not _LEAST_SUM <= stated <= _LARGEST_SUM:
        raise raw.error(
            f"The weights sum to {100 * stated:.1f}% and not to 100%.",
            fix="The file may be cut off or hold a part of the fund: download it again.",
        )
    weighted = _by_value(rows) if by_value else tuple(rows)
    issues = []
    apart = max(abs(row.weight - new.weight) for row, new in zip(rows, weighted, strict=True))
    if apart > _ROUNDING:
        message = (
            f"Printed weights and market values of {raw.name} differ by up to {100 * apart:.2f} points; "
            "the values were used."
        )
        severity: Severity = "error" if apart > _CONTRADICTION else "warning"
        issues.append(Issue(severity, "weights-differ", ticker, message, str(as_of)))
    ordered = tuple(sorted((_in_words(row) for row in weighted), key=lambda row: -row.weight))
    return HoldingsFile(Holdings(ticker, as_of, ordered, "full", raw.name, taxonomy), provider, tuple(issues))


def _in_words(row: Holding) -> Holding:
    """The line with its words on one line and without invisible characters."""
    return replace(
        row, name=words(row.name), ticker=row.ticker and words(row.ticker), sector=row.sector and words(row.sector)
    )


def _by_value(rows: Sequence[Holding]) -> tuple[Holding, ...]:
    values = [row.market_value for row in rows]
    total = math.fsum(value or 0.0 for value in values)
    if total <= 0 or None in values:
        return tuple(rows)
    return tuple(replace(row, weight=(row.market_value or 0.0) / total) for row in rows)
