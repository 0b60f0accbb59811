"""Where labels stand so that none covers another."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

_NARROW = "ijl.,:;'|! It"
_WIDE = "mwMW%@"
_MEASURES = ((_NARROW, 0.29), (_WIDE, 0.87))


def text_width(text: str, size: float) -> float:
    """The width of a text in pixels, on the safe side for any sans serif face in use here."""
    return size * math.fsum(_advance(character) for character in text)


def _advance(character: str) -> float:
    for characters, width in _MEASURES:
        if character in characters:
            return width
    return 0.69 if character.isupper() else 0.56


def fitted(text: str, size: float, room: float) -> str:
    """The text, cut short with an ellipsis where it would not fit into so many pixels."""
    if text_width(text, size) <= room:
        return text
    length = next((n for n in range(len(text), 0, -1) if text_width(text[:n] + "…", size) <= room), 0)
    return text[:length].rstrip() + "…"


def wrapped(text: str, size: float, room: float, most: int) -> tuple[str, ...]:
    """The text on at most so many lines, broken between words; what does not fit is cut short with an ellipsis."""
    lines: list[str] = []
    words = text.split()
    while words:
        fitting = (n for n in range(len(words), 0, -1) if text_width(" ".join(words[:n]), size) <= room)
        taken = next(fitting, 1) if len(lines) + 1 < most else len(words)
        lines.append(fitted(" ".join(words[:taken]), size, room))
        del words[:taken]
    return tuple(lines)


@dataclass(slots=True)
class _Cluster:
    """Neighbours that touch: they keep their order and share one center."""

    members: list[int]
    extent: float
    wanted: float

    def start(self, low: float, high: float) -> float:
        return max(low, min(self.wanted - self.extent / 2, high - self.extent))


def spread(wanted: Sequence[float], extents: Sequence[float], low: float, high: float) -> tuple[float, ...]:
    """Centers as near to those wanted as can be, no two overlapping, all within [low, high].

    wanted: desired centers, in any order; equal ones keep the order given. extents: each label's size along the
    axis. Where the labels together exceed the room, all shrink alike, which is the least bad overlap.
    """
    room = high - low
    total = math.fsum(extents)
    factor = room / total if total > room else 1.0
    sizes = [extent * factor for extent in extents]
    clusters: list[_Cluster] = []
    for i in sorted(range(len(wanted)), key=lambda i: wanted[i]):
        clusters.append(_Cluster([i], sizes[i], wanted[i]))
        while len(clusters) > 1 and _touch(clusters[-2], clusters[-1], low, high):
            after = clusters.pop()
            clusters[-1] = _merged(clusters[-1], after)
    centers = [0.0] * len(wanted)
    for cluster in clusters:
        at = cluster.start(low, high)
        for i in cluster.members:
            centers[i] = at + sizes[i] / 2
            at += sizes[i]
    return tuple(centers)


def _touch(before: _Cluster, after: _Cluster, low: float, high: float) -> bool:
    return before.start(low, high) + before.extent > after.start(low, high)


def _merged(before: _Cluster, after: _Cluster) -> _Cluster:
    """One cluster at the mean of the centers wanted, each weighed by its size."""
    extent = before.extent + after.extent
    shifted = after.wanted - before.extent / 2, before.wanted + after.extent / 2
    wanted = (after.extent * shifted[0] + before.extent * shifted[1]) / extent
    return _Cluster(before.members + after.members, extent, wanted)
