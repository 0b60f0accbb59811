"""What credit and Treasuries did over the latest week: what a conditional statement can be scored by."""

from __future__ import annotations

import numpy as np

from reportgen.metrics._metric import Measured, Unavailable, metric
from reportgen.metrics._views import ArticleView
from reportgen.metrics._windows import resolve

_WEEK = "1W"
_HALF = 0.5


@metric(
    label="Week of credit",
    short="week of high yield less half of Treasuries",
    unit="fraction",
    decimals=1,
    section="market",
    formula="Total return of the high-yield fund less half of that of the 7 to 10 year Treasury fund over the latest "
    "week, from the last close on or before the same day of the week before.",
    reference="Descriptive.",
    parameters={"treasury_share": _HALF},
    card=2,
)
def credit_week(article: ArticleView) -> Measured:
    """High yield's total return less half of Treasuries' over the week to the as-of, as in the credit beta.

    Returns a fraction, negative when credit falls: half, because high yield moves about half as much with rates.

    Details: `credit`, `rates`, the funds that stand for them. Missing where one of them has no such week.
    """
    context = article.market.snapshot.context
    value = _week(article, context.credit) - _HALF * _week(article, context.rates)
    details = {"credit": context.credit, "rates": context.rates}
    sources = (article.market.source(context.credit), article.market.source(context.rates))
    return Measured(value, details=details, as_of=article.market.as_of, sources=sources)


@metric(
    label="Week of Treasuries",
    short="week of Treasuries",
    unit="fraction",
    decimals=1,
    section="market",
    formula="Total return of the 7 to 10 year Treasury fund over the latest week, from the last close on or before the "
    "same day of the week before.",
    reference="Descriptive.",
)
def rates_week(article: ArticleView) -> Measured:
    """Treasuries' total return over the week to the as-of, a fraction; negative when yields rise.

    Details: `rates`, the fund that stands for them. Missing where it has no such week.
    """
    ticker = article.market.snapshot.context.rates
    value = _week(article, ticker)
    sources = (article.market.source(ticker),)
    return Measured(value, details={"rates": ticker}, as_of=article.market.as_of, sources=sources)


def _week(article: ArticleView, ticker: str) -> float:
    market = article.market
    days = market.track(ticker).days
    window = resolve(_WEEK, days, market.as_of, f"{ticker} {market.began(ticker)}")
    if isinstance(window, str):
        raise Unavailable(window)
    wealth = market.track(ticker).wealth
    first, last = (int(np.searchsorted(days, np.datetime64(day, "D"))) for day in (window.start, window.end))
    return float(wealth[last] / wealth[first] - 1)
