"""The PNG painter, for mail: the same marks at the same places by matplotlib, which no other module imports.

Positions come from the spec in pixels with y pointing down; the figure's axes span exactly the picture, so that a
mark's data coordinates are its pixels.
"""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO

from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle
from PIL import Image

from reportgen.charts._palette import style
from reportgen.model import Bar, ChartSpec, Dot, Label, Mark, Polyline, Segment, Tick, plain
from reportgen.resources import template_root

MEDIA_TYPE = "image/png"
SCALE = 2
"""Device pixels a pixel, for sharp screens."""
_COLORS = 128
"""As many as a chart's lines with their soft edges need; a palette makes the file a third as large."""
_POINTS_A_PIXEL = 0.75
_DPI = 96
_MARKERS = {"circle": "o", "square": "s", "diamond": "D", "triangle": "^", "cross": "x"}
_FONTS = ("report-sans-regular.otf", "report-sans-semibold.otf")


def paint(spec: ChartSpec) -> bytes:
    """The chart as a PNG of twice its size, the same bytes for the same spec and matplotlib."""
    canvas, target = FigureCanvasAgg(figure(spec)), BytesIO()
    canvas.draw()  # type: ignore[no-untyped-call]
    drawn = Image.frombuffer("RGBA", canvas.get_width_height(physical=True), canvas.buffer_rgba())  # type: ignore[no-untyped-call]
    few = drawn.convert("RGB").quantize(_COLORS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(target, format="png")
    return target.getvalue()


def figure(spec: ChartSpec) -> Figure:
    """The chart as a matplotlib figure whose data coordinates are the spec's pixels."""
    made = Figure(figsize=(spec.width / _DPI, spec.height / _DPI), dpi=_DPI * SCALE, facecolor="white")
    FigureCanvasAgg(made)  # binds itself to the figure, without pyplot and its global state
    axes = made.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, spec.width)
    axes.set_ylim(spec.height, 0)
    for order, mark in enumerate(spec.marks, start=1):
        _draw(axes, mark, order)
    return made


def _draw(axes: Axes, mark: Mark, order: int) -> None:
    match mark:
        case Polyline(points=points, role=role, closed=True):
            axes.add_patch(Polygon(points, facecolor=style(role).color, alpha=0.12, linewidth=0, zorder=order))
        case Polyline(points=points, role=role):
            _line(axes, [x for x, _ in points], [y for _, y in points], role, order)
        case Segment():
            _line(axes, [mark.x1, mark.x2], [mark.y1, mark.y2], mark.role, order)
        case Bar():
            _bar(axes, mark, order)
        case Dot():
            _dot(axes, mark, order)
        case Label(role=role):
            _text(axes, mark, plain(mark.runs), role, order)
        case Tick():
            _text(axes, mark, mark.text, "tick", order)


def _line(axes: Axes, x: list[float], y: list[float], role: str, order: int) -> None:
    look = style(role)
    line = Line2D(x, y, color=look.color, linewidth=look.width * _POINTS_A_PIXEL, zorder=order)
    line.set_solid_joinstyle("round")
    if look.dash:  # matplotlib counts dashes in widths of the line
        line.set_linestyle((0, tuple(length / look.width for length in look.dash)))
    axes.add_line(line)


def _bar(axes: Axes, bar: Bar, order: int) -> None:
    look = style(bar.role)
    shape = (bar.x, bar.y), bar.width, bar.height
    axes.add_patch(Rectangle(*shape, facecolor=look.color, alpha=look.tint, linewidth=0, zorder=order))
    if look.width:
        edge = 0.8 * _POINTS_A_PIXEL
        axes.add_patch(Rectangle(*shape, fill=False, edgecolor=look.color, linewidth=edge, zorder=order))


def _dot(axes: Axes, dot: Dot, order: int) -> None:
    size = 2 * dot.radius * _POINTS_A_PIXEL
    width = 2 * _POINTS_A_PIXEL if dot.shape == "cross" else 0
    color = style(dot.role).color
    marker = Line2D(
        [dot.x], [dot.y], color=color, marker=_MARKERS[dot.shape], markersize=size, markeredgewidth=width, zorder=order
    )
    axes.add_line(marker)


def _text(axes: Axes, mark: Label | Tick, text: str, role: str, order: int) -> None:
    look = style(role)
    anchor = {"start": "left", "middle": "center", "end": "right"}[mark.anchor]
    axes.text(
        mark.x,
        mark.y,
        text.replace("$", r"\$"),
        color=look.color,
        fontproperties=_font(bold=look.bold),
        fontsize=look.size * _POINTS_A_PIXEL,
        ha=anchor,
        va="baseline",
        zorder=order,
    )


@lru_cache(maxsize=2)
def _font(*, bold: bool) -> font_manager.FontProperties:
    """The report's own face, from the shipped files and never from the system."""
    return font_manager.FontProperties(fname=str(template_root() / "article" / "fonts" / _FONTS[bold]))
