"""The largest sectors side by side: one group of bars a sector, one bar a fund."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from reportgen import formatting
from reportgen.charts._chart import Absent, Answer, chart
from reportgen.charts._curves import pixel
from reportgen.charts._frame import DROP, GAP, WIDTH, percent_tick
from reportgen.charts._palette import LABEL_SIZE, TICK_SIZE
from reportgen.charts._place import fitted, text_width
from reportgen.charts._scale import Scale, linear_ticks
from reportgen.charts._sector_panels import panels
from reportgen.charts._sectors import Compared, Fund, compared, tickers, top, without
from reportgen.charts._words import sentences_joined
from reportgen.model import (
    Bar,
    ChartSpec,
    Label,
    Mark,
    Measurements,
    Name,
    Reading,
    Runs,
    Segment,
    Snapshot,
    Text,
    Tick,
    facts_in,
)

_BAR, _SPACE = 11.0, 2.0
_BETWEEN = 9.0
"""Heights in pixels: a bar, the gap between bars of one sector, and the gap between sectors."""
_TOP, _FOOT = 6.0, 24.0
_LEAST_NAMES = 150.0
"""Room for sectors' names on a phone: that of most taxonomies' longest."""
_MOST_SECTORS = {2: 8, 3: 7, 4: 6, 5: 5}


@chart("sectors", order=3)
def sectors(measurements: Measurements, _snapshot: Snapshot, width: float = WIDTH) -> Answer:
    """Bars by sector, the heaviest sector of any fund first; where taxonomies differ, each fund in its own panel."""
    found = compared(measurements)
    if isinstance(found, Absent):
        return found
    return _grouped(found, width) if found.agree else panels(found, width)


def _grouped(found: Compared, width: float) -> ChartSpec:
    funds, shown = found.funds, _largest(found.funds)
    names = {sector: fitted(sector, TICK_SIZE, max(width / 3, _LEAST_NAMES)) for sector in shown}
    left = pixel(max(text_width(name, TICK_SIZE) for name in names.values()) + GAP + 4)
    weights = [fund.weights[sector] for sector in shown for fund in funds if sector in fund.weights]
    values = [weight.fact.number for weight in weights]
    ticks = linear_ticks(min(0.0, *values), max(0.0, *values), 5 if width >= WIDTH else 3)
    widest = max(text_width(f"{fund.ticker} {percent_tick(0.999)}", LABEL_SIZE) for fund in funds)
    x = Scale(ticks[0], ticks[-1], left, pixel(width - widest - GAP))
    bottom = _TOP + math.fsum(_height(funds, sector) for sector in shown)
    marks = [*_grid(x, ticks, bottom)]
    top = _TOP
    for sector in shown:
        marks += _group(funds, sector, names[sector], top, x)
        top += _height(funds, sector)
    alt = _alt(found)
    ids = dict.fromkeys((*(weight.fact.id for weight in weights), *facts_in(alt)))
    return ChartSpec("sectors", _title(found), alt, width, pixel(bottom + _FOOT), tuple(marks), tuple(ids))


def _title(found: Compared) -> Runs:
    name = found.funds[0].taxonomy
    taxonomy: Runs = (Text(" ("), Name(name), Text(")")) if name else ()
    return (Text("Largest sectors by weight"), *taxonomy, Text(": "), *tickers(found.funds))


def _largest(funds: Sequence[Fund]) -> list[str]:
    """Sectors by their largest weight in any fund, ties by name."""
    heaviest: dict[str, float] = {}
    for fund in funds:
        for sector, reading in fund.weights.items():
            heaviest[sector] = max(heaviest.get(sector, reading.fact.number), reading.fact.number)
    most = _MOST_SECTORS.get(len(funds), min(_MOST_SECTORS.values()))
    return sorted(heaviest, key=lambda sector: (-heaviest[sector], sector))[:most]


def _grid(x: Scale, ticks: Sequence[float], bottom: float) -> Iterator[Mark]:
    for value in ticks:
        at = pixel(x(value))
        yield Segment(at, _TOP, at, pixel(bottom - _BETWEEN / 2), "zero" if value == 0 else "grid")
        yield Tick(at, pixel(bottom - _BETWEEN / 2 + 5 + TICK_SIZE), percent_tick(value))


def _height(funds: Sequence[Fund], sector: str) -> float:
    """Of one sector's bars, with the gap to the next group."""
    bars = sum(sector in fund.weights for fund in funds)
    return bars * _BAR + (bars - 1) * _SPACE + _BETWEEN


def _group(funds: Sequence[Fund], sector: str, name: str, top: float, x: Scale) -> Iterator[Mark]:
    """One sector: its name, and for each fund that has it a bar with the fund's name and value."""
    middle = top + (_height(funds, sector) - _BETWEEN) / 2
    yield Label(pixel(x(0.0) - GAP), pixel(middle + DROP * TICK_SIZE), (Name(name),), "name", "end")
    for i, fund in enumerate(fund for fund in funds if sector in fund.weights):
        yield from _bar(fund, fund.weights[sector], top + i * (_BAR + _SPACE), x)


def _bar(fund: Fund, reading: Reading, top: float, x: Scale) -> Iterator[Mark]:
    base, end = x(0.0), x(reading.fact.number)
    runs = (Name(fund.ticker), Text(" "), formatting.percent(reading))
    yield Bar(pixel(min(base, end)), pixel(top), pixel(abs(end - base)), _BAR, fund.role)
    yield Label(pixel(max(base, end) + 5), pixel(top + _BAR / 2 + DROP * LABEL_SIZE), runs, fund.role)


def _alt(found: Compared) -> Runs:
    sentences: list[Runs] = [(Text("Bar chart of the funds' largest sectors by weight."),)]
    sentences += [(*top(fund), Text(".")) for fund in found.funds]
    leaders = {fund.ranked[0] for fund in found.funds}
    if len(leaders) == 1:
        each = " is the largest sector of both." if len(found.funds) == 2 else " is the largest sector of each."
        sentences.append((Name(leaders.pop()), Text(each)))
    return sentences_joined([*sentences, *without(found.others)])
