"""Every piece of typed text of an article, with the place where it stands."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.model.article import Article, Block, Bullets, Figure, Paragraph, Table
from reportgen.model.drawing import Chart, Label
from reportgen.model.text import Runs


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
    if chart.narrow is not None:
        yield from chart_runs(chart.narrow)
