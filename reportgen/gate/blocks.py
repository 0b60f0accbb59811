"""Check: what every article must carry is there, and words that no article may use are not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reportgen.gate._walk import texts
from reportgen.model import Article, Finding, Name, Paragraph, Runs, Section, Table, plain

REQUIRED_SECTIONS = ("sources", "disclosures")
LEGEND_TABLE = "returns"
"""The table beside which the past-performance legend must stand."""

_REQUIRED_PHRASES = {
    "the note that rules wrote the article": "written by rules",
    "the past-performance legend": "past performance",
    "the note that this is not investment advice": "not investment advice",
    "the conflict-of-interest statement": "conflict of interest",
}
_BANNED = re.compile(
    r"\b(guaranteed|will (?:out|under)perform|price targets?|buy|sell|you should|can't lose|cannot lose)\b",
    re.IGNORECASE,
)


def check(article: Article) -> Iterator[Finding]:
    """A finding for each missing block, a legend that stands away from its table, and each banned phrase."""
    prose = "\n".join(plain(runs) for _, runs in texts(article)).lower()
    for what, phrase in _REQUIRED_PHRASES.items():
        if phrase not in prose:
            yield Finding("required blocks", "article", f"{what} is missing", f"Restore the text {phrase!r}.")
    present = {section.id for section in article.sections}
    for required in REQUIRED_SECTIONS:
        if required not in present:
            yield Finding("required blocks", "article", f"the section {required!r} is missing", "Restore the section.")
    if not any(_legend_beside_returns(section) for section in article.sections):
        where = f"table {LEGEND_TABLE}"
        yield Finding(
            "required blocks", where, "the past-performance legend does not stand next to it", "Move it there."
        )
    for place, runs in texts(article):
        if found := _BANNED.search(_own_words(runs)):
            yield Finding("banned words", place, f"{found[0]!r} may not be said", "Reword the rule.")


def _own_words(runs: Runs) -> str:
    """The text without the names in it: a company may be called what no sentence may say."""
    return "".join("-" if isinstance(run, Name) else run.text for run in runs)


def _legend_beside_returns(section: Section) -> bool:
    for before, block, after in zip((None, *section.blocks), section.blocks, (*section.blocks[1:], None), strict=False):
        if isinstance(block, Table) and block.id == LEGEND_TABLE:
            neighbours = [b for b in (before, after) if isinstance(b, Paragraph) and b.kind == "legend"]
            return any("past performance" in plain(b.runs).lower() for b in neighbours)
    return False
