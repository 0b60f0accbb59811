"""The claims tested, one a row: each effect with its interval against zero, sorted by what the data say.

Effects have different units, so each is divided by half the width of its own interval: then every interval is two
units wide, and one axis tells how far from zero each effect stands against its own uncertainty. The effect itself and
its interval are printed at the row's end, in their own unit.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from reportgen import formatting
from reportgen.charts._chart import Absent, Answer, spoken_chart
from reportgen.charts._curves import pixel
from reportgen.charts._frame import GAP, WIDTH, Plot, plain_tick
from reportgen.charts._palette import LABEL_SIZE, TICK_SIZE, style
from reportgen.charts._place import text_width, wrapped
from reportgen.charts._scale import Scale, linear_ticks
from reportgen.charts._words import lines, listed, sentences_joined
from reportgen.formatting.claims import bounds, effect, measured_effect, sentence
from reportgen.model import (
    ChartSpec,
    Claim,
    Commentary,
    Dot,
    Label,
    Mark,
    Measurements,
    Name,
    Reading,
    Runs,
    Segment,
    Text,
    Tick,
    Verdict,
    facts_in,
    plain,
)

_HEADINGS: dict[Verdict, str] = {
    "supported": "Supported",
    "contradicted": "Contradicted",
    "inconclusive": "Not settled",
}
_HOLLOW: Verdict = "contradicted"
_FARTHEST = 16.0
"""In half widths; an effect beyond is shown by an arrow, so that one sharp estimate does not squeeze the rest."""
_MOST = 16
"""Rows in the picture; the table below it holds every claim."""
_NAMES = 228.0
_LINE, _BETWEEN, _HEADING, _TOP, _FOOT = 14.0, 8.0, 22.0, 20.0, 46.0
_RADIUS, _STRIP = 4.6, 16.0


@dataclass(frozen=True, slots=True)
class _Row:
    """One claim: its effect and interval in half widths, and the lines of text that head it."""

    claim: Claim
    verdict: Verdict
    reading: Reading
    effect: float
    low: float
    high: float
    lines: tuple[Runs, ...]
    stacked: bool
    """Whether the interval stands below the words, as on a phone, instead of beside them."""

    @property
    def height(self) -> float:
        return max(2, len(self.lines)) * _LINE + (_STRIP if self.stacked else 0.0) + _BETWEEN


@spoken_chart("claims", order=6)
def claims(measurements: Measurements, commentary: Commentary, width: float = WIDTH) -> Answer:
    """A forest plot: those supported first, then contradicted, then not settled, the clearest on top."""
    rows = _rows(measurements, commentary, width)
    if not rows:
        return Absent("no claim was tested")
    groups = [(verdict, list(group)) for verdict, group in groupby(rows, key=lambda row: row.verdict)]
    ticks = _ticks(rows)
    bottom = pixel(_TOP + math.fsum(row.height for row in rows) + _HEADING * len(groups))
    plot = Plot(*_sides_of(rows, width), bottom)
    x = Scale(ticks[0], ticks[-1], plot.left, plot.right)
    legend = tuple(_legend(plot, x, rows, width))
    marks: list[Mark] = [*_axis(plot, x, ticks), *_sides(plot, x), *legend]
    top = plot.top
    for verdict, members in groups:
        marks.append(Label(0, pixel(top + _HEADING - 7), (Text(_HEADINGS[verdict]),), verdict))
        top += _HEADING
        for row in members:
            marks += _row(x, row, top, width)
            top += row.height
    alt = _alt(groups)
    ids = dict.fromkeys((*(row.claim.fact for row in rows), *facts_in(alt)))
    height = pixel(bottom + _FOOT + (len(legend) - 1) * _LINE)
    return ChartSpec("claims", _title(), alt, width, height, tuple(marks), tuple(ids))


def _sides_of(rows: Sequence[_Row], width: float) -> tuple[float, float, float]:
    """Where the intervals' part of the picture begins, its top and where it ends."""
    if rows[0].stacked:
        return GAP, _TOP, pixel(width - GAP)
    printed = max(text_width(plain(bounds(row.reading, row.claim)), TICK_SIZE) for row in rows)
    return _NAMES + 2 * GAP, _TOP, pixel(width - printed - 2 * GAP)


def _rows(measurements: Measurements, commentary: Commentary, width: float) -> list[_Row]:
    """The claims in the order shown, those with an interval of no width left out."""
    found = [_measured(measurements, claim, verdict, width) for claim, verdict in commentary.tested().values()]
    order = list(_HEADINGS)
    rows = sorted(
        (row for row in found if row is not None),
        key=lambda row: (order.index(row.verdict), -row.effect, row.claim.fact),
    )
    return rows[:_MOST]


def _measured(measurements: Measurements, claim: Claim, verdict: Verdict, width: float) -> _Row | None:
    reading = measurements.reading(measurements.facts[claim.fact])
    measured = measured_effect(reading, claim)
    if measured is None or measured[1] == measured[2]:
        return None
    value, low, high = measured
    half = (high - low) / 2
    stacked = width < WIDTH
    beside = text_width(effect(reading, claim).text, LABEL_SIZE) + 2 * GAP
    words = _lines(reading, claim, width - beside if stacked else _NAMES)
    return _Row(claim, verdict, reading, value / half, low / half, high / half, words, stacked)


def _lines(reading: Reading, claim: Claim, room: float) -> tuple[Runs, ...]:
    """The claim on one line or two, and its window behind it or on a line of its own."""
    told: list[Runs] = [(Name(line),) for line in wrapped(sentence(claim), TICK_SIZE, room, 2)]
    if reading.fact.window is None:
        return tuple(told)
    over = formatting.over(reading)
    together: Runs = (*told[-1], Text(" "), *over)
    if len(told) > 1 and room == _NAMES and text_width(plain(together), TICK_SIZE) <= room:
        return (*told[:-1], together)
    return (*told, over)


def _ticks(rows: Sequence[_Row]) -> tuple[float, ...]:
    """Whole half widths around every interval, as far as the scale goes."""
    low = max(-_FARTHEST, min(-1.0, *(row.low for row in rows)))
    high = min(_FARTHEST, max(1.0, *(row.high for row in rows)))
    return linear_ticks(low, high, 8)


def _axis(plot: Plot, x: Scale, ticks: Sequence[float]) -> Iterator[Mark]:
    for value in ticks:
        at = pixel(x(value))
        yield Segment(at, plot.top, at, plot.bottom, "zero" if value == 0 else "grid")
        yield Tick(at, pixel(plot.bottom + 4 + TICK_SIZE), plain_tick(value))


def _sides(plot: Plot, x: Scale) -> Iterator[Mark]:
    """What the two sides of zero mean, above the plot."""
    zero, baseline = x(0.0), pixel(plot.top - 6)
    against = (Text("against the claim"),)
    if zero - text_width(plain(against), TICK_SIZE) - GAP >= 0:
        yield Label(pixel(zero - GAP), baseline, against, "note", "end")
    yield Label(pixel(zero + GAP), baseline, (Text("for the claim"),), "note")


def _legend(plot: Plot, x: Scale, rows: Sequence[_Row], width: float) -> Iterator[Mark]:
    """What the axis counts, below it."""
    levels = {formatting.interval_level(row.reading).text for row in rows}
    level: Runs = (formatting.interval_level(rows[0].reading), Text(" ")) if len(levels) == 1 else ()
    words: Runs = (Text("Effect in half widths of its "), *level, Text("interval, which the line shows"))
    if any(_is_beyond(row, x) for row in rows):
        words = (*words, Text("; an arrow points beyond the scale"))
    for i, runs in enumerate(lines(words, TICK_SIZE, width)):
        yield Label(width, pixel(plot.bottom + 2 * TICK_SIZE + 14 + i * _LINE), runs, "note", "end")


def _is_beyond(row: _Row, x: Scale) -> bool:
    return not x.low <= row.effect <= x.high


def _row(x: Scale, row: _Row, top: float, width: float) -> Iterator[Mark]:
    """One claim: its words, its interval with the effect's marker, and the numbers themselves."""
    first, middle = top + _LINE - 3, pixel(top + _LINE)
    second = first + (_LINE if not row.stacked else max(1, len(row.lines) - 1) * _LINE)
    if row.stacked:
        middle = pixel(top + max(2, len(row.lines)) * _LINE + _STRIP / 2)
    for i, runs in enumerate(row.lines):
        words = i + 1 < len(row.lines) or isinstance(runs[0], Name)
        yield Label(0, pixel(first + i * _LINE), runs, "name" if words else "note")
    yield from _interval(x, row, middle)
    yield Label(width, pixel(first), (effect(row.reading, row.claim),), row.verdict, "end")
    yield Label(width, pixel(second), bounds(row.reading, row.claim), "note", "end")


def _interval(x: Scale, row: _Row, middle: float) -> Iterator[Mark]:
    low, high = (pixel(x(min(max(at, x.low), x.high))) for at in (row.low, row.high))
    if _is_beyond(row, x):
        yield from _arrow(x, row, middle)
        return
    yield Segment(low, middle, high, middle, row.verdict)
    for at, bound in ((low, row.low), (high, row.high)):
        if x.low <= bound <= x.high:
            yield Segment(at, pixel(middle - 4), at, pixel(middle + 4), row.verdict)
    at, shape = pixel(x(row.effect)), style(row.verdict).shape
    yield Dot(at, middle, _RADIUS, row.verdict, shape)
    if row.verdict == _HOLLOW:
        yield Dot(at, middle, _RADIUS - 1.8, "paper", shape)


def _arrow(x: Scale, row: _Row, middle: float) -> Iterator[Mark]:
    """An effect beyond the scale: an arrow at the edge that it lies beyond."""
    edge, inward = (x.end, -1) if row.effect > 0 else (x.start, 1)
    yield Segment(pixel(edge + inward * 34), middle, pixel(edge), middle, row.verdict)
    for side in (-1, 1):
        yield Segment(pixel(edge + inward * 7), pixel(middle + side * 5), pixel(edge), middle, row.verdict)


def _title() -> Runs:
    return (Text("The claims of this article against zero, by verdict"),)


def _alt(groups: Sequence[tuple[Verdict, list[_Row]]]) -> Runs:
    first = (Text("Forest plot of the claims tested, each effect told in its claim’s own direction."),)
    return sentences_joined([first, *(_told(verdict, rows) for verdict, rows in groups)])


def _told(verdict: Verdict, rows: Sequence[_Row]) -> Runs:
    return (Text(f"{_HEADINGS[verdict]}: "), *listed([_phrase(row) for row in rows]), Text("."))


def _phrase(row: _Row) -> Runs:
    over: Runs = (Text(" "), *formatting.over(row.reading)) if row.reading.fact.window else ()
    told: Runs = (effect(row.reading, row.claim), Text(", interval "), *bounds(row.reading, row.claim))
    return (Name(sentence(row.claim)), *over, Text(" ("), *told, Text(")"))
