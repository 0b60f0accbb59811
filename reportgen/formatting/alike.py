"""Prints a value in the form of a text that is printed already, so that two versions of a number can be compared."""

from __future__ import annotations

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


def decimals(text: str) -> int:
    """How many decimals a printed number shows; -1 for a text that is no number."""
    form = _NUMERAL.fullmatch(text)
    return -1 if form is None else len(form["digits"].partition(".")[2])


def alike(text: str, value: float) -> str:
    """The value in the form of `text`: its unit, its decimals, its plus; a value below zero keeps its minus.

    "31.91%" and -0.3512 give "-35.12%"; "1.0 point" and 0.02 give "2.0 points". Raises ValueError for a text that is no
    number.
    """
    form = _NUMERAL.fullmatch(text)
    if form is None:
        raise ValueError(f"{text!r} is not one number")
    tail = form["tail"] or ""
    unit = tail.removesuffix("s") if tail != " pts" else " pt"
    size = fixed(abs(value) / _SCALE.get(unit, 1.0), decimals(text))
    is_zero = not size.strip("0.,")
    sign = "" if is_zero else "-" if value < 0 else "+" if form["sign"] == "+" else ""
    if unit in (" point", " basis point"):
        tail = unit if float(size.replace(",", "")) == 1 else f"{unit}s"
    return f"{sign}{form['dollar']}{size}{tail}"
