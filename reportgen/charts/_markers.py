"""The outlines of markers that are not round, for both painters."""

from __future__ import annotations

from reportgen.model import Dot

_OUTLINES = {
    "square": ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
    "diamond": ((0.0, -1.3), (1.3, 0.0), (0.0, 1.3), (-1.3, 0.0)),
    "triangle": ((0.0, -1.25), (1.2, 0.95), (-1.2, 0.95)),
}
_STROKES = (((-0.9, -0.9), (0.9, 0.9)), ((-0.9, 0.9), (0.9, -0.9)))
Points = tuple[tuple[float, float], ...]


def corners(dot: Dot) -> tuple[Points, ...]:
    """The corners of a marker's one outline, or the ends of a cross's two strokes, in the spec's pixels."""
    lines = _STROKES if dot.shape == "cross" else (_OUTLINES[dot.shape],)
    return tuple(tuple((dot.x + dot.radius * dx, dot.y + dot.radius * dy) for dx, dy in line) for line in lines)
