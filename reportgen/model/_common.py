"""What several nouns share: units, read-only arrays, frozen mappings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

Unit = Literal[
    "fraction",  # 0.05 is 5%
    "ratio",  # a plain number: a beta, a Sharpe ratio
    "usd",
    "count",
    "score",  # zero to one, one decimal
    "days",
    "text",
    "date",
]
Scalar = float | int | str | date | None

FloatArray = NDArray[np.float64]
DateArray = NDArray[np.datetime64]

K = TypeVar("K")
V = TypeVar("V")


def frozen(mapping: Mapping[K, V]) -> Mapping[K, V]:
    """A read-only copy that keeps the order."""
    return MappingProxyType(dict(mapping))


def read_only(values: FloatArray) -> FloatArray:
    """A float64 copy that cannot be written to."""
    copy = np.array(values, dtype=np.float64)
    copy.setflags(write=False)
    return copy


def read_only_days(values: DateArray) -> DateArray:
    """A datetime64[D] copy that cannot be written to."""
    copy = np.array(values, dtype="datetime64[D]")
    copy.setflags(write=False)
    return copy


def as_date(day: np.datetime64) -> date:
    """The datetime.date of one element of a DateArray."""
    converted = day.astype("datetime64[D]").item()
    if not isinstance(converted, date):
        raise TypeError(f"not a date: {day!r}")
    return converted
