"""The SVG painter: one template, lean output, styled by class with attributes to fall back on.

WeasyPrint lays charts out without the page's stylesheet, so colors, widths and the type family stand in the
attributes; in a browser the stylesheet of templates/charts/chart.css wins over them. There are no ids, so that any
number of charts may share a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reportgen.charts._markers import corners
from reportgen.charts._palette import FONT_FAMILY, PALETTE
from reportgen.model import ChartSpec, Dot, Mark, Number, Run

MEDIA_TYPE = "image/svg+xml"


def paint(spec: ChartSpec, folders: Sequence[Path]) -> bytes:
    """The chart as an SVG element, the same bytes for the same spec.

    folders: where charts/chart.svg.j2 is looked for, the first wins. The element's first child is a title that
    holds the alternative text, because PDF readers are given that one.
    """
    template = _environment(tuple(folders)).get_template("charts/chart.svg.j2")
    text = template.render(
        spec=spec,
        palette=PALETTE,
        family=FONT_FAMILY,
    )
    return text.encode()


@lru_cache(maxsize=8)
def _environment(folders: tuple[Path, ...]) -> Environment:
    loader = FileSystemLoader([str(folder) for folder in folders])
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(n=_n, points=_points, kind=_kind, run_kind=_run_kind, marker=_marker)
    environment.tests["number"] = lambda run: isinstance(run, Number)
    return environment


def _n(value: float) -> str:
    """A coordinate to a tenth of a pixel, as short as can be."""
    return f"{value:.1f}".removesuffix(".0")


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{_n(x)},{_n(y)}" for x, y in points)


def _kind(thing: Mark) -> str:
    return type(thing).__name__.lower()


def _run_kind(run: Run) -> str:
    return type(run).__name__.lower()


def _marker(dot: Dot) -> str:
    """The outline of a marker that is not round, as path data."""
    lines = ("L".join(f"{_n(x)},{_n(y)}" for x, y in line) for line in corners(dot))
    return "M" + "M".join(lines) + ("" if dot.shape == "cross" else "Z")
