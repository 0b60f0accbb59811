"""Reads a printed number back, without help from the code that printed it."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

_NUMERAL = re.compile(
    r"(?P<sign>[-+−])?\$?(?P<digits>\d[\d,]*(?:\.\d+)?)"
    r"(?P<tail>%|[BM](?![A-Za-z])| basis points?| points?| pts)?"
)
_SCALE = {
    "%": 0.01,
    "B": 1e9,
    "M": 1e6,
    " basis point": 1e-4,
    " basis points": 1e-4,
    " point": 0.01,
    " points": 0.01,
    " pts": 0.01,
}


class Numeral(NamedTuple):
    """A number as printed: its value in base units, and half of the last digit shown."""

    value: float
    half_digit: float


def read(text: str) -> Numeral | None:
    """The one numeral in a text such as "-31.91%", "$395B" or "18.3 points"; None when there is none or several."""
    found = list(_NUMERAL.finditer(text))
    if len(found) != 1:
        return None
    match = found[0]
    digits = match["digits"].replace(",", "")
    decimals = len(digits.partition(".")[2])
    scale = _SCALE.get(match["tail"] or "", 1.0)
    sign = -1.0 if match["sign"] in ("-", "−") else 1.0
    return Numeral(sign * float(digits) * scale, 0.5 * 10.0**-decimals * scale)


def agrees(numeral: Numeral, value: float) -> bool:
    """Whether a printed number is the value, rounded; a size may be printed where words say the direction."""
    slack = numeral.half_digit * (1 + 1e-6) + abs(value) * 1e-11
    return abs(numeral.value - value) <= slack or (numeral.value >= 0 and abs(numeral.value - abs(value)) <= slack)


def has_digit(text: str) -> bool:
    return any(character.isdigit() for character in text)


_MONTHS = "January February March April May June July August September October November December".split()


def is_day(text: str, day: date) -> bool:
    """Whether a printed date, in one of the two forms that we use, is that day."""
    return text in (day.isoformat(), f"{_MONTHS[day.month - 1]} {day.day}, {day.year}")
