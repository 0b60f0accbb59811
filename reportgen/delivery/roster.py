"""Subscribers as a CSV file: read with every bad line told, and written so that no spreadsheet runs what is in it.

    email,list,consent_source,consent_date
    ann@example.com,weekly,sign-up form at the fair,2026-03-14

Only `email` must be a column; the others can be given once for the whole file. Columns of other names are left alone.
In what is written, a cell that begins with = + - @ or ' has a ' before it, and reading takes that away again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from reportgen.delivery.store.addresses import address_of
from reportgen.delivery.store.consents import Consent
from reportgen.errors import DataError

COLUMNS = ("email", "list", "consent_source", "consent_date")
LONGEST_SOURCE = 200
_DANGEROUS = ("=", "+", "-", "@", "'", "\t", "\r")
_OLDEST = date(1990, 1, 1)
_SAYS = 100
"""Bad lines that an error tells one by one."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line's person and list, with the consent that the publisher has on record; given at midnight UTC."""

    line: int
    consent: Consent


@dataclass(frozen=True, slots=True)
class Given:
    """What a file's lines share where they have no column of their own, and the day on which it is read."""

    lists: tuple[str, ...]
    today: date
    list: str | None = None
    source: str | None = None
    consented: date | None = None


@dataclass(frozen=True, slots=True)
class Roster:
    """What a file holds. doubles: lines that name a person and list which an earlier line names already."""

    entries: tuple[Entry, ...]
    doubles: tuple[int, ...]
    ignored: tuple[str, ...]


def read_roster(content: bytes, name: str, given: Given) -> Roster:
    """The entries of a file. Raises DataError with every bad line, its number and what is wrong with it."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise DataError("is not UTF-8.", where=f"{name}:{line}", fix='Save it as "CSV UTF-8".') from error
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    head = [cell.strip().lower() for cell in _first(rows, name)]
    if "email" not in head or len(set(head)) < len(head):
        what = "the first line must name the columns, email among them, and each once."
        raise DataError(what, where=f"{name}:1", fix=f"Known are {', '.join(COLUMNS)}.")
    mistakes: list[str] = []
    entries, doubles = _entries(rows, head, name, given, mistakes)
    if mistakes:
        more = [f"and {len(mistakes) - _SAYS} more bad lines"] if len(mistakes) > _SAYS else []
        listing = "\n".join([*mistakes[:_SAYS], *more])
        raise DataError(f"{listing}\nNothing was imported.", fix="Mend these lines and import the file again.")
    return Roster(tuple(entries), tuple(doubles), tuple(column for column in head if column not in COLUMNS))


def consent_of(email: str, given: Given) -> Consent:
    """One person's consent, from the command line. Raises DataError where something is wrong with it."""
    return _entry(0, [email], ["email"], given).consent


def written(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The lines of a CSV file, each ended by CR LF, safe to open in a spreadsheet."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(head)
    yield buffer.getvalue()
    for row in rows:
        buffer.seek(0)
        buffer.truncate()
        writer.writerow([f"'{cell}" if cell.startswith(_DANGEROUS) else cell for cell in row])
        yield buffer.getvalue()


def _entries(
    rows: Iterator[list[str]], head: list[str], name: str, given: Given, mistakes: list[str]
) -> tuple[list[Entry], list[int]]:
    """Every good line's entry; what is wrong with the others is added to `mistakes`."""
    seen: set[tuple[str, str]] = set()
    entries: list[Entry] = []
    doubles: list[int] = []
    for number, row in _numbered(rows, name, mistakes):
        try:
            entry = _entry(number, row, head, given)
        except DataError as error:
            mistakes.append(f"{name}:{number}: {error.what}")
            continue
        key = entry.consent.address.key, entry.consent.list
        if key in seen:
            doubles.append(number)
        else:
            seen.add(key)
            entries.append(entry)
    return entries, doubles


def _numbered(rows: Iterator[list[str]], name: str, mistakes: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not empty with its number in the file; a quote that is never closed ends the file."""
    lines: Callable[[], int] = lambda: getattr(rows, "line_num", 0)  # noqa: E731
    while True:
        number = lines() + 1
        try:
            row = next(rows, None)
        except csv.Error as error:
            mistakes.append(f"{name}:{number}: is no CSV: {error}.")
            return
        if row is None:
            return
        if any(cell.strip() for cell in row):
            yield number, row


def _entry(line: int, row: list[str], head: list[str], given: Given) -> Entry:
    if len(row) != len(head):
        raise DataError(f"has {len(row)} cells, and the first line has {len(head)}.")
    cells = {column: _bare(cell) for column, cell in zip(head, row, strict=True)}
    address = address_of(cells["email"])
    list_name = cells.get("list") or given.list or (given.lists[0] if len(given.lists) == 1 else None)
    if list_name is None or list_name not in given.lists:
        told = f"{list_name!r} is no list of yours" if list_name else "names no list"
        raise DataError(f"{told}; known are {', '.join(given.lists)}.")
    return Entry(line, Consent(address, list_name, _source(cells, given), _consented(cells, given)))


def _source(cells: Mapping[str, str], given: Given) -> str:
    source = cells.get("consent_source") or given.source
    if not source:
        raise DataError("does not say where the consent came from (consent_source).")
    if len(source) > LONGEST_SOURCE or not source.isprintable():
        raise DataError(f"consent_source is longer than {LONGEST_SOURCE} characters, or cannot be printed.")
    return source


def _consented(cells: Mapping[str, str], given: Given) -> datetime:
    text = cells.get("consent_date")
    try:
        day = date.fromisoformat(text) if text else given.consented
    except ValueError:
        raise DataError(f"{text!r} is no date; write it like 2026-03-14.") from None
    if day is None:
        raise DataError("does not say when consent was given (consent_date).")
    if not _OLDEST <= day <= given.today:
        raise DataError(f"consent cannot have been given on {day.isoformat()}.")
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _bare(cell: str) -> str:
    """A cell without the mark that keeps spreadsheets from running it, and without spaces at its ends."""
    stripped = cell.strip()
    return stripped[1:] if stripped.startswith("'") and stripped[1:].startswith(_DANGEROUS) else stripped


def _delimiter(text: str) -> str:
    """What separates the columns of the first line: a comma, or what Excel and others use instead."""
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)


def _first(rows: Iterator[list[str]], name: str) -> list[str]:
    try:
        return next(rows, [])
    except csv.Error as error:
        raise DataError(f"is no CSV: {error}.", where=f"{name}:1") from error
