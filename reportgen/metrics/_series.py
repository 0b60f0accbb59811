"""Every curve that charts may draw."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

import numpy as np

from reportgen.metrics._facts import rounded_array
from reportgen.metrics._market import Market
from reportgen.metrics._metric import Unavailable
from reportgen.metrics._portfolio import portfolio
from reportgen.metrics._views import FundWindow
from reportgen.metrics.risk import drawdowns
from reportgen.model import DateArray, FloatArray, Series

_ROLLED_YEARS = 5
Windows = Mapping[str, Mapping[str, FundWindow | str]]


def all_series(market: Market, windows: Windows) -> Iterator[Series]:
    """Wealth and drawdown of each fund, its concentration curve, and each pair's rolling one-year difference.

    The long curves run over 5Y; where a fund compared has no five years, over SI too.
    """
    codes = ["5Y"] if all(isinstance(w["5Y"], FundWindow) for w in windows.values()) else ["5Y", "SI"]
    for ticker, of_fund in windows.items():
        for code in codes:
            view = of_fund[code]
            if isinstance(view, FundWindow):
                yield from _curves(ticker, code, view)
        yield from _concentration(market, ticker)
    for first, second in combinations(windows, 2):
        yield from _rolling_difference(market, first, second)


def _curves(ticker: str, code: str, view: FundWindow) -> Iterator[Series]:
    wealth = rounded_array(1000 * view.wealth)
    yield Series(f"{ticker}/wealth/{code}", f"{ticker}, growth of $1,000", "usd", wealth, dates=view.days)
    falls = rounded_array(drawdowns(view.wealth))
    yield Series(f"{ticker}/drawdown/{code}", f"{ticker}, below its peak", "fraction", falls, dates=view.days)


def _concentration(market: Market, ticker: str) -> Iterator[Series]:
    """Cumulative weight of the largest lines, from none to all that are known."""
    try:
        known = portfolio(market.snapshot.holdings.get(ticker))
    except Unavailable:
        return
    weights = rounded_array(np.concatenate([[0.0], np.cumsum(known.weights)]))
    count = np.arange(weights.size, dtype=np.float64)
    label = f"{ticker}, weight of its largest holdings"
    yield Series(f"{ticker}/concentration", label, "fraction", weights, x=count)


def _rolling_difference(market: Market, first: str, second: str) -> Iterator[Series]:
    """The first fund's return over the year to each day less the second's, on common sessions, for up to five years."""
    days = np.intersect1d(market.track(first).days, market.track(second).days, assume_unique=True)
    if days.size == 0:
        return
    bases = np.searchsorted(days, year_before(days), side="right") - 1
    from_day = np.searchsorted(days, year_before(days[-1:], _ROLLED_YEARS), side="right")[0] - 1
    ends = np.flatnonzero((bases >= 0) & (np.arange(days.size) >= max(int(from_day), 0)))
    if ends.size < 2:
        return
    gap = _returns(market, first, days, bases[ends], ends) - _returns(market, second, days, bases[ends], ends)
    label = f"{first} less {second}, return over one year"
    yield Series(f"{first}:{second}/rolling_difference/1Y", label, "fraction", rounded_array(gap), dates=days[ends])


def _returns(
    market: Market,
    ticker: str,
    days: DateArray,
    bases: np.ndarray[tuple[int], np.dtype[np.intp]],
    ends: np.ndarray[tuple[int], np.dtype[np.intp]],
) -> FloatArray:
    wealth = market.wealth(ticker, days)
    return wealth[ends] / wealth[bases] - 1


def year_before(days: DateArray, years: int = 1) -> DateArray:
    """The same day of the month years earlier, 29 Feb becoming 28 Feb."""
    month = days.astype("datetime64[M]")
    earlier = month - 12 * years
    last = (earlier + 1).astype("datetime64[D]") - 1
    same: DateArray = earlier.astype("datetime64[D]") + (days - month.astype("datetime64[D]"))
    earlier_day: DateArray = np.minimum(same, last)
    return earlier_day
