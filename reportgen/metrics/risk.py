"""How much a fund moved, fell, and what that paid."""

from __future__ import annotations

import math

import numpy as np

from reportgen.metrics import _draws
from reportgen.metrics._metric import Measured, Unavailable, metric
from reportgen.metrics._views import SAME, FundWindow
from reportgen.metrics._windows import CODES
from reportgen.metrics.returns import cagr
from reportgen.model import FloatArray, Scalar, as_date

YEAR = 252  # sessions


@metric(
    label="Volatility",
    unit="fraction",
    decimals=2,
    section="risk",
    direction="lower is better",
    minimum=15,
    codes=CODES,
    formula="Standard deviation of daily total returns (n - 1 in the denominator) times the square root of 252.",
    reference="CFA Institute, GIPS (2020), annualized standard deviation",
    parameters={"sessions_a_year": YEAR},
    interval="bootstrap",
    approximate=True,
    draws=_draws.volatility,
    interval_codes=("1Y", "3Y", "5Y"),
)
def volatility(w: FundWindow) -> Measured:
    """Annualized standard deviation of daily total returns.

    Returns a fraction a year, at least zero. Needs 15 returns.
    """
    return Measured(deviation(w.returns) * math.sqrt(YEAR), n=w.returns.size)


@metric(
    label="Sharpe ratio",
    short="Sharpe ratio",
    unit="ratio",
    decimals=2,
    section="risk",
    direction="higher is better",
    minimum=60,
    formula="Mean over standard deviation of daily excess returns, times the square root of 252.",
    reference="Sharpe (1994), Journal of Portfolio Management 21",
    interval="bootstrap",
    draws=_draws.sharpe,
    interval_codes=("1Y", "3Y", "5Y"),
)
def sharpe(w: FundWindow) -> Measured:
    """Mean over standard deviation of daily excess returns, annualized.

    Returns a ratio, negative where the fund earned less than the risk-free rate. Missing without a rate or where the
    returns do not vary. Needs 60 returns.
    """
    spread = deviation(w.excess)
    if spread <= SAME:
        raise Unavailable("the returns do not vary")
    return Measured(float(np.mean(w.excess)) / spread * math.sqrt(YEAR), n=w.excess.size)


@metric(
    label="Sortino ratio",
    short="Sortino ratio",
    unit="ratio",
    decimals=2,
    section="risk",
    direction="higher is better",
    minimum=60,
    formula="Mean daily excess return over the root mean square of the negative ones (all days in the denominator), "
    "times the square root of 252; the target is the risk-free rate.",
    reference="Sortino and Price (1994), Journal of Investing 3",
    interval="bootstrap",
    draws=_draws.sortino,
)
def sortino(w: FundWindow) -> Measured:
    """Mean daily excess return over its downside deviation, annualized; the target is the risk-free rate.

    Returns a ratio. Missing without a rate or without a day below it. Needs 60 returns.
    """
    below = np.minimum(w.excess, 0)
    downside = math.sqrt(float(np.mean(below * below)))
    if downside <= SAME:
        raise Unavailable("no day below the risk-free rate")
    return Measured(float(np.mean(w.excess)) / downside * math.sqrt(YEAR), n=w.excess.size)


@metric(
    label="Maximum drawdown",
    unit="fraction",
    decimals=2,
    section="risk",
    direction="higher is better",
    codes=CODES,
    formula="The largest fall of the wealth index from a peak within the window, the starting day included.",
    reference="Magdon-Ismail and Atiya (2004), Risk 17",
)
def max_drawdown(w: FundWindow) -> Measured:
    """The deepest fall from a running peak, on the window's wealth including its starting 1.

    Returns a fraction, zero or negative. Details, none without a fall: `peak` (the last day at it), `trough`,
    `recovered` (the first date back at or above the peak, or the text "not recovered"). Needs one return.
    """
    falls = w.once("falls", lambda: drawdowns(w.wealth))
    trough = int(np.argmax(falls <= np.min(falls) + SAME))
    details: dict[str, Scalar] = {}
    if falls[trough] < -SAME:
        peak = int(np.flatnonzero(falls[:trough] >= -SAME)[-1])
        back = np.flatnonzero(w.wealth[trough:] >= w.wealth[peak] * (1 - SAME))
        recovered = as_date(w.days[trough + int(back[0])]) if back.size else "not recovered"
        details = {"peak": as_date(w.days[peak]), "trough": as_date(w.days[trough]), "recovered": recovered}
    return Measured(float(falls[trough]), n=w.returns.size, details=details)


@metric(
    label="Calmar ratio",
    short="Calmar ratio",
    unit="ratio",
    decimals=2,
    section="risk",
    direction="higher is better",
    formula="Annualized return over the size of the maximum drawdown of the same window.",
    reference="Young (1991), Futures 20",
)
def calmar(w: FundWindow) -> Measured:
    """Annualized return over the size of the maximum drawdown.

    Returns a ratio, negative for a loss. Missing under one year or without a drawdown.
    """
    growth, depth = cagr(w).value, float(np.min(w.once("falls", lambda: drawdowns(w.wealth))))
    assert isinstance(growth, float)
    if depth >= -SAME:
        raise Unavailable("no drawdown in the window")
    return Measured(growth / -depth, n=w.returns.size)


@metric(
    label="Skewness",
    unit="ratio",
    decimals=2,
    section="risk",
    minimum=60,
    formula="Third standardized moment of daily total returns, corrected for bias.",
    reference="Joanes and Gill (1998), The Statistician 47 (G1)",
)
def skew(w: FundWindow) -> Measured:
    """Skewness of daily total returns, unbiased (G1). Returns a ratio, negative where losses are the larger tail.

    Missing where the returns do not vary. Needs 60 returns.
    """
    n, second, third, _ = w.once("moments", lambda: _moments(w.returns))
    return Measured(third / second**1.5 * math.sqrt(n * (n - 1)) / (n - 2), n=n)


@metric(
    label="Excess kurtosis",
    unit="ratio",
    decimals=1,
    section="risk",
    minimum=60,
    formula="Fourth standardized moment of daily total returns less three, corrected for bias.",
    reference="Joanes and Gill (1998), The Statistician 47 (G2)",
)
def excess_kurtosis(w: FundWindow) -> Measured:
    """Excess kurtosis of daily total returns, unbiased (G2). Returns a ratio; zero for a normal distribution.

    Missing where the returns do not vary. Needs 60 returns.
    """
    n, second, _, fourth = w.once("moments", lambda: _moments(w.returns))
    biased = fourth / second**2 - 3
    return Measured((n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * biased + 6), n=n)


def deviation(values: FloatArray) -> float:
    """Standard deviation with n - 1 in the denominator; zero for a series that differs only by rounding."""
    spread = float(np.std(values, ddof=1))
    return spread if spread > SAME else 0.0


def drawdowns(wealth: FloatArray) -> FloatArray:
    """Each day's distance below the running peak, as a fraction of it: zero or negative, as long as `wealth`."""
    below: FloatArray = wealth / np.maximum.accumulate(wealth) - 1
    return below


def _moments(values: FloatArray) -> tuple[int, float, float, float]:
    """n and the second to fourth central moments (n in the denominator)."""
    centered = values - np.mean(values)
    square = centered * centered
    second = float(np.mean(square))
    if math.sqrt(second) <= SAME:
        raise Unavailable("the returns do not vary")
    return values.size, second, float(np.mean(square * centered)), float(np.mean(square * square))
