"""The largest sectors side by side: one group of bars a sector, one bar a fund."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reportgen import formatting
from reportgen.charts._chart import Absent, Answer, chart
from reportgen.charts._curves import pixel
from reportgen.charts._frame import DROP, GAP, WIDTH, percent_tick
from reportgen.charts._palette import LABEL_SIZE, TICK_SIZE, fund_role
from reportgen.charts._place import fitted, text_width
from reportgen.charts._scale import Scale, linear_ticks
from reportgen.charts._words import listed, sentences_joined
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
    facts_in,
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


@dataclass(frozen=True, slots=True)
class _Compared:
    """The funds whose sectors are known and follow one taxonomy, and the tickers of the rest."""

    funds: tuple[_Fund, ...]
    taxonomy: str | None
    others: tuple[str, ...]


@chart("sectors", order=3)
def sectors(measurements: Measurements, _snapshot: Snapshot) -> Answer:
    """Bars by sector, the heaviest sector of any fund first. Funds sorted by different taxonomies are not compared."""
    compared = _compared(measurements)
    if isinstance(compared, Absent):
        return compared
    funds, shown = compared.funds, _largest(compared.funds)
    names = {sector: fitted(sector, TICK_SIZE, WIDTH / 3) for sector in shown}
    left = pixel(max(text_width(name, TICK_SIZE) for name in names.values()) + GAP + 4)
    weights = [fund.weights[sector] for sector in shown for fund in funds if sector in fund.weights]
    values = [weight.fact.number for weight in weights]
    ticks = linear_ticks(min(0.0, *values), max(0.0, *values), 5)
    widest = max(text_width(f"{fund.ticker} {percent_tick(0.999)}", LABEL_SIZE) for fund in funds)
    x = Scale(ticks[0], ticks[-1], left, pixel(WIDTH - widest - GAP))
    bottom = _TOP + sum(_height(funds, sector) for sector in shown)
    marks = [*_grid(x, ticks, bottom)]
    top = _TOP
    for sector in shown:
        marks += _group(funds, sector, names[sector], top, x)
        top += _height(funds, sector)
    alt = _alt(compared)
    ids = dict.fromkeys((*(weight.fact.id for weight in weights), *facts_in(alt)))
    return ChartSpec("sectors", _title(compared), alt, WIDTH, pixel(bottom + _FOOT), tuple(marks), tuple(ids))


def _compared(measurements: Measurements) -> _Compared | Absent:
    funds: list[_Fund] = []
    taxonomies: dict[str, str | None] = {}
    for i, ticker in enumerate(measurements.tickers):
        known = [fact for fact in measurements.family(ticker, METRIC) if fact.missing is None]
        if known:
            taxonomies[ticker] = _taxonomy(measurements, ticker, known[0])
            funds.append(_Fund(ticker, fund_role(i), {f.key: measurements.reading(f) for f in known if f.key}))
    others = tuple(ticker for ticker in measurements.tickers if ticker not in taxonomies)
    if len(funds) < 2:
        return Absent(f"no sector weights are known of {' and '.join(others)}")
    if len(set(taxonomies.values())) > 1:
        named = ", ".join(f"{ticker} {taxonomy or 'none named'}" for ticker, taxonomy in taxonomies.items())
        return Absent(f"the funds' sectors follow different taxonomies ({named})")
    return _Compared(tuple(funds), taxonomies[funds[0].ticker], others)


def _taxonomy(measurements: Measurements, ticker: str, fact: Fact) -> str | None:
    """Whose sectors these are, as the weights say or else the largest sector."""
    largest = measurements.find(ticker, "largest_sector")
    for details in (fact.details, largest.details if largest else {}):
        if isinstance(taxonomy := details.get("taxonomy"), str):
            return taxonomy
    return None


def _title(compared: _Compared) -> Runs:
    taxonomy: Runs = (Text(" ("), Name(compared.taxonomy), Text(")")) if compared.taxonomy else ()
    return (Text("Largest sectors by weight"), *taxonomy, Text(": "), *_tickers(compared.funds))


def _tickers(funds: Sequence[_Fund]) -> Runs:
    return listed([(Name(fund.ticker),) for fund in funds])


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


def _group(funds: Sequence[_Fund], sector: str, name: str, top: float, x: Scale) -> Iterator[Mark]:
    """One sector: its name, and for each fund that has it a bar with the fund's name and value."""
    middle = top + (_height(funds, sector) - _BETWEEN) / 2
    yield Label(pixel(x(0.0) - GAP), pixel(middle + DROP * TICK_SIZE), (Name(name),), "name", "end")
    for i, fund in enumerate(fund for fund in funds if sector in fund.weights):
        yield from _bar(fund, fund.weights[sector], top + i * (_BAR + _SPACE), x)


def _bar(fund: _Fund, reading: Reading, top: float, x: Scale) -> Iterator[Mark]:
    base, end = x(0.0), x(reading.fact.number)
    runs = (Name(fund.ticker), Text(" "), formatting.percent(reading))
    yield Bar(pixel(min(base, end)), pixel(top), pixel(abs(end - base)), _BAR, fund.role)
    yield Label(pixel(max(base, end) + 5), pixel(top + _BAR / 2 + DROP * LABEL_SIZE), runs, fund.role)


def _alt(compared: _Compared) -> Runs:
    sentences: list[Runs] = [(Text("Bar chart of the funds' largest sectors by weight."),)]
    sentences += [(*_top(fund), Text(".")) for fund in compared.funds]
    leaders = {_ranked(fund)[0] for fund in compared.funds}
    if len(leaders) == 1:
        each = " is the largest sector of both." if len(compared.funds) == 2 else " is the largest sector of each."
        sentences.append((Name(leaders.pop()), Text(each)))
    if compared.others:
        sentences.append(
            (Text("No sector weights are known of "), *listed([(Name(t),) for t in compared.others]), Text("."))
        )
    return sentences_joined(sentences)


def _ranked(fund: _Fund) -> list[str]:
    return sorted(fund.weights, key=lambda sector: (-fund.weights[sector].fact.number, sector))


def _top(fund: _Fund) -> Runs:
    told = _ranked(fund)[:_SPOKEN]
    phrases: list[Runs] = [(Name(sector), Text(" "), formatting.percent(fund.weights[sector])) for sector in told]
    return (Name(fund.ticker), Text(": "), *listed(phrases))
