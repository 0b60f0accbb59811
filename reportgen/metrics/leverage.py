"""What resetting leverage every day has cost, or earned."""

from __future__ import annotations

import numpy as np

from reportgen.metrics._metric import Measured, Unavailable, metric
from reportgen.metrics._views import FundWindow, PairWindow
from reportgen.metrics.risk import deviation

_FOLLOWS = 0.98


@metric(
    label="Daily-reset effect",
    unit="fraction",
    decimals=1,
    section="risk",
    minimum=60,
    codes=("1Y", "3Y", "5Y"),
    formula="Total return of the leveraged fund less its multiple times the total return of the fund it follows.",
    reference="Cheng and Madhavan (2009), Journal of Investment Management 7",
    parameters={"follows": _FOLLOWS},
)
def reset_decay(w: PairWindow) -> Measured:
    """What a leveraged fund returned beyond its daily multiple of the unleveraged fund it follows, its costs included.

    Returns a fraction, the same whichever fund stands first: negative where the daily reset (and costs) took from the
    holder. Details: `fund`, `multiple`. Missing unless one fund of the two is leveraged and their daily returns
    correlate at 0.98 or more in size. Needs 60 returns.
    """
    geared, plain = _sides(w)
    multiple = geared.fund.leverage
    assert multiple is not None
    if abs(_correlation(geared, plain)) < _FOLLOWS:
        raise Unavailable("the leveraged fund does not follow the other")
    gap = float(geared.wealth[-1]) - 1 - multiple * (float(plain.wealth[-1]) - 1)
    return Measured(gap, geared.returns.size, {"fund": geared.fund.ticker, "multiple": multiple})


def _sides(w: PairWindow) -> tuple[FundWindow, FundWindow]:
    """The leveraged fund and the other one."""
    geared = [side for side in (w.first, w.second) if side.fund.leverage not in {None, 1.0}]
    if len(geared) != 1:
        raise Unavailable("both funds are leveraged" if geared else "neither fund is leveraged")
    return geared[0], w.second if geared[0] is w.first else w.first


def _correlation(one: FundWindow, other: FundWindow) -> float:
    if not deviation(one.returns) or not deviation(other.returns):
        raise Unavailable("the returns do not vary")
    a, b = (side.returns - np.mean(side.returns) for side in (one, other))
    return float(np.sum(a * b)) / float(np.sqrt(np.sum(a * a) * np.sum(b * b)))
