"""How much of each fund its largest holdings make up, counted from the largest on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reportgen import formatting
from reportgen.charts._chart import Absent, Answer, chart
from reportgen.charts._curves import Curve, drawable, line, names, pixel
from reportgen.charts._frame import (
    DROP,
    GAP,
    HEIGHT,
    LINE_HEIGHT,
    WIDTH,
    Plot,
    columns,
    left_margin,
    percent_tick,
    plain_tick,
    rows,
)
from reportgen.charts._palette import LABEL_SIZE, TICK_SIZE, fund_role, style
from reportgen.charts._place import spread, text_width, wrapped
from reportgen.charts._scale import Scale, log_ticks
from reportgen.charts._words import listed
from reportgen.model import (
    Bar,
    ChartSpec,
    Dot,
    Label,
    Mark,
    Measurements,
    Reading,
    Runs,
    Segment,
    Series,
    Snapshot,
    Text,
    plain,
)

METRIC = "top10_weight"
_TEN = 10.0
_RIGHT = 28.0
_TOP, _BOTTOM = 14.0 + LINE_HEIGHT, HEIGHT - 44.0
_BELOW = "number of holdings, the largest first (logarithmic scale); the ten largest are marked"
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class _Ranked:
    """One fund's curve from the first holding on, with the number of its holdings where that is a fact."""

    curve: Curve
    count: Reading | None

    @property
    def last(self) -> tuple[float, float]:
        """The whole fund: its number of holdings and their weight."""
        series = self.curve.series
        return float(self.curve.across[-1]), float(series.values[-1])


@chart("concentration", order=4)
def concentration(measurements: Measurements, _snapshot: Snapshot, width: float = WIDTH) -> Answer:
    """Cumulative weight against the number of holdings, on a logarithmic scale, the ten largest marked."""
    funds = _funds(measurements)
    if isinstance(funds, Absent):
        return funds
    largest = max(fund.last[0] for fund in funds)
    more = (_levels(funds, width) - 1) * LINE_HEIGHT
    plot = Plot(left_margin([percent_tick(t) for t in _TICKS]), _TOP + more, width - _RIGHT, _BOTTOM + more)
    x = Scale(1.0, largest, plot.left, plot.right, log=True)
    y = Scale(0.0, max(1.0, *(float(fund.curve.series.values.max()) for fund in funds)), plot.bottom, plot.top)
    across = [(t, plain_tick(t)) for t in log_ticks(1.0, largest, (1,) if largest > 2000 else (1, 2, 5))]
    marks: list[Mark] = [*rows(plot, y, _TICKS, percent_tick), *columns(plot, x, across, width)]
    marks.append(Segment(pixel(x(_TEN)), plot.top, pixel(x(_TEN)), plot.bottom, "leader"))
    marks += [line(fund.curve.series, fund.curve.role, x, y) for fund in reversed(funds)]
    marks += [*_counts(plot, funds, (x, y), width), *_tens(plot, funds, x, y)]
    for i, below in enumerate(lines := wrapped(_BELOW, TICK_SIZE, width - plot.left, 3)):
        at = pixel((plot.left + width) / 2), pixel(plot.bottom + 38 + i * LINE_HEIGHT)
        marks.append(Label(*at, (Text(below),), "note", "middle"))
    curves = tuple(fund.curve for fund in funds)
    counts = [fund.count.fact.id for fund in funds if fund.count]
    return ChartSpec(
        "concentration",
        (Text("Cumulative weight of the holdings: "), *names(curves)),
        _alt(funds),
        width,
        pixel(plot.bottom + 44 + (len(lines) - 1) * LINE_HEIGHT),
        tuple(marks),
        (*(curve.reading.fact.id for curve in curves), *counts),
        tuple(curve.series.id for curve in curves),
    )


def _funds(measurements: Measurements) -> tuple[_Ranked, ...] | Absent:
    """The funds whose every holding is known; one alone is worth a picture too, none is not."""
    found: list[_Ranked] = []
    for i, ticker in enumerate(measurements.tickers):
        series = measurements.series.get(f"{ticker}/concentration")
        top = measurements.find(ticker, METRIC)
        if series is None or not drawable(series) or top is None or top.missing is not None:
            continue
        if series.x is None or series.x[-1] <= _TEN:
            continue
        count = measurements.find(ticker, "holdings_count")
        known = count is not None and count.missing is None
        curve = Curve(ticker, fund_role(i), _from_first(series), measurements.reading(top))
        found.append(_Ranked(curve, measurements.reading(count) if count and known else None))
    return tuple(found) if found else Absent("no fund has a full list of more than ten holdings")


def _from_first(series: Series) -> Series:
    """The curve without its point at zero holdings, which has no place on a logarithmic scale."""
    assert series.x is not None
    inside = np.flatnonzero(series.x >= 1)
    return Series(series.id, series.label, series.unit, series.values[inside], None, series.x[inside])


def _levels(funds: Sequence[_Ranked], width: float) -> int:
    """On how many levels the funds' names stand above the plot, so that none covers another."""
    needed = math.fsum(_name_width(fund) for fund in funds)
    return max(1, math.ceil(needed / (width - _RIGHT)))


def _name_width(fund: _Ranked) -> float:
    return text_width(plain(_count(fund)), LABEL_SIZE) + 10


def _counts(plot: Plot, funds: Sequence[_Ranked], scales: tuple[Scale, Scale], width: float) -> list[Mark]:
    """Above the plot, where each curve is complete: the fund's name and how many holdings it has."""
    (x, y), levels = scales, _levels(funds, width)
    ordered = sorted(funds, key=lambda fund: fund.last[0]) if levels > 1 else list(funds)
    marks: list[Mark] = []
    for level in range(levels):
        ours = ordered[level::levels]
        centers = spread([x(fund.last[0]) for fund in ours], [_name_width(fund) for fund in ours], plot.left, width)
        above = plot.top - level * LINE_HEIGHT
        for fund, center in zip(ours, centers, strict=True):
            role, (count, weight) = fund.curve.role, fund.last
            at = pixel(x(count)), pixel(y(weight))
            marks.append(Segment(at[0], at[1], pixel(center), above - 7, "leader"))
            marks.append(Dot(*at, 3.2, role, style(role).shape))
            marks.append(Label(pixel(center), above - 9, _count(fund), role, "middle"))
    return marks


def _count(fund: _Ranked) -> Runs:
    if fund.count is None:
        return (fund.curve.name,)
    return (fund.curve.name, Text(" "), formatting.count(fund.count), Text(" holdings"))


def _tens(plot: Plot, funds: Sequence[_Ranked], x: Scale, y: Scale) -> list[Mark]:
    """The point of the ten largest on each curve, labelled to its left, where the curve itself lies lower."""
    heights = [y(fund.curve.reading.fact.number) for fund in funds]
    wanted = [height - LINE_HEIGHT / 2 for height in heights]
    centers = spread(wanted, [LINE_HEIGHT] * len(funds), plot.top, plot.bottom - 2)
    at = pixel(x(_TEN))
    marks: list[Mark] = []
    for fund, height, center in zip(funds, heights, centers, strict=True):
        curve, runs = fund.curve, (fund.curve.name, Text(" "), formatting.percent(fund.curve.reading))
        marks.append(_paper(at - GAP, center, runs))
        if abs(center - height) > LINE_HEIGHT:
            marks.append(Segment(at, pixel(height), pixel(at - GAP + 1), pixel(center), "leader"))
        marks.append(Dot(at, pixel(height), 3.6, curve.role, style(curve.role).shape))
        marks.append(Label(pixel(at - GAP), pixel(center + DROP * LABEL_SIZE), runs, curve.role, "end"))
    return marks


def _paper(right: float, center: float, runs: Runs) -> Bar:
    """A patch of the page's color that keeps other funds' curves from running through a label."""
    width = text_width(plain(runs), LABEL_SIZE)
    return Bar(pixel(right - width), pixel(center - LINE_HEIGHT / 2), pixel(width), pixel(LINE_HEIGHT), "paper")


def _alt(funds: Sequence[_Ranked]) -> Runs:
    parts = [_top(fund) for fund in funds]
    runs: Runs = (
        Text("Line chart of each fund's cumulative weight against the number of its holdings, the largest first. "),
        Text("The ten largest make up "),
        *listed(parts),
        Text("."),
    )
    printed = [formatting.percent(fund.curve.reading).text for fund in funds]
    if len(set(printed)) == 1:
        return runs
    top = max(range(len(funds)), key=lambda i: funds[i].curve.reading.fact.number)
    most = tuple(fund.curve for i, fund in enumerate(funds) if printed[i] == printed[top])
    verb = " is" if len(most) == 1 else " are"
    return (*runs, Text(" "), *names(most), Text(f"{verb} the {'most' if len(funds) > 2 else 'more'} concentrated."))


def _top(fund: _Ranked) -> Runs:
    share: Runs = (formatting.percent(fund.curve.reading), Text(" of "), fund.curve.name)
    if fund.count is None:
        return share
    return (*share, Text(" with its "), formatting.count(fund.count), Text(" holdings"))
