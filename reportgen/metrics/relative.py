"""How a fund moves with its benchmark, and two funds with each other."""

from __future__ import annotations

import math

import numpy as np

from reportgen.metrics._metric import Measured, Unavailable, metric
from reportgen.metrics._regression import regress
from reportgen.metrics._views import FundWindow, PairWindow
from reportgen.metrics.risk import YEAR, deviation

_CAPM = "Sharpe (1964), Journal of Finance 19; errors after Newey and West (1987), Econometrica 55"


@metric(
    label="Beta",
    unit="ratio",
    decimals=2,
    section="relative",
    minimum=60,
    interval="hac",
    formula="Slope of daily excess returns on the benchmark's daily excess returns, by least squares.",
    reference=_CAPM,
)
def beta(w: FundWindow) -> Measured:
    """Slope of daily excess returns on the benchmark's.

    Returns a ratio: 1 moves with the benchmark. Details: `benchmark`, `frequency`. Missing without a benchmark or a
    risk-free rate, and for the benchmark itself. Needs 60 returns.
    """
    both = w.against_benchmark
    fit = regress(both.own, *both.others)
    return _against(w, fit.slopes[0], fit.n, fit.influence[1])


@metric(
    label="Alpha",
    unit="fraction",
    decimals=2,
    section="relative",
    direction="higher is better",
    minimum=60,
    interval="hac",
    formula="252 times the intercept of daily excess returns on the benchmark's daily excess returns.",
    reference=_CAPM,
)
def alpha(w: FundWindow) -> Measured:
    """Return a year beyond what beta explains: 252 times the regression's intercept.

    Returns a fraction a year. Details and missing values as for beta. Needs 60 returns.
    """
    both = w.against_benchmark
    fit = regress(both.own, *both.others)
    return _against(w, YEAR * fit.intercept, fit.n, YEAR * fit.influence[0])


def _against(w: FundWindow, value: float, n: int, influence: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Measured:
    source = w.market.source(w.benchmark)
    return Measured(value, n, {"benchmark": w.benchmark, "frequency": "daily"}, influence, sources=(source,))


@metric(
    label="Correlation",
    unit="ratio",
    decimals=2,
    section="relative",
    minimum=60,
    interval="hac",
    formula="Correlation of the two funds' daily excess returns.",
    reference="Pearson (1895); errors after Newey and West (1987) on the estimate's influence",
)
def correlation(w: PairWindow) -> Measured:
    """Correlation of the two funds' daily excess returns, on the sessions common to the two.

    Returns a ratio from -1 to 1. Missing without a risk-free rate or where one fund does not vary. Needs 60 returns.
    """
    first, second = w.first.excess, w.second.excess
    if not deviation(first) or not deviation(second):
        raise Unavailable("the returns do not vary")
    a, b = ((v - np.mean(v)) / math.sqrt(float(np.var(v))) for v in (first, second))
    value = min(1.0, max(-1.0, float(np.mean(a * b))))
    return Measured(value, first.size, influence=(a * b - value * (a * a + b * b) / 2) / first.size)
