"""Check: one as-of everywhere, and no figure of a day that the rules of time forbid."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from reportgen.gate._walk import cells, tables, texts
from reportgen.model import Article, Day, Fact, Finding, Number, Runs, plain

EARLIEST = timedelta(days=100)
LATEST = timedelta(days=45)
"""A fund fact or holdings file may be used when it is dated from so long before to so long after the as-of."""
_STATED = ("holdings", "stated by the provider")
_AS_OF = "Data as of"
_ISSUED = "Issued"
_FIX = "Take figures of the right day, or ask for another one."


def check(article: Article) -> Iterator[Finding]:
    """A finding for each date that contradicts the article's as-of or issue date, and each figure out of its time."""
    if article.measurements.as_of != article.as_of:
        yield _finding("article", f"its figures are of {article.measurements.as_of}, not of {article.as_of}")
    yield from _masthead(article)
    for section, table in tables(article):
        for day in (run.day for run in table.caption if isinstance(run, Day) and run.fact is None):
            if day != article.as_of:
                yield _finding(f"section {section.id}, table {table.id}", f"its caption says {day}")
    for id_ in dict.fromkeys(run.fact for _, runs in texts(article) for run in runs if isinstance(run, Number)):
        fact = article.measurements.facts.get(id_)
        problem = _out_of_time(fact, fact.issue or article.as_of) if fact is not None and fact.missing is None else None
        if problem is not None:
            yield Finding("dates", id_, problem, _FIX, fact=id_)
    yield from _unflagged(article)
    yield from _of_no_source(article)


def _finding(where: str, message: str) -> Finding:
    return Finding("dates", where, message, _FIX)


def _masthead(article: Article) -> Iterator[Finding]:
    lines = {plain(label): content for label, content in article.masthead.lines}
    for label, day in ((_AS_OF, article.as_of), (_ISSUED, article.issue_date)):
        if not lines and not article.masthead.lines:
            continue
        if _first_day(lines.get(label, ())) != day:
            yield _finding("masthead", f"the line {label!r} does not say {day}")


def _first_day(runs: Runs) -> date | None:
    return next((run.day for run in runs if isinstance(run, Day)), None)


def _out_of_time(fact: Fact, as_of: date) -> str | None:
    if fact.window is not None and fact.window.end > as_of:
        return f"its window ends on {fact.window.end}, after {as_of}"
    if fact.window is not None and fact.window.end != as_of and not (fact.code or "").startswith("CY"):
        return f"its window ends on {fact.window.end}, not on {as_of}"
    if fact.as_of is None:
        return None
    if fact.basis in _STATED:
        return None if -EARLIEST <= fact.as_of - as_of <= LATEST else f"it is of {fact.as_of}, too far from {as_of}"
    return f"it is of {fact.as_of}, after {as_of}" if fact.as_of > as_of else None


def _unflagged(article: Article) -> Iterator[Finding]:
    """Dates in the table of what the funds are that lie after the as-of and do not say so."""
    for place, cell in cells(article):
        if place.endswith(("table profile", "-profile")):
            late = any(isinstance(run, Day) and run.day > article.as_of for run in cell.runs)
            if late and "(later)" not in plain(cell.runs):
                yield _finding(place, f"{plain(cell.runs)!r} lies after {article.as_of} and does not say so")


def _of_no_source(article: Article) -> Iterator[Finding]:
    """Days in the table of sources that none of the row's kind of source has."""
    days: dict[str, set[date]] = {}
    for source in article.sources:
        days.setdefault(source.kind, set()).update(filter(None, (source.as_of, source.retrieved_on)))
    for section, table in tables(article):
        for kind, row in ((plain(row[0].runs).lower(), row) for row in table.body if table.id == "sources" and row):
            for run in (run for cell in row for run in cell.runs if isinstance(run, Day)):
                if kind in days and run.day not in days[kind]:
                    yield _finding(f"section {section.id}, table {table.id}", f"no {kind} are of {run.day}")
