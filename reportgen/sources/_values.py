"""Values from outside, made safe: words without invisible characters, finite numbers, and what can be meant by them."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping

from reportgen.sources._raw import RawFile

# No close, payment or adjusted close lies outside; funds that were split backwards often begin in the billions.
LEAST_CLOSE, LARGEST_CLOSE = 1e-4, 1e10
# The smallest funds listed have some hundred thousand dollars, and all funds of the world together some 80 trillion.
SANE: Mapping[str, tuple[float, float]] = {"net_assets": (1e5, 1e14), "holdings_count": (0, 1e6), "leverage": (-10, 10)}

_PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?", re.ASCII)


def words(text: str) -> str:
    """The text on one line, without control characters, marks of writing direction and other invisible ones."""
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " if c.isspace() else "" for c in text)
    return " ".join(text.split())


def uppercase(text: str) -> str:
    """In upper case, if it is plain ASCII: some other letters, such as the long s, would turn into ASCII ones."""
    return text.upper() if text.isascii() else text


def number_in(text: str, *, commas_separate: bool = True) -> float | None:
    """The number written, or None. A comma is read only where it can be nothing but a separator of thousands.

    commas_separate: False in a table whose cells are separated by something else, as programs write it that use the
    decimal comma: there 113,045 could be either, and only 1,113.04 or 1,113,045 can be told.
    """
    if _PLAIN.fullmatch(text):
        return float(text)
    if not _GROUPED.fullmatch(text) or not (commas_separate or "." in text or text.count(",") > 1):
        return None
    return float(text.replace(",", ""))


def finite(value: object) -> float | None:
    """A number from JSON or TOML as a float, or None for anything else, NaN, and integers beyond every float."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def shown(value: object) -> str:
    """A value as an error message can quote it: never longer than a line."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 10**30:
        return "an integer with more digits than any figure here has"
    text = words(repr(value))
    return text if len(text) <= 80 else f"{text[:77]}..."


def parsed_json(raw: RawFile, what: str) -> object:
    """The value of a JSON file. Raises DataError, calling the content `what`, where it is none or nests too deep."""
    try:
        value: object = json.loads(raw.text)
    except (ValueError, RecursionError) as error:
        is_broken = isinstance(error, json.JSONDecodeError)
        why = "are not JSON, or are cut off" if is_broken else "nest too deep or hold integers of thousands of digits"
        line = error.lineno if isinstance(error, json.JSONDecodeError) else None
        raise raw.error(f"The {what} {why}.", line=line, fix="Download the file again or remove it.") from None
    return value
