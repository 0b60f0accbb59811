"""The worst days: historical quantiles and what lies beyond them; never normal theory."""

from __future__ import annotations

import numpy as np

from reportgen.metrics import _draws, _pareto
from reportgen.metrics._metric import Measured, Unavailable, metric
from reportgen.metrics._views import SAME, FundWindow

TAIL = 0.05
_EPSILON = 1e-9  # a share of a whole number must not be cut one short
_ROCKAFELLAR = "Rockafellar and Uryasev (2002), Journal of Banking and Finance 26; historical method"


@metric(
    label="Value at risk, 95%",
    short="one-in-twenty day",
    unit="fraction",
    decimals=2,
    section="tail",
    direction="higher is better",
    minimum=100,
    formula="The 5% quantile of daily total returns in the window, interpolated linearly.",
    reference=_ROCKAFELLAR,
    parameters={"level": TAIL},
    interval="bootstrap",
    approximate=True,
    draws=_draws.value_at_risk,
)
def value_at_risk_95(w: FundWindow) -> Measured:
    """The daily return that one day in twenty fell below: the linear 5 % quantile of history.

    Returns a fraction, losses negative. Details: `count`, the days at or below it. Needs 100 returns.
    """
    level = tail_level(w)
    return Measured(level, n=w.returns.size, details={"count": int(np.count_nonzero(w.returns <= level + SAME))})


@metric(
    label="Expected shortfall, 95%",
    unit="fraction",
    decimals=2,
    section="tail",
    direction="higher is better",
    minimum=100,
    formula="The mean of the daily total returns at or below their 5% quantile.",
    reference=_ROCKAFELLAR,
    parameters={"level": TAIL},
    interval="bootstrap",
    approximate=True,
    draws=_draws.expected_shortfall,
)
def expected_shortfall_95(w: FundWindow) -> Measured:
    """The mean daily return on the worst twentieth of days: at or below the linear 5 % quantile.

    Returns a fraction, losses negative. Details: `count`, the days it averages. Needs 100 returns.
    """
    worst = w.returns[w.returns <= tail_level(w) + SAME]
    return Measured(float(np.mean(worst)), n=w.returns.size, details={"count": int(worst.size)})


@metric(
    label="Variance share of the largest days",
    unit="fraction",
    decimals=1,
    section="tail",
    minimum=100,
    interval="bootstrap",
    approximate=True,
    draws=_draws.variance_share,
    formula="Share of the sum of squared daily returns that lies in the 5% of days with the largest moves.",
    reference="This product's definition.",
    parameters={"level": TAIL},
)
def variance_share(w: FundWindow) -> Measured:
    """How much of a fund's movement happens on few days: share of the sum of squared returns in the largest 5 %.

    Returns a fraction; 0.24 is a normal distribution's. Details: `count`, the days it adds up. Needs 100 returns.
    """
    squares = np.sort(w.returns * w.returns)[::-1]
    total = float(np.sum(squares))
    if total <= 0:
        raise Unavailable("the returns do not vary")
    count = int(TAIL * squares.size + _EPSILON)
    return Measured(float(np.sum(squares[:count])) / total, n=squares.size, details={"count": count})


@metric(
    label="One-in-ten-years day",
    unit="fraction",
    decimals=1,
    section="tail",
    direction="higher is better",
    minimum=500,
    interval="bootstrap",
    draws=_draws.one_in_ten_years_day,
    codes=("5Y", "10Y", "SI"),
    formula="Daily return that one session in 2,520 falls below, by a generalized Pareto distribution fitted to the "
    "losses beyond their 90th percentile with probability-weighted moments.",
    reference="Hosking and Wallis (1987), Technometrics 29; McNeil, Frey and Embrechts (2015), section 5.2",
    parameters={"exceeded": _pareto.EXCEEDED, "sessions": 2520},
)
def one_in_ten_years_day(w: FundWindow) -> Measured:
    """The loss to expect on the worst session of ten years, by extreme-value fit.

    Returns a fraction, negative. Details: `count` of losses fitted, `shape` (positive: a heavy tail). Missing under 50
    losses. Needs 500 returns.
    """
    found = _pareto.fit(w.returns)
    details = {"count": found.size, "shape": found.shape}
    return Measured(-found.ten_year_loss, n=w.returns.size, details=details)


def tail_level(w: FundWindow) -> float:
    """The linear 5 % quantile of daily returns."""
    return w.once("tail level", lambda: float(np.quantile(w.returns, TAIL)))
