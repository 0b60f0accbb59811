"""The move of the latest week, month and quarter against a fund's own history of such moves."""

from __future__ import annotations

import numpy as np

from reportgen.metrics._metric import Measured, Unavailable, metric
from reportgen.metrics._views import FundWindow

_HISTORY = 1260
_FEWEST = 252
_LOW, _HIGH = 0.05, 0.95


@metric(
    label="Move against five years of such moves",
    short="share of past moves that it beats",
    unit="fraction",
    decimals=0,
    section="regime",
    codes=("1W", "1M", "3M"),
    difference=False,
    formula="Share of the total returns over as many sessions as the window has, of those that ended in the 1,260 "
    "sessions before the as-of, that lie below the window's own.",
    reference="This product's definition.",
    parameters={"history": _HISTORY, "low": _LOW, "high": _HIGH},
)
def move_percentile(w: FundWindow) -> Measured:
    """The share of a fund's own past moves of the same length that were lower than the latest one.

    Returns a fraction from 0 to 1; moves overlap, the latest is not among its own past. Details: `low`, `median` and
    `high`, the linear 5, 50 and 95 % quantiles of the past moves (fractions, losses negative), and their `count`
    (1,260, or all of a shorter history). Needs 252 past moves.
    """
    sessions = w.returns.size
    wealth = w.market.track(w.fund.ticker).wealth
    moves = wealth[sessions:] / wealth[:-sessions] - 1
    past = moves[:-1][-_HISTORY:]
    if past.size < _FEWEST:
        raise Unavailable(f"needs {_FEWEST} past moves, has {past.size}")
    low, median, high = (float(q) for q in np.quantile(past, (_LOW, 0.5, _HIGH)))
    share = float(np.count_nonzero(past < moves[-1])) / past.size
    details = {"low": low, "median": median, "high": high, "count": int(past.size)}
    return Measured(share, n=past.size, details=details)
