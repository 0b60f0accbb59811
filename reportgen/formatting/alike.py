"""Prints a value in the form of a text that is printed already, so that two versions of a number can be compared."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from reportgen.formatting.numbers import fixed

_NUMERAL = re.compile(
    r"(?P<sign>[-+]?)(?P<dollar>\$?)(?P<digits>[0-9][0-9,]*(?:\.[0-9]+)?)"
    r"(?P<tail>%|B|M| basis points?| points?| pts)?"
)
_SCALE: Mapping[str, float] = {"%": 0.01, "B": 1e9, "M": 1e6, " basis point": 1e-4, " point": 0.01, " pt": 0.01}


def is_numeral(text: str) -> bool:
    """Whether a text is one number, as the filters print it."""
    return _NUMERAL.fullmatch(text) is not None


def last_digit(text: str) -> float:
    """What one in the last printed digit is worth: 0.0001 in "1 basis point"; infinite for a text that is no number."""
    form = _NUMERAL.fullmatch(text)
    return math.inf if form is None else _SCALE.get(_unit(form), 1.0) * 10.0 ** -_decimals(form)


def alike(text: str, value: float) -> str:
    """The value in the form of `text`: its unit, its decimals, its plus; a value below zero keeps its minus.

    "31.91%" and -0.3512 give "-35.12%"; "1.0 point" and 0.02 give "2.0 points". Raises ValueError for a text that is no
    number.
    """
    form = _NUMERAL.fullmatch(text)
    if form is None:
        raise ValueError(f"{text!r} is not one number")
    tail, unit = form["tail"] or "", _unit(form)
    size = fixed(abs(value) / _SCALE.get(unit, 1.0), _decimals(form))
    is_zero = not size.strip("0.,")
    sign = "" if is_zero else "-" if value < 0 else "+" if form["sign"] == "+" else ""
    if unit in (" point", " basis point"):
        tail = unit if float(size.replace(",", "")) == 1 else f"{unit}s"
    return f"{sign}{form['dollar']}{size}{tail}"


def _unit(form: re.Match[str]) -> str:
    return (form["tail"] or "").removesuffix("s")


def _decimals(form: re.Match[str]) -> int:
    return len(form["digits"].partition(".")[2])
