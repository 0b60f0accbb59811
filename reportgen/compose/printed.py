"""What an article prints of its facts, by fact and part; its record keeps it, and a correction compares."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from reportgen.model import Article, Day, Fact, Number, Printed, Run
from reportgen.model.walk import texts

SECTION = "corrections"
"""The section that tells corrections; what it prints is no news to the next one."""


def printed(article: Article) -> Printed:
    """Every text that stands for a part of a fact, each once, in the order of reading."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for place, runs in texts(article):
        if place == f"section {SECTION}":
            continue
        for run in runs:
            for key in _keys(article, run):
                found.setdefault(key, {})[run.text] = None
    return {key: tuple(shown) for key, shown in found.items()}


def printed_as_json(article: Article) -> dict[str, dict[str, tuple[str, ...]]]:
    """The same for a record: texts by fact, and by part below it."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for (fact, part), shown in printed(article).items():
        found.setdefault(fact, {})[part] = shown
    return found


def dates_of(fact: Fact) -> dict[str, date]:
    """A fact's dates by part: its value, its details, the ends of its window, its as-of."""
    found: dict[str, object] = {"": fact.value, **fact.details, "as of": fact.as_of}
    if fact.window is not None:
        found |= {"start": fact.window.start, "end": fact.window.end}
    return {part: day for part, day in found.items() if isinstance(day, date)}


def _keys(article: Article, run: Run) -> Iterator[tuple[str, str]]:
    if isinstance(run, Number) and not run.former:
        yield run.fact, run.detail or ""
    if isinstance(run, Day) and run.fact is not None and not run.former:
        fact = article.measurements.facts.get(run.fact)
        if fact is not None:
            yield from ((run.fact, part) for part, day in dates_of(fact).items() if day == run.day)
