"""What $1,000 became, fund by fund, over the best long window that all funds have."""

from __future__ import annotations

from reportgen import formatting
from reportgen.charts._chart import Absent, Answer, chart
from reportgen.charts._curves import Curve, Position, across, beads, line, long_curves, names, pixel, span
from reportgen.charts._frame import (
    HEIGHT,
    WIDTH,
    End,
    Plot,
    dollar_tick,
    ends,
    left_margin,
    right_margin,
    rows,
    scale_of,
    time_axis,
)
from reportgen.charts._palette import TICK_SIZE
from reportgen.charts._scale import Scale, log_ticks
from reportgen.charts._words import listed, period
from reportgen.model import ChartSpec, Label, Mark, Measurements, Parameter, Runs, Snapshot, Text

STAKE = 1000.0
METRIC = "growth_of_1000"
_TOP, _BOTTOM = 14.0, HEIGHT - 28.0
_LOG_FROM = 12.0
"""From this ratio of the largest to the smallest value on, a linear scale would flatten the smaller fund."""


@chart("growth", order=1)
def growth(measurements: Measurements, _snapshot: Snapshot, width: float = WIDTH) -> Answer:
    """Wealth curves with both end values labelled; a logarithmic scale where one fund grew many times over."""
    curves = long_curves(measurements, "wealth", METRIC)
    if isinstance(curves, Absent):
        return curves
    y, ticks = _vertical(curves)
    labels = [_label(curve) for curve in curves]
    plot = Plot(left_margin([dollar_tick(t) for t in ticks]), _TOP, width - right_margin(labels, width), _BOTTOM)
    x, years, axis = time_axis(plot, *span(curves), width)
    marks: list[Mark] = [*rows(plot, y, ticks, dollar_tick, base=STAKE), *axis]
    if y.log:
        marks.append(Label(plot.left + 4, pixel(plot.top + TICK_SIZE), (Text("logarithmic scale"),), "note"))
    for curve in reversed(curves):
        marks += [line(curve.series, curve.role, x, y), *beads(curve.series, curve.role, years, x, y)]
    marks += ends(plot, [_end(curve, runs, x, y) for curve, runs in zip(curves, labels, strict=True)])
    title = (Text("Growth of "), _stake(), Text(", distributions reinvested: "), *names(curves))
    return ChartSpec(
        "growth",
        title,
        _alt(curves),
        width,
        HEIGHT,
        tuple(marks),
        tuple(curve.reading.fact.id for curve in curves),
        tuple(curve.series.id for curve in curves),
    )


def _vertical(curves: tuple[Curve, ...]) -> tuple[Scale, tuple[float, ...]]:
    low = min(STAKE, *(float(curve.series.values.min()) for curve in curves))
    high = max(STAKE, *(float(curve.series.values.max()) for curve in curves))
    if low <= 0 or high / low < _LOG_FROM:
        return scale_of([low, high], _BOTTOM, _TOP)
    digits = (1, 2, 5) if high / low < 200 else (1,)
    ticks = log_ticks(low, high, digits)
    return Scale(min(low, ticks[0]), max(high, ticks[-1]), _BOTTOM, _TOP, log=True), ticks


def _label(curve: Curve) -> Runs:
    return (curve.name, Text(" "), formatting.dollars(curve.reading))


def _end(curve: Curve, runs: Runs, x: Position, y: Position) -> End:
    return End(x(float(across(curve.series)[-1])), y(float(curve.series.values[-1])), runs, curve.role)


def _stake() -> Parameter:
    return Parameter(METRIC, "stake", "$1,000")


def _alt(curves: tuple[Curve, ...]) -> Runs:
    values = tuple((curve.name, Text(" "), formatting.dollars(curve.reading)) for curve in curves)
    return (
        Text("Line chart of what "),
        _stake(),
        Text(" became with distributions reinvested"),
        *period([curve.reading for curve in curves]),
        Text(": "),
        *listed(values),
        Text(". "),
        *_message(curves),
    )


def _message(curves: tuple[Curve, ...]) -> Runs:
    """Who ended highest, judged by the values as printed, so that the sentence never outdoes the labels."""
    printed = {formatting.dollars(curve.reading).text for curve in curves}
    if len(printed) == 1:
        return (Text("All ended level." if len(curves) > 2 else "Both ended level."),)
    best = max(curves, key=lambda curve: curve.reading.fact.number)
    rivals = [c for c in curves if formatting.dollars(c.reading).text == formatting.dollars(best.reading).text]
    ended = " ended highest." if len(curves) > 2 else " ended ahead."
    return (*names(tuple(rivals)), Text(ended))
