"""Where a fund stands against its own history, and how long one fund has led another."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from reportgen.metrics._metric import Measured, Unavailable, metric
from reportgen.metrics._views import FundProfile, PairWindow
from reportgen.metrics.risk import YEAR, deviation, drawdowns
from reportgen.model import FloatArray, Scalar, as_date

_MEAN = 200
_SHORT = 21
_TEN_YEARS = 2520
_AT_PEAK = -0.001
_OWN = "This product's definition."
_LOOKBACKS = {"1M": 21, "3M": 63, "12M": 252}
_ROLLED = {"1Y": 252, "3Y": 756}


@metric(
    label="Distance from the 200-session mean",
    unit="fraction",
    decimals=1,
    section="regime",
    formula="Wealth index over the mean of its last 200 sessions, less one.",
    reference="Faber (2007), Journal of Wealth Management 9, with days for months",
    parameters={"sessions": _MEAN},
)
def trend_gap(p: FundProfile) -> Measured:
    """How far the wealth index stands from its 200-session mean. Returns a fraction; needs 200 sessions."""
    wealth = _wealth(p, _MEAN)
    return _dated(p, float(wealth[-1]) / float(np.mean(wealth[-_MEAN:])) - 1, _MEAN)


@metric(
    label="Realized volatility, one month",
    unit="fraction",
    decimals=1,
    section="regime",
    formula="Standard deviation of the last 21 daily total returns times the square root of 252.",
    reference=_OWN,
    parameters={"sessions": _SHORT},
)
def realized_volatility(p: FundProfile) -> Measured:
    """Annualized volatility of the last 21 sessions. Returns a fraction a year; needs 22 sessions."""
    wealth = _wealth(p, _SHORT + 1)[-_SHORT - 1 :]
    return _dated(p, deviation(wealth[1:] / wealth[:-1] - 1) * math.sqrt(YEAR), _SHORT)


@metric(
    label="Realized volatility against ten years",
    unit="fraction",
    decimals=0,
    section="regime",
    formula="Share of the 21-session volatilities of the past ten years that lie below today's.",
    reference=_OWN,
    parameters={"sessions": _SHORT, "history": _TEN_YEARS},
    short="volatility percentile",
)
def volatility_percentile(p: FundProfile) -> Measured:
    """Where the last 21 sessions' volatility stands in ten years, or in all of a shorter history.

    Returns a fraction from 0 (calmest) to 1; n counts the earlier values. Needs a year of them.
    """
    share, count = _percentile(p)
    return _dated(p, share, count)


@metric(
    label="Below its peak today",
    unit="fraction",
    decimals=1,
    section="regime",
    direction="higher is better",
    formula="Wealth index over its highest value in the history known, less one.",
    reference=_OWN,
    short="current drawdown",
)
def current_drawdown(p: FundProfile) -> Measured:
    """Distance below the highest wealth so far. Returns a fraction, zero or negative; details: `peak`, a date."""
    track = p.market.track(p.fund.ticker)
    fall = float(drawdowns(track.wealth)[-1])
    peak = as_date(track.days[int(np.argmax(track.wealth))])
    return Measured(fall, track.wealth.size, {"peak": peak}, as_of=track.history.last, sources=(track.history.source,))


@metric(
    label="State",
    unit="text",
    decimals=0,
    section="regime",
    formula="Above or below the 200-session mean; one-month volatility in the lowest, middle or highest third of ten "
    "years; at its peak (within a thousandth) or below it.",
    reference=_OWN,
    difference=False,
)
def regime(p: FundProfile) -> Measured:
    """The state of a fund in words; details: `trend` (above, below), `volatility` (low, middle, high), `peak`.

    Missing where one of the three cannot be measured.
    """
    gap, fall = trend_gap(p).value, current_drawdown(p).value
    assert isinstance(gap, float)
    assert isinstance(fall, float)
    share, count = _percentile(p)
    trend = "above" if gap > 0 else "below"
    third = ("low", "middle", "high")[min(2, int(3 * share))]
    words = {"low": "calm", "middle": "ordinary", "high": "turbulent"}[third]
    peak = fall >= _AT_PEAK
    said = f"{trend} its long average, {words}, {'at its peak' if peak else 'below its peak'}"
    return _dated(p, said, count, {"trend": trend, "volatility": third, "peak": "yes" if peak else "no"})


def _percentile(p: FundProfile) -> tuple[float, int]:
    wealth = _wealth(p, YEAR + _SHORT + 1)[-(_TEN_YEARS + _SHORT + 1) :]
    returns = wealth[1:] / wealth[:-1] - 1
    spreads = np.std(np.lib.stride_tricks.sliding_window_view(returns, _SHORT), axis=1)
    past = spreads[:-1]
    return int(np.count_nonzero(past < spreads[-1])) / past.size, int(past.size)


def _wealth(p: FundProfile, sessions: int) -> FloatArray:
    wealth = p.market.track(p.fund.ticker).wealth
    if wealth.size < sessions:
        raise Unavailable(f"needs {sessions} sessions, has {wealth.size}")
    return wealth


def _dated(p: FundProfile, value: float | str, n: int, details: Mapping[str, str] | None = None) -> Measured:
    history = p.market.track(p.fund.ticker).history
    return Measured(value, n, details or {}, as_of=history.last, sources=(history.source,))


@metric(
    label="Rolling windows won",
    unit="fraction",
    decimals=0,
    section="regime",
    codes=("10Y", "SI"),
    formula="Share of the overlapping windows of 252 or 756 sessions in which the first fund earned more.",
    reference=_OWN,
    parameters={"1Y": 252, "3Y": 756},
)
def rolling_win_share(w: PairWindow) -> Mapping[str, Measured | Unavailable]:
    """How often the first fund beat the second over rolling one-year and three-year windows; keyed "1Y" and "3Y".

    Returns fractions; n counts the overlapping windows. Details: `effective`, how many windows fit without overlap,
    `longest`, the longest run of windows won, and `longest_lost`, in sessions. Needs one window more than one.
    """
    return {key: _rolled(w, sessions) for key, sessions in _ROLLED.items()}


def _rolled(w: PairWindow, sessions: int) -> Measured | Unavailable:
    gap = _gap(w, sessions)
    if gap.size < 2:
        return Unavailable(f"needs {sessions + 2} common sessions, has {w.days.size}")
    won = gap > 0
    starts, lengths = _runs(won)
    details: dict[str, Scalar] = {
        "effective": (w.days.size - 1) // sessions,
        "longest": int(np.max(lengths[won[starts]], initial=0)),
        "longest_lost": int(np.max(lengths[~won[starts]], initial=0)),
    }
    return Measured(int(np.count_nonzero(won)) / won.size, int(won.size), details)


@metric(
    label="Leadership spell",
    unit="days",
    decimals=0,
    section="regime",
    codes=("5Y", "10Y", "SI"),
    formula="Median length in sessions of the spells in which one fund leads the other over the months named.",
    reference=_OWN,
    parameters={"1M": 21, "3M": 63, "12M": 252},
)
def leadership_spell(w: PairWindow) -> Mapping[str, Measured | Unavailable]:
    """How long one fund keeps leading over the trailing 1, 3 or 12 months; keyed "1M", "3M", "12M".

    Returns the median length in sessions, whoever leads. Details: `count` of spells, `current` length and `leader` now.
    The first spell's beginning and the last one's end lie outside the window, so both count as they are seen.
    """
    return {key: _spells(w, sessions) for key, sessions in _LOOKBACKS.items()}


def _spells(w: PairWindow, sessions: int) -> Measured | Unavailable:
    gap = _gap(w, sessions)
    gap = gap[gap != 0]
    if gap.size < sessions:
        return Unavailable("too few sessions in common, or no difference between the two")
    _, lengths = _runs(gap > 0)
    leader = (w.first if gap[-1] > 0 else w.second).fund.ticker
    details: dict[str, Scalar] = {"count": int(lengths.size), "current": int(lengths[-1]), "leader": leader}
    return Measured(float(np.median(lengths)), int(gap.size), details)


def _gap(w: PairWindow, sessions: int) -> FloatArray:
    """The first fund's return over so many sessions to each day, less the second's."""
    first, second = w.first.wealth, w.second.wealth
    gap: FloatArray = first[sessions:] / first[:-sessions] - second[sessions:] / second[:-sessions]
    return gap


def _runs(flags: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where each run of equal flags begins and how long it is."""
    starts = np.flatnonzero(np.concatenate([[True], flags[1:] != flags[:-1]]))
    return starts, np.diff(np.append(starts, flags.size))
