"""Closes that cannot follow each other: hundredfold prices, missed splits, single wrong days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from reportgen.errors import Issue, Severity
from reportgen.model import DateArray, FloatArray, PriceHistory, as_date

_LARGE_MOVE = 0.25
# Beyond this factor a day's move of an unleveraged fund is taken for an error until somebody vouches for it.
_IMPLAUSIBLE = 3.0
_SPLITS, _NEAR, _LARGEST_REAL = (1 / 3, 1 / 2, 2 / 3, 2.0, 3.0), 0.05, 0.3
_HUNDREDFOLD = (80.0, 125.0)


def jump_issues(history: PriceHistory, leverage: float | None) -> tuple[Issue, ...]:
    """One-day moves of the close over 25% (times the fund's daily multiple), by day; each names what it looks like."""
    if history.close.size < 2:
        return ()
    factor = history.close[1:] / history.close[:-1]
    scale = max(1.0, abs(leverage or 1.0))
    large = np.flatnonzero(np.abs(factor - 1.0) > _LARGE_MOVE * scale) + 1
    # A payment takes the price down by as much; it explains no rise.
    paid = np.where(factor < 1, history.distributions[1:] / history.close[:-1], 0.0)
    unexplained = [int(i) for i in large if abs(factor[i - 1] - 1.0 + paid[i - 1]) > _LARGE_MOVE * scale]
    return tuple(_issue(history, i, float(factor[i - 1]), scale, unexplained, at) for at, i in enumerate(unexplained))


def _issue(history: PriceHistory, i: int, factor: float, scale: float, jumps: Sequence[int], at: int) -> Issue:
    day = as_date(history.dates[i])
    if _is_hundredfold(factor):
        return _hundredfold(history, i, factor, jumps, at)
    move = f"The close of {day} is {100 * (factor - 1):+.1f}% from the day before"
    undone = at + 1 < len(jumps) and jumps[at + 1] == i + 1
    undoes = at > 0 and jumps[at - 1] == i - 1
    wild = not 1 / (_IMPLAUSIBLE * scale) < factor < _IMPLAUSIBLE * scale
    severity: Severity = "error" if wild or (scale == 1 and _is_split(factor)) else "warning"
    if undone and not undoes:
        looks = "and the next day's move undoes it: a wrong price, or a split missed on one day."
    elif undoes:
        looks = "after a move as large the day before."
    elif severity == "error":
        looks = "which looks like a split that was not applied. If it is real, accept it in facts.toml."
    else:
        looks = f"more than the {100 * _LARGE_MOVE * scale:.0f}% that is usual; check it."
    return Issue(severity, "price-jump", history.ticker, f"{move}, {looks}", str(day))


def _is_split(factor: float) -> bool:
    """Whether the close steps as at a usual split. No unleveraged fund has moved so far in a day."""
    near = any(abs(factor / ratio - 1) <= _NEAR for ratio in _SPLITS)
    return near and abs(factor - 1) > _LARGEST_REAL


def _is_hundredfold(factor: float) -> bool:
    low, high = _HUNDREDFOLD
    return low < max(factor, 1 / factor) < high


def _hundredfold(history: PriceHistory, i: int, factor: float, jumps: Sequence[int], at: int) -> Issue:
    """The dearer side of the jump is the wrong one: pence for pounds, cents for dollars."""
    dates: DateArray = history.dates
    if factor < 1:
        first, last = dates[jumps[at - 1] if at else 0], dates[i - 1]
    else:
        first, last = dates[i], dates[jumps[at + 1] - 1 if at + 1 < len(jumps) else -1]
    message = (
        f"The closes from {as_date(first)} to {as_date(last)} are about 100 times the others: "
        "a price in cents or pence among prices in whole units."
    )
    return Issue("error", "hundredfold-price", history.ticker, message, str(as_date(first)))


def rebuild_issues(
    history: PriceHistory, adjusted: FloatArray, decided: frozenset[date] = frozenset()
) -> tuple[Issue, ...]:
    """Days on which the provider's adjusted close does not follow from closes and distributions.

    Yahoo's factor steps by 1 - D / previous close on an ex-date and by nothing on other days. The tolerance is what
    the printed decimals of both columns allow.
    """
    if history.close.size < 2:
        return ()
    close = history.close
    factor = adjusted / close
    step = factor[:-1] / factor[1:]
    expected = 1.0 - history.distributions[1:] / close[:-1]
    noise = 2 * (resolution(close) / close + resolution(adjusted) / np.abs(adjusted))
    apart = np.abs(step - expected)
    wrong = np.flatnonzero(~(apart <= 2e-5 + noise[1:] + noise[:-1])) + 1
    issues = []
    for i in wrong:
        day, stated = as_date(history.dates[i]), history.distributions[i]
        if day in decided:
            continue
        implied = close[i - 1] * (1.0 - step[i - 1])
        message = (
            f"The adjusted close of {day} does not follow from the distributions: {stated:g} is stated, "
            f"{implied:.4g} would fit."
        )
        severity: Severity = "warning" if apart[i - 1] < 0.01 else "error"
        issues.append(Issue(severity, "adjusted-close-differs", history.ticker, message, str(day)))
    return tuple(issues)


def resolution(values: FloatArray) -> float:
    """The step between values as printed: 0.01 where all have two decimals; zero where they are full floats."""
    for decimals in (2, 3, 4, 5, 6):
        if np.allclose(values, np.round(values, decimals), rtol=0, atol=1e-9):
            return float(10.0**-decimals)
    return 0.0
