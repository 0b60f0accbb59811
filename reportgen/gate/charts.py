"""Check: a painted chart shows what its specification says, and its scales are scales."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from xml.etree import ElementTree as ET

from reportgen.gate import _numerals
from reportgen.gate._pieces import chart_text, squeezed
from reportgen.model import Article, Artifact, Bar, Chart, Finding, Polyline, Tick

SVG = "image/svg+xml"
_NAMESPACE = "{http://www.w3.org/2000/svg}"
_KNOWN = frozenset("svg title text tspan polygon polyline line rect circle path g".split())
_FIX = "Paint the chart from its specification again."
_NUMBER = re.compile(r"-?[0-9.]+")
_BOUNDS = 0.06
"""Coordinates are painted to a tenth of a pixel."""
_BEND = 0.03
"""How far, as a share of an axis, a tick may stand off its scale: years are not all equally long."""


def check(article: Article) -> Iterator[Finding]:
    """A finding for each chart whose picture or scale is not as specified."""
    for name, chart in article.charts.items():
        for message in (*_picture(chart), *_scales(chart)):
            yield Finding("charts", f"chart {name}", message, _FIX)


def check_files(article: Article, artifacts: Sequence[Artifact]) -> Iterator[Finding]:
    """A finding for each file of a chart that is not the article's."""
    for artifact in artifacts:
        name = artifact.name.removeprefix("charts/").removesuffix(".svg")
        chart = article.charts.get(name) if artifact.media_type == SVG else None
        if chart is not None and artifact.content != chart.images.get(SVG):
            what = "the file is not the chart of the article"
            yield Finding("charts", f"chart {name}", what, _FIX, file=artifact.name)


def _picture(chart: Chart) -> Iterator[str]:
    content = chart.images.get(SVG)
    if content is None:
        return
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        yield "its picture holds a document type"
        return
    try:
        root = ET.fromstring(content)  # noqa: S314 - our own painter's bytes, without entities
    except ET.ParseError as error:
        yield f"its picture cannot be read: {error}"
        return
    strange = {each.tag.removeprefix(_NAMESPACE) for each in root.iter()} - _KNOWN
    if strange:
        yield f"its picture holds {', '.join(sorted(strange))}"
    texts = (each for each in root.iter() if each.tag in (f"{_NAMESPACE}title", f"{_NAMESPACE}text"))
    shown = "".join(squeezed("".join(each.itertext())) for each in texts)
    if shown != squeezed(chart_text(chart.spec)):
        yield "its picture does not say what its specification says"
    if not _same_shapes(root, chart):
        yield "its picture does not draw what its specification draws"


def _same_shapes(root: ET.Element, chart: Chart) -> bool:
    """Whether the curves and bars painted are those decided, point by point."""
    painted: list[list[float]] = []
    for each in root.iter():
        name = each.tag.removeprefix(_NAMESPACE)
        if name in ("polyline", "polygon"):
            painted.append([float(x) for x in _NUMBER.findall(each.get("points", ""))])
        elif name == "rect":
            painted.append([float(each.get(side, "nan")) for side in ("x", "y", "width", "height")])
    decided = [_coordinates(mark) for mark in chart.spec.marks if isinstance(mark, Polyline | Bar)]
    return len(painted) == len(decided) and all(map(_close, painted, decided))


def _coordinates(mark: Polyline | Bar) -> list[float]:
    if isinstance(mark, Bar):
        return [mark.x, mark.y, mark.width, mark.height]
    return [x for point in mark.points for x in point]


def _close(one: Sequence[float], other: Sequence[float]) -> bool:
    return len(one) == len(other) and all(abs(a - b) <= _BOUNDS for a, b in zip(one, other, strict=True))


def _scales(chart: Chart) -> Iterator[str]:
    """What is wrong with the ticks: a text that is no number, or numbers that do not lie on a scale."""
    ticks = [mark for mark in chart.spec.marks if isinstance(mark, Tick)]
    for tick in ticks:
        if _value(tick) is None:
            yield f"the tick {tick.text!r} is no number"
            return
    for axis in _axes(ticks):
        if not _is_scale(axis):
            yield f"the ticks {', '.join(tick.text for _, tick in axis)} lie on no scale"


def _value(tick: Tick) -> float | None:
    """What a tick stands for: a number, or a date in years."""
    if (when := _numerals.in_years(tick.text)) is not None:
        return when
    numeral = _numerals.read(tick.text)
    return None if numeral is None else numeral.value


def _axes(ticks: Sequence[Tick]) -> Iterator[list[tuple[float, Tick]]]:
    """Ticks that share a line, with their positions along it: a row, which panels may divide, else a column."""
    rows: Mapping[float, list[Tick]] = defaultdict(list)
    columns: Mapping[float, list[Tick]] = defaultdict(list)
    for tick in ticks:
        rows[round(tick.y)].append(tick)
    for row in rows.values():
        if len(row) > 1:
            yield from _panels([(tick.x, tick) for tick in sorted(row, key=lambda t: t.x)])
        else:
            columns[round(row[0].x)].append(row[0])
    for column in columns.values():
        yield [(-tick.y, tick) for tick in sorted(column, key=lambda t: -t.y)]


def _panels(row: list[tuple[float, Tick]]) -> list[list[tuple[float, Tick]]]:
    """A row's scales: a new panel begins where values fall, and each has three ticks at least."""
    found: list[list[tuple[float, Tick]]] = [[row[0]]]
    for before, one in pairwise(row):
        if (_value(one[1]) or 0.0) < (_value(before[1]) or 0.0):
            found.append([])
        found[-1].append(one)
    return found if all(len(panel) > 2 for panel in found) else [row]


def _is_scale(axis: Sequence[tuple[float, Tick]]) -> bool:
    """Whether values rise along an axis evenly, or evenly by their logarithms; one tick alone proves nothing."""
    values = [value for _, tick in axis if (value := _value(tick)) is not None]
    shapes = {(n.tail, n.dollar) for _, tick in axis if (n := _numerals.read(tick.text)) is not None}
    if len(axis) < 2:
        return True
    if len(shapes) > 1 or not all(a < b for a, b in pairwise(values)):
        return False
    places = [place for place, _ in axis]
    return _is_even(places, values) or (values[0] > 0 and _is_even(places, [math.log(value) for value in values]))


def _is_even(places: Sequence[float], values: Sequence[float]) -> bool:
    length, rise = places[-1] - places[0], values[-1] - values[0]
    return length > 0 and all(
        abs((place - places[0]) / length - (value - values[0]) / rise) <= _BEND
        for place, value in zip(places, values, strict=True)
    )
