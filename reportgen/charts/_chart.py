"""What makes a function a chart, and what it answers when it has nothing to draw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reportgen.model import ChartSpec, Commentary, Measurements, Snapshot


@dataclass(frozen=True, slots=True)
class Absent:
    """A chart that is not drawn, and why."""

    reason: str


Answer = ChartSpec | Absent
Draw = Callable[[Measurements, Snapshot], Answer]
DrawSpoken = Callable[[Measurements, Commentary], Answer]

MARK = "chart"


@dataclass(frozen=True, slots=True)
class ChartInfo:
    """A chart's name and its place in the article, counted from the front; `spoken` ones draw what texts claim."""

    id: str
    order: int
    spoken: bool = False


def chart(name: str, *, order: int) -> Callable[[Draw], Draw]:
    """Marks a function as the chart of that name."""

    def mark(function: Draw) -> Draw:
        setattr(function, MARK, ChartInfo(name, order))
        return function

    return mark


def spoken_chart(name: str, *, order: int) -> Callable[[DrawSpoken], DrawSpoken]:
    """Marks a function as the chart of that name, drawn from the commentary."""

    def mark(function: DrawSpoken) -> DrawSpoken:
        setattr(function, MARK, ChartInfo(name, order, spoken=True))
        return function

    return mark
