"""Finding the curves of the funds compared, and turning them into lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from reportgen.charts._chart import Absent
from reportgen.charts._palette import fund_role, style
from reportgen.charts._reduce import MOST_POINTS, kept
from reportgen.model import Dot, FloatArray, Measurements, Name, Polyline, Reading, Runs, Series, Text, as_date

LONG_WINDOWS = ("5Y", "SI")
"""The windows of the long charts: five years where every fund has them, else since the younger fund's beginning."""

Position = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Curve:
    """One fund's curve with the fact that labels it."""

    ticker: str
    role: str
    series: Series
    reading: Reading

    @property
    def name(self) -> Name:
        return Name(self.ticker)

    @property
    def across(self) -> FloatArray:
        """Positions as numbers: days since the epoch, or the series' own x."""
        return across(self.series)

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day. Raises TypeError for a series that is not dated."""
        if self.series.dates is None:
            raise TypeError(f"{self.series.id} has no dates")
        return as_date(self.series.dates[0]), as_date(self.series.dates[-1])


def across(series: Series) -> FloatArray:
    """A series' positions as floats: days since the epoch where it is dated."""
    positions = series.x if series.dates is None else series.dates.astype(np.float64)
    if positions is None:
        raise TypeError(f"{series.id} has neither dates nor positions")
    return positions


def day_number(day: date) -> float:
    """A day as it stands on a dated axis."""
    return float(np.datetime64(day, "D").astype(np.int64))


def drawable(series: Series | None) -> bool:
    """Whether a series is there, has two points or more, and only finite values."""
    return series is not None and series.values.size > 1 and bool(np.all(np.isfinite(series.values)))


def long_curves(measurements: Measurements, kind: str, metric: str) -> tuple[Curve, ...] | Absent:
    """The funds' curves over the best long window that all of them have, each with its fact over that window."""
    for code in LONG_WINDOWS:
        curves = [_curve(measurements, i, kind, metric, code) for i in range(len(measurements.tickers))]
        found = tuple(curve for curve in curves if curve is not None)
        if len(found) == len(curves):
            return found
    lacking = [t for i, t in enumerate(measurements.tickers) if not _has_any(measurements, i, kind, metric)]
    if lacking:
        return Absent(f"{' and '.join(lacking)} {'has' if len(lacking) == 1 else 'have'} no {kind} curve")
    return Absent(f"the {kind} curves of the funds share no long window")


def _has_any(measurements: Measurements, position: int, kind: str, metric: str) -> bool:
    return any(_curve(measurements, position, kind, metric, code) is not None for code in LONG_WINDOWS)


def _curve(measurements: Measurements, position: int, kind: str, metric: str, code: str) -> Curve | None:
    """One fund's curve over one window, where the curve and its fact both exist."""
    ticker = measurements.tickers[position]
    series = measurements.series.get(f"{ticker}/{kind}/{code}")
    fact = measurements.find(ticker, metric, code)
    if series is None or not drawable(series) or fact is None or fact.missing is not None:
        return None
    return Curve(ticker, fund_role(position), series, measurements.reading(fact))


def line(series: Series, role: str, x: Position, y: Position) -> Polyline:
    """A series as a line of at most a few hundred points, to a tenth of a pixel, reduced as the picture shows it."""
    places = np.array([x(position) for position in across(series).tolist()])
    values, most = series.values, max(2, min(MOST_POINTS, int(places[-1] - places[0])))
    return Polyline(tuple(point(places[i], y(float(values[i]))) for i in kept(places, values, most).tolist()), role)


def beads(series: Series, role: str, at: Sequence[float], x: Position, y: Position) -> Iterator[Dot]:
    """Small markers of the fund's own shape along its line, so that crossing lines are told apart without color."""
    positions = across(series)
    for where in at:
        i = int(np.searchsorted(positions, where))
        if 0 < i < positions.size - 1:
            yield Dot(pixel(x(float(positions[i]))), pixel(y(float(series.values[i]))), 2.4, role, style(role).shape)


def point(x: float, y: float) -> tuple[float, float]:
    """A point to a tenth of a pixel."""
    return pixel(float(x)), pixel(y)


def pixel(value: float) -> float:
    """To a tenth of a pixel, without a negative zero."""
    return round(value, 1) + 0.0


def span(curves: tuple[Curve, ...]) -> tuple[date, date]:
    """From the first day of any curve to the last."""
    return min(c.days[0] for c in curves), max(c.days[1] for c in curves)


def names(curves: tuple[Curve, ...]) -> Runs:
    """The funds' tickers as a list: "IWM and QQQ"."""
    runs: list[Text | Name] = []
    for i, curve in enumerate(curves):
        if i:
            runs.append(Text(" and " if i == len(curves) - 1 else ", "))
        runs.append(curve.name)
    return tuple(runs)
