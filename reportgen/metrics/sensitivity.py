"""What moves a fund beyond its benchmark: credit, rates, option expiries; and what moves with a pair's difference."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from reportgen.metrics import _draws
from reportgen.metrics._calendar import in_expiry_week
from reportgen.metrics._metric import Measured, Unavailable, metric
from reportgen.metrics._regression import Fit, regress
from reportgen.metrics._views import FundWindow, PairWindow

_HALF = 0.5
_ERRORS = "errors after Newey and West (1987), Econometrica 55"
_CODES = ("3Y", "5Y", "10Y", "SI")


@metric(
    label="Credit beta",
    unit="ratio",
    decimals=2,
    section="sensitivity",
    minimum=250,
    interval="hac",
    codes=_CODES,
    formula="Slope on credit in a regression of daily returns on the benchmark, on credit (high yield less half of "
    "7 to 10 year Treasuries) and on rates (those Treasuries).",
    reference=f"Fama and French (1993), Journal of Financial Economics 33, for the idea; {_ERRORS}",
    parameters={"treasury_share": _HALF},
)
def credit_beta(w: FundWindow) -> Measured:
    """How a fund moves with high-yield credit when benchmark and rates stand still.

    Returns a ratio: 0.75 moves 0.75% when credit moves 1%. Details: `benchmark`, `credit`, `rates`. Missing without
    one of the three, and for a fund that is one of them. Needs 250 returns.
    """
    fit = _joint(w)
    return _slope(w, fit, 1)


@metric(
    label="Rate beta",
    unit="ratio",
    decimals=2,
    section="sensitivity",
    minimum=250,
    interval="hac",
    codes=_CODES,
    formula="Slope on rates (7 to 10 year Treasuries) in the regression behind the credit beta.",
    reference=f"Fama and French (1993), Journal of Financial Economics 33, for the idea; {_ERRORS}",
    parameters={"treasury_share": _HALF},
)
def rate_beta(w: FundWindow) -> Measured:
    """How a fund moves with Treasury prices when benchmark and credit stand still.

    Returns a ratio: positive gains when yields fall. Details and missing values as for credit_beta.
    """
    return _slope(w, _joint(w), 2)


def _joint(w: FundWindow) -> Fit:
    context = w.market.snapshot.context
    credit, rates = w.other(context.credit, "credit proxy"), w.other(context.rates, "rate proxy")
    both = w.aligned(w.benchmark, credit, rates)
    market, high_yield, treasuries = both.others
    return w.once("joint fit", lambda: regress(both.own, market, high_yield - _HALF * treasuries, treasuries))


def _slope(w: FundWindow, fit: Fit, position: int) -> Measured:
    context = w.market.snapshot.context
    details = {"benchmark": w.benchmark, "credit": context.credit, "rates": context.rates}
    sources = tuple(w.market.source(ticker) for ticker in details.values())
    return Measured(fit.slopes[position], fit.n, details, fit.influence[position + 1], sources=sources)


@metric(
    label="Companion beta",
    unit="ratio",
    decimals=2,
    section="sensitivity",
    minimum=250,
    interval="hac",
    codes=_CODES,
    formula="Slope of a companion fund's daily return less the benchmark's on the first fund's less the second's.",
    reference=f"This product's definition; {_ERRORS}",
)
def companion_beta(w: PairWindow) -> Mapping[str, Measured | Unavailable]:
    """Which funds gain beyond the market when the first fund leads the second; keyed by companion.

    Returns ratios: positive gains with the first fund, negative with the second. Details: `benchmark`. A companion
    that is one of the pair or has no prices is missing; all are where the two have no common benchmark or one of them
    is it. Needs 250 returns.
    """
    benchmark = w.first.benchmark
    if w.second.benchmark != benchmark:
        raise Unavailable("measured by different benchmarks")
    return {ticker: _companion(w, benchmark, ticker) for ticker in w.first.market.snapshot.context.companions}


def _companion(w: PairWindow, benchmark: str, ticker: str) -> Measured | Unavailable:
    second = w.second.fund.ticker
    try:
        w.second.other(w.first.other(ticker, "companion"), "companion")
        if ticker == benchmark:
            return Unavailable("is the benchmark")
        both = w.first.aligned(second, benchmark, ticker)
        theirs, market, companion = both.others
        fit = regress(companion - market, both.own - theirs)
    except Unavailable as missing:
        return missing
    sources = (w.market.source(benchmark), w.market.source(ticker))
    return Measured(fit.slopes[0], fit.n, {"benchmark": benchmark}, fit.influence[1], sources=sources)


@metric(
    label="Expiry-week effect",
    unit="fraction",
    decimals=3,
    section="sensitivity",
    minimum=250,
    interval="bootstrap",
    draws=_draws.expiry_effect,
    codes=_CODES,
    formula="Mean absolute daily return in weeks of a monthly option expiry less that of the other weeks.",
    reference="This product's definition; expiries are third Fridays.",
)
def expiry_effect(w: FundWindow) -> Measured:
    """How much more a fund moves a day in the weeks of monthly option expiries than in others.

    Returns a fraction, negative where expiry weeks are calmer. Details: `days` in expiry weeks. Needs 250 returns.
    """
    inside = in_expiry_week(w.days[1:])
    size = np.abs(w.returns)
    count = int(np.count_nonzero(inside))
    if count in {0, size.size}:
        raise Unavailable("no two kinds of weeks to compare")
    return Measured(float(np.mean(size[inside])) - float(np.mean(size[~inside])), size.size, {"days": count})
