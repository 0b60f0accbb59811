"""How far each fund stood below its last peak, on one axis, the worst of each marked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

from reportgen import formatting
from reportgen.charts._chart import Absent, Answer, chart
from reportgen.charts._curves import Curve, Position, across, beads, day_number, line, long_curves, names, pixel, span
from reportgen.charts._frame import (
    DROP,
    HEIGHT,
    LINE_HEIGHT,
    WIDTH,
    End,
    Plot,
    ends,
    left_margin,
    percent_tick,
    right_margin,
    rows,
    time_axis,
)
from reportgen.charts._palette import LABEL_SIZE, TICK_SIZE, style
from reportgen.charts._place import spread, text_width
from reportgen.charts._scale import Scale, linear_ticks
from reportgen.charts._words import period
from reportgen.model import ChartSpec, Dot, Label, Mark, Measurements, Reading, Runs, Segment, Snapshot, Text, plain

METRIC = "max_drawdown"
_TOP, _BOTTOM = 14.0, HEIGHT - 28.0
_MARGIN = 48.0
_BAND, _LEVEL = 2 * LINE_HEIGHT + 14, 2 * LINE_HEIGHT + 4
"""Height of the strip below all curves in which the worst falls are labelled, so that no line crosses a label; and of
each further level of labels, where they do not fit beside each other."""


@chart("drawdowns", order=2)
def drawdowns(measurements: Measurements, _snapshot: Snapshot, width: float = WIDTH) -> Answer:
    """Drawdown curves with each fund's worst value and its date."""
    curves = long_curves(measurements, "drawdown", METRIC)
    if isinstance(curves, Absent):
        return curves
    more = (_levels(curves, width) - 1) * _LEVEL
    y, ticks = _vertical(curves, _BOTTOM + more, _BAND + more)
    tags = [(curve.name,) for curve in curves]
    left = left_margin([percent_tick(t) for t in ticks])
    plot = Plot(left, _TOP, width - right_margin(tags, width), _BOTTOM + more)
    x, years, axis = time_axis(plot, *span(curves), width)
    marks: list[Mark] = [*rows(plot, y, ticks, percent_tick, base=0.0), *axis]
    for curve in reversed(curves):
        marks += [line(curve.series, curve.role, x, y), *beads(curve.series, curve.role, years, x, y)]
    marks += ends(plot, [_end(curve, x, y) for curve in curves])
    marks += _worst(plot, curves, (x, y), width)
    return ChartSpec(
        "drawdowns",
        (Text("Falls below the last peak, the worst of each marked: "), *names(curves)),
        _alt(curves),
        width,
        HEIGHT + more,
        tuple(marks),
        tuple(curve.reading.fact.id for curve in curves),
        tuple(curve.series.id for curve in curves),
    )


def _vertical(curves: tuple[Curve, ...], bottom: float, band: float) -> tuple[Scale, tuple[float, ...]]:
    """A scale from zero down to the deepest fall, the labels' strip kept free below it."""
    deepest = min(float(curve.series.values.min()) for curve in curves)
    deepest = min(deepest, -0.001)
    low = deepest * (bottom - _TOP) / (bottom - _TOP - band)
    y = Scale(low, 0.0, bottom, _TOP)
    return y, tuple(t for t in linear_ticks(deepest, 0.0, 5) if y(t) <= bottom - band + 10)


def _end(curve: Curve, x: Position, y: Position) -> End:
    return End(x(float(across(curve.series)[-1])), y(float(curve.series.values[-1])), (curve.name,), curve.role)


def _levels(curves: Sequence[Curve], width: float) -> int:
    """On how many levels the labels of the worst falls stand, so that none covers another."""
    needed = math.fsum(_label_width(curve) for curve in curves if _has_trough(curve))
    return max(1, math.ceil(needed / (width - _MARGIN)))


def _label_width(curve: Curve) -> float:
    day = formatting.detail_day(curve.reading, "trough").text
    return max(text_width(plain(_value(curve)), LABEL_SIZE), text_width(day, TICK_SIZE)) + 12


def _worst(plot: Plot, curves: Sequence[Curve], scales: tuple[Scale, Scale], width: float) -> list[Mark]:
    """A marker at each worst day, a leader, and below it two lines: the fund with its value, and the date."""
    (x, y), levels = scales, _levels(curves, width)
    spots = [(curve, x(day_number(_trough(curve)[0]))) for curve in curves if _has_trough(curve)]
    if levels > 1:
        spots.sort(key=lambda spot: spot[1])
    marks: list[Mark] = []
    for level in range(levels):
        ours = spots[level::levels]
        centers = spread([at for _, at in ours], [_label_width(curve) for curve, _ in ours], plot.left, width)
        top = plot.bottom - _BAND + 8 - level * _LEVEL
        for (curve, at), center in zip(ours, centers, strict=True):
            marks += _fallen(curve, (pixel(at), pixel(y(_trough(curve)[1]))), pixel(center), top)
    return marks


def _fallen(curve: Curve, at: tuple[float, float], middle: float, top: float) -> list[Mark]:
    base = top + LINE_HEIGHT / 2 + DROP * LABEL_SIZE + 3
    return [
        Segment(*at, middle, pixel(top + 2), "leader"),
        Dot(*at, 3.6, curve.role, style(curve.role).shape),
        Label(middle, pixel(base), _value(curve), curve.role, "middle"),
        Label(
            middle, pixel(base + LINE_HEIGHT - 1), (formatting.detail_day(curve.reading, "trough"),), "note", "middle"
        ),
    ]


def _has_trough(curve: Curve) -> bool:
    return curve.reading.fact.number < 0 and isinstance(curve.reading.fact.details.get("trough"), date)


def _trough(curve: Curve) -> tuple[date, float]:
    day = curve.reading.fact.details["trough"]
    assert isinstance(day, date)
    return day, curve.reading.fact.number


def _value(curve: Curve) -> Runs:
    return (curve.name, Text(" "), formatting.percent(curve.reading))


def _alt(curves: tuple[Curve, ...]) -> Runs:
    falls = tuple(_fall(curve) for curve in curves)
    return (
        Text("Line chart of each fund's fall below its last peak"),
        *period([curve.reading for curve in curves]),
        Text(". Worst: "),
        *_semicolons(falls),
        Text("."),
        *_message(curves),
    )


def _semicolons(parts: Sequence[Runs]) -> Runs:
    runs: list[Runs] = [((Text("; "), *part) if i else part) for i, part in enumerate(parts)]
    return tuple(run for part in runs for run in part)


def _fall(curve: Curve) -> Runs:
    reading = curve.reading
    if not _has_trough(curve):
        return (curve.name, Text(" never stood below its peak"))
    runs: Runs = (*_value(curve), Text(" on "), formatting.detail_day(reading, "trough"))
    return (*runs, *_recovery(reading))


def _recovery(reading: Reading) -> Runs:
    recovered = reading.fact.details.get("recovered")
    if isinstance(recovered, date):
        return (Text(", recovered on "), formatting.detail_day(reading, "recovered"))
    return (Text(", not recovered since"),) if isinstance(recovered, str) else ()


def _message(curves: tuple[Curve, ...]) -> Runs:
    """Who fell furthest, judged by the values as printed."""
    printed = [formatting.percent(curve.reading).text for curve in curves]
    if len(set(printed)) == 1:
        return ()
    deepest = min(range(len(curves)), key=lambda i: curves[i].reading.fact.number)
    fell = tuple(curve for i, curve in enumerate(curves) if printed[i] == printed[deepest])
    return (Text(" "), *names(fell), Text(" fell furthest." if len(curves) > 2 else " fell further."))
