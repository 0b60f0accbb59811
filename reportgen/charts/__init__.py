"""Stage 4: draws the charts. Each module holds one chart, which decides everything; the painters only paint.

A chart is a function marked by `@chart` that turns measurements into a `ChartSpec`, or into the reason why there is
nothing to draw. A new chart is a new module.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from reportgen import registry
from reportgen.charts._chart import MARK, Absent, Answer, ChartInfo, Draw, DrawSpoken
from reportgen.charts._frame import NARROW, WIDTH
from reportgen.model import Chart, ChartSpec, Commentary, Measurements, Snapshot
from reportgen.resources import template_folders

SVG, PNG = "image/svg+xml", "image/png"


@dataclass(frozen=True, slots=True)
class Plan:
    """What can be drawn, by the chart's name in the article's order, and why the rest cannot."""

    specs: Mapping[str, ChartSpec]
    skipped: Mapping[str, str]


def plan(
    measurements: Measurements,
    snapshot: Snapshot,
    commentary: Commentary | None = None,
    width: float = WIDTH,
    only: Collection[str] | None = None,
) -> Plan:
    """Decides every chart of that width without painting any; those of claims need the commentary.

    only: the names of those that are wanted; None means all.
    """
    every = registry.marked(sys.modules[__name__], MARK, ChartInfo)
    found = sorted((each for each in every if only is None or each[1].id in only), key=lambda pair: pair[1].order)
    specs: dict[str, ChartSpec] = {}
    skipped: dict[str, str] = {}
    for function, info in found:
        answer: Answer
        if not info.spoken:
            answer = cast("Draw", function)(measurements, snapshot, width)
        elif commentary is not None:
            answer = cast("DrawSpoken", function)(measurements, commentary, width)
        else:
            answer = Absent("no commentary was given")
        if isinstance(answer, Absent):
            skipped[info.id] = answer.reason
        else:
            specs[info.id] = answer
    return Plan(specs, skipped)


def draw(
    measurements: Measurements,
    snapshot: Snapshot,
    folders: Sequence[Path] | None = None,
    *,
    commentary: Commentary | None = None,
    mail: bool = False,
    only: Collection[str] | None = None,
) -> Mapping[str, Chart]:
    """Every chart that the measurements allow, painted as SVG, wide and for a phone, by name in the article's order.

    folders: template folders, the user's own first; None means those shipped. commentary: what the chart of claims is
    drawn from. mail: also as PNG, which loads matplotlib; it is the one for a phone, because a mail can hold one only,
    and the wide one's type is too small there. only: as in `plan`. A chart without data is left out; `plan` gives the
    reason.
    """
    where = template_folders() if folders is None else tuple(folders)
    wide, narrow = (plan(measurements, snapshot, commentary, width, only).specs for width in (WIDTH, NARROW))
    return {
        name: replace(_painted(spec, where, narrow[name] if mail else None), narrow=_painted(narrow[name], where, None))
        for name, spec in wide.items()
    }


def _painted(spec: ChartSpec, folders: Sequence[Path], mailed: ChartSpec | None) -> Chart:
    from reportgen.charts import _svg

    return Chart(spec, Images(_svg.paint(spec, folders), mailed))


class Images(Mapping[str, bytes]):
    """A chart's pictures by media type. The PNG is painted when it is first asked for, once the PDF is under way.

    mailed: what the PNG shows; None where there is none.
    """

    def __init__(self, svg: bytes, mailed: ChartSpec | None) -> None:
        self._mailed = mailed
        self._made: dict[str, bytes] = {SVG: svg}
        self._types = (SVG,) if mailed is None else (SVG, PNG)

    def __getitem__(self, media_type: str) -> bytes:
        if media_type not in self._types:
            raise KeyError(media_type)
        if media_type not in self._made:
            from reportgen.charts import _png

            assert self._mailed is not None
            self._made[media_type] = _png.paint(self._mailed)
        return self._made[media_type]

    def __iter__(self) -> Iterator[str]:
        return iter(self._types)

    def __len__(self) -> int:
        return len(self._types)
