"""The table of earlier statements that are still open: what decides each, what is said to come with it, until when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from reportgen.brief.cut import MOST, rest
from reportgen.brief.scoring import Stated
from reportgen.compose import _cells as cells
from reportgen.model import Block, Cell, Name, Runs, Table, Text

NO_OUTCOME = "a changed picture"
_NOTE = (
    "Each is looked at in every issue from a week after it was stated on. One that half a year has not decided lapses "
    "on the day named. Statements of one comparison may point to different funds; each is scored by itself."
)


def blocks(stated: Sequence[Stated], comparisons: Mapping[str, Runs]) -> tuple[Block, ...]:
    """The open ones of the statements as a table, those that lapse first standing first; nothing where there are none.

    comparisons: how each is named, by its slug.
    """
    waiting = sorted((one for one in stated if one.status == "open"), key=lambda one: one.since)
    if not waiting:
        return ()
    heads = tuple(map(cells.head, ("Comparison", "Decided when", "Said to follow", "Stated", "Lapses")))
    rows = tuple(_row(one, comparisons) for one in waiting[:MOST])
    note = (Text(_NOTE), *rest(len(waiting) - MOST, "watch.json"))
    return (Table("open", cells.text("Still open"), (heads,), rows, note),)


def _row(one: Stated, comparisons: Mapping[str, Runs]) -> tuple[Cell, ...]:
    return (
        Cell(comparisons.get(one.comparison, (Name(one.comparison),)), header=True),
        Cell((Name(one.decides or one.watch),)),
        Cell((Name(one.follows),) if one.follows else cells.text(NO_OUTCOME)),
        cells.day_cell(one.since),
        cells.day_cell(one.lapses),
    )


def words(stated: Sequence[Stated]) -> Iterator[str]:
    """What the table prints of the statements as it was recorded."""
    for one in stated:
        yield from (each for each in (one.comparison, one.decides or one.watch, one.follows) if each)


def days(stated: Sequence[Stated]) -> frozenset[date]:
    """The dates that the table prints."""
    return frozenset(day for one in stated if one.status == "open" for day in (one.since, one.lapses))
