"""How much of each fund its largest holdings make up, counted from the largest on."""

from __future__ import annotations

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
from reportgen.charts._palette import LABEL_SIZE, fund_role, style
from reportgen.charts._place import spread, text_width
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
_RIGHT = WIDTH - 28.0
_TOP, _BOTTOM = 14.0 + LINE_HEIGHT, HEIGHT - 44.0
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
def concentration(measurements: Measurements, _snapshot: Snapshot) -> Answer:
    """Cumulative weight against the number of holdings, on a logarithmic scale, the ten largest marked."""
    funds = _funds(measurements)
    if isinstance(funds, Absent):
        return funds
    largest = max(fund.last[0] for fund in funds)
    plot = Plot(left_margin([percent_tick(t) for t in _TICKS]), _TOP, _RIGHT, _BOTTOM)
    x = Scale(1.0, largest, plot.left, plot.right, log=True)
    y = Scale(0.0, max(1.0, *(float(fund.curve.series.values.max()) for fund in funds)), _BOTTOM, _TOP)
    across = [(t, plain_tick(t)) for t in log_ticks(1.0, largest, (1,) if largest > 2000 else (1, 2, 5))]
    marks: list[Mark] = [*rows(plot, y, _TICKS, percent_tick), *columns(plot, x, across)]
    marks.append(Segment(pixel(x(_TEN)), plot.top, pixel(x(_TEN)), plot.bottom, "leader"))
    marks += [line(fund.curve.series, fund.curve.role, x, y) for fund in reversed(funds)]
    marks += [*_counts(plot, funds, x, y), *_tens(plot, funds, x, y)]
    below = (Text("number of holdings, the largest first (logarithmic scale); the ten largest are marked"),)
    marks.append(Label(pixel((plot.left + plot.right) / 2), HEIGHT - 6, below, "note", "middle"))
    curves = tuple(fund.curve for fund in funds)
    counts = [fund.count.fact.id for fund in funds if fund.count]
    return ChartSpec(
        "concentration",
        (Text("Cumulative weight of the holdings: "), *names(curves)),
        _alt(funds),
        WIDTH,
        HEIGHT,
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


def _counts(plot: Plot, funds: Sequence[_Ranked], x: Scale, y: Scale) -> list[Mark]:
    """Above the plot, where each curve is complete: the fund's name and how many holdings it has."""
    texts = [_count(fund) for fund in funds]
    widths = [text_width(plain(runs), LABEL_SIZE) + 10 for runs in texts]
    centers = spread([x(fund.last[0]) for fund in funds], widths, plot.left, WIDTH)
    marks: list[Mark] = []
    for fund, runs, center in zip(funds, texts, centers, strict=True):
        role, (count, weight) = fund.curve.role, fund.last
        at = pixel(x(count)), pixel(y(weight))
        marks.append(Segment(at[0], at[1], pixel(center), plot.top - 7, "leader"))
        marks.append(Dot(*at, 3.2, role, style(role).shape))
        marks.append(Label(pixel(center), plot.top - 9, runs, role, "middle"))
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
