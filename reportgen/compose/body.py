"""The article's body: which section holds which statements, tables and charts, in reading order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from reportgen.compose import disclosures, later, notes, prose, tables
from reportgen.compose.notes import Numbered
from reportgen.compose.sentences import Sentences, shipped_sentences
from reportgen.model import (
    Block,
    Bullets,
    Chart,
    Commentary,
    Figure,
    Measurements,
    Paragraph,
    Rights,
    Runs,
    Section,
    Snapshot,
    Statement,
    Text,
)

ANSWER_TITLES: Mapping[str, str] = {
    "answer-matters": "What matters most.",
    "answer-same": "What is not different.",
    "answer-unknown": "What the data cannot tell.",
}


@dataclass(frozen=True, slots=True)
class Material:
    """What sections are made of; `notes` are filled in once the order of the sections is known."""

    snapshot: Snapshot
    measured: Measurements
    commentary: Commentary
    charts: Mapping[str, Chart]
    omitted: tuple[str, ...]
    rights: Rights = field(default_factory=dict)
    order: tuple[str, ...] = ()
    sentences: Sentences = field(default_factory=shipped_sentences)
    notes: Numbered = field(default_factory=dict)

    def spoken(self, section: str) -> tuple[Statement, ...]:
        """The statements of a rules' section in the order in which they are read, none where it is left out."""
        if section in self.omitted:
            return ()
        told = self.commentary.section(section)
        if section == "answer":
            by_topic = {statement.topic: statement for statement in told}
            return tuple(by_topic[topic] for topic in ANSWER_TITLES if topic in by_topic)
        return told

    def paragraphs(self, section: str) -> tuple[Block, ...]:
        """The statements of a rules' section in paragraphs, unless the settings leave the section out."""
        return prose.paragraphs(self.spoken(section), self.notes)

    def figure(self, chart: str) -> tuple[Block, ...]:
        """A chart in its place, or nothing where it could not be drawn."""
        return (Figure(chart, self.charts[chart].spec.title),) if chart in self.charts else ()


def _answer(m: Material) -> tuple[Block, ...]:
    items = tuple(((Text(ANSWER_TITLES[s.topic]),), (*s.runs, *_link(m, s))) for s in m.spoken("answer"))
    return (Bullets(items),) if items else ()


def _link(m: Material, statement: Statement) -> Runs:
    note = m.notes.get(notes.key(statement))
    return note.link if note is not None else ()


def _summary(m: Material) -> tuple[Block, ...]:
    told = later.sentence(m.snapshot)
    return (*m.paragraphs("summary"), tables.profile(m.snapshot, m.measured), *((Paragraph(told),) if told else ()))


def _own(m: Material) -> tuple[Block, ...]:
    return (*m.paragraphs("own"), *m.figure("sectors"), *m.figure("concentration"))


def _returns(m: Material) -> tuple[Block, ...]:
    table = (tables.returns(m.measured), disclosures.legend(m.sentences, tables.of_prices(m.measured)))
    return (*m.paragraphs("returns"), *table, *m.figure("growth"))


def _risk(m: Material) -> tuple[Block, ...]:
    return (*m.paragraphs("risk"), tables.risk(m.measured), *m.figure("drawdowns"))


def _rules(*names: str) -> Callable[[Material], tuple[Block, ...]]:
    def blocks(m: Material) -> tuple[Block, ...]:
        return tuple(block for name in names for block in m.paragraphs(name))

    return blocks


@dataclass(frozen=True, slots=True)
class _Part:
    id: str
    heading: str
    blocks: Callable[[Material], tuple[Block, ...]]
    under: str | None = None

    @property
    def chapter(self) -> str:
        """What it stands under, or itself."""
        return self.under or self.id


_PARTS = (
    _Part("answer", "The answer first", _answer),
    _Part("summary", "Summary", _summary),
    _Part("own", "What you own", _own),
    _Part("returns", "Returns", _returns),
    _Part("risk", "Risk", _risk),
    _Part("concentration", "Concentration", _rules("concentration"), "Analysis"),
    _Part("breadth", "Breadth and liquidity", _rules("breadth"), "Analysis"),
    _Part("credit", "Credit and rates", _rules("credit"), "Analysis"),
    _Part("second-order", "Second-order effects", _rules("second-order"), "Analysis"),
    _Part("flows", "Flows and hedging", _rules("flows"), "Analysis"),
    _Part("cost", "Cost and income", _rules("cost"), "Analysis"),
    _Part("horizon-weeks", "Days to weeks", _rules("horizon-weeks"), "Time horizons"),
    _Part("horizon-months", "Three to twelve months", _rules("horizon-months"), "Time horizons"),
    _Part("horizon-years", "Several years", _rules("horizon-years"), "Time horizons"),
    _Part("tail", "Tail risks", _rules("tail")),
    _Part("contrarian", "Against the grain", _rules("contrarian")),
    _Part("same", "What is not different", _rules("same")),
    _Part("outlook", "What would change this picture", _rules("outlook")),
)


def ranked(order: Sequence[str]) -> Callable[[str], int]:
    """Gives a section's place in the publisher's order; those not named share the last."""
    places = {id_: place for place, id_ in reversed(tuple(enumerate(order)))}
    return lambda id_: places.get(id_, len(order))


def _arranged(order: tuple[str, ...]) -> tuple[_Part, ...]:
    """The parts in the publisher's order, those not named after them; what stands under one heading stays together."""
    rank = ranked(order)
    chapters: dict[str, tuple[int, int]] = {}
    for place, part in enumerate(_PARTS):
        first, house = chapters.get(part.chapter, (len(order), place))
        chapters[part.chapter] = min(first, rank(part.id)), house
    return tuple(sorted(_PARTS, key=lambda part: (chapters[part.chapter], rank(part.id))))


def noted(material: Material) -> Material:
    """The material with its sentences' notes, counted in reading order."""
    statements = (statement for part in _arranged(material.order) for statement in material.spoken(part.id))
    return replace(material, notes=notes.numbered(statements))


def sections(material: Material) -> tuple[Section, ...]:
    """Every section that has something to say; a heading stands over its first subsection that speaks."""
    found: list[Section] = []
    over: str | None = None
    for part in _arranged(material.order):
        blocks = () if part.id in material.omitted else part.blocks(material)
        if not blocks:
            continue
        if part.under is not None and part.under != over:
            found.append(Section(part.under.lower().replace(" ", "-"), (Text(part.under),), ()))
        over = part.under
        found.append(Section(part.id, (Text(part.heading),), blocks, level=2 if part.under is None else 3))
    return tuple(found)
