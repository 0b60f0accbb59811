"""A corrected article says what was wrong, and lists every printed number that moved, old and new."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from reportgen import formatting
from reportgen.compose import _cells as cells
from reportgen.compose.changes import Change, changes
from reportgen.compose.printed import SECTION
from reportgen.model import (
    DIFFERENCE,
    Amendment,
    Article,
    Block,
    Cell,
    Correction,
    Day,
    Fact,
    Measurements,
    Name,
    Ordinal,
    Paragraph,
    Parameter,
    Run,
    Runs,
    Section,
    Table,
    Text,
)

_PARTS = {
    "n": "observations",
    "start": "start of the window",
    "end": "end of the window",
    "interval.low": "low end of the interval",
    "interval.high": "high end of the interval",
    "interval.level": "level of the interval",
    "interval.p": "p-value",
    "interval.draws": "draws",
}


def amended(article: Article, amends: Amendment) -> Article:
    """The article with the line and the section that tell what it corrects."""
    moved = changes(article, amends)
    made = (*amends.earlier, Correction(article.version, amends.at, amends.reason, len(moved)))
    line = ((Text("Corrected"),), (_day(made[-1]), Text(": "), Name(amends.reason)))
    section = Section(SECTION, (Text("Corrections"),), tuple(_blocks(article, amends, made, moved)), appendix=True)
    at = next((i for i, each in enumerate(article.sections) if each.appendix), len(article.sections))
    parts = {_part_name(change.part) for change in moved}
    return replace(
        article,
        masthead=replace(article.masthead, lines=_after_issued(article, line)),
        sections=(*article.sections[:at], section, *article.sections[at:]),
        names=(article.names | {each.reason for each in made} | parts) - {""},
        days=article.days | {each.at.date() for each in made},
        amends=amends,
        corrections=made,
    )


def _after_issued(article: Article, line: tuple[Runs, Runs]) -> tuple[tuple[Runs, Runs], ...]:
    """The lines of the head, with one more behind the date of issue."""
    lines = article.masthead.lines
    at = next((i for i, (label, _) in enumerate(lines, 1) if label == (Text("Issued"),)), 0)
    return (*lines[:at], line, *lines[at:])


def _blocks(
    article: Article, amends: Amendment, made: tuple[Correction, ...], moved: tuple[Change, ...]
) -> Iterator[Block]:
    now, before = _count(article.version), _count(amends.version)
    told: Runs = (Text("Version "), now, Text(" replaced version "), before, Text(" on "), _day(made[-1]))
    yield Paragraph((*told, Text(". The reason: "), Name(amends.reason), *_how_many(len(moved))))
    if moved:
        heads = (cells.head("Figure"), *(_version(each) for each in (before, now)))
        rows = tuple(_row(article.measurements, change) for change in moved)
        yield Table("corrections", cells.text("What was printed, and what is now"), (heads,), rows, compact=True)
    for each in reversed(made[:-1]):
        earlier = (Text("Version "), _count(each.version), Text(", "), _day(each), Text(": "), Name(each.reason))
        yield Paragraph(earlier, "note")


def _how_many(count: int) -> Runs:
    if not count:
        return (Text(" No printed number changed."),)
    words = " printed number changed; it is" if count == 1 else " printed numbers changed; each is"
    return (Text(" "), _count(count), Text(f"{words} listed with what it was."))


def _version(number: Ordinal) -> Cell:
    return Cell((Text("Version "), number), header=True, numeric=True)


def _row(measured: Measurements, change: Change) -> tuple[Cell, ...]:
    figures = (Cell((run,), numeric=True) for run in (change.before, change.after))
    return (Cell(tuple(_figure(measured, change)), header=True), *figures)


def _figure(measured: Measurements, change: Change) -> Iterator[Run]:
    """What a number is: whose, which measure, of what, over which window, and which part of it."""
    fact = change.fact
    yield from _who(fact, turned=change.part.startswith("reversed"))
    if fact.subject != "article":
        yield Text(", ")
    metric = fact.metric.removeprefix(DIFFERENCE)
    yield Parameter(metric, "label", measured.specs[metric].label)
    if fact.key is not None:
        yield from (Text(" ("), Name(fact.key), Text(")"))
    if fact.code is not None:
        yield from (Text(", "), *cells.window_name(fact.code))
    if part := _part_name(change.part):
        yield from (Text(", "), Name(part))


def _who(fact: Fact, *, turned: bool) -> Runs:
    if fact.second is None:
        return () if fact.subject == "article" else (Name(fact.subject),)
    first, second = (fact.second, fact.subject) if turned else (fact.subject, fact.second)
    return (Name(first), Text(" less " if fact.metric.startswith(DIFFERENCE) else " and "), Name(second))


def _part_name(part: str) -> str:
    own = part.removeprefix("reversed").removeprefix(".")
    return _PARTS.get(own, own.replace("_", " "))


def _count(value: int) -> Ordinal:
    return Ordinal(value, f"{value:,}")


def _day(correction: Correction) -> Day:
    day = correction.at.date()
    return Day(day, formatting.long_date(day))
