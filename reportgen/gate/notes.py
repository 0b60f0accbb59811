"""Check: each sentence's link leads to a note of its own, and that note lists every fact that the sentence prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from reportgen.gate._walk import block_runs, tables
from reportgen.model import Article, Bullets, Finding, Paragraph, Ref, Runs, facts_in

_FIX = "Compose the article again."


def check(article: Article) -> Iterator[Finding]:
    """A finding for each link without its note, note without its link, and fact that a sentence prints unnoted.

    An article without any note and link has nothing to judge.
    """
    listed = _listed(article)
    linked: Counter[int] = Counter()
    for place, runs in _prose(article):
        for number, facts in _sentences(runs):
            if number is None:
                if listed and facts:
                    yield _finding(place, f"no link leads to the note of {facts[0]}", facts[0])
                continue
            linked[number] += 1
            for fact in facts:
                if fact not in listed.get(number, ()):
                    yield _finding(place, f"the note {number} does not list {fact}", fact)
    for number in sorted(listed.keys() | linked.keys()):
        if number not in listed or linked[number] != 1:
            told = "is missing" if number not in listed else f"has {linked[number]} links"
            yield _finding("notes", f"the note {number} {told}", "")


def _finding(place: str, message: str, fact: str) -> Finding:
    return Finding("notes", place, message, _FIX, fact=fact)


def _listed(article: Article) -> dict[int, tuple[str, ...]]:
    """The facts of each note by its number."""
    found: dict[int, tuple[str, ...]] = {}
    for _, table in tables(article):
        for row in table.body:
            numbers = [run.number for cell in row for run in cell.runs if isinstance(run, Ref) and run.back]
            for number in numbers:
                found[number] = tuple(fact for cell in row for fact in facts_in(cell.runs))
    return found


def _prose(article: Article) -> Iterator[tuple[str, Runs]]:
    for section in article.sections:
        if section.appendix:
            continue
        for block in section.blocks:
            if isinstance(block, Paragraph | Bullets):
                for runs in block_runs(block):
                    yield f"section {section.id}", runs


def _sentences(runs: Runs) -> Iterator[tuple[int | None, tuple[str, ...]]]:
    """Each stretch up to a link, with the link's number and the facts printed in it; the rest has no number."""
    begin = 0
    for at, run in enumerate(runs):
        if isinstance(run, Ref) and not run.back:
            yield run.number, facts_in(runs[begin:at])
            begin = at + 1
    yield None, facts_in(runs[begin:])
