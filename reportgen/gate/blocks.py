"""Check: what every article must carry is there, in words that mean it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reportgen.gate._walk import block_runs, is_kind, tables, texts
from reportgen.model import Article, Figure, Finding, Paragraph, Section, Table, plain

REQUIRED_SECTIONS = ("sources", "disclosures")
LEGEND_TABLE = "returns"
"""The table beside which the past-performance legend must stand."""
LEGEND = re.compile(
    r"past (?:performance|results?) (?:is|are|does|do) (?:not|no)\b[^.;]*\bfuture (?:results?|returns?|performance)\b",
    re.IGNORECASE,
)
BANNER = re.compile(r"\bsimulated\b.*\b(?:no real fund|invented|not real)\b", re.IGNORECASE | re.DOTALL)
_REQUIRED = {
    "the note that rules wrote the article": re.compile(r"written by rules", re.IGNORECASE),
    "the past-performance legend": LEGEND,
    "the note that this is not investment advice": re.compile(r"\bnot (?:an? )?investment advice\b", re.IGNORECASE),
    "the conflict-of-interest statement": re.compile(r"\bconflicts? of interest: *\S", re.IGNORECASE),
}


def check(article: Article) -> Iterator[Finding]:
    """A finding for each missing block, an unmarked simulation, and a legend that stands away from its table."""
    prose = "\n".join(plain(runs) for place, runs in texts(article) if not place.startswith("chart"))
    for what, phrase in _REQUIRED.items():
        if not phrase.search(prose):
            yield _missing("article", f"{what} is missing", "Restore its text.")
    filled = {section.id for section in article.sections if any(_says(section))}
    for required in REQUIRED_SECTIONS:
        if required not in filled:
            yield _missing("article", f"the section {required!r} is missing or empty", "Restore the section.")
    if not _every_legend(article):
        yield _missing(
            f"table {LEGEND_TABLE}", "the past-performance legend does not stand next to it", "Move it there."
        )
    if article.simulated and not BANNER.search(plain(article.banner)):
        yield _missing("banner", "simulated data are not marked as such", "Restore the banner.")
    if not article.simulated and article.banner and BANNER.search(plain(article.banner)):
        yield _missing("banner", "real data are called simulated", "Remove the banner.")
    yield from _unknown_figures(article)


def _missing(where: str, message: str, fix: str) -> Finding:
    return Finding("required blocks", where, message, fix)


def _says(section: Section) -> Iterator[str]:
    return (text for block in section.blocks for runs in block_runs(block) if (text := plain(runs).strip()))


def _unknown_figures(article: Article) -> Iterator[Finding]:
    seen: set[str] = set()
    for section in article.sections:
        if section.id in seen:
            yield Finding("required blocks", section.id, f"the section {section.id!r} stands twice", "Remove one.")
        seen.add(section.id)
        for block in section.blocks:
            if isinstance(block, Figure) and block.chart not in article.charts:
                yield Finding("charts", section.id, f"the chart {block.chart!r} was not drawn", "Leave the figure out.")


def _every_legend(article: Article) -> bool:
    """Whether there is a table of returns, and the legend beside each."""
    telling = [section for section, table in tables(article) if is_kind(table, LEGEND_TABLE)]
    return bool(telling) and all(map(_legend_beside_returns, telling))


def _legend_beside_returns(section: Section) -> bool:
    for before, block, after in zip((None, *section.blocks), section.blocks, (*section.blocks[1:], None), strict=False):
        if isinstance(block, Table) and is_kind(block, LEGEND_TABLE):
            neighbours = [b for b in (before, after) if isinstance(b, Paragraph) and b.kind == "legend"]
            return any(LEGEND.search(plain(b.runs)) for b in neighbours)
    return False
