"""The rows of one price file put in order: sorted, one a day, each with a usable close."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import Issue
from reportgen.model import DateArray, FloatArray, as_date
from reportgen.sources._base import PriceBasis
from reportgen.sources._columns import Column
from reportgen.sources._raw import RawFile
from reportgen.sources._values import LARGEST_CLOSE, LEAST_CLOSE

BoolArray = NDArray[np.bool_]

_MOST_SHARES = 1e13
_FLOWS: tuple[Column, ...] = ("distributions", "capital gains")


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows that rise from day to day and have a positive close; what was dropped stands in the issues."""

    days: DateArray
    close: FloatArray
    columns: Mapping[Column, FloatArray]
    issues: tuple[Issue, ...]


def clean_rows(
    raw: RawFile, ticker: str, days: DateArray, columns: Mapping[Column, FloatArray], basis: PriceBasis
) -> Rows:
    """Sorts rows, folds identical ones into one and drops those without a positive close.

    Raises DataError when two rows of a day differ, when an adjusted close is not positive, or when no row is left.
    """
    issues: list[Issue] = []
    order = np.argsort(days, kind="stable")
    if not _is_ordered(days):
        issues.append(Issue("note", "unsorted-dates", ticker, "The rows were not in order of date; sorted.", raw.name))
    days, columns = days[order], {name: values[order] for name, values in columns.items()}
    keep, found = _one_a_day(raw, ticker, days, columns)
    issues += found
    days, columns = days[keep], {name: values[keep] for name, values in columns.items()}
    # A file with nothing but an adjusted close is told, or known, to be total return.
    close = (
        columns["close"] if "close" in columns and basis == "price" else columns.get("adjusted", columns.get("close"))
    )
    assert close is not None
    usable, found = _usable(raw, ticker, days, close)
    issues += found
    if "adjusted" in columns:
        _refuse_adjusted(raw, days, columns["adjusted"])
    if "volume" in columns:
        columns["volume"], found = _volume(ticker, days, columns["volume"])
        issues += found
    columns = {name: carried(values, usable) if name in _FLOWS else values[usable] for name, values in columns.items()}
    return Rows(days[usable], close[usable], columns, tuple(issues))


def _is_ordered(days: DateArray) -> bool:
    steps = np.diff(days).astype(np.int64)
    return bool(np.all(steps >= 0) or np.all(steps <= 0))


def _one_a_day(
    raw: RawFile, ticker: str, days: DateArray, columns: Mapping[Column, FloatArray]
) -> tuple[BoolArray, list[Issue]]:
    again = np.zeros(days.size, dtype=np.bool_)
    again[1:] = days[1:] == days[:-1]
    if not again.any():
        return ~again, []
    for i in np.flatnonzero(again):
        different = [n for n, v in columns.items() if v[i] != v[i - 1] and not (np.isnan(v[i]) and np.isnan(v[i - 1]))]
        if different:
            raise raw.error(
                f"{as_date(days[i])} comes twice with different values ({', '.join(different)}).",
                fix="Delete the wrong row.",
            )
    day = as_date(days[np.flatnonzero(again)[0]])
    message = f"{_times(int(again.sum()))} with the same values; the repeats were dropped. The first: {day}."
    return ~again, [Issue("note", "duplicate-dates", ticker, message, str(day))]


def _times(count: int) -> str:
    return "One day comes twice" if count == 1 else f"{count} days come twice"


def _usable(raw: RawFile, ticker: str, days: DateArray, close: FloatArray) -> tuple[BoolArray, list[Issue]]:
    absent = ~np.isfinite(close)
    negative = ~absent & (close <= 0)
    wild = ~absent & ~negative & ((close < LEAST_CLOSE) | (close > LARGEST_CLOSE))
    if (absent | negative | wild).all():
        raise raw.error(
            f"No row has a positive close from {LEAST_CLOSE:g} to {LARGEST_CLOSE:,.0f} dollars.",
            fix="Download the file again, and check the unit of its prices.",
        )
    issues = []
    if absent.any():
        first = as_date(days[absent][0])
        message = f"{int(absent.sum())} of {close.size} rows have no close and were dropped. The first: {first}."
        issues.append(Issue("warning", "missing-close", ticker, message, str(first)))
    if negative.any():
        first = as_date(days[negative][0])
        message = (
            f"{int(negative.sum())} of {close.size} rows have a close that is not positive, which no price can be. "
            f"The first: {close[negative][0]:g} on {first}."
        )
        issues.append(Issue("error", "non-positive-close", ticker, message, str(first)))
    if wild.any():
        first = as_date(days[wild][0])
        message = (
            f"{int(wild.sum())} of {close.size} rows have a close that no price can be. "
            f"The first: {close[wild][0]:g} on {first}."
        )
        issues.append(Issue("error", "implausible-close", ticker, message, str(first)))
    return ~(absent | negative | wild), issues


def _refuse_adjusted(raw: RawFile, days: DateArray, adjusted: FloatArray) -> None:
    """An adjusted close that is zero, negative or beyond every price would make payments out of nothing."""
    wrong = np.flatnonzero(~np.isnan(adjusted) & ~((adjusted > 0) & (adjusted <= LARGEST_CLOSE)))
    if wrong.size:
        raise raw.error(
            f"The adjusted close of {as_date(days[wrong[0]])} is {adjusted[wrong[0]]:g}, which no price can be.",
            fix="Download the file again, or take out the column of adjusted closes and give the distributions.",
        )


def _volume(ticker: str, days: DateArray, volume: FloatArray) -> tuple[FloatArray, list[Issue]]:
    """The shares traded; what cannot be a number of shares becomes unknown."""
    wrong = ~np.isnan(volume) & ~((volume >= 0) & (volume <= _MOST_SHARES))
    if not wrong.any():
        return volume, []
    first = as_date(days[wrong][0])
    message = (
        f"{int(wrong.sum())} of {volume.size} volumes cannot be numbers of shares and count as unknown. "
        f"The first: {volume[wrong][0]:g} on {first}."
    )
    issue = Issue("warning", "implausible-volume", ticker, message, str(first))
    return np.where(wrong, np.nan, volume), [issue]


def carried(values: FloatArray, usable: BoolArray) -> FloatArray:
    """Payments of a day without a close go to the next day that has one, so that none is lost."""
    kept = np.flatnonzero(usable)
    # Endless ones stay what no payment can be; clipped, their sums do not overflow.
    filled = np.clip(np.where(np.isnan(values), 0.0, values), -1e300, 1e300)[: kept[-1] + 1]
    totals: FloatArray = np.add.reduceat(filled, np.concatenate(([0], kept[:-1] + 1)))
    return totals
