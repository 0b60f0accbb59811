"""Reads a printed number back, without help from the code that printed it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from reportgen.model import Fact, MetricSpec, Scalar

_NUMERAL = re.compile(
    r"(?P<sign>[-+−]?)(?P<dollar>\$?)(?P<digits>(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|0|[1-9][0-9]{0,3})(?:\.[0-9]+)?)"
    r"(?P<tail>%|B|M| basis points?| points?| pts)?"
)
_SCALE = {"%": 0.01, "B": 1e9, "M": 1e6, " basis point": 1e-4, " point": 0.01, " pt": 0.01}
_SHARES: frozenset[str] = frozenset(("%", " basis point", " point", " pt"))
"""How a fraction may end."""
_ALLOWED: Mapping[str, frozenset[str]] = {
    "fraction": _SHARES,
    "ratio": frozenset({""}),
    "score": frozenset({""}),
    "count": frozenset({""}),
    "days": frozenset({""}),
    "usd": frozenset({"", "B", "M"}),
    "detail": _SHARES | {""},
}
_COARSEST = 0.25
"""A number without decimals tells a value only where half of its last digit is at most this share of the value."""
_MOST_BASIS = 0.05
_FINE = 0.0005
"""A fraction may be printed as zero to a tenth of a point."""
_MONTHS = "January February March April May June July August September October November December".split()


class Numeral(NamedTuple):
    """A number as printed: its value in base units, half of the last digit shown, its sign, form and decimals."""

    value: float
    half_digit: float
    sign: str = ""
    tail: str = ""
    dollar: bool = False
    decimals: int = 0


def read(text: str) -> Numeral | None:
    """The numeral that a text is, such as "-31.91%", "$395B" or "18.3 points"; None where it is anything else."""
    match = _NUMERAL.fullmatch(text)
    if match is None:
        return None
    printed = match["tail"] or ""
    tail = printed.removesuffix("s")
    digits = match["digits"].replace(",", "")
    decimals = len(digits.partition(".")[2])
    if tail in (" point", " basis point") and not _counts_well(digits, plural=printed != tail):
        return None
    if match["sign"] in ("-", "−") and not float(digits):
        return None
    scale = _SCALE.get(tail, 1.0)
    sign = -1.0 if match["sign"] in ("-", "−") else 1.0
    return Numeral(
        sign * float(digits) * scale,
        0.5 * 10.0**-decimals * scale,
        match["sign"],
        tail,
        bool(match["dollar"]),
        decimals,
    )


def _counts_well(digits: str, *, plural: bool) -> bool:
    """Whether "1 point", "1.0 point", "1.0 points" or "2 points" is printed, and not "1 points" or "2 point"."""
    return digits != "1" if plural else float(digits) == 1


def agrees(numeral: Numeral, value: float) -> bool:
    """Whether a printed number is the value, rounded; a size may be printed, without a sign, where words say the
    direction.
    """
    slack = numeral.half_digit * (1 + 1e-6) + abs(value) * 1e-11
    if abs(numeral.value - value) <= slack:
        return not (numeral.sign == "+" and value <= 0)
    return not numeral.sign and abs(numeral.value - abs(value)) <= slack


def unit_of(fact: Fact, detail: str | None, value: Scalar) -> str:
    """The unit of what is printed of a fact: its own, that of a count or a level, or "detail" where none is stated."""
    if detail is None or detail.startswith(("reversed", "interval.low", "interval.high")):
        return fact.unit
    if detail == "interval.level":
        return "fraction"
    if detail in ("n", "interval.draws") or isinstance(value, int):
        return "count"
    return "ratio" if detail == "interval.p" else "detail"


def fault(numeral: Numeral, value: float, unit: str, spec: MetricSpec | None) -> str | None:
    """What is wrong with a number printed for a value of a unit; None where nothing is."""
    if numeral.dollar != (unit == "usd") or numeral.tail not in _ALLOWED.get(unit, frozenset()):
        return f"is not how a {unit} is written"
    if numeral.tail == " basis point" and abs(value) > _MOST_BASIS:
        return "is too large for basis points"
    if unit in ("count", "days") and numeral.decimals and float(value).is_integer():
        return "shows decimals of a whole number"
    if not agrees(numeral, value):
        return f"is not {value!r}"
    if _is_too_coarse(numeral, value, unit, spec):
        return f"is too coarse to tell {value!r}"
    return None


def _is_too_coarse(numeral: Numeral, value: float, unit: str, spec: MetricSpec | None) -> bool:
    if abs(abs(numeral.value) - abs(value)) <= abs(value) * 1e-9:
        return False
    if not numeral.value:
        own = 0.5 * 10.0 ** -(spec.decimals if spec is not None else 0) * (0.01 if unit == "fraction" else 1)
        return numeral.half_digit > max(own, _FINE if unit in ("fraction", "detail") else 0) * (1 + 1e-9)
    fine = numeral.decimals or numeral.tail == " basis point"  # a basis point is a decimal already
    if fine or (spec is not None and spec.decimals == 0):
        return False
    return numeral.half_digit > _COARSEST * abs(value)


def has_digit(text: str) -> bool:
    """Whether a text holds a numeral of any script: 5, ½, Ⅻ, 五."""
    return any(map(str.isnumeric, text))


def is_day(text: str, day: date) -> bool:
    """Whether a printed date, in one of the two forms that we use, is that day."""
    return text in (day.isoformat(), long_form(day))


def long_form(day: date) -> str:
    """The form that prose uses: "March 27, 2026"."""
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"


def in_years(text: str) -> float | None:
    """A date on a scale, such as "Jan 2015" or "2015-01-30", in years; None where it is neither."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return date.fromisoformat(text).toordinal() / 365.25
    month, _, year = text.partition(" ")
    short = [name[:3] for name in _MONTHS]
    return int(year) + short.index(month) / 12 if month in short and re.fullmatch(r"\d{4}", year) else None
