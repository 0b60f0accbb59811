"""The section that tells what changed since the last issue, each change with both values and both dates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from reportgen import formatting
from reportgen.brief.changes import Change
from reportgen.brief.cut import MOST, rest
from reportgen.compose import _cells as cells
from reportgen.formatting.claims import bounds, effect
from reportgen.model import Block, Cell, Claim, Day, Fact, Measurements, Name, Paragraph, Runs, Table, Text

_ANSWERS = {
    "supported": "supported",
    "contradicted": "contradicted",
    "inconclusive": "not settled",
    "descriptive": "untested",
}
_FIRST = "This is the first issue. From the next one on, this section tells what has changed."
_NONE = "No fact moved beyond its threshold, no verdict flipped, no rank changed since the issue of "


_DATES = (
    "A value that is of another day than its issue says so. Only figures that are made in the same way, "
    "from the same kind of data, are compared."
)
_VERDICTS = (
    " Beside each verdict stand the effect, positive where it speaks for the claim, and its interval. Supported means "
    "that the interval lies above zero and that the p-value, adjusted for all claims tested of the comparison, is at "
    "most one in ten."
)


def blocks(changes: Sequence[Change], before: date | None, measured: Measurements) -> tuple[Block, ...]:
    """A table of the changes, or a sentence that there are none, or that this is the first issue.

    measured: with the earlier issue's facts that the table quotes.
    """
    if before is None:
        return (Paragraph((Text(_FIRST),)),)
    since = Day(before, formatting.long_date(before))
    if not changes:
        return (Paragraph((Text(_NONE), since, Text("."))),)
    rows = tuple(_row(change, before, measured) for change in changes[:MOST])
    days = (before, measured.as_of)
    heads = (cells.head("What"), *(Cell((Text("Issue of "), _day(day)), header=True) for day in days))
    flipped = any(change.kind == "verdict" for change in changes[:MOST])
    note = (
        Text(_DATES),
        *((Text(_VERDICTS),) if flipped else ()),
        *rest(len(changes) - MOST, "changes.json", "more changes"),
    )
    return (Table("changes", cells.text("Since the last issue"), (heads,), rows, note),)


def _row(change: Change, before: date, measured: Measurements) -> tuple[Cell, ...]:
    now = measured.as_of
    if change.told is not None and change.kind == "verdict":
        head: Runs = (Name(change.text), *(_over(change.now) if change.now is not None else ()))
        then = _verdict(change, change.told[0], quoted(change.before, before) if change.before else None, measured)
        today = _verdict(change, change.told[1], change.now, measured)
    elif change.told is not None and change.now is not None:
        head = (*cells.label_of(measured, change.metric), *_over(change.now), Text(", from the top"))
        then, today = (Cell((Name(order),)) for order in change.told)
    else:
        head = _head(change, measured)
        then, today = _side(change.before, before, measured), _side(change.now, now, measured)
    return (Cell(head, header=True), then, today)


def _verdict(change: Change, told: str, fact: Fact | None, measured: Measurements) -> Cell:
    """A verdict with the effect and the interval that gave it, in the direction of the later claim."""
    answer = Text(_ANSWERS[told])
    if fact is None or fact.interval is None:
        return Cell((answer,))
    reading = measured.reading(fact)
    claim = Claim(fact.id, change.side, change.text)
    return Cell((answer, Text(": "), effect(reading, claim), Text(" ("), *bounds(reading, claim), Text(")")))


def _head(change: Change, measured: Measurements) -> Runs:
    fact = change.now or change.before
    assert fact is not None
    if change.kind in ("holding in", "holding out"):
        return (Name(fact.key or ""), Text(" among the ten largest of "), Name(change.subject))
    who = f"{fact.subject}, {fact.second}" if fact.second else fact.subject
    key: Runs = (Text(": "), Name(fact.key)) if fact.key else ()
    return (Name(who), Text(", "), *cells.label_of(measured, fact.metric), *key, *_over(fact))


def _over(fact: Fact) -> Runs:
    return (Text(", "), *cells.window_name(fact.code)) if fact.code else ()


def _side(fact: Fact | None, issue: date, measured: Measurements) -> Cell:
    """A value, with the day it is of where that is not its issue's."""
    if fact is None:
        return Cell(cells.text("not among them"))
    shown = formatting.value(measured.reading(quoted(fact, issue) if issue != measured.as_of else fact))
    if fact.as_of is None or fact.as_of == issue:
        return Cell((shown,))
    return Cell((shown, Text(" ("), Day(fact.as_of, formatting.short_date(fact.as_of), shown.fact), Text(")")))


def _day(day: date) -> Day:
    return Day(day, formatting.short_date(day))


def quoted(fact: Fact, issue: date) -> Fact:
    """An earlier issue's fact, marked as such."""
    return replace(fact, issue=issue)


def quotes(changes: Sequence[Change], before: date | None) -> Iterator[Fact]:
    """The earlier issue's facts that the section prints."""
    if before is not None:
        for change in changes[:MOST]:
            if change.before is not None and change.kind != "rank":
                yield quoted(change.before, before)
