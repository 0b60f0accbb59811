"""Which sessions lie in the week of a monthly option expiry."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from reportgen.model import DateArray

_MONDAY = np.datetime64("1970-01-05", "D")


def in_expiry_week(days: DateArray) -> NDArray[np.bool_]:
    """Whether each day's ISO week holds the third Friday of a month.

    Where that Friday is a holiday the options expire on the session before, in the same week.
    """
    week = (days - _MONDAY).astype(np.int64) // 7
    friday = _MONDAY + (7 * week + 4).astype("timedelta64[D]")
    day_of_month = (friday - friday.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64) + 1
    third: NDArray[np.bool_] = (day_of_month >= 15) & (day_of_month <= 21)
    return third
