"""The notes: what each sentence rests on, a row a sentence, to which one link in the sentence leads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reportgen import formatting
from reportgen.compose import _cells as cells
from reportgen.compose import evidence
from reportgen.model import (
    Cell,
    Day,
    Fact,
    Measurements,
    Paragraph,
    Ref,
    Run,
    Runs,
    Section,
    Statement,
    Table,
    Text,
    facts_in,
)


@dataclass(frozen=True, slots=True)
class Note:
    """What one sentence rests on: the facts it prints first, then the others."""

    number: int
    facts: tuple[str, ...]

    @property
    def link(self) -> Runs:
        return (Ref(self.number),)


Numbered = Mapping[tuple[str, str], Note]
"""The notes by what `key` gives for their statements."""


def key(statement: Statement) -> tuple[str, str]:
    """What a statement is known by: its rule, and the funds it speaks of."""
    return statement.rule, ",".join(f"{role}={ticker}" for role, ticker in sorted(statement.roles.items()))


def numbered(statements: Iterable[Statement]) -> Numbered:
    """A note for each statement that rests on facts, counted from one in the order given."""
    found: dict[tuple[str, str], Note] = {}
    for statement in statements:
        facts = tuple(dict.fromkeys((*facts_in(statement.runs), *statement.facts)))
        if facts and key(statement) not in found:
            found[key(statement)] = Note(len(found) + 1, facts)
    return found


def section(measured: Measurements, notes: Sequence[Note]) -> Section | None:
    """The table of notes; None where no sentence rests on facts."""
    if not notes:
        return None
    facts = [measured.facts[id_] for note in notes for id_ in note.facts]
    usual = _usual(facts)
    rows = tuple(
        (
            Cell((Ref(note.number, back=True),), header=True),
            Cell(evidence.told(measured, note.facts, usual)),
        )
        for note in notes
    )
    heads = tuple(map(cells.head, ("Note", "Facts")))
    table = Table("notes", cells.text("What each sentence rests on"), (heads,), rows, compact=True)
    about = Paragraph(_windows(measured, facts, usual), "note")
    return Section("notes", cells.text("Notes"), (table, about), appendix=True)


def _usual(facts: Sequence[Fact]) -> evidence.Usual:
    """The number of observations that most facts over each window rest on."""
    counted: dict[str | None, Counter[int]] = {}
    for fact in facts:
        if fact.window is not None and fact.n and fact.missing is None:
            counted.setdefault(fact.code, Counter())[fact.n] += 1
    return {code: counts.most_common(1)[0][0] for code, counts in counted.items()}


def _windows(measured: Measurements, facts: Sequence[Fact], usual: evidence.Usual) -> Runs:
    """The days that each window runs from and to, and its usual observations, once for all notes."""
    first: dict[tuple[str, object, object], Fact] = {}
    for fact in facts:
        if fact.window is not None and (fact.n == usual.get(fact.code) or fact.code not in usual):
            first.setdefault((fact.window.code, fact.window.start, fact.window.end), fact)
    runs: list[Run] = [
        Text("Unless a note says otherwise, returns are total returns, and windows run from close to close")
    ]
    for i, fact in enumerate(first.values()):
        runs += [Text("; " if i else ": "), *_window(measured, fact, counted=fact.code in usual)]
    return (*runs, Text("."))


def _window(measured: Measurements, fact: Fact, *, counted: bool) -> Runs:
    if fact.window is None:
        return ()
    begin, end = (Day(day, formatting.short_date(day), fact.id) for day in (fact.window.start, fact.window.end))
    days: Runs = (*cells.window_name(fact.window.code), Text(", "), begin, Text(" to "), end)
    return (
        (*days, Text(", "), formatting.observations(measured.reading(fact)), Text(" observations")) if counted else days
    )
