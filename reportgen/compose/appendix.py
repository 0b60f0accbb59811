"""The appendix: claims checked, calendar years, charts and their data, methods, sources, notes, disclosures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from reportgen.compose import _cells as cells
from reportgen.compose import chart_data, claims, disclosures, notes, tables
from reportgen.compose import terms as licences
from reportgen.compose.body import Material
from reportgen.compose.origins import part_name, served_by
from reportgen.model import (
    DIFFERENCE,
    Block,
    Bullets,
    Cell,
    Figure,
    Measurements,
    Name,
    Paragraph,
    Parameter,
    Runs,
    Section,
    SourceRecord,
    Table,
    Text,
    facts_in,
)

_CHART_HEADINGS = {
    "growth": "Growth",
    "drawdowns": "Drawdowns",
    "sectors": "Sectors",
    "concentration": "Concentration of the holdings",
    "rolling": "Rolling difference",
    "claims": "Claims",
    "horizon": "Latest moves",
}


def sections(material: Material, body: tuple[Section, ...], own: disclosures.Own) -> tuple[Section, ...]:
    """The appendix's sections, those with nothing to show left out."""
    checked = claims.section(material)
    noted = notes.section(material.measured, tuple(material.notes.values()))
    above = (*body, checked) if checked is not None else body
    candidates = (
        checked,
        noted,
        _years(material),
        *_more_charts(material, above),
        chart_data.section(material),
        _methods(material, (*body, noted) if noted is not None else body),
        _sources(material),
        _data(material),
        disclosures.section(own, material.sentences, material.sentences.automated),
    )
    return tuple(section for section in candidates if section is not None)


def shared(material: Material, body: tuple[Section, ...], own: disclosures.Own) -> tuple[Section, ...]:
    """The sections that a brief of several comparisons needs once: methods, sources, notes on the data, disclosures."""
    candidates = (
        _methods(material, body),
        _others(material, body),
        _sources(material),
        _data(material),
        disclosures.section(own, material.sentences, material.sentences.brief),
    )
    return tuple(section for section in candidates if section is not None)


def _section(id_: str, heading: str, *blocks: Block) -> Section:
    return Section(id_, (Text(heading),), blocks, appendix=True)


def _years(material: Material) -> Section | None:
    table = tables.calendar_years(material.measured)
    return _section("years", "Calendar years", table) if table is not None else None


def _more_charts(material: Material, above: tuple[Section, ...]) -> Iterator[Section]:
    """Charts that no section above has placed, each in a section of its own: a page may break between any two."""
    placed = {block.chart for section in above for block in section.blocks if isinstance(block, Figure)}
    for name, drawn in material.charts.items():
        if name not in placed:
            heading = _CHART_HEADINGS.get(name, name.capitalize())
            yield _section(f"chart-{name}", heading, Figure(name, drawn.spec.title))


def _methods(material: Material, body: tuple[Section, ...]) -> Section:
    """How every figure that the article prints is made, from the metrics' own specifications."""
    used = dict.fromkeys(_metrics_of(material.measured, body))
    specs = [material.measured.specs[name] for name in used]
    rows = tuple(
        (
            Cell((Parameter(spec.name, "label", spec.label),), header=True),
            Cell((Parameter(spec.name, "formula", spec.formula),)),
        )
        for spec in sorted(specs, key=lambda spec: spec.label)
    )
    caption = cells.text("How each figure is made")
    table = Table("methods", caption, ((cells.head("Measure"), cells.head("Definition")),), rows, compact=True)
    return _section("methods", "Methods", table, *_words(material))


def _others(material: Material, body: tuple[Section, ...]) -> Section | None:
    """The full names of the funds that the text names and does not compare: yardsticks and companions."""
    said = {run.text for section in body for block in section.blocks for run in _runs_of(block)}
    funds = material.snapshot.funds
    named = sorted(ticker for ticker in said & funds.keys() if ticker not in material.snapshot.tickers)
    if not named:
        return None
    rows = tuple((Cell((Name(ticker),), header=True), Cell((Name(funds[ticker].name),))) for ticker in named)
    heads = (cells.head("Fund"), cells.head("Name"))
    return _section(
        "others",
        "Other funds named",
        Table("others", cells.text("Yardsticks and companions"), (heads,), rows, compact=True),
    )


def _words(material: Material) -> tuple[Block, ...]:
    """What the graded words of the text mean: each with the size that earns it."""
    rows = tuple(
        (Cell((Name(about[:1].upper() + about[1:]),), header=True), Cell(meaning))
        for about, meaning in material.commentary.words
    )
    if not rows:
        return ()
    heads = (cells.head("Size of"), cells.head("Words and the sizes that earn them"))
    return (Table("words", cells.text("What the graded words mean"), (heads,), rows, compact=True),)


def _metrics_of(measured: Measurements, body: tuple[Section, ...]) -> Iterator[str]:
    for section in body:
        for block in section.blocks:
            for fact in facts_in(_runs_of(block)):
                if fact in measured.facts:
                    yield measured.facts[fact].metric.removeprefix(DIFFERENCE)


def _runs_of(block: Block) -> Runs:
    match block:
        case Paragraph(runs=runs):
            return runs
        case Bullets(items=items):
            return tuple(run for _, runs in items for run in runs)
        case Table(body=rows):
            return tuple(run for row in rows for cell in row for run in cell.runs)
        case _:
            return ()


def _sources(material: Material) -> Section:
    """Where the data come from, a row for each kind and licence, with the parts that it covers.

    Of fetched data also who served them, and the day on which the last of the parts was retrieved.
    """
    groups: dict[tuple[str, str], list[SourceRecord]] = {}
    for source in material.snapshot.sources:
        groups.setdefault((source.kind, source.terms), []).append(source)
    fetched = any(source.retrieved_at for source in material.snapshot.sources)
    day = material.snapshot.as_of
    rows = tuple(_source_row(kind, group, day, fetched=fetched) for (kind, _), group in groups.items())
    names = ("What", "From", "Parts", "As of", "Retrieved") if fetched else ("What", "Parts", "As of")
    heads = tuple(map(cells.head, names))
    table = Table("sources", cells.text("Where the data come from"), (heads,), rows, compact=True)
    terms = licences.all_terms(material.snapshot.sources, material.rights)
    kept = " Each part's fingerprint is kept in the file of facts that comes with it."
    return _section("sources", "Sources", table, Paragraph((Name(terms), Text(kept)), "note"))


def _source_row(kind: str, group: list[SourceRecord], issue: date, *, fetched: bool) -> tuple[Cell, ...]:
    parts = Cell((Name(", ".join(part_name(source) for source in group)),))
    as_of = _dated(group, issue)
    head = Cell(cells.text(kind.capitalize()), header=True)
    if not fetched:
        return (head, parts, as_of)
    retrieved = max((day for source in group if (day := source.retrieved_on)), default=None)
    when = cells.day_cell(retrieved) if retrieved else Cell(cells.text("with the program"))
    return (head, Cell((Name(served_by(group[0])),)), parts, as_of, when)


def _dated(group: Sequence[SourceRecord], issue: date) -> Cell:
    """The latest day of the parts; where some are of a day after the issue's, which, and that they are later."""
    days = [source.as_of for source in group if source.as_of]
    if not days or max(days) <= issue:
        return cells.day_cell(max(days, default=None))
    after = Cell((*cells.day_cell(max(days)).runs, Text(" (later than this issue)")))
    earlier = [day for day in days if day <= issue]
    return Cell((*cells.day_cell(max(earlier)).runs, Text(", "), *after.runs)) if earlier else after


def _subject(subject: str) -> Runs:
    """Which series a finding is about, in words where it is about none by itself."""
    return (Text("All funds"),) if subject == "article" else (Name(subject),)


def _messages(told: Iterable[str]) -> Runs:
    """What was found about one series, each finding once."""
    return tuple(
        run for i, message in enumerate(told) for run in ((Text(" "), Name(message)) if i else (Name(message),))
    )


def _data(material: Material) -> Section | None:
    """What was wrong with the data and what was done about it."""
    issues = material.snapshot.issues
    if not issues:
        return None
    found: dict[str, dict[str, None]] = {}
    for issue in issues:
        found.setdefault(issue.subject, {})[issue.message] = None
    rows = tuple((Cell(_subject(subject), header=True), Cell(_messages(told))) for subject, told in found.items())
    heads = (cells.head("Series"), cells.head("What was found, and what was done"))
    table = Table("data", cells.text("What was found in the data"), (heads,), rows, compact=True)
    return _section("data", "Notes on the data", table)
