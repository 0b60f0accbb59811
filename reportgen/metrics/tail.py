"""The worst days: historical quantiles and what lies beyond them; never normal theory."""

from __future__ import annotations

import numpy as np

from reportgen.metrics import _draws
from reportgen.metrics._metric import Measured, metric
from reportgen.metrics._views import FundWindow
from reportgen.model import FloatArray

TAIL = 0.05
_ROCKAFELLAR = "Rockafellar and Uryasev (2002), Journal of Banking and Finance 26; historical method"


@metric(
    label="Value at risk, 95%",
    unit="fraction",
    decimals=2,
    section="tail",
    direction="higher is better",
    minimum=100,
    formula="The 5% quantile of daily total returns in the window, interpolated linearly.",
    reference=_ROCKAFELLAR,
    parameters={"level": TAIL},
    interval="bootstrap",
    draws=_draws.value_at_risk,
)
def value_at_risk_95(w: FundWindow) -> Measured:
    """The daily return that one day in twenty fell below: the linear 5 % quantile of history.

    Returns a fraction, losses negative. Details: `count`, the days at or below it. Needs 100 returns.
    """
    level = tail_level(w.returns)
    return Measured(level, n=w.returns.size, details={"count": int(np.count_nonzero(w.returns <= level))})


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
    draws=_draws.expected_shortfall,
)
def expected_shortfall_95(w: FundWindow) -> Measured:
    """The mean daily return on the worst twentieth of days: at or below the linear 5 % quantile.

    Returns a fraction, losses negative. Details: `count`, the days it averages. Needs 100 returns.
    """
    worst = w.returns[w.returns <= tail_level(w.returns)]
    return Measured(float(np.mean(worst)), n=w.returns.size, details={"count": int(worst.size)})


def tail_level(returns: FloatArray) -> float:
    """The linear 5 % quantile."""
    return float(np.quantile(returns, TAIL))
