"""Sectors of funds that follow different taxonomies: a panel for each fund, its own largest sectors in it.

Bars of all panels share one scale, so that weights can be compared; sectors of one name are not set side by side,
because two taxonomies may mean different things by it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reportgen import formatting
from reportgen.charts._curves import pixel
from reportgen.charts._frame import DROP, GAP, WIDTH
from reportgen.charts._palette import LABEL_SIZE, TICK_SIZE
from reportgen.charts._place import fitted, text_width, wrapped
from reportgen.charts._scale import Scale
from reportgen.charts._sectors import Compared, Fund, tickers, top, without
from reportgen.charts._words import sentences_joined
from reportgen.model import Bar, ChartSpec, Label, Mark, Name, Runs, Segment, Text, facts_in

_COLUMNS = 2
_BETWEEN = 28.0
_MOST = 6
_HEAD, _ROW, _BAR, _UNDER, _FOOT = 26.0, 18.0, 11.0, 12.0, 14.0
_NOTE = 14.0
_NAMES = 0.48
"""The share of a panel's width that sectors' names may take."""


def panels(compared: Compared, width: float = WIDTH) -> ChartSpec:
    """A panel a fund, two beside each other where there is room, with as many of its sectors as the picture holds."""
    funds = compared.funds
    columns = _COLUMNS if width >= WIDTH else 1
    own = (width - _BETWEEN * (columns - 1)) / columns
    names = pixel(min(own * _NAMES, max(text_width(s, TICK_SIZE) for f in funds for s in _shown(f)) + GAP))
    values = [fund.weights[sector].fact.number for fund in funds for sector in _shown(fund)]
    longest = own - names - text_width("-100.0%", LABEL_SIZE) - GAP
    scale = Scale(min(0.0, *values), max(0.01, *values), 0.0, longest)
    marks: list[Mark] = []
    top_edge = 0.0
    for i in range(0, len(funds), columns):
        beside = funds[i : i + columns]
        for column, fund in enumerate(beside):
            marks += _panel(fund, pixel(column * (own + _BETWEEN)), top_edge, names, scale)
        top_edge += _HEAD + _ROW * max(len(_shown(fund)) for fund in beside) + _UNDER
    words = "The funds’ sectors follow different taxonomies: sectors of one name need not hold the same companies."
    lines = wrapped(words, TICK_SIZE, width, 3)
    marks += [Label(0, pixel(top_edge + _FOOT - 4 + i * _NOTE), (Text(line),), "note") for i, line in enumerate(lines)]
    alt = _alt(compared)
    printed = [fund.weights[sector].fact.id for fund in funds for sector in _shown(fund)]
    ids = tuple(dict.fromkeys((*printed, *facts_in(alt))))
    title: Runs = (Text("Largest sectors by weight, each fund by its own taxonomy: "), *tickers(funds))
    height = pixel(top_edge + _FOOT + 4 + (len(lines) - 1) * _NOTE)
    return ChartSpec("sectors", title, alt, width, height, tuple(marks), ids)


def _shown(fund: Fund) -> Sequence[str]:
    return fund.ranked[:_MOST]


def _panel(fund: Fund, left: float, top_edge: float, names: float, scale: Scale) -> Iterator[Mark]:
    baseline = pixel(top_edge + LABEL_SIZE + 2)
    yield Label(left, baseline, (Name(fund.ticker),), fund.role)
    beside = pixel(left + text_width(fund.ticker, LABEL_SIZE) + GAP)
    by: Runs = (Text("by "), Name(fund.taxonomy), Text(" sectors")) if fund.taxonomy else (Text("taxonomy not named"),)
    yield Label(beside, baseline, by, "note")
    zero = pixel(left + names + scale(0.0))
    bottom = top_edge + _HEAD + _ROW * len(_shown(fund))
    for i, sector in enumerate(_shown(fund)):
        yield from _bar(fund, sector, (left, names, zero), top_edge + _HEAD + i * _ROW, scale)
    yield Segment(zero, pixel(top_edge + _HEAD - 4), zero, pixel(bottom - 2), "zero")


def _bar(fund: Fund, sector: str, across: tuple[float, float, float], top_edge: float, scale: Scale) -> Iterator[Mark]:
    """One sector: its name, its bar and its weight. across: the panel's left, the names' room, where zero is."""
    left, names, zero = across
    middle = top_edge + _BAR / 2
    words = fitted(sector, TICK_SIZE, names - GAP)
    yield Label(pixel(left + names - GAP), pixel(middle + DROP * TICK_SIZE), (Name(words),), "name", "end")
    reading = fund.weights[sector]
    end = pixel(left + names + scale(reading.fact.number))
    yield Bar(min(zero, end), pixel(top_edge), pixel(abs(end - zero)), _BAR, fund.role)
    at = pixel(max(zero, end) + 5)
    yield Label(at, pixel(middle + DROP * LABEL_SIZE), (formatting.percent(reading),), fund.role)


def _alt(compared: Compared) -> Runs:
    first: Runs = (Text("Bar charts of each fund’s largest sectors by weight, by different taxonomies."),)
    told: list[Runs] = [(*top(fund), *_by(fund), Text(".")) for fund in compared.funds]
    return sentences_joined([first, *told, *without(compared.others)])


def _by(fund: Fund) -> Runs:
    return (
        (Text(" (by "), Name(fund.taxonomy), Text(" sectors)")) if fund.taxonomy else (Text(" (taxonomy not named)"),)
    )
