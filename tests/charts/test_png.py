"""The PNG painter: the same marks at the same places as the spec, hence as the SVG."""

from __future__ import annotations

import struct
from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.path import Path
from matplotlib.transforms import Transform

from reportgen import charts
from reportgen.charts._png import MEDIA_TYPE, SCALE, draw, paint
from reportgen.model import Bar, ChartSpec, Dot, Label, Measurements, Polyline, Segment, Snapshot, Tick, plain

Complete = Callable[..., Measurements]


@pytest.fixture(scope="module")
def specs(complete: Complete, snapshot: Snapshot) -> list[ChartSpec]:
    return list(charts.plan(complete(("IWM", "QQQ", "SPY", "TLT", "BRK-B")), snapshot).specs.values())


def test_it_is_three_times_the_size_and_the_same_each_time(specs: list[ChartSpec]) -> None:
    image = paint(specs[0])
    assert image == paint(specs[0])
    assert struct.unpack(">II", image[16:24]) == (3 * specs[0].width, 3 * specs[0].height)


def test_a_mail_gets_the_picture_that_a_phone_can_show(complete: Complete, snapshot: Snapshot) -> None:
    for chart in charts.draw(complete(("IWM", "QQQ")), snapshot, mail=True).values():
        assert chart.narrow is not None
        small = chart.narrow.spec
        image = chart.images[MEDIA_TYPE]
        assert struct.unpack(">II", image[16:24]) == (3 * small.width, 3 * small.height)
        assert MEDIA_TYPE not in chart.narrow.images
        assert chart.spec.alt == small.alt  # what is told of one is true of the other


class Recorder(RendererBase):
    """Notes what it is told to draw, in the spec's pixels."""

    def __init__(self, height: float) -> None:
        super().__init__()
        self.height = height
        self.lines: list[list[list[float]]] = []
        self.areas: list[list[list[float]]] = []
        self.words: list[tuple[str, float, float]] = []

    def draw_path(self, gc: GraphicsContextBase, path: Path, transform: Transform, rgbFace: object = None) -> None:  # noqa: N803 - matplotlib's name
        device = np.asarray(transform.transform(path.vertices)) / SCALE
        places = np.column_stack([device[:, 0], self.height - device[:, 1]]).round(6).tolist()
        (self.lines if rgbFace is None else self.areas).append(places)

    def get_text_width_height_descent(self, s: str, prop: object, ismath: object) -> tuple[float, float, float]:
        return float(SCALE * len(s)), 0.0, 0.0

    def draw_text(self, gc: GraphicsContextBase, x: float, y: float, s: str, *more: object, **named: object) -> None:
        self.words.append((s, round(x / SCALE, 6), round(y / SCALE, 6)))


def test_both_painters_are_given_the_same_places(specs: list[ChartSpec]) -> None:
    for spec in specs:
        recorder = Recorder(spec.height)
        draw(recorder, spec)
        lines = [places(mark) for mark in spec.marks if isinstance(mark, Segment) or is_line(mark)]
        assert all(line in recorder.lines for line in lines)
        boxes = [box(mark) for mark in spec.marks if isinstance(mark, Bar)]
        assert [area for area in recorder.areas if area in boxes] == boxes
        circles = [mark for mark in spec.marks if isinstance(mark, Dot) and mark.shape == "circle"]
        assert [center(area) for area in recorder.areas if len(area) == CIRCLE] == [(m.x, m.y) for m in circles]
        assert recorder.words == [written(mark) for mark in spec.marks if isinstance(mark, Label | Tick)]


CIRCLE = len(np.asarray(Path.unit_circle().vertices))
"""So many points has a round marker's outline, and nothing else that is filled."""


def written(mark: Label | Tick) -> tuple[str, float, float]:
    """The text with the place where it begins, each letter one pixel wide."""
    text = mark.text if isinstance(mark, Tick) else plain(mark.runs)
    before = {"start": 0.0, "middle": 0.5, "end": 1.0}[mark.anchor] * len(text)
    return text, round(mark.x - before, 6), round(mark.y, 6)


def box(bar: Bar) -> list[list[float]]:
    right, bottom = bar.x + bar.width, bar.y + bar.height
    corners = ((bar.x, bar.y), (right, bar.y), (right, bottom), (bar.x, bottom), (bar.x, bar.y))
    return [[round(x, 6), round(y, 6)] for x, y in corners]


def center(outline: list[list[float]]) -> tuple[float, float]:
    low, high = np.min(outline, axis=0), np.max(outline, axis=0)
    x, y = ((low + high) / 2).round(4)
    return float(x), float(y)


def is_line(mark: object) -> bool:
    return isinstance(mark, Polyline) and not mark.closed


def places(mark: object) -> list[list[float]]:
    match mark:
        case Polyline(points=points):
            return [[round(x, 6), round(y, 6)] for x, y in points]
        case Segment(x1=x1, y1=y1, x2=x2, y2=y2):
            return [[round(x1, 6), round(y1, 6)], [round(x2, 6), round(y2, 6)]]
        case _:
            raise TypeError(mark)


def test_mail_gets_both_forms(complete: Complete, snapshot: Snapshot) -> None:
    chart = charts.draw(complete(), snapshot, mail=True)["growth"]
    assert set(chart.images) == {"image/svg+xml", MEDIA_TYPE}
    assert chart.images[MEDIA_TYPE].startswith(b"\x89PNG")
