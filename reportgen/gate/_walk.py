"""Every piece of typed text of an article, with the place where it stands."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.model import Article, Block, Bullets, Figure, Label, Paragraph, Runs, Table


def texts(article: Article) -> Iterator[tuple[str, Runs]]:
    """Each run sequence of the article with its place, such as "section returns, table 2"."""
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
            for runs in _block(block):
                yield f"section {section.id}", runs
    for chart in article.charts.values():
        yield f"chart {chart.spec.id}", chart.spec.title
        yield f"chart {chart.spec.id}, alternative text", chart.spec.alt
        for mark in chart.spec.marks:
            if isinstance(mark, Label):
                yield f"chart {chart.spec.id}", mark.runs


def _block(block: Block) -> Iterator[Runs]:
    match block:
        case Paragraph(runs=runs):
            yield runs
        case Bullets(items=items):
            for title, runs in items:
                yield title
                yield runs
        case Table(caption=caption, head=head, body=body, note=note):
            yield caption
            yield note
            for row in (*head, *body):
                for cell in row:
                    yield cell.runs
        case Figure(caption=caption):
            yield caption
