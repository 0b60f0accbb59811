"""How far each fund stood below its last peak, on one axis, the worst of each marked."""

from __future__ import annotations

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
_BAND = 2 * LINE_HEIGHT + 14
"""Height of the strip below all curves in which the worst falls are labelled, so that no line crosses a label."""


@chart("drawdowns", order=2)
def drawdowns(measurements: Measurements, _snapshot: Snapshot) -> Answer:
    """Drawdown curves with each fund's worst value and its date."""
    curves = long_curves(measurements, "drawdown", METRIC)
    if isinstance(curves, Absent):
        return curves
    y, ticks = _vertical(curves)
    tags = [(curve.name,) for curve in curves]
    plot = Plot(left_margin([percent_tick(t) for t in ticks]), _TOP, WIDTH - right_margin(tags), _BOTTOM)
    x, years, axis = time_axis(plot, *span(curves))
    marks: list[Mark] = [*rows(plot, y, ticks, percent_tick, base=0.0), *axis]
    for curve in reversed(curves):
        marks += [line(curve.series, curve.role, x, y), *beads(curve.series, curve.role, years, x, y)]
    marks += ends(plot, [_end(curve, x, y) for curve in curves])
    marks += _worst(plot, curves, x, y)
    return ChartSpec(
        "drawdowns",
        (Text("Falls below the last peak, the worst of each marked: "), *names(curves)),
        _alt(curves),
        WIDTH,
        HEIGHT,
        tuple(marks),
        tuple(curve.reading.fact.id for curve in curves),
        tuple(curve.series.id for curve in curves),
    )


def _vertical(curves: tuple[Curve, ...]) -> tuple[Scale, tuple[float, ...]]:
    """A scale from zero down to the deepest fall, the labels' strip kept free below it."""
    deepest = min(float(curve.series.values.min()) for curve in curves)
    deepest = min(deepest, -0.001)
    low = deepest * (_BOTTOM - _TOP) / (_BOTTOM - _TOP - _BAND)
    y = Scale(low, 0.0, _BOTTOM, _TOP)
    return y, tuple(t for t in linear_ticks(deepest, 0.0, 5) if y(t) <= _BOTTOM - _BAND + 10)


def _end(curve: Curve, x: Position, y: Position) -> End:
    return End(x(float(across(curve.series)[-1])), y(float(curve.series.values[-1])), (curve.name,), curve.role)


def _worst(plot: Plot, curves: Sequence[Curve], x: Scale, y: Scale) -> list[Mark]:
    """A marker at each worst day, a leader, and below it two lines: the fund with its value, and the date."""
    spots = [(curve, *_trough(curve)) for curve in curves if _has_trough(curve)]
    texts = [(_value(curve), (formatting.detail_day(curve.reading, "trough"),)) for curve, _, _ in spots]
    widths = [max(text_width(plain(a), LABEL_SIZE), text_width(plain(b), TICK_SIZE)) + 12 for a, b in texts]
    centers = spread([x(day_number(day)) for _, day, _ in spots], widths, plot.left, WIDTH)
    top = plot.bottom - _BAND + 8
    marks: list[Mark] = []
    for (curve, day, value), (first, second), center in zip(spots, texts, centers, strict=True):
        at, depth, middle = pixel(x(day_number(day))), pixel(y(value)), pixel(center)
        marks.append(Segment(at, depth, middle, pixel(top + 2), "leader"))
        marks.append(Dot(at, depth, 3.6, curve.role, style(curve.role).shape))
        base = top + LINE_HEIGHT / 2 + DROP * LABEL_SIZE + 3
        marks.append(Label(middle, pixel(base), first, curve.role, "middle"))
        marks.append(Label(middle, pixel(base + LINE_HEIGHT - 1), second, "note", "middle"))
    return marks


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
