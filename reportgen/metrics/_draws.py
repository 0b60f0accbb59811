"""The bootstrap distributions of a fund's metrics: each the metric's own formula along every resampled path."""

from __future__ import annotations

import math

import numpy as np

from reportgen.metrics._calendar import in_expiry_week
from reportgen.metrics._pareto import EXCEEDED, PLOTTING, return_level
from reportgen.metrics._resampling import Resampling
from reportgen.metrics._views import SAME, FundWindow
from reportgen.model import FloatArray

_YEAR = 252
_TAIL = 0.05
_EPSILON = 1e-9  # a share of a whole number must not be cut one short


def total_return(w: FundWindow, s: Resampling) -> FloatArray:
    return np.expm1(s.totals(np.log1p(w.returns)))


def cagr(w: FundWindow, s: Resampling) -> FloatArray:
    return np.expm1(s.totals(np.log1p(w.returns)) / w.window.years)


def volatility(w: FundWindow, s: Resampling) -> FloatArray:
    return _deviations(w.returns, s) * math.sqrt(_YEAR)


def sharpe(w: FundWindow, s: Resampling) -> FloatArray:
    return _over(s.means(w.excess), _deviations(w.excess, s)) * math.sqrt(_YEAR)


def sortino(w: FundWindow, s: Resampling) -> FloatArray:
    below = np.minimum(w.excess, 0)
    return _over(s.means(w.excess), np.sqrt(np.maximum(s.means(below * below), 0))) * math.sqrt(_YEAR)


def value_at_risk(w: FundWindow, s: Resampling) -> FloatArray:
    return s.ranked(w.returns, _TAIL).quantiles(_TAIL)


def expected_shortfall(w: FundWindow, s: Resampling) -> FloatArray:
    """The mean of the values at or below the linear quantile."""
    ranked = s.ranked(w.returns, _TAIL)
    last = np.searchsorted(ranked.values, ranked.quantiles(_TAIL) + SAME, side="right") - 1
    count = ranked.held[np.arange(last.size), last].astype(np.float64)
    return ranked.sums(count, w.returns) / count


def variance_share(w: FundWindow, s: Resampling) -> FloatArray:
    squares = w.returns * w.returns
    ranked = s.ranked(-squares, _TAIL)
    count = np.floor(_TAIL * ranked.n + _EPSILON)
    return ranked.sums(count, squares) / s.totals(squares)


def expiry_effect(w: FundWindow, s: Resampling) -> FloatArray:
    size, expiry = np.abs(w.returns), in_expiry_week(w.days[1:]).astype(np.float64)
    inside = s.totals(expiry)
    return _over(s.totals(size * expiry), inside) - _over(s.totals(size * (1 - expiry)), s.n - inside)


def one_in_ten_years_day(w: FundWindow, s: Resampling) -> FloatArray:
    """The Pareto fit of each path, with the path's own threshold."""
    ranked = s.ranked(w.returns, EXCEEDED)
    threshold = -ranked.quantiles(EXCEEDED)
    loss = -ranked.values
    beyond = loss > threshold[:, None]
    times = np.where(beyond, ranked.times, 0)
    count = times.sum(axis=1)
    excess = times * (loss - threshold[:, None])
    rank = ranked.held - (ranked.times - 1) / 2  # the mean rank of a value's copies, the largest loss first
    first = excess.sum(axis=1) / count
    second = (excess * (rank - PLOTTING)).sum(axis=1) / count**2
    return -return_level(threshold, first, second, count / ranked.n)


def _deviations(values: FloatArray, s: Resampling) -> FloatArray:
    centered = values - np.mean(values)
    total, squares = s.totals(centered), s.totals(centered * centered)
    return np.sqrt(np.maximum(squares - total * total / s.n, 0) / (s.n - 1))


def _over(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    """A quotient that is NaN where the path does not vary; such a distribution gives no interval."""
    flat = denominator <= 0
    quotient: FloatArray = np.where(flat, np.nan, numerator / np.where(flat, 1.0, denominator))
    return quotient
