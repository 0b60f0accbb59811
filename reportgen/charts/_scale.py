"""From values to pixels, and where the ticks stand."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTH_STEPS = (1, 3, 6, 12, 24, 60, 120, 240)


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps [low, high] onto pixels [start, end], on logarithms where `log` is set.

    Raises ValueError when the span is empty, or not positive on a logarithmic scale.
    """

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def __post_init__(self) -> None:
        if not self.low < self.high:
            raise ValueError(f"a scale cannot run from {self.low} to {self.high}")
        if self.log and self.low <= 0:
            raise ValueError(f"a logarithmic scale cannot begin at {self.low}")

    def __call__(self, value: float) -> float:
        if self.log:
            share = math.log10(value / self.low) / math.log10(self.high / self.low)
        else:
            share = (value - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)


def nice_step(span: float, most: int) -> float:
    """The smallest step of 1, 2 or 5 times a power of ten that cuts `span` into at most `most` parts."""
    exponent = math.floor(math.log10(span / most)) - 1
    for power in range(exponent, exponent + 4):
        for digit in (1, 2, 5):
            step: float = digit * 10.0**power
            if span / step <= most * (1 + 1e-9):
                return step
    raise ValueError(f"no step for a span of {span}")


def linear_ticks(low: float, high: float, most: int = 6) -> tuple[float, ...]:
    """Round numbers that enclose [low, high]: the first at or below low, the last at or above high."""
    if low == high:
        margin = abs(low) / 10 or 1.0
        low, high = low - margin, high + margin
    step = nice_step(high - low, most)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return tuple(_tidy(i * step) for i in range(first, last + 1))


def log_ticks(low: float, high: float, digits: tuple[int, ...] = (1, 2, 5)) -> tuple[float, ...]:
    """The digits times powers of ten that lie within [low, high]."""
    exponents = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    ticks = (_tidy(d * 10.0**e) for e in exponents for d in digits)
    return tuple(t for t in ticks if low * (1 - 1e-9) <= t <= high * (1 + 1e-9))


def _tidy(value: float) -> float:
    """Without the dust of binary fractions, and never a negative zero."""
    return float(f"{value:.12g}") + 0.0


def date_ticks(first: date, last: date, most: int = 7) -> tuple[tuple[date, str], ...]:
    """Starts of years, or of months where the span is short, within [first, last]; both ends for a few days."""
    for step in _MONTH_STEPS:
        starts = [day for day in _month_starts(first, last, step) if first <= day <= last]
        if len(starts) <= most:
            break
    if len(starts) < 2:
        return (first, first.isoformat()), (last, last.isoformat())
    return tuple((day, str(day.year) if step >= 12 else f"{_MONTHS[day.month - 1]} {day.year}") for day in starts)


def _month_starts(first: date, last: date, step: int) -> list[date]:
    """The first day of every step-th month from the year of `first` to that of `last`."""
    begin = first.year * 12 - (first.year * 12) % step
    return [date(i // 12, i % 12 + 1, 1) for i in range(begin, last.year * 12 + 12, step) if i >= 12]
