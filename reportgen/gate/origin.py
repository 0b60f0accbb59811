"""From a printed number back to its fact: which facts a text can stand for, and the facts that travel in a PDF."""

from __future__ import annotations

import re

from reportgen.gate import _numerals
from reportgen.gate._pdf import Document
from reportgen.model import Fact, MetricSpec, Scalar

_ENDINGS = ("", "%", "B", "M", " points", " basis points", " pts")
_PARTS = (None, "n", "interval.low", "interval.high")


def attached(pdf: bytes, name: str) -> bytes | None:
    """A file that travels in a PDF of ours; None where there is none of the name. Raises ValueError for other files."""
    return Document(pdf).attachment(name)


def tells(fact: Fact, text: str, spec: MetricSpec | None = None) -> str | None:
    """Which part of a fact a printed text stands for: "value", "n", "interval.low", a detail; None for no part.

    The text may lack its sign, its dollar or its ending: "35.12" stands for -35.12%.
    """
    if fact.missing is not None:
        return None
    for part in (*_PARTS, *fact.details):
        try:
            value = fact.part(part)
        except (KeyError, AttributeError):
            continue
        if _is(fact, part, value, text, spec):
            return part or "value"
    return None


def _is(fact: Fact, part: str | None, value: Scalar, text: str, spec: MetricSpec | None) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value is not None and text == str(value)
    unit = _numerals.unit_of(fact, part, value)
    for form in _forms(text):
        numeral = _numerals.read(form)
        if numeral is not None and _numerals.fault(numeral, float(value), unit, spec) is None:
            return True
    return False


def _forms(text: str) -> tuple[str, ...]:
    """The text as it stands, or where it is a bare number all forms that it may have been printed in."""
    text = text.strip()
    if not re.fullmatch(r"[-+−]?[0-9][0-9,.]*", text):
        return (text,)
    sign, digits = (text[0], text[1:]) if text[0] in "-+−" else ("", text)
    return tuple(f"{sign}{dollar}{digits}{ending}" for dollar in ("", "$") for ending in _ENDINGS)
