"""Check: a corrected article says that it is one, and lists every printed number that moved, and no other.

What moved is found anew here: a text that either version prints of a fact, and that does not tell the other version's
value, has moved.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from reportgen.gate import _numerals
from reportgen.gate._walk import tables, texts
from reportgen.gate.runs import days_of
from reportgen.gate.words import BANNED
from reportgen.model import Amendment, Article, Cell, Day, Fact, Finding, Number, Text

SECTION = "corrections"
_LINE = (Text("Corrected"),)
_NOT_MEASURED = "not measured"
_FIX = "List every number that moved, once, with both its values."
_DAY = "date"
"""Stands for the part of a fact where a date is printed; a run does not say which of its dates it is."""

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the table of corrections: the fact and part that it is about, and its two cells."""

    key: Key
    before: Cell
    after: Cell


def check(article: Article) -> Iterator[Finding]:
    """A finding for an untold correction, each number that moved and is not listed, and each listed that did not."""
    amends = article.amends
    if amends is None:
        if article.version != 1 or article.corrections:
            yield _finding("version", f"it is version {article.version}, and corrects nothing")
        return
    if article.version != amends.version + 1 or amends.measurements.as_of != article.as_of:
        yield _finding("version", f"version {article.version} does not follow version {amends.version}")
    if _LINE not in [label for label, _ in article.masthead.lines]:
        yield _finding("masthead", "it does not say that it was corrected")
    for each in article.corrections:
        if banned := BANNED.search(each.reason):
            yield Finding("banned words", "section corrections", f"the reason says {banned[0]!r}", "Say it otherwise.")
    listed = tuple(_listed(article))
    for row in listed:
        yield from _faults(row)
    known = {row.key for row in listed}
    for fact, part in sorted(_moved(article, amends) - known):
        yield _finding("section corrections", f"{_name(fact, part)} moved and is not listed", fact)
    if not article.corrections or article.corrections[-1].changed != len(listed):
        yield _finding("section corrections", f"it lists {len(listed)} changes and tells of another count")


def _finding(where: str, message: str, fact: str = "") -> Finding:
    return Finding("corrections", where, message, _FIX, fact=fact)


def _name(fact: str, part: str) -> str:
    return f"{fact}, {part}" if part else fact


def _listed(article: Article) -> Iterator[_Row]:
    for section, table in tables(article):
        if section.id == SECTION:
            for _, before, after in table.body:
                yield _Row(_key(before, after), before, after)


def _key(*cells: Cell) -> Key:
    runs = [cell.runs[0] for cell in cells]
    if days := [run.fact for run in runs if isinstance(run, Day)]:
        return days[0] or "", _DAY
    numbers = [run for run in runs if isinstance(run, Number)]
    parts = [run.detail for run in numbers if run.detail]
    return (numbers[0].fact if numbers else ""), (parts[0] if parts else "")


def _faults(row: _Row) -> Iterator[Finding]:
    """What is wrong with a row: nothing moved, or a number is another fact's or of the other version."""
    old, new = row.before.runs[0], row.after.runs[0]
    if old.text == new.text:
        yield _finding("section corrections", f"{_name(*row.key)} is listed and did not move", row.key[0])
    for run, former in ((old, True), (new, False)):
        own = isinstance(run, Number | Day) and run.former == former and run.fact == row.key[0]
        if not own and run.text != _NOT_MEASURED:
            yield _finding("section corrections", f"{run.text!r} stands in the wrong row or column", row.key[0])


def _moved(article: Article, amends: Amendment) -> set[Key]:
    """The facts' parts that a text of either version prints, and that read otherwise in the other version."""
    found: set[Key] = set()
    former = amends.measurements.facts
    for (fact, part), shown in amends.printed.items():
        other = article.measurements.facts.get(fact)
        found |= {
            _as_key(fact, part, former.get(fact)) for text in shown if not _tells(text, other, part, former.get(fact))
        }
    for place, runs in texts(article):
        if place == f"section {SECTION}":
            continue
        for run in runs:
            if isinstance(run, Number) and not run.former:
                own = article.measurements.facts.get(run.fact)
                if not _tells(run.text, former.get(run.fact), run.detail or "", own):
                    found.add((run.fact, run.detail or ""))
            elif isinstance(run, Day) and run.fact and not run.former:
                before = former.get(run.fact)
                if before is None or run.day not in days_of(before):
                    found.add((run.fact, _DAY))
    return found


def _as_key(fact: str, part: str, own: Fact | None) -> Key:
    return fact, (_DAY if own is not None and isinstance(own.recorded(part), date) else part)


def _tells(text: str, fact: Fact | None, part: str, own: Fact | None) -> bool:
    """Whether a text, printed of the part of `own`, is true of the other version's `fact` as well."""
    if fact is None or own is None:
        return False
    if fact.missing is not None:
        return text in ("n/a", f"n/a, {fact.missing}")
    value = fact.recorded(part)
    if isinstance(value, date):
        return _numerals.is_day(text, value)
    if not isinstance(value, int | float):
        return text == value
    numeral = _numerals.read(text)
    mine = own.recorded(part)
    turned = isinstance(mine, int | float) and mine * value < 0
    return numeral is not None and _numerals.agrees(numeral, float(value)) and not (turned and numeral.value)
