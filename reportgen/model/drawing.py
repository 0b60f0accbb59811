"""What stage 4 draws: charts as positions and meanings, before any painter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from reportgen.model.text import Runs, plain

Anchor = Literal["start", "middle", "end"]
Role = str
"""What a mark stands for, as a style class: "fund-1" to "fund-5", "axis", "grid", "zero", "band", "note"."""


@dataclass(frozen=True, slots=True)
class Polyline:
    """A line through points in pixels; `closed` fills it as an area."""

    points: tuple[tuple[float, float], ...]
    role: Role
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Segment:
    """A straight line: an axis, a grid line, a leader."""

    x1: float
    y1: float
    x2: float
    y2: float
    role: Role


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle whose left upper corner is x, y."""

    x: float
    y: float
    width: float
    height: float
    role: Role


@dataclass(frozen=True, slots=True)
class Dot:
    """A marker; `shape` differs by fund, so that colour never carries meaning alone."""

    x: float
    y: float
    radius: float
    role: Role
    shape: Literal["circle", "square", "diamond", "triangle", "cross"] = "circle"


@dataclass(frozen=True, slots=True)
class Label:
    """Text at a point (baseline). `runs` are typed, so that the gate reads charts as it reads prose."""

    x: float
    y: float
    runs: Runs
    role: Role
    anchor: Anchor = "start"


@dataclass(frozen=True, slots=True)
class Tick:
    """A number or date on a scale: part of the axis, not a fact."""

    x: float
    y: float
    text: str
    anchor: Anchor = "middle"


Mark = Polyline | Segment | Bar | Dot | Label | Tick


@dataclass(frozen=True, slots=True)
class ChartSpec:
    """One chart, fully decided: the painters only paint. `alt` and `title` are typed runs; `facts` and `series`
    name what is drawn.
    """

    id: str
    title: Runs
    alt: Runs
    width: float
    height: float
    marks: tuple[Mark, ...]
    facts: tuple[str, ...] = ()
    series: tuple[str, ...] = ()

    @property
    def spoken(self) -> str:
        """What is read aloud in place of the chart."""
        return f"{plain(self.title)}. {plain(self.alt)}"


@dataclass(frozen=True, slots=True)
class Chart:
    """A painted chart: its spec and the bytes by media type ("image/svg+xml", "image/png").

    narrow: the same chart for the width of a phone, which a page shows instead of this one.
    """

    spec: ChartSpec
    images: Mapping[str, bytes]
    narrow: Chart | None = None
