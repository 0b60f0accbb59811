"""How often a fund fell far, which one deepest fall cannot tell."""

from __future__ import annotations

import numpy as np

from reportgen.metrics._metric import Measured, metric
from reportgen.metrics._views import SAME, FundWindow
from reportgen.metrics.risk import drawdowns

_DEEP = 0.20


@metric(
    label="Falls of a fifth or more",
    unit="count",
    decimals=0,
    section="risk",
    direction="lower is better",
    minimum=250,
    codes=("5Y", "10Y", "SI"),
    formula="Number of falls of the wealth index by 20% or more, each from a peak until that peak is reached again.",
    reference="This product's definition.",
    parameters={"depth": _DEEP},
)
def deep_falls(w: FundWindow) -> Measured:
    """How many separate falls from a running peak reached a fifth.

    Returns a whole number. A fall lasts until the wealth index is back at its peak; one that is still under way
    counts. Needs 250 returns.
    """
    falls = w.once("falls", lambda: drawdowns(w.wealth))
    below = falls < -SAME
    starts = np.flatnonzero(below & ~np.concatenate(([False], below[:-1])))
    deep = sum(bool(np.any(part <= -_DEEP + SAME)) for part in np.split(np.where(below, falls, 0.0), starts)[1:])
    return Measured(float(deep), n=w.returns.size)
