"""How funds of any class move with stocks and with Treasuries: the same two yardsticks for bonds, gold and shares."""

from __future__ import annotations

from reportgen.metrics._metric import Measured, metric
from reportgen.metrics._regression import regress
from reportgen.metrics._views import FundWindow

_CODES = ("3Y", "5Y", "10Y", "SI")
_ERRORS = "errors after Newey and West (1987), Econometrica 55"


@metric(
    label="Beta to stocks",
    short="beta to stocks",
    unit="ratio",
    decimals=2,
    section="sensitivity",
    minimum=250,
    interval="hac",
    codes=_CODES,
    formula="Slope of daily returns on those of the stock-market fund, by least squares.",
    reference=f"Sharpe (1964), Journal of Finance 19; {_ERRORS}",
)
def stock_beta(w: FundWindow) -> Measured:
    """How a fund moves with the stock market, whatever its own class.

    Returns a ratio: 0.3 moves 0.3% when stocks move 1%. Details: `against`. Missing for the stock-market fund itself
    and where it has no prices over the window. Needs 250 returns.
    """
    return _slope(w, w.other(w.market.snapshot.context.equity_benchmark, "yardstick"))


@metric(
    label="Beta to Treasuries",
    short="beta to Treasuries",
    unit="ratio",
    decimals=2,
    section="sensitivity",
    minimum=250,
    interval="hac",
    codes=_CODES,
    formula="Slope of daily returns on those of the fund of 7 to 10 year Treasuries, by least squares.",
    reference=f"Litterman and Scheinkman (1991), Journal of Fixed Income 1, for the idea; {_ERRORS}",
)
def treasury_beta(w: FundWindow) -> Measured:
    """How a fund moves with Treasuries of 7 to 10 years: for a bond fund, its duration relative to theirs.

    Returns a ratio: 2 moves 2% when those Treasuries move 1%, positive gains when yields fall. Details: `against`.
    Missing for that fund itself and where it has no prices over the window. Needs 250 returns.
    """
    return _slope(w, w.other(w.market.snapshot.context.rates, "yardstick"))


def _slope(w: FundWindow, yardstick: str) -> Measured:
    both = w.aligned(yardstick)
    fit = regress(both.own, both.others[0])
    details = {"against": yardstick}
    return Measured(fit.slopes[0], fit.n, details, fit.influence[1], sources=(w.market.source(yardstick),))
