"""Every piece of typed text of an article, with the place where it stands."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.model import Article, Block, Bullets, Cell, Chart, Figure, Label, Paragraph, Runs, Section, Table


def texts(article: Article) -> Iterator[tuple[str, Runs]]:
    """Each run sequence of the article with its place, such as "section returns"; charts once, where they are kept."""
    masthead = article.masthead
    yield "title", masthead.title
    yield "headline", masthead.headline
    yield "banner", article.banner
    for label, content in masthead.lines:
        yield "masthead", label
        yield "masthead", content
    for section in article.sections:
        yield f"heading of section {section.id}", section.heading
        for block in section.blocks:
            for runs in block_runs(block):
                yield f"section {section.id}", runs
    for chart in article.charts.values():
        for runs in chart_runs(chart):
            yield f"chart {chart.spec.id}", runs


def block_runs(block: Block) -> Iterator[Runs]:
    """A block's run sequences in reading order."""
    match block:
        case Paragraph(runs=runs):
            yield runs
        case Bullets(items=items):
            for title, runs in items:
                yield title
                yield runs
        case Table(caption=caption, head=head, body=body, note=note):
            yield caption
            for row in (*head, *body):
                for cell in row:
                    yield cell.runs
            yield note
        case Figure(caption=caption):
            yield caption


def chart_runs(chart: Chart) -> Iterator[Runs]:
    """A chart's title, alternative text and labels; its ticks are no runs."""
    yield chart.spec.title
    yield chart.spec.alt
    for mark in chart.spec.marks:
        if isinstance(mark, Label):
            yield mark.runs


def tables(article: Article) -> Iterator[tuple[Section, Table]]:
    """Every table with its section."""
    for section in article.sections:
        for block in section.blocks:
            if isinstance(block, Table):
                yield section, block


def is_kind(table: Table, kind: str) -> bool:
    """Whether a table is one of a kind, such as "returns": in a brief a comparison's name stands before it."""
    return table.id == kind or table.id.endswith(f"-{kind}")


def cells(article: Article) -> Iterator[tuple[str, Cell]]:
    """Every data cell of every table with its place."""
    for section, table in tables(article):
        for row in table.body:
            for cell in row:
                if not cell.header:
                    yield f"section {section.id}, table {table.id}", cell


def paragraphs(article: Article) -> Iterator[tuple[str, Paragraph]]:
    """Every paragraph with its place."""
    for section in article.sections:
        for block in section.blocks:
            if isinstance(block, Paragraph):
                yield f"section {section.id}", block
