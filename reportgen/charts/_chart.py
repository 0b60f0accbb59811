"""What makes a function a chart, and what it answers when it has nothing to draw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from reportgen.model import ChartSpec, Commentary, Measurements, Snapshot


@dataclass(frozen=True, slots=True)
class Absent:
    """A chart that is not drawn, and why."""

    reason: str


Answer = ChartSpec | Absent


class Draw(Protocol):
    """Draws from measurements and snapshot, in a picture of that width in pixels."""

    def __call__(self, measurements: Measurements, snapshot: Snapshot, width: float = ..., /) -> Answer: ...


class DrawSpoken(Protocol):
    """Draws from measurements and what is said of them, in a picture of that width in pixels."""

    def __call__(self, measurements: Measurements, commentary: Commentary, width: float = ..., /) -> Answer: ...


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
