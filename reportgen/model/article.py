"""What stages 5 to 8 pass on: the article, its artifacts, the gate's clearance, the receipts."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from reportgen.model.brand import Brand
from reportgen.model.data import SourceRecord
from reportgen.model.drawing import Chart
from reportgen.model.facts import Fact, Measurements
from reportgen.model.issue import Correction
from reportgen.model.text import Claim, Runs, Verdict


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table. `header` cells head a row or a column; numbers are aligned to the end."""

    runs: Runs
    header: bool = False
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table: `head` rows, then `body` rows of equal length; `note` stands right below it.

    `compact` ones are set small (appendix).
    """

    id: str
    caption: Runs
    head: tuple[tuple[Cell, ...], ...]
    body: tuple[tuple[Cell, ...], ...]
    note: Runs = ()
    compact: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Prose; `kind` chooses the style: "body", "lead", "note", "legend", "warning".

    `verdict` is printed as a small mark where the paragraph rests on a tested claim; `rules` are those that spoke,
    `facts` what they rest on, printed or not, and `claims` what was tested, with the answers.
    """

    runs: Runs
    kind: Literal["body", "lead", "note", "legend", "warning"] = "body"
    verdict: Verdict = "descriptive"
    rules: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    claims: tuple[tuple[Claim, Verdict], ...] = ()


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of short statements; `title` heads each one in bold where it is given."""

    items: tuple[tuple[Runs, Runs], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart in its place, by the chart's id."""

    chart: str
    caption: Runs


Block = Paragraph | Bullets | Table | Figure


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the article under one heading. `id` anchors links; `level` is 2 or 3; a `fresh` one begins a page."""

    id: str
    heading: Runs
    blocks: tuple[Block, ...]
    level: Literal[2, 3] = 2
    appendix: bool = False
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Masthead:
    """The article's head: title, headline and the labelled lines below it."""

    title: Runs
    headline: Runs
    publication: str
    lines: tuple[tuple[Runs, Runs], ...]


Printed = Mapping[tuple[str, str], tuple[str, ...]]
"""What an article prints of its facts: each text, by the fact's id and the part of it: "" for the value itself, the
name of a detail, "n", "interval.low", "start" and "end" of the window, "as of"."""


@dataclass(frozen=True, slots=True, eq=False)
class Amendment:
    """The version that a correction replaces: its number, its facts and what it printed of them.

    at, reason: when and why it is replaced. earlier: the corrections that it carries itself.
    """

    version: int
    measurements: Measurements
    printed: Printed
    at: datetime
    reason: str
    earlier: tuple[Correction, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Article:
    """Everything a renderer needs; renderers format, they never compute. `banner` marks simulated data.

    For the gate: `names` are the proper names that the article may print, `days` the dates that belong to no fact,
    `simulated` whether the data are invented, `sources` where they come from. amends: the version that this one
    corrects; corrections: all that were made, the latest last.
    stem: what its files are called ("article.html"). spare: the ids of the sections that a mail can do without, in the
    order in which they go; None means those of a comparison.
    """

    slug: str
    tickers: tuple[str, ...]
    as_of: date
    issue_date: date
    version: int
    masthead: Masthead
    sections: tuple[Section, ...]
    charts: Mapping[str, Chart]
    measurements: Measurements
    keywords: tuple[str, ...] = ()
    banner: Runs = ()
    language: str = "en-US"
    names: frozenset[str] = frozenset()
    days: frozenset[date] = frozenset()
    simulated: bool = False
    sources: tuple[SourceRecord, ...] = ()
    stem: Literal["article", "brief"] = "article"
    spare: tuple[str, ...] | None = None
    amends: Amendment | None = None
    corrections: tuple[Correction, ...] = ()
    brand: Brand = field(default_factory=Brand)

    def facts_of(self, *, former: bool) -> Mapping[str, Fact]:
        """The facts that a run may print: the article's own, or those of the version that it replaces."""
        if not former:
            return self.measurements.facts
        return self.amends.measurements.facts if self.amends is not None else {}


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file that is ready to be written."""

    name: str
    media_type: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Finding:
    """Why the gate holds an article: which check, where, what, and what to do.

    file, line and fact are given where they are known: the file that shows it, its line, the fact concerned.
    """

    check: str
    where: str
    message: str
    fix: str
    file: str = ""
    line: int | None = None
    fact: str = ""


@dataclass(frozen=True, slots=True)
class Clearance:
    """The gate's answer: cleared when there is no finding."""

    findings: tuple[Finding, ...]
    checked: Mapping[str, int]

    @property
    def cleared(self) -> bool:
        return not self.findings


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one artifact: where it is, in which state."""

    recipient: str
    status: Literal["written", "held"]
    sha256: str
