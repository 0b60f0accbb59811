"""Plain text for mail: lines of at most 78 characters, tables in columns, or row by row where they are too wide."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from itertools import chain

from reportgen.model import MARKS, Cell, Paragraph, Runs, Table, Tag

WIDTH = 78
_GAP = "  "
_NARROWEST = 14
"""A first column may be wrapped down to this many characters, so that the numbers beside it stay in columns."""


def wrap(text: str, first: str = "", rest: str = "") -> str:
    """The text in lines of at most 78 characters, the first after `first`, the others after `rest`."""
    return "\n".join(
        textwrap.wrap(
            text, WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False, break_long_words=True
        )
    )


def words(runs: Runs) -> str:
    """Runs as text, the mark of a verdict in brackets."""
    return "".join(f"[{run.text}]" if isinstance(run, Tag) else run.text for run in runs)


def headed(text: str, stroke: str) -> str:
    """A heading with a rule below it."""
    lines = wrap(text)
    return f"{lines}\n{stroke * max(map(len, lines.splitlines()), default=1)}"


def said(block: Paragraph) -> str:
    """A paragraph with the mark behind it where it rests on a tested claim."""
    mark = MARKS.get(block.verdict)
    return words(block.runs) if mark is None else f"{words(block.runs)} [{mark}]"


def aligned(table: Table) -> str:
    """The table in columns, numbers to the right; as one entry a row where it would be wider than a line."""
    rows = (*table.head, *table.body)
    widths = [max(map(len, map(_text, column))) for column in zip(*rows, strict=True)]
    room = WIDTH - sum(widths[1:]) - len(_GAP) * (len(widths) - 1)
    if room < min(widths[0], _NARROWEST):
        return "\n".join(chain.from_iterable(_entry(table, row) for row in table.body))
    widths[0] = min(widths[0], room)
    rule = _GAP.join("-" * width for width in widths)
    head = [line for row in table.head for line in _lines(row, widths)]
    body = (line for row in table.body for line in _lines(row, widths))
    return "\n".join([*head, *([rule] if head else []), *body])


def _text(cell: Cell) -> str:
    return " ".join(words(cell.runs).split())


def _lines(row: tuple[Cell, ...], widths: list[int]) -> list[str]:
    """A row in columns; where its first cell takes several lines, the others stand beside the last of them."""
    *above, last = textwrap.wrap(_text(row[0]), widths[0], break_on_hyphens=False) or [""]
    cells = (
        _text(cell).rjust(width) if cell.numeric else _text(cell).ljust(width)
        for cell, width in zip(row[1:], widths[1:], strict=True)
    )
    return [*above, _GAP.join((last.ljust(widths[0]), *cells)).rstrip()]


def _entry(table: Table, row: tuple[Cell, ...]) -> Iterator[str]:
    """A row as lines, one a cell: the head of its column and what stands in it."""
    labels = [" ".join(filter(None, map(_text, column))) for column in zip(*table.head, strict=True)] or [""] * len(row)
    for at, (label, cell) in enumerate(zip(labels, row, strict=True)):
        value = _text(cell)
        if not value:
            continue
        first, rest = ("- ", "  ") if at == 0 else ("  ", "    ")
        yield wrap(f"{label}: {value}" if label else value, first, rest)
