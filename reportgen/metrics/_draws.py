"""The bootstrap distributions of a fund's metrics: each the metric's own formula along every resampled path."""

from __future__ import annotations

import math

import numpy as np

from reportgen.metrics._resampling import Resampling
from reportgen.metrics._views import FundWindow
from reportgen.model import FloatArray

_YEAR = 252
_TAIL = 0.05


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
    """The mean of the values at or below the linear quantile, whose lower neighbor is the last of them."""
    ranked = s.ranked(w.returns, _TAIL)
    row = np.arange(ranked.n.size)
    last = ranked.at_rank(np.floor((ranked.n - 1) * _TAIL))
    return ranked.sums[row, last] / ranked.held[row, last]


def _deviations(values: FloatArray, s: Resampling) -> FloatArray:
    centered = values - np.mean(values)
    total, squares = s.totals(centered), s.totals(centered * centered)
    return np.sqrt(np.maximum(squares - total * total / s.n, 0) / (s.n - 1))


def _over(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    """A quotient that is NaN where the path does not vary; such a distribution gives no interval."""
    flat = denominator <= 0
    quotient: FloatArray = np.where(flat, np.nan, numerator / np.where(flat, 1.0, denominator))
    return quotient
