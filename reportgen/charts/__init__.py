"""Stage 4: draws the charts. Each module holds one chart, which decides everything; the painters only paint.

A chart is a function marked by `@chart` that turns measurements into a `ChartSpec`, or into the reason why there is
nothing to draw. A new chart is a new module.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reportgen import registry
from reportgen.charts._chart import MARK, Absent, Answer, ChartInfo
from reportgen.model import Chart, ChartSpec, Measurements, Snapshot
from reportgen.resources import template_folders


@dataclass(frozen=True, slots=True)
class Plan:
    """What can be drawn, by the chart's name in the article's order, and why the rest cannot."""

    specs: Mapping[str, ChartSpec]
    skipped: Mapping[str, str]


def plan(measurements: Measurements, snapshot: Snapshot) -> Plan:
    """Decides every chart without painting any."""
    found = sorted(registry.marked(sys.modules[__name__], MARK, ChartInfo), key=lambda pair: pair[1].order)
    specs: dict[str, ChartSpec] = {}
    skipped: dict[str, str] = {}
    for function, info in found:
        answer: Answer = function(measurements, snapshot)  # type: ignore[assignment]
        if isinstance(answer, Absent):
            skipped[info.id] = answer.reason
        else:
            specs[info.id] = answer
    return Plan(specs, skipped)


def draw(measurements: Measurements, snapshot: Snapshot, folders: Sequence[Path] | None = None) -> Mapping[str, Chart]:
    """Every chart that the measurements allow, painted as SVG, by name in the article's order.

    folders: template folders, the user's own first; None means those shipped. A chart without data is left out;
    `plan` gives the reason.
    """
    from reportgen.charts import _svg

    where = template_folders() if folders is None else tuple(folders)
    specs = plan(measurements, snapshot).specs
    return {name: Chart(spec, {_svg.MEDIA_TYPE: _svg.paint(spec, where)}) for name, spec in specs.items()}
