"""The latest week, month and quarter of each fund against five years of its own such moves: strips side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reportgen import formatting
from reportgen.charts._chart import Absent, Answer, chart
from reportgen.charts._curves import pixel
from reportgen.charts._frame import DROP, GAP, WIDTH, percent_tick
from reportgen.charts._palette import LABEL_SIZE, TICK_SIZE, fund_role, style
from reportgen.charts._place import text_width
from reportgen.charts._scale import Scale, linear_ticks
from reportgen.charts._words import lines, listed, sentences_joined
from reportgen.model import (
    Bar,
    ChartSpec,
    Dot,
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
    plain,
)

PERCENTILE, MOVE = "move_percentile", "total_return"
_WINDOWS = {"1W": "Latest week", "1M": "Latest month", "3M": "Latest three months"}
_HEAD, _ROW, _FOOT = 24.0, 40.0, 60.0
_BAND, _UNDER, _NOTE = 10.0, 32.0, 14.0
_BETWEEN = 36.0
"""Pixels: the panels' headings, a fund's row, the axis with its note; a band's height, the axis below a panel that
others follow, a line of the note; between two panels beside each other."""


@dataclass(frozen=True, slots=True)
class _Move:
    """One fund's latest move over one window, and where it stands among its past."""

    ticker: str
    row: int
    move: Reading
    share: Reading

    @property
    def role(self) -> str:
        return fund_role(self.row)

    def past(self, name: str) -> float:
        """A quantile of the past moves: "low", "median" or "high"."""
        amount = self.share.fact.details[name]
        if isinstance(amount, bool) or not isinstance(amount, int | float):
            raise TypeError(f"{self.share.fact.id}: its detail {name!r} is not a number: {amount!r}")
        return float(amount)

    @property
    def reach(self) -> tuple[float, ...]:
        """All that the panel's scale must hold."""
        return self.past("low"), self.past("high"), self.move.fact.number

    @property
    def told(self) -> Runs:
        """The move and its standing: "-1.7%, above 22%"."""
        return (formatting.signed_percent(self.move, 1), Text(", above "), formatting.percent(self.share))


@dataclass(frozen=True, slots=True)
class _Panel:
    """The moves of all funds over one window, and where they stand."""

    code: str
    moves: tuple[_Move, ...]
    x: Scale
    ticks: tuple[float, ...]
    top: float

    @property
    def bottom(self) -> float:
        return self.top + _HEAD + _ROW * (max(move.row for move in self.moves) + 1)


_Known = dict[str, tuple[_Move, ...]]


@chart("horizon", order=7)
def horizon(measurements: Measurements, _snapshot: Snapshot, width: float = WIDTH) -> Answer:
    """A band from the low to the high quantile of past moves, its median, and the latest move as the fund's marker."""
    found = {code: _moves(measurements, code) for code in _WINDOWS}
    known = {code: moves for code, moves in found.items() if moves}
    if not known:
        return Absent("no fund has enough past moves to set its latest against")
    panels = _panels(known, measurements, width)
    marks: list[Mark] = []
    for panel in panels if width < WIDTH else panels[:1]:
        marks += _names(known, panel.top)
    for panel in panels:
        marks += _drawn(panel)
    bottom = max(panel.bottom for panel in panels)
    notes = [line for runs in _notes(panels[0].moves[0]) for line in lines(runs, TICK_SIZE, width)]
    marks += [Label(0, pixel(bottom + _FOOT - 22 + i * _NOTE), runs, "note") for i, runs in enumerate(notes)]
    alt = _alt(panels)
    moves = [move for panel in panels for move in panel.moves]
    ids = dict.fromkeys((*(r.fact.id for m in moves for r in (m.move, m.share)), *facts_in(alt)))
    title = (Text("The latest moves against five years of each fund’s own"),)
    height = pixel(bottom + _FOOT + (len(notes) - 2) * _NOTE)
    return ChartSpec("horizon", title, alt, width, height, tuple(marks), tuple(ids))


def _moves(measurements: Measurements, code: str) -> tuple[_Move, ...]:
    found: list[_Move] = []
    for row, ticker in enumerate(measurements.tickers):
        facts = [measurements.find(ticker, metric, code) for metric in (MOVE, PERCENTILE)]
        readings = [measurements.reading(fact) for fact in facts if fact is not None and fact.missing is None]
        if len(readings) == 2:
            found.append(_Move(ticker, row, *readings))
    return tuple(found)


def _panels(known: _Known, measurements: Measurements, width: float) -> tuple[_Panel, ...]:
    """The panels beside each other, or one below the other on a phone."""
    left = max(text_width(ticker, LABEL_SIZE) for ticker in measurements.tickers) + 2 * GAP
    beside = len(known) if width >= WIDTH else 1
    margin = GAP if beside > 1 else 2 * GAP  # half of the last tick's text
    own = (width - left - _BETWEEN * (beside - 1) - margin) / beside
    panels: list[_Panel] = []
    for i, (code, moves) in enumerate(known.items()):
        ends = [end for move in moves for end in move.reach]
        ticks = linear_ticks(min(0.0, *ends), max(0.0, *ends), 5)
        start = pixel(left + (i % beside) * (own + _BETWEEN))
        top = panels[-1].bottom + _UNDER if beside == 1 and panels else 0.0
        panels.append(_Panel(code, moves, Scale(ticks[0], ticks[-1], start, pixel(start + own)), ticks, top))
    return tuple(panels)


def _names(known: _Known, top: float) -> Iterator[Mark]:
    """The funds' names left of their rows."""
    tickers = {move.row: move.ticker for moves in known.values() for move in moves}
    for row, ticker in sorted(tickers.items()):
        yield Label(0, pixel(_band_middle(row, top) + DROP * LABEL_SIZE), (Name(ticker),), fund_role(row))


def _band_middle(row: int, top: float) -> float:
    return top + _HEAD + _ROW * row + _ROW - 6 - _BAND / 2


def _drawn(panel: _Panel) -> Iterator[Mark]:
    x, bottom = panel.x, pixel(panel.bottom)
    yield Label(x.start, pixel(panel.top + LABEL_SIZE), (Text(_WINDOWS[panel.code]),), "name")
    every = 1 if (x.end - x.start) / len(panel.ticks) > text_width("-20%", TICK_SIZE) + 4 else 2
    for i, value in enumerate(panel.ticks):
        at = pixel(x(value))
        yield Segment(at, pixel(panel.top + _HEAD - 4), at, bottom, "zero" if value == 0 else "grid")
        if (i - panel.ticks.index(0.0)) % every == 0:
            yield Tick(at, pixel(bottom + 4 + TICK_SIZE), percent_tick(value))
    for move in panel.moves:
        yield from _strip(move, x, panel.top)


def _strip(move: _Move, x: Scale, above: float) -> Iterator[Mark]:
    """One fund's band with its median, its latest move, and the figures above."""
    middle = _band_middle(move.row, above)
    top, low = pixel(middle - _BAND / 2), pixel(x(move.past("low")))
    yield Bar(low, top, pixel(x(move.past("high")) - low), _BAND, "band")
    median = pixel(x(move.past("median")))
    yield Segment(median, top, median, pixel(top + _BAND), "axis")
    at, half = pixel(x(move.move.fact.number)), text_width(plain(move.told), LABEL_SIZE) / 2
    yield Dot(at, pixel(middle), 4.0, move.role, style(move.role).shape)
    center = min(max(at, x.start + half), x.end - half)
    yield Bar(pixel(center - half), pixel(top - LABEL_SIZE - 3), pixel(2 * half), LABEL_SIZE + 2, "paper")
    yield Label(pixel(center), pixel(top - 4), move.told, move.role, "middle")


def _notes(move: _Move) -> tuple[Runs, ...]:
    """What the marks mean, in two parts."""
    band: Runs = (
        Text("The band holds the fund’s past moves of that length from the "),
        formatting.parameter(move.share, "low"),
        Text(" to the "),
        formatting.parameter(move.share, "high"),
        Text(" quantile, with a tick at the median;"),
    )
    return band, (Text("“above” says how large a share of those past moves was lower than the latest one."),)


def _alt(panels: Sequence[_Panel]) -> Runs:
    first: Runs = (Text("Strips of each fund’s past moves with the latest one marked."),)
    return sentences_joined([first, *(_told(panel) for panel in panels)])


def _told(panel: _Panel) -> Runs:
    parts: list[Runs] = [(Name(move.ticker), Text(" "), *move.told, Text(" of its past moves")) for move in panel.moves]
    return (Text(f"{_WINDOWS[panel.code]}: "), *listed(parts), Text("."))
