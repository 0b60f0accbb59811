"""How a fund moves with its benchmark, and two funds with each other."""

from __future__ import annotations

import math

import numpy as np

from reportgen.metrics._metric import Measured, Unavailable, metric
from reportgen.metrics._periods import complete_months
from reportgen.metrics._regression import Fit, regress
from reportgen.metrics._views import FundWindow, PairWindow
from reportgen.metrics.risk import YEAR, deviation

_FEWEST_MONTHS = 12
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
    fit = _fit(w)
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
    fit = _fit(w)
    return _against(w, YEAR * fit.intercept, fit.n, YEAR * fit.influence[0])


def _fit(w: FundWindow) -> Fit:
    both = w.against_benchmark
    return w.once("market fit", lambda: regress(both.own, *both.others))


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


@metric(
    label="Tracking difference volatility",
    unit="fraction",
    decimals=2,
    section="relative",
    minimum=60,
    formula="Standard deviation of daily returns less the benchmark's, times the square root of 252.",
    reference="CFA Institute, GIPS (2020), tracking error",
    short="tracking error",
)
def tracking_error(w: FundWindow) -> Measured:
    """Annualized standard deviation of daily returns less the benchmark's.

    Returns a fraction a year, at least zero. Details: `benchmark`. Missing without a benchmark. Needs 60 returns.
    """
    both = w.aligned(w.benchmark)
    apart = deviation(both.own - both.others[0]) * math.sqrt(YEAR)
    return Measured(apart, both.own.size, {"benchmark": w.benchmark}, sources=(w.market.source(w.benchmark),))


@metric(
    label="Beta on the market's worst days",
    unit="ratio",
    decimals=2,
    section="relative",
    minimum=500,
    interval="hac",
    formula="Beta measured on the 5% of days with the benchmark's lowest excess returns.",
    reference=_CAPM,
    parameters={"level": 0.05},
    short="tail beta",
)
def tail_beta(w: FundWindow) -> Measured:
    """Beta on the benchmark's worst twentieth of days.

    Returns a ratio; n counts those days. Details and missing values as for beta. Needs 500 returns.
    """
    both = w.against_benchmark
    market = both.others[0]
    return _on_days(w, market <= np.quantile(market, 0.05))


@metric(
    label="Beta on the market's falling days",
    unit="ratio",
    decimals=2,
    section="relative",
    minimum=120,
    interval="hac",
    formula="Beta measured on the days on which the benchmark's total return is negative.",
    reference="Bawa and Lindenberg (1977), Journal of Financial Economics 5; Ang, Chen and Xing (2006)",
    short="downside beta",
)
def down_beta(w: FundWindow) -> Measured:
    """Beta on the days on which the benchmark fell.

    Returns a ratio; n counts those days. Details and missing values as for beta. Needs 120 returns.
    """
    return _on_days(w, w.aligned(w.benchmark).others[0] < 0)


def _on_days(w: FundWindow, chosen: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Measured:
    both = w.against_benchmark
    fit = regress(both.own, *both.others, where=chosen.astype(np.float64))
    return _against(w, fit.slopes[0], fit.n, fit.influence[1])


@metric(
    label="Up capture",
    unit="fraction",
    decimals=1,
    section="relative",
    direction="higher is better",
    formula="Geometric mean return in the months in which the benchmark rose, over the benchmark's.",
    reference="Morningstar, Upside and Downside Capture Ratios (2011)",
    parameters={"months": 12},
)
def up_capture(w: FundWindow) -> Measured:
    """Geometric mean monthly return over the benchmark's, in the months in which the benchmark rose.

    Returns a fraction: 1 captures all of it. n counts the months; missing under twelve. Details: `benchmark`.
    """
    return _capture(w, rising=True)


@metric(
    label="Down capture",
    unit="fraction",
    decimals=1,
    section="relative",
    direction="lower is better",
    formula="Geometric mean return in the months in which the benchmark fell, over the benchmark's.",
    reference="Morningstar, Upside and Downside Capture Ratios (2011)",
    parameters={"months": 12},
)
def down_capture(w: FundWindow) -> Measured:
    """Geometric mean monthly return over the benchmark's, in the months in which the benchmark fell.

    Returns a fraction: 1 falls as much, less falls less. n counts the months; missing under twelve.
    """
    return _capture(w, rising=False)


def _capture(w: FundWindow, *, rising: bool) -> Measured:
    days = w.aligned(w.benchmark).days
    months = complete_months(days)
    own, market = (months.returns(w.market.wealth(ticker, days)) for ticker in (w.fund.ticker, w.benchmark))
    chosen = market > 0 if rising else market < 0
    count = int(np.count_nonzero(chosen))
    if count < _FEWEST_MONTHS:
        direction = "rising" if rising else "falling"
        raise Unavailable(f"needs {_FEWEST_MONTHS} {direction} months of {w.benchmark}, has {count}")
    mine, theirs = (float(np.prod(1 + r[chosen])) ** (1 / count) - 1 for r in (own, market))
    return Measured(mine / theirs, count, {"benchmark": w.benchmark}, sources=(w.market.source(w.benchmark),))
