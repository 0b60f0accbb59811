"""The plot area and what surrounds it: grid, axes, ticks and the labels at the ends of lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from reportgen.charts._curves import day_number, pixel
from reportgen.charts._palette import LABEL_SIZE, TICK_SIZE, style
from reportgen.charts._place import spread, text_width
from reportgen.charts._scale import Scale, date_ticks, linear_ticks
from reportgen.model import Dot, Label, Mark, Runs, Segment, Tick, plain

WIDTH, HEIGHT = 640.0, 225.0
NARROW = 336.0
"""Pixels: the width for paper, mail and wide windows; the height of a plot; the width for a phone."""
GAP = 8.0
"""Between a line's end and its label, and between an axis and its ticks' text."""
LINE_HEIGHT = LABEL_SIZE * 1.25
DROP = 0.35
"""From the middle of a line of text down to its baseline, as a share of the type size."""

Form = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Plot:
    """The rectangle in which curves run, in pixels of the whole picture."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class End:
    """What stands at the end of a line: the line's last point in pixels, its label and its role."""

    x: float
    y: float
    runs: Runs
    role: str


def dollar_tick(value: float) -> str:
    """A round amount on a scale: "$1,500"."""
    return f"${value:,.0f}" if value == int(value) else f"${value:,.2f}"


def percent_tick(value: float) -> str:
    """A round share on a scale: "-20%"."""
    return f"{float(f'{100 * value:.10g}') + 0.0:,.10g}%"


def plain_tick(value: float) -> str:
    """A round number on a scale: "1,000"."""
    return f"{value:,.10g}"


def left_margin(texts: Sequence[str]) -> float:
    """Room for the tick texts left of the plot."""
    return pixel(max(text_width(text, TICK_SIZE) for text in texts) + GAP + 2)


def right_margin(labels: Sequence[Runs], width: float) -> float:
    """Room for the labels right of the plot; a fund with a long name may not take more than a third of the width."""
    widest = max((text_width(plain(runs), LABEL_SIZE) for runs in labels), default=0.0)
    return pixel(min(widest + 2 * GAP, width / 3))


def scale_of(values: Sequence[float], start: float, end: float, most: int = 6) -> tuple[Scale, tuple[float, ...]]:
    """A linear scale that begins and ends on ticks around all the values, with its ticks."""
    ticks = linear_ticks(min(values), max(values), most)
    return Scale(ticks[0], ticks[-1], start, end), ticks


def rows(plot: Plot, y: Scale, ticks: Sequence[float], form: Form, *, base: float | None = None) -> Iterator[Mark]:
    """A thin line and a number for each tick of the vertical scale; the line at `base` stands out."""
    for value in ticks:
        at = pixel(y(value))
        yield Segment(plot.left, at, plot.right, at, "zero" if value == base else "grid")
        yield Tick(pixel(plot.left - GAP), pixel(at + DROP * TICK_SIZE), form(value), "end")


def columns(plot: Plot, x: Scale, ticks: Sequence[tuple[float, str]], width: float) -> Iterator[Mark]:
    """The axis below the plot: its line, and a notch and a text for each tick; texts stay inside the picture."""
    yield Segment(plot.left, plot.bottom, plot.right, plot.bottom, "axis")
    taken = 0.0
    for value, text in ticks:
        at, half = pixel(x(value)), text_width(text, TICK_SIZE) / 2
        yield Segment(at, plot.bottom, at, plot.bottom + 4, "axis")
        center = pixel(min(max(at, half), width - half))
        if center - half >= taken:
            yield Tick(center, pixel(plot.bottom + 6 + TICK_SIZE), text)
            taken = center + half + 4


def time_axis(plot: Plot, first: date, last: date, width: float) -> tuple[Scale, tuple[float, ...], tuple[Mark, ...]]:
    """A scale over days, its ticks as day numbers, and its axis."""
    x = Scale(day_number(first), day_number(last), plot.left, plot.right)
    ticks = [(day_number(day), text) for day, text in date_ticks(first, last)]
    return x, tuple(day for day, _ in ticks), tuple(columns(plot, x, ticks, width))


def ends(plot: Plot, lines: Sequence[End]) -> Iterator[Mark]:
    """A marker and a label right of each line's end; labels that would overlap move apart and get a leader."""
    low, high = plot.top - LINE_HEIGHT / 2, plot.bottom + LINE_HEIGHT / 2
    centers = spread([end.y for end in lines], [LINE_HEIGHT] * len(lines), low, high)
    for end, center in zip(lines, centers, strict=True):
        at = pixel(end.x + GAP)
        if abs(center - end.y) > 2:
            yield Segment(pixel(end.x), pixel(end.y), pixel(at - 1), pixel(center), "leader")
        yield Dot(pixel(end.x), pixel(end.y), 3.2, end.role, style(end.role).shape)
        yield Label(at, pixel(center + DROP * LABEL_SIZE), end.runs, end.role)
