"""Payments that cannot be meant, or that somebody must vouch for: negative, endless, a large part of the price."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reportgen.errors import Issue
from reportgen.model import DateArray, FloatArray, PriceHistory, as_date
from reportgen.sources._values import LARGEST_CLOSE

# Special distributions of funds reach a tenth of the price; one of a quarter happens, and is looked at first.
_LARGE = 0.25
_FIX = "Correct it with [[distribution]] in facts.toml, or vouch for it with [[accept]]."
UNUSABLE = "unusable-distribution"


def usable_payments(amounts: FloatArray, days: DateArray, ticker: str) -> tuple[FloatArray, tuple[Issue, ...]]:
    """Dollars a share with negative and endless ones set to zero, and an error for each of these."""
    wrong = np.flatnonzero(~((amounts >= 0) & (amounts <= LARGEST_CLOSE)))
    if wrong.size == 0:
        return amounts, ()
    usable = np.array(amounts)
    usable[wrong] = 0.0
    return usable, tuple(_unusable(float(amounts[i]), str(as_date(days[i])), ticker) for i in wrong.tolist())


def _unusable(amount: float, day: str, ticker: str) -> Issue:
    message = f"The distribution of {day} is {amount:g}, which no payment can be; none was counted. {_FIX}"
    return Issue("error", UNUSABLE, ticker, message, day)


def large_payment_issues(history: PriceHistory) -> tuple[Issue, ...]:
    """An error for each payment over a quarter of the close before it, stated, implied or corrected alike."""
    before = np.concatenate((history.close[:1], history.close[:-1]))
    part = history.distributions / before
    return tuple(_large(history, i, float(part[i])) for i in np.flatnonzero(part > _LARGE).tolist())


def _large(history: PriceHistory, i: int, part: float) -> Issue:
    day = str(as_date(history.dates[i]))
    message = f"The distribution of {day}, {history.distributions[i]:g}, is {100 * part:,.0f}% of the close before it. "
    return Issue("error", "large-distribution", history.ticker, message + _FIX, day)


def without(issues: Sequence[Issue], corrected: frozenset[str]) -> tuple[Issue, ...]:
    """The issues without payments that could not be used on days for which a correction states the payment."""
    return tuple(i for i in issues if not (i.code == UNUSABLE and i.where in corrected))
