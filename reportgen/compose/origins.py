"""Where an article's proper names and bare dates may come from: what the gate holds them against."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import PurePosixPath

from reportgen.compose import terms
from reportgen.compose.body import Material
from reportgen.formatting.claims import sentence
from reportgen.model import LICENCES, Snapshot, SourceRecord


def names(material: Material, *own_words: str) -> frozenset[str]:
    """Every proper name, and every text of a source or of the publisher, that the article may print as it stands."""
    found = {*own_words, *_of_data(material.snapshot), *_of_text(material)}
    return frozenset(name.strip() for name in found if name and name.strip())


def _of_data(snapshot: Snapshot) -> Iterator[str]:
    yield from (*snapshot.tickers, *snapshot.histories, *snapshot.context.tickers)
    for fund in snapshot.funds.values():
        yield from (fund.ticker, fund.name, fund.issuer or "", fund.index or "", fund.category or "", fund.asset_class)
    for held in snapshot.holdings.values():
        yield from (held.taxonomy or "", *held.sectors)
        for row in held.rows:
            yield from (row.name, row.ticker or "", row.sector or "")
    for source in snapshot.sources:
        yield from (source.id, source.name, source.terms, part_name(source), served_by(source))
    for event in snapshot.events:
        yield from (event.name, event.source)
    for issue in snapshot.issues:
        yield from (issue.subject, issue.message)


def _of_text(material: Material) -> Iterator[str]:
    sources, rights, commentary = material.snapshot.sources, material.rights, material.commentary
    yield from (terms.all_terms(sources, rights), terms.restrictions(sources, rights))
    yield from (*commentary.themes, *commentary.related)
    yield from (sentence(claim) for claim, _ in commentary.tested().values())
    yield from (about[:1].upper() + about[1:] for about, _ in commentary.words)


def days(snapshot: Snapshot, issued: date) -> frozenset[date]:
    """Every date that the article may print without a fact of its own."""
    found = {snapshot.as_of, snapshot.requested, issued, *(event.day for event in snapshot.events)}
    found |= {day for source in snapshot.sources for day in (source.as_of, source.retrieved_on)}
    found |= {held.as_of for held in snapshot.holdings.values()}
    for fund in snapshot.funds.values():
        found |= {fund.inception, *(fact.as_of for fact in fund.facts.values())}
    return frozenset(day for day in found if day is not None)


def part_name(source: SourceRecord) -> str:
    """What a part is called among those of its kind: "IWM" of "prices/IWM.csv", a series by its plain name."""
    if source.kind == "calendar":
        return source.name
    if "/" not in source.id:
        return source.id
    if source.kind == "rates":
        return source.name.rpartition(", ")[0] or source.name
    return PurePosixPath(source.id).stem.split("_")[0]


def served_by(source: SourceRecord) -> str:
    """Who served a part: the provider's name, or the source's own; the calendar comes with the program."""
    if source.kind == "calendar":
        return "reportgen"
    licence = LICENCES.get(source.provider)
    return licence.provider if licence else source.name
