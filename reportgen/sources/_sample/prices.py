"""From a total-return path to what a fund publishes: closes, distributions, volume."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from reportgen.model import DateArray, FloatArray, PriceHistory
from reportgen.sources._sample.noise import daily_normals
from reportgen.sources._sample.recipes import FundRecipe, Payments

SOURCE = "sample prices"

# The shares of a year's payments by quarter, the December one the largest, as is usual for share funds.
_QUARTERS = {3: 0.21, 6: 0.24, 9: 0.24, 12: 0.31}
Whole = NDArray[np.int64]


def history(ticker: str, recipe: FundRecipe, wealth: FloatArray, days: DateArray, waves: FloatArray) -> PriceHistory:
    """The fund's history whose wealth index, distributions reinvested at the ex-date close, is exp(wealth).

    wealth: log total-return levels. Worked backwards from the recipe's last close, so that both that close and the
    yield on it are met; closes and distributions are rounded to the hundredth of a cent.
    """
    close = np.empty(wealth.size)
    paid = np.zeros(wealth.size)
    stop, level = wealth.size, recipe.last_close
    for day, share in reversed(payment_days(days, recipe.payments)):
        close[day:stop] = level * np.exp(wealth[day:stop] - wealth[stop - 1])
        # The last year pays its yield on the last close; earlier years on the close of the day.
        base = recipe.last_close if days[day] > days[-1] - np.timedelta64(365, "D") else close[day]
        paid[day] = np.round(share * recipe.distribution_yield * base, 4)
        level = float((close[day] + paid[day]) * np.exp(wealth[day - 1] - wealth[day]))
        stop = day
    close[:stop] = level * np.exp(wealth[:stop] - wealth[stop - 1])
    close = np.round(close, 4)
    return PriceHistory(ticker, days, close, paid, _volume(ticker, recipe, close, waves, days), SOURCE)


def payment_days(days: DateArray, payments: Payments) -> list[tuple[int, float]]:
    """The index of each ex-date but the first session's, oldest first, with its share of the year's payments."""
    month = days.astype("datetime64[M]")
    first = np.flatnonzero(month[1:] != month[:-1]) + 1
    if payments == "monthly":
        return [(int(day), 1.0 / 12.0) for day in first]
    if payments == "none":
        return []
    calendar_month = month[first].astype(np.int64) % 12 + 1
    # Quarterly funds go ex around the sixteenth session of the quarter's last month, or on the last one there is.
    return [
        (min(int(day) + 15, days.size - 1), _QUARTERS[int(number)])
        for day, number in zip(first, calendar_month, strict=True)
        if int(number) in _QUARTERS
    ]


def _volume(ticker: str, recipe: FundRecipe, close: FloatArray, waves: FloatArray, days: DateArray) -> FloatArray:
    """Shares traded, in hundreds: more with rough markets and large moves, most on bad days, growing with the years."""
    move = np.diff(np.log(close), prepend=np.log(close[0]))
    size = np.minimum(np.abs(move) / np.sqrt(np.mean(move * move)), 5.0)
    noise = daily_normals(f"volume {ticker}", days)
    log_level = 0.22 * noise + 0.35 * waves + 0.12 * size + 0.10 * size * (move < 0)
    growth = 0.05 * (days - days[-1]).astype(np.float64) / 365.25
    dollars = recipe.turnover * np.exp(log_level + growth - np.mean(log_level))
    volume: FloatArray = np.round(dollars / close, -2)
    return np.maximum(volume, 100.0)
