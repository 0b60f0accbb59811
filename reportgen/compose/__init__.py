"""Stage 5: puts facts, statements and charts together into the one model that every output renders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from reportgen.compose import appendix, body, disclosures, editor, masthead, origins
from reportgen.compose.appendix import shared as shared
from reportgen.compose.body import Material as Material
from reportgen.compose.corrections import amended as amended
from reportgen.compose.disclosures import Own as Own
from reportgen.compose.manifest import manifest as manifest
from reportgen.compose.masthead import brief_lines as brief_lines
from reportgen.compose.printed import printed as printed
from reportgen.compose.printed import printed_as_json as printed_as_json
from reportgen.compose.sentences import Sentences as Sentences
from reportgen.compose.sentences import load_sentences as load_sentences
from reportgen.compose.sentences import shipped_sentences
from reportgen.model import Amendment, Article, Brand, Chart, Commentary, Measurements, Rights, Runs, Snapshot, Text


@dataclass(frozen=True, slots=True)
class Edition:
    """What the publisher decides about one article: dates, name and look, what is told and in which order, own words.

    amends: the version that this one corrects.
    """

    issue_date: date
    version: int
    publication: str
    conflict: str
    omitted: tuple[str, ...] = ()
    own_templates: tuple[str, ...] = ()
    rights: Rights = field(default_factory=dict)
    amends: Amendment | None = None
    order: tuple[str, ...] = ()
    disclosures: tuple[str, ...] = ()
    note: str | None = None
    sentences: Sentences = field(default_factory=shipped_sentences)
    brand: Brand = field(default_factory=Brand)


def compose(
    snapshot: Snapshot,
    measured: Measurements,
    commentary: Commentary,
    charts: Mapping[str, Chart],
    edition: Edition,
) -> Article:
    """The article. Nothing is computed here: every number is a fact of `measured`, printed by a filter."""
    material = body.noted(
        body.Material(
            snapshot, measured, commentary, charts, edition.omitted, edition.rights, edition.order, edition.sentences
        )
    )
    told = body.sections(material)
    own = disclosures.Own(edition.conflict, edition.own_templates, edition.disclosures, noted=edition.note is not None)
    names = origins.names(material, edition.publication, *own.words)
    days = origins.days(snapshot, edition.issue_date)
    if edition.note is not None:
        written, rests = editor.section(edition.note, measured, told, names, days)
        told = (written, *told)
        own_notes = {(editor.SECTION, str(note.number)): note for note in rests}
        material = replace(material, notes={**material.notes, **own_notes})
    head = masthead.build(
        snapshot, measured, commentary, edition.publication, edition.issue_date, edition.version, edition.rights
    )
    article = Article(
        slug=slug(snapshot.tickers),
        tickers=snapshot.tickers,
        as_of=snapshot.as_of,
        issue_date=edition.issue_date,
        version=edition.version,
        masthead=head,
        sections=(*told, *appendix.sections(material, told, own)),
        charts=charts,
        measurements=measured,
        keywords=(*snapshot.tickers, *commentary.themes),
        banner=banner_of(snapshot, edition.sentences),
        names=names,
        days=days,
        simulated=snapshot.simulated,
        sources=snapshot.sources,
        brand=edition.brand,
    )
    return article if edition.amends is None else amended(article, edition.amends)


def banner_of(snapshot: Snapshot, sentences: Sentences) -> Runs:
    """What marks simulated data on every page; nothing for real ones."""
    return (Text(sentences.sample),) if snapshot.simulated else ()


def slug(tickers: tuple[str, ...]) -> str:
    """The folder name of a comparison: "iwm-vs-qqq"."""
    return "-vs-".join(ticker.lower() for ticker in tickers)
