"""How far one fund was ahead of the other over the year before, day by day."""

from __future__ import annotations

from dataclasses import dataclass

from reportgen import formatting
from reportgen.charts._chart import Absent, Answer, chart
from reportgen.charts._curves import across, drawable, line, pixel
from reportgen.charts._frame import (
    HEIGHT,
    WIDTH,
    End,
    Plot,
    ends,
    left_margin,
    right_margin,
    rows,
    scale_of,
    time_axis,
)
from reportgen.charts._palette import TICK_SIZE, fund_role
from reportgen.charts._place import text_width
from reportgen.charts._scale import Scale
from reportgen.charts._words import listed
from reportgen.model import (
    ChartSpec,
    Label,
    Mark,
    Measurements,
    Name,
    Polyline,
    Reading,
    Runs,
    Series,
    Snapshot,
    Text,
    as_date,
    plain,
)

SERIES = "rolling_difference"
METRIC = "diff.total_return"
CODE = "1Y"
_TOP, _BOTTOM = 14.0, HEIGHT - 28.0
_LEAST = 0.001
"""The scale reaches a tenth of a point either way at least: below it, the dust of floats would fill the picture."""


@dataclass(frozen=True, slots=True)
class _Gap:
    """The first fund less another one: the curve, and today's gap where it is a fact."""

    first: str
    second: str
    role: str
    series: Series
    reading: Reading | None


@chart("rolling", order=5)
def rolling(measurements: Measurements, _snapshot: Snapshot, width: float = WIDTH) -> Answer:
    """The first fund's one-year return less each other fund's, in points; above zero the first fund was ahead."""
    gaps = _gaps(measurements)
    if not gaps:
        return Absent("the funds compared have no rolling one-year difference")
    values = [float(v) for gap in gaps for v in (gap.series.values.min(), gap.series.values.max())]
    y, ticks = scale_of([-_LEAST, _LEAST] if max(map(abs, values)) < _LEAST else [0.0, *values], _BOTTOM, _TOP)
    labels = [_label(gap, alone=len(gaps) == 1) for gap in gaps]
    plot = Plot(left_margin([point_tick(t) for t in ticks]), _TOP, width - right_margin(labels, width), _BOTTOM)
    days = [day for gap in gaps if gap.series.dates is not None for day in (gap.series.dates[0], gap.series.dates[-1])]
    x, _, axis = time_axis(plot, as_date(min(days)), as_date(max(days)), width)
    marks: list[Mark] = [*rows(plot, y, ticks, point_tick, base=0.0), *axis]
    curves = [line(gap.series, gap.role, x, y) for gap in reversed(gaps)]
    if len(gaps) == 1:
        marks.append(_area(curves[0], y))
    marks += [*curves, *_sides(plot, gaps, curves, y)]
    marks += [*ends(plot, [_end(g, runs, x, y) for g, runs in zip(gaps, labels, strict=True)])]
    return ChartSpec(
        "rolling",
        (Text("One-year return of "), Name(gaps[0].first), Text(" less "), *_others(gaps)),
        _alt(gaps),
        width,
        HEIGHT,
        tuple(marks),
        tuple(gap.reading.fact.id for gap in gaps if gap.reading),
        tuple(gap.series.id for gap in gaps),
    )


def point_tick(value: float) -> str:
    """A round number of percentage points on a scale: "-20"."""
    return f"{float(f'{100 * value:.10g}') + 0.0:,.10g}"


def _gaps(measurements: Measurements) -> list[_Gap]:
    first, *others = measurements.tickers
    gaps: list[_Gap] = []
    for i, second in enumerate(others, start=1):
        series = measurements.series.get(f"{first}:{second}/{SERIES}/{CODE}")
        if series is None or series.dates is None or not drawable(series):
            continue
        fact = measurements.find(first, METRIC, CODE, second=second)
        known = fact is not None and fact.missing is None
        role = fund_role(0 if len(others) == 1 else i)
        gaps.append(_Gap(first, second, role, series, measurements.reading(fact) if fact and known else None))
    return gaps


def _others(gaps: list[_Gap]) -> Runs:
    return listed([(Name(gap.second),) for gap in gaps])


def _label(gap: _Gap, *, alone: bool) -> Runs:
    """Who is ahead today and by how much; where there are several lines, what each one is."""
    if not alone:
        return (Text("less "), Name(gap.second))
    if gap.reading is None:
        return ()
    size = formatting.points(gap.reading)
    if _is_level(size.text):
        return (Text("level"),)
    return (Name(gap.first if gap.reading.fact.number > 0 else gap.second), Text(" by "), size)


def _is_level(printed: str) -> bool:
    """Whether a gap is printed as nothing."""
    return not printed.strip("0. points")


def _end(gap: _Gap, runs: Runs, x: Scale, y: Scale) -> End:
    return End(x(float(across(gap.series)[-1])), y(float(gap.series.values[-1])), runs, gap.role)


def _area(curve: Polyline, y: Scale) -> Polyline:
    """The space between the curve and zero."""
    zero = pixel(y(0.0))
    points = ((curve.points[0][0], zero), *curve.points, (curve.points[-1][0], zero))
    return Polyline(points, curve.role, closed=True)


def _sides(plot: Plot, gaps: list[_Gap], curves: list[Polyline], y: Scale) -> list[Mark]:
    """Which side of zero means what, in words, where no curve runs through them if there is such a place."""
    first = Name(gaps[0].first)
    below: Runs = (Name(gaps[0].second), Text(" ahead")) if len(gaps) == 1 else (first, Text(" behind"))
    marks: list[Mark] = []
    if y.high > 0:
        marks.append(_note(plot, (first, Text(" ahead, in points")), plot.top + TICK_SIZE, curves))
    if y.low < 0:
        marks.append(_note(plot, (*below, Text(", in points")), plot.bottom - 5, curves))
    return marks


def _note(plot: Plot, runs: Runs, baseline: float, curves: list[Polyline]) -> Label:
    width = text_width(plain(runs), TICK_SIZE)
    room = plot.right - plot.left - width - 8
    places = [pixel(plot.left + 4 + room * share) for share in (0.0, 0.25, 0.5, 0.75, 1.0)]
    points = [point for curve in curves for point in curve.points]

    def crossed(left: float) -> int:
        inside = (left <= x <= left + width and baseline - TICK_SIZE <= y <= baseline + 3 for x, y in points)
        return sum(inside)

    return Label(min(places, key=crossed), pixel(baseline), runs, "note")


def _alt(gaps: list[_Gap]) -> Runs:
    told = [_today(gap, gap.reading) for gap in gaps if gap.reading is not None]
    runs: Runs = (
        Text("Line chart, for each day, of the return of "),
        Name(gaps[0].first),
        Text(" over the year before less that of "),
        *_others(gaps),
        Text("."),
    )
    return (
        (*runs, Text(" At the end, "), Name(gaps[0].first), Text(" was "), *listed(told), Text(".")) if told else runs
    )


def _today(gap: _Gap, reading: Reading) -> Runs:
    size = formatting.points(reading)
    if _is_level(size.text):
        return (Text("level with "), Name(gap.second))
    side = " ahead of " if reading.fact.number > 0 else " behind "
    return (size, Text(side), Name(gap.second))
