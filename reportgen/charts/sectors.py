"""The largest sectors side by side: one group of bars a sector, one bar a fund."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reportgen import formatting
from reportgen.charts._chart import Absent, Answer, chart
from reportgen.charts._curves import pixel
from reportgen.charts._frame import DROP, GAP, WIDTH, percent_tick
from reportgen.charts._palette import LABEL_SIZE, TICK_SIZE, fund_role
from reportgen.charts._place import text_width
from reportgen.charts._scale import Scale, linear_ticks
from reportgen.charts._words import listed
from reportgen.model import (
    Bar,
    ChartSpec,
    Fact,
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
)

METRIC = "sector_weight"
_BAR, _SPACE = 11.0, 2.0
_BETWEEN = 9.0
"""Heights in pixels: a bar, the gap between bars of one sector, and the gap between sectors."""
_TOP, _FOOT = 6.0, 24.0
_MOST_SECTORS = {2: 8, 3: 7, 4: 6, 5: 5}
_SPOKEN = 3
"""So many sectors of each fund are named in the alternative text."""


@dataclass(frozen=True, slots=True)
class _Fund:
    """One fund's weights by sector, those that are known."""

    ticker: str
    role: str
    weights: dict[str, Reading]


@chart("sectors", order=3)
def sectors(measurements: Measurements, _snapshot: Snapshot) -> Answer:
    """Bars by sector, the heaviest sector of any fund first. Funds sorted by different taxonomies are not compared."""
    funds = _funds(measurements)
    if isinstance(funds, Absent):
        return funds
    shown = _largest(funds)
    left = pixel(max(text_width(sector, LABEL_SIZE) for sector in shown) + GAP + 4)
    values = [fund.weights[sector].fact.number for fund in funds for sector in shown if sector in fund.weights]
    ticks = linear_ticks(min(0.0, *values), max(values), 5)
    widest = max(text_width(f"{fund.ticker} {percent_tick(0.999)}", LABEL_SIZE) for fund in funds)
    x = Scale(ticks[0], ticks[-1], left, pixel(WIDTH - widest - GAP))
    bottom = _TOP + sum(_height(funds, sector) for sector in shown)
    marks = [*_grid(x, ticks, bottom)]
    top = _TOP
    for sector in shown:
        marks += _group(funds, sector, top, x)
        top += _height(funds, sector)
    return ChartSpec(
        "sectors",
        (Text("Largest sectors: "), *listed([(Name(fund.ticker),) for fund in funds])),
        _alt(funds),
        WIDTH,
        pixel(bottom + _FOOT),
        tuple(marks),
        tuple(fund.weights[sector].fact.id for sector in shown for fund in funds if sector in fund.weights),
    )


def _funds(measurements: Measurements) -> tuple[_Fund, ...] | Absent:
    funds: list[_Fund] = []
    taxonomies: dict[str, object] = {}
    for i, ticker in enumerate(measurements.tickers):
        known = [fact for fact in measurements.family(ticker, METRIC) if fact.missing is None]
        if not known:
            return Absent(f"{ticker} has no known sector weights")
        taxonomies[ticker] = _taxonomy(measurements, ticker, known[0])
        funds.append(_Fund(ticker, fund_role(i), {f.key: measurements.reading(f) for f in known if f.key}))
    if len(set(taxonomies.values())) > 1:
        named = ", ".join(f"{ticker} by {taxonomy or 'an unnamed one'}" for ticker, taxonomy in taxonomies.items())
        return Absent(f"the funds' sectors follow different taxonomies: {named}")
    return tuple(funds)


def _taxonomy(measurements: Measurements, ticker: str, fact: Fact) -> object:
    """Whose sectors these are, as the weights say or else the largest sector."""
    if "taxonomy" in fact.details:
        return fact.details["taxonomy"]
    largest = measurements.find(ticker, "largest_sector")
    return largest.details.get("taxonomy") if largest else None


def _largest(funds: Sequence[_Fund]) -> list[str]:
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


def _height(funds: Sequence[_Fund], sector: str) -> float:
    """Of one sector's bars, with the gap to the next group."""
    bars = sum(sector in fund.weights for fund in funds)
    return bars * _BAR + (bars - 1) * _SPACE + _BETWEEN


def _group(funds: Sequence[_Fund], sector: str, top: float, x: Scale) -> Iterator[Mark]:
    """One sector: its name, and for each fund that has it a bar with the fund's name and value."""
    middle = top + (_height(funds, sector) - _BETWEEN) / 2
    yield Label(pixel(x(0.0) - GAP), pixel(middle + DROP * LABEL_SIZE), (Name(sector),), "name", "end")
    for i, fund in enumerate(fund for fund in funds if sector in fund.weights):
        yield from _bar(fund, fund.weights[sector], top + i * (_BAR + _SPACE), x)


def _bar(fund: _Fund, reading: Reading, top: float, x: Scale) -> Iterator[Mark]:
    base, end = x(0.0), x(reading.fact.number)
    runs = (Name(fund.ticker), Text(" "), formatting.percent(reading))
    yield Bar(pixel(min(base, end)), pixel(top), pixel(abs(end - base)), _BAR, fund.role)
    yield Label(pixel(max(base, end) + 5), pixel(top + _BAR / 2 + DROP * LABEL_SIZE), runs, fund.role)


def _alt(funds: Sequence[_Fund]) -> Runs:
    parts = [_top(fund) for fund in funds]
    runs: list[Runs] = [(Text("Bar chart of the funds' largest sectors by weight. "),)]
    runs += [(*part, Text(". " if i < len(parts) - 1 else ".")) for i, part in enumerate(parts)]
    leaders = {next(iter(_ranked(fund))) for fund in funds}
    if len(leaders) == 1:
        runs.append((Text(" "), Name(leaders.pop()), Text(" is the largest sector of each.")))
    return tuple(run for part in runs for run in part)


def _ranked(fund: _Fund) -> list[str]:
    return sorted(fund.weights, key=lambda sector: (-fund.weights[sector].fact.number, sector))


def _top(fund: _Fund) -> Runs:
    told = _ranked(fund)[:_SPOKEN]
    phrases: list[Runs] = [(Name(sector), Text(" "), formatting.percent(fund.weights[sector])) for sector in told]
    return (Name(fund.ticker), Text(": "), *listed(phrases))
