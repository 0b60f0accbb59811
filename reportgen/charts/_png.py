"""The PNG painter, for mail: the same marks at the same places by matplotlib, which no other module imports.

The marks go straight to matplotlib's renderer. A figure with axes and an artist for each mark would come to the same
picture in half as much time again. Positions come from the spec in pixels with y pointing down.
"""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO

from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgba
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.transforms import Affine2D
from PIL import Image

from reportgen.charts._markers import corners
from reportgen.charts._palette import Style, style
from reportgen.model import Bar, ChartSpec, Dot, Label, Mark, Polyline, Segment, Tick, plain
from reportgen.resources import template_root

MEDIA_TYPE = "image/png"
SCALE = 3
"""Device pixels a pixel: a phone's; a desktop's mail shows the picture a little larger."""
_COLORS = 128
"""As many as a chart's lines with their soft edges need; a palette makes the file a third as large."""
_POINTS_A_PIXEL = 0.75
_DPI = 96
_PAPER = (1.0, 1.0, 1.0, 1.0)
_EDGE = 0.8
_FONTS = ("report-sans-regular.otf", "report-sans-semibold.otf")
_SHARES = {"start": 0.0, "middle": 0.5, "end": 1.0}
Color = tuple[float, float, float, float]


def paint(spec: ChartSpec) -> bytes:
    """The chart as a PNG of three times its size, the same bytes for the same spec and matplotlib."""
    size = round(SCALE * spec.width), round(SCALE * spec.height)
    renderer, target = RendererAgg(*size, _DPI * SCALE), BytesIO()  # type: ignore[no-untyped-call]
    draw(renderer, spec)
    drawn = Image.frombuffer("RGBA", size, renderer.buffer_rgba())  # type: ignore[no-untyped-call]
    few = drawn.convert("RGB").quantize(_COLORS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(target, format="png")
    return target.getvalue()


def draw(renderer: RendererBase, spec: ChartSpec) -> None:
    """Every mark in order on white paper; the renderer has `SCALE` device pixels a pixel."""
    canvas = _Canvas(renderer, spec.height)
    canvas.fill([(0, 0), (spec.width, 0), (spec.width, spec.height), (0, spec.height)], _PAPER)
    for mark in spec.marks:
        _draw(canvas, mark)


class _Canvas:
    """A renderer that is drawn on in the spec's pixels."""

    def __init__(self, renderer: RendererBase, height: float) -> None:
        self.renderer = renderer
        self.place = Affine2D().scale(SCALE, -SCALE).translate(0, SCALE * height)

    def fill(self, outline: list[tuple[float, float]], color: Color) -> None:
        self.shape(Path(outline + outline[:1], closed=True), color)

    def shape(self, outline: Path, color: Color) -> None:
        """Fills an outline, without an edge."""
        self.renderer.draw_path(self._pen(color, 0), outline, self.place, color)

    def stroke(self, path: Path, color: Color, width: float, dash: tuple[float, ...] = ()) -> None:
        """Draws a line so many pixels wide; dash: lengths in pixels."""
        pen = self._pen(color, width * _POINTS_A_PIXEL)
        if dash:
            pen.set_dashes(0, [length * _POINTS_A_PIXEL for length in dash])
        self.renderer.draw_path(pen, path, self.place)

    def write(self, text: str, x: float, y: float, share: float, look: Style) -> None:
        """Sets text on a baseline; share: how much of its width stands before x."""
        font = _font(look.size * _POINTS_A_PIXEL, bold=look.bold)
        width, _, _ = self.renderer.get_text_width_height_descent(text, font, False)
        pen = self._pen(to_rgba(look.color), 0)
        self.renderer.draw_text(pen, SCALE * x - share * width, SCALE * y, text, font, 0)

    def _pen(self, color: Color, width: float) -> GraphicsContextBase:
        pen = self.renderer.new_gc()
        pen.set_foreground(color, isRGBA=True)
        pen.set_linewidth(width)
        pen.set_joinstyle("round")
        return pen


def _draw(canvas: _Canvas, mark: Mark) -> None:
    match mark:
        case Polyline(points=points, role=role, closed=True):
            canvas.fill(list(points), to_rgba(style(role).color, 0.12))
        case Polyline(points=points, role=role):
            _line(canvas, points, role)
        case Segment():
            _line(canvas, ((mark.x1, mark.y1), (mark.x2, mark.y2)), mark.role)
        case Bar():
            _bar(canvas, mark)
        case Dot():
            _dot(canvas, mark)
        case Label(role=role):
            canvas.write(plain(mark.runs), mark.x, mark.y, _SHARES[mark.anchor], style(role))
        case Tick():
            canvas.write(mark.text, mark.x, mark.y, _SHARES[mark.anchor], style("tick"))


def _line(canvas: _Canvas, points: tuple[tuple[float, float], ...], role: str) -> None:
    look = style(role)
    canvas.stroke(Path(points), to_rgba(look.color), look.width, look.dash)


def _bar(canvas: _Canvas, bar: Bar) -> None:
    look = style(bar.role)
    right, bottom = bar.x + bar.width, bar.y + bar.height
    outline = [(bar.x, bar.y), (right, bar.y), (right, bottom), (bar.x, bottom)]
    canvas.fill(outline, to_rgba(look.color, look.tint))
    if look.width:
        canvas.stroke(Path(outline + outline[:1], closed=True), to_rgba(look.color), _EDGE)


def _dot(canvas: _Canvas, dot: Dot) -> None:
    color = to_rgba(style(dot.role).color)
    if dot.shape == "circle":
        canvas.shape(Path.circle((dot.x, dot.y), dot.radius), color)
    elif dot.shape == "cross":
        for stroke in corners(dot):
            canvas.stroke(Path(stroke), color, 2)
    else:
        canvas.fill(list(corners(dot)[0]), color)


@lru_cache(maxsize=32)
def _font(size: float, *, bold: bool) -> FontProperties:
    """The report's own face, from the shipped files and never from the system. size: in points."""
    return FontProperties(fname=str(template_root() / "article" / "fonts" / _FONTS[bold]), size=size)
