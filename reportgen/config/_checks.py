"""What a value in the settings may be: each check says what is wrong with a value, or None."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

Check = Callable[[Any], str | None]

TICKER = re.compile(r"\^?[A-Z0-9][A-Z0-9.\-]{0,14}")
_LINK = re.compile(r"https://[A-Za-z0-9.-]+(?::[0-9]+)?(?:/(?:[-\w.~/%?=&#]|\{as_of\}|\{slug\})*)?", re.ASCII)


class Key(NamedTuple):
    """One key of the file: the field its value goes to, what it must be, and what it means.

    A dotted field lies in a group: "context.credit" is `Settings.context.credit`. A path is relative to the file.
    """

    field: str
    check: Check
    meaning: str
    path: bool = False


def text(value: object) -> str | None:
    """A text that is not blank and can be printed."""
    if not isinstance(value, str) or not value.strip():
        return "must be a text in quotes"
    return None if value.isprintable() else "holds a character that cannot be printed"


def prose(value: object) -> str | None:
    """A text of one paragraph or several."""
    return text(" ".join(value.split()) if isinstance(value, str) else value)


def link(value: object) -> str | None:
    """A secure address that may hold {as_of} and {slug}."""
    fits = isinstance(value, str) and _LINK.fullmatch(value)
    return None if fits else 'must be an address such as "https://example.com/{as_of}/{slug}/article.html"'


def ticker(value: object) -> str | None:
    return None if isinstance(value, str) and TICKER.fullmatch(value) else 'must be a ticker in capitals, such as "SPY"'


def one_of(*choices: str) -> Check:
    """One of the texts given."""

    def check(value: object) -> str | None:
        return None if value in choices else f"must be one of {', '.join(choices)}"

    return check


def list_of(check: Check, what: str) -> Check:
    """A list, empty or not, whose entries all pass a check."""

    def check_all(value: object) -> str | None:
        if not isinstance(value, list):
            return f"must be a list of {what}"
        wrong = [item for item in value if check(item) is not None]
        return f"holds {wrong[0]!r}, which {check(wrong[0])}" if wrong else None

    return check_all


def some_of(*choices: str) -> Check:
    """A list of at least one of the texts given."""

    def check(value: object) -> str | None:
        wrong = list_of(one_of(*choices), "formats")(value)
        return wrong or (None if value else "names none; leave it out for html and pdf")

    return check


def number_from(least: float, most: float, *, whole: bool = False) -> Check:
    """A number from `least` to `most`, both included."""
    kind = "a whole number" if whole else "a number"

    def check(value: object) -> str | None:
        fits = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
        inside = fits and isinstance(value, int | float) and least <= value <= most
        return None if inside else f"must be {kind} from {least:g} to {most:g}"

    return check
