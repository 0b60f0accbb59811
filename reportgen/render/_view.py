"""What a page template is given: the article, and functions that turn its parts into HTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Protocol

from markupsafe import Markup

from reportgen.errors import ReportgenError
from reportgen.formatting import long_date
from reportgen.model import Article, Block, Chart, Parameter, Runs, Section, Table, plain
from reportgen.render._layout import SVG
from reportgen.render._runs import Labels

CARDS = "methods"
"""The table that holds a card for each metric."""
_PROLOG = re.compile(r"^\s*(?:<\?xml[^>]*\?>|<!DOCTYPE[^>]*>|<!--.*?-->|\s+)*", re.DOTALL)


class RunWriter(Protocol):
    """Turns typed runs into HTML."""

    def __call__(self, runs: Runs, labels: Labels = "plain") -> Markup: ...


def context(article: Article, runs: RunWriter, drawing: Callable[[str], Markup]) -> dict[str, object]:
    """The names that the templates of the page and of the PDF share."""
    return {
        "article": article,
        "runs": runs,
        "drawing": drawing,
        "kind_of": kind_of,
        "chapters": chapters,
        "headers_of": headers_of,
        "is_plain": is_plain,
        "labels_in": labels_in,
        "width_of": width_of,
        "plain": plain,
        "long_date": long_date,
    }


def kind_of(block: Block) -> str:
    """The name of a block's kind, by which a template chooses its macro."""
    return type(block).__name__.lower()


def chapters(sections: tuple[Section, ...]) -> tuple[tuple[Section, tuple[Section, ...]], ...]:
    """Each section of level 2 with those of level 3 that follow it; one of level 3 that leads none stands alone."""
    found: list[tuple[Section, list[Section]]] = []
    for section in sections:
        if section.level == 3 and found and found[-1][0].appendix == section.appendix:
            found[-1][1].append(section)
        else:
            found.append((section, []))
    return tuple((section, tuple(parts)) for section, parts in found)


def cards_of(article: Article) -> frozenset[str]:
    """The metrics whose definitions stand in the article's table of methods."""
    tables = (block for section in article.sections for block in section.blocks if isinstance(block, Table))
    rows = (row for table in tables if table.id == CARDS for row in table.body)
    runs = (run for row in rows for run in row[0].runs)
    return frozenset(run.metric for run in runs if isinstance(run, Parameter) and run.name == "label")


def labels_in(table: Table) -> Labels:
    """What becomes of metrics' labels in a table: names in the table of methods, links to them everywhere else."""
    return "named" if table.id == CARDS else "linked"


def width_of(table: Table) -> int:
    """How many columns a table has."""
    return len((table.head or table.body or ((),))[0])


def is_plain(table: Table) -> bool:
    """Whether a cell's heads are those above it and at the left of its row, so that a browser finds them by scope."""
    return len(table.head) == 1 and all(cell.header == (at == 0) for row in table.body for at, cell in enumerate(row))


def headers_of(table: Table, prefix: str, row: int, column: int) -> str:
    """The ids of the header cells that a data cell belongs to; `row` counts the body's rows from one."""
    above = (f"{prefix}-{up}-{column}" for up, cells in enumerate(table.head) if cells[column].runs)
    beside = (f"{prefix}-row-{row}-{at}" for at, cell in enumerate(table.body[row - 1]) if cell.header)
    return " ".join((*above, *beside))


def svg_of(charts: Mapping[str, Chart], name: str, *, narrow: bool = False) -> str:
    """A chart's SVG element, without the prolog of a file of its own; the one for phones where `narrow` asks for it.

    Raises ReportgenError when the article places a chart that was not drawn or not painted as SVG.
    """
    chart = charts.get(name)
    chart = chart.narrow if chart is not None and narrow else chart
    if chart is None or SVG not in chart.images:
        raise ReportgenError("the article places a chart that was not painted as SVG.", where=f"chart {name}")
    return _PROLOG.sub("", chart.images[SVG].decode("utf-8")).strip()
