"""The PNG painter: the same marks at the same places as the spec, hence as the SVG."""

from __future__ import annotations

import struct
from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from reportgen import charts
from reportgen.charts._png import MEDIA_TYPE, figure, paint
from reportgen.model import Bar, ChartSpec, Dot, Label, Measurements, Polyline, Segment, Snapshot, Tick, plain

Complete = Callable[..., Measurements]


@pytest.fixture(scope="module")
def specs(complete: Complete, snapshot: Snapshot) -> list[ChartSpec]:
    return list(charts.plan(complete(("IWM", "QQQ", "SPY", "TLT", "BRK-B")), snapshot).specs.values())


def test_it_is_twice_the_size_and_the_same_each_time(specs: list[ChartSpec]) -> None:
    image = paint(specs[0])
    assert image == paint(specs[0])
    assert struct.unpack(">II", image[16:24]) == (2 * specs[0].width, 2 * specs[0].height)


def test_both_painters_are_given_the_same_places(specs: list[ChartSpec]) -> None:
    for spec in specs:
        (axes,) = figure(spec).axes
        assert (axes.get_xlim(), axes.get_ylim()) == ((0, spec.width), (spec.height, 0))
        drawn = [np.asarray(line.get_xydata()).tolist() for line in axes.lines if isinstance(line, Line2D)]
        assert drawn == [places(m) for m in spec.marks if isinstance(m, Segment | Dot) or is_line(m)]
        words = [(t.get_position(), t.get_text().replace("\\$", "$")) for t in axes.texts]
        marks = [m for m in spec.marks if isinstance(m, Label | Tick)]
        assert words == [((m.x, m.y), m.text if isinstance(m, Tick) else plain(m.runs)) for m in marks]
        boxes = {tuple(round(v, 1) for v in p.get_bbox().bounds) for p in axes.patches if isinstance(p, Rectangle)}
        assert boxes == {(m.x, m.y, m.width, m.height) for m in spec.marks if isinstance(m, Bar)}


def is_line(mark: object) -> bool:
    return isinstance(mark, Polyline) and not mark.closed


def places(mark: object) -> list[list[float]]:
    match mark:
        case Polyline(points=points):
            return [list(point) for point in points]
        case Segment(x1=x1, y1=y1, x2=x2, y2=y2):
            return [[x1, y1], [x2, y2]]
        case Dot(x=x, y=y):
            return [[x, y]]
        case _:
            raise TypeError(mark)


def test_mail_gets_both_forms(complete: Complete, snapshot: Snapshot) -> None:
    chart = charts.draw(complete(), snapshot, mail=True)["growth"]
    assert set(chart.images) == {"image/svg+xml", MEDIA_TYPE}
    assert chart.images[MEDIA_TYPE].startswith(b"\x89PNG")
