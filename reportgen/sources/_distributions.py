"""What a history pays: from its columns, or implied by the adjusted close; and what is odd about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from reportgen.errors import Issue
from reportgen.model import DateArray, FloatArray, PriceHistory, as_date
from reportgen.sources._columns import Column
from reportgen.sources._jumps import resolution
from reportgen.sources._payments import UNUSABLE, usable_payments

# Smaller steps of the adjustment factor are the rounding of printed decimals, not distributions.
_SMALLEST_STEP = 2e-5
# The factor never falls from day to day, but for rounding and for how a provider counts a missed payment.
_LARGEST_RISE = 0.01
_REPEATED_DAYS = 8
_NEIGHBOURS = 4


@dataclass(frozen=True, eq=False)
class Paid:
    """Dollars a share on each day; whether they are known at all; what was decided, and on which days."""

    amounts: FloatArray
    known: bool = True
    issues: tuple[Issue, ...] = ()
    decided: frozenset[date] = frozenset()


def paid_out(columns: Mapping[Column, FloatArray], close: FloatArray, days: DateArray, ticker: str) -> Paid:
    """Dollars a share on each ex-date, with what had to be decided.

    Without a column of distributions they follow from the adjusted close:
    D = previous close x (1 - factor before / factor on the day), where factor = adjusted close / close.
    """
    if "distributions" not in columns:
        if "adjusted" not in columns:
            return Paid(np.zeros_like(close), known=False)
        return _from_adjusted(columns["adjusted"], close, days, ticker)
    paid, wrong = usable_payments(_or_zero(columns["distributions"]), days, ticker)
    gains, worse = usable_payments(_or_zero(columns.get("capital gains", np.zeros_like(paid))), days, ticker)
    total = paid + gains
    issues, decided = [*wrong, *worse], set()
    for i in np.flatnonzero((paid > 0) & (gains > 0)):
        total[i], issue = _one_or_both(int(i), paid[i], gains[i], columns, close, as_date(days[i]), ticker)
        if issue is not None:
            issues.append(issue)
            decided.add(as_date(days[i]))
    return Paid(total, True, tuple(issues), frozenset(decided))


def _one_or_both(
    i: int,
    paid: float,
    gain: float,
    columns: Mapping[Column, FloatArray],
    close: FloatArray,
    day: date,
    ticker: str,
) -> tuple[float, Issue | None]:
    """Yahoo's dividend of a day often holds the capital gain already, and is then counted twice.

    The adjusted close says what the provider took; where it took both, the fall of the price says what was paid.
    """
    if i == 0:
        return paid, None
    if "adjusted" in columns:
        implied = _implied(columns["adjusted"][i - 1 : i + 1], close[i - 1 : i + 1])[1]
        if abs(implied - paid) < abs(implied - paid - gain):
            return paid, None
    fall = close[i - 1] - close[i]
    used = paid if abs(fall - paid) <= abs(fall - paid - gain) else paid + gain
    message = (
        f"A dividend of {paid:g} and a capital gain of {gain:g} are both dated {day}; the dividend may hold the gain "
        f"already. The price fell by {fall:.3f}, so {used:g} was taken."
    )
    return used, Issue("warning", "capital-gain-twice", ticker, message, str(day))


def _or_zero(values: FloatArray) -> FloatArray:
    return np.where(np.isnan(values), 0.0, values)


def _from_adjusted(adjusted: FloatArray, close: FloatArray, days: DateArray, ticker: str) -> Paid:
    """What the adjusted close implies; a day without one takes the factor of the day before, and it is said."""
    absent = np.isnan(adjusted)
    issues: list[Issue] = []
    if absent.all():
        return Paid(np.zeros_like(close), known=False)
    if absent.any():
        last = np.maximum.accumulate(np.where(absent, -1, np.arange(absent.size)))
        known = np.where(last >= 0, last, int(np.flatnonzero(~absent)[0]))
        adjusted = (adjusted / close)[known] * close
        first = as_date(days[absent][0])
        message = f"{int(absent.sum())} of {close.size} rows have no adjusted close. The first: {first}."
        issues.append(Issue("warning", "missing-adjusted-close", ticker, message, str(first)))
    factor = adjusted / close
    noise = resolution(close) / close + resolution(adjusted) / adjusted
    rises = factor[:-1] / factor[1:] - 1.0 > _LARGEST_RISE + 2 * (noise[1:] + noise[:-1])
    for i in (np.flatnonzero(rises) + 1).tolist():
        message = f"The adjusted close of {as_date(days[i])} implies a negative payment; none was counted."
        issues.append(Issue("error", UNUSABLE, ticker, message, str(as_date(days[i]))))
    return Paid(_implied(adjusted, close), issues=tuple(issues))


def _implied(adjusted: FloatArray, close: FloatArray) -> FloatArray:
    factor = adjusted / close
    implied = np.zeros_like(close)
    step = 1.0 - factor[:-1] / factor[1:]
    implied[1:] = np.where(step > _SMALLEST_STEP, close[:-1] * step, 0.0)
    return implied


def distribution_issues(history: PriceHistory) -> tuple[Issue, ...]:
    """Amounts that come twice within days, and a gap where a regular payer seems to have missed one."""
    paying = np.flatnonzero(history.distributions > 0)
    days, amounts = history.dates[paying], history.distributions[paying]
    gaps = np.diff(days).astype(np.int64)
    issues = []
    for i in np.flatnonzero((gaps <= _REPEATED_DAYS) & (amounts[1:] == amounts[:-1])).tolist():
        message = (
            f"A distribution of {amounts[i]:g} is dated {as_date(days[i])} and again {as_date(days[i + 1])}; "
            "one of them may be a repeat. Both were kept."
        )
        issues.append(Issue("warning", "repeated-distribution", history.ticker, message, str(as_date(days[i + 1]))))
    for i in _missed(gaps):
        message = (
            f"No distribution stands between {as_date(days[i])} and {as_date(days[i + 1])}, though the fund paid "
            "regularly before and after; one may be missing."
        )
        issues.append(Issue("warning", "missing-distribution", history.ticker, message, str(as_date(days[i]))))
    return tuple(issues)


def _missed(gaps: np.ndarray[tuple[int], np.dtype[np.int64]]) -> list[int]:
    """Gaps about twice as long as their neighbours on both sides, which are alike."""
    found = []
    longer = np.flatnonzero(gaps[1:] > 1.3 * gaps[:-1]) + 1  # no other is 1.7 times what its neighbours are usually
    for i in longer[(longer >= _NEIGHBOURS) & (longer < gaps.size - _NEIGHBOURS)].tolist():
        around = np.concatenate((gaps[i - _NEIGHBOURS : i], gaps[i + 1 : i + 1 + _NEIGHBOURS]))
        usual = float(np.median(around))
        regular = np.all((around > 0.7 * usual) & (around < 1.3 * usual))
        if regular and 1.7 * usual < gaps[i] < 2.3 * usual:
            found.append(i)
    return found
