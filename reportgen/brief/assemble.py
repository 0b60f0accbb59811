"""Step 4: cover, articles and one appendix as one article, which the renderers and the gate know already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from reportgen import compose
from reportgen.brief import cover as covers
from reportgen.brief import waiting
from reportgen.brief.comparisons import Written
from reportgen.brief.cover import Cover
from reportgen.compose import editor, masthead, origins
from reportgen.config import COVER, Settings
from reportgen.model import (
    Article,
    Block,
    Bullets,
    Chart,
    Figure,
    Masthead,
    Paragraph,
    Ref,
    Runs,
    Section,
    Table,
)
from reportgen.resources import own_files, template_folders

SHORT = ("answer", "returns", "outlook")
"""The sections of an article in its short form; the cover has the week and the calendar."""
SHORT_CHARTS = frozenset({"growth"})
"""The charts of those sections."""
_CHECKED = "claims"
_TOLD = ("-answer", "-returns")
_KEPT = ("corrections", "sources", "disclosures")
"""What a mail tells of a comparison, and of the appendix."""


def article(cover: Cover, settings: Settings, issued: date, version: int) -> Article:
    """The brief as one article. Every number in it is a fact of the cover's measurements."""
    own, noted = _own(settings), settings.branding.editors_note
    full = settings.brief.form == "full"
    front = covers.sections(cover, settings.section_order)
    bodies = tuple(section for one in cover.written for section in _sections(one, full=full))
    charts = {name: chart for one in cover.written for name, chart in _charts(one, bodies).items()}
    material = compose.Material(
        cover.snapshot, cover.measured, cover.commentary, charts, settings.omitted_sections, settings.licence.rights,
        sentences=compose.load_sentences(template_folders(settings.templates)),
    )  # fmt: skip
    checked = tuple(section for one in cover.written for section in _claims(one)) if full else ()
    told = (*front, *bodies)
    tickers = cover.snapshot.tickers
    days = _days(cover, issued)
    names = _names(cover) | origins.names(material, settings.publication, *own.words)
    if noted is not None:
        told = (_editors(noted, cover, told, names, days), *told)
    return Article(
        slug=settings.brief.name,
        tickers=tickers,
        as_of=cover.snapshot.as_of,
        issue_date=issued,
        version=version,
        masthead=_masthead(cover, settings, issued, version),
        sections=(*told, *checked, *compose.shared(material, told, own)),
        charts=charts,
        measurements=cover.measured,
        keywords=(*tickers, *cover.commentary.themes),
        banner=compose.banner_of(cover.snapshot, material.sentences),
        names=names,
        days=days,
        simulated=cover.snapshot.simulated,
        sources=cover.snapshot.sources,
        stem="brief",
        brand=settings.branding.brand,
    )  # fmt: skip


def _own(settings: Settings) -> compose.Own:
    """What the publisher discloses."""
    branding = settings.branding
    noted = branding.editors_note is not None
    return compose.Own(settings.conflict, own_files(settings.templates), branding.disclosures, noted=noted)


def _masthead(cover: Cover, settings: Settings, issued: date, version: int) -> Masthead:
    lines = covers.lines(cover, issued, version, settings.licence.rights)
    return Masthead(covers.title(cover.snapshot.as_of), covers.headline(cover), settings.publication, lines)


def _days(cover: Cover, issued: date) -> frozenset[date]:
    """Every date that the brief may print without a fact of its own."""
    before = {cover.before} if cover.before is not None else set()
    return origins.days(cover.snapshot, issued) | waiting.days(cover.stated) | before


def _editors(note: str, cover: Cover, told: Sequence[Section], names: frozenset[str], days: frozenset[date]) -> Section:
    """The editor's note, above all else; its numbers are those that the brief prints, and it has no numbered notes."""
    section, _ = editor.section(note, cover.measured, told, names, days)
    return replace(section, blocks=tuple(_named(section.id, block) for block in section.blocks))


def _names(cover: Cover) -> frozenset[str]:
    """What the cover may print as it stands, beside the names of every comparison: what is told of held ones, of events
    and of what changed.
    """
    found = {name for one in cover.written for name in one.article.names}
    found |= {f"{event.name[:1].upper()}{event.name[1:]}" for event in cover.snapshot.events}
    found |= set(waiting.words(cover.stated))
    for held in cover.held:
        found |= {held.reason.rstrip("."), *held.tickers}
    for change in cover.changes:
        found |= {change.text, change.subject, *change.subject.split(":"), *(change.told or ())}
        facts = (fact for fact in (change.before, change.now) if fact is not None)
        found |= {name for fact in facts for name in (fact.key or "", f"{fact.subject}, {fact.second}")}
    return frozenset(found)


def shorter(brief: Article) -> Article:
    """The brief as a mail tells it: the cover, and of every comparison the answer and the returns in one section.

    Where a mail would be too long, whole comparisons are left out, the last one first.
    """
    kept: list[Section] = []
    for section in brief.sections:
        if (section.appendix and section.id in _KEPT) or (not section.appendix and section.level == 2):
            kept.append(section)
        elif not section.appendix and section.id.endswith(_TOLD):
            kept[-1] = replace(kept[-1], blocks=(*kept[-1].blocks, *section.blocks))
    plain = tuple(replace(s, blocks=tuple(b for b in s.blocks if not isinstance(b, Figure))) for s in kept)
    fixed = {*COVER, editor.SECTION}
    spare = tuple(s.id for s in reversed(plain) if not s.appendix and s.id not in fixed)
    return replace(brief, sections=plain, charts={}, spare=spare)


def _sections(one: Written, *, full: bool) -> Iterator[Section]:
    """A comparison's heading with its headline, and below it the sections of its article in the form asked for.

    Whole articles begin a page each; short forms follow one another.
    """
    head = one.article.masthead
    lead = Paragraph(head.headline, "lead")
    yield Section(one.slug, head.title, (lead, Paragraph(masthead.funds(one.snapshot), "note")), fresh=full)
    for section in one.article.sections:
        if section.appendix or not section.blocks or not (full or section.id in SHORT):
            continue
        yield _below(one, section)


def _below(one: Written, section: Section) -> Section:
    """A section of one article among those of others: its name, its tables and its charts say whose they are."""
    blocks = tuple(_named(one.slug, block, covers.named(one)) for block in section.blocks)
    return replace(section, id=f"{one.slug}-{section.id}", blocks=blocks, level=3)


def _named(slug: str, block: Block, whose: Runs = ()) -> Block:
    """The block under a name of its comparison, without links to notes: a brief has none, each number tells its own.

    whose: what a table's caption says of it, so that no two tables have the same.
    """
    match block:
        case Table():
            return replace(block, id=f"{slug}-{block.id}", caption=(*block.caption, *whose))
        case Figure():
            return replace(block, chart=f"{slug}-{block.chart}")
        case Paragraph():
            return replace(block, runs=_unlinked(block.runs))
        case Bullets():
            return replace(block, items=tuple((title, _unlinked(runs)) for title, runs in block.items))


def _unlinked(runs: Runs) -> Runs:
    return tuple(run for run in runs if not isinstance(run, Ref))


def _charts(one: Written, bodies: Sequence[Section]) -> Mapping[str, Chart]:
    """The charts that the brief shows of an article, by their names in the brief."""
    placed = {block.chart for section in bodies for block in section.blocks if isinstance(block, Figure)}
    named = {f"{one.slug}-{name}": chart for name, chart in one.article.charts.items()}
    return {name: chart for name, chart in named.items() if name in placed}


def _claims(one: Written) -> Iterator[Section]:
    """The table of a comparison's claims, for the appendix; its picture stays in the article."""
    for section in one.article.sections:
        if section.id == _CHECKED and section.appendix:
            whose = covers.named(one)
            tables = tuple(_named(one.slug, block, whose) for block in section.blocks if isinstance(block, Table))
            heading = (*section.heading, *whose)
            yield replace(section, id=f"{one.slug}-{_CHECKED}", heading=heading, blocks=tables)
