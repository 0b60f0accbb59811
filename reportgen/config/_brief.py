"""[brief]: which comparisons a weekly brief holds, in which form, and what happens when one of them fails."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from reportgen.config._checks import Key, one_of, ticker

FORMS = ("short", "full")
FAILURES = ("issue others", "hold all")
COVER = ("week", "moves", "changed", "watch", "scorecard")
"""The sections of a brief's cover, in our order."""
FEWEST, MOST = 2, 5
"""How many funds a comparison has."""
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Brief:
    """What a weekly brief is made of. `name` is its folder; `pairs` the comparisons, in printing order.

    form: "short" prints each comparison's answer, returns and outlook, "full" its whole article. when_one_fails: what
    becomes of the others when a comparison is held.
    """

    name: str = "brief"
    pairs: tuple[tuple[str, ...], ...] = ()
    form: Literal["short", "full"] = "short"
    when_one_fails: Literal["issue others", "hold all"] = "issue others"


def folder_name(value: object) -> str | None:
    """A name that can be a folder everywhere."""
    fits = isinstance(value, str) and _NAME.fullmatch(value)
    return None if fits else 'must be small letters, digits and hyphens, such as "weekly-brief"'


def comparisons(value: object) -> str | None:
    """A list of lists of two to five different tickers, no comparison twice."""
    if not isinstance(value, list) or not value or not all(isinstance(each, list) for each in value):
        return 'must be a list of comparisons, such as [["IWM", "QQQ"], ["SPY", "QQQ"]]'
    for each in value:
        wrong = next((one for one in each if ticker(one) is not None), None)
        if wrong is not None:
            return f"holds {wrong!r}, which {ticker(wrong)}"
        if len(set(each)) != len(each) or not FEWEST <= len(each) <= MOST:
            return f"holds {each!r}; a comparison has two to five different funds"
    twice = next((each for each in value if value.count(each) > 1), None)
    return None if twice is None else f"names {twice!r} twice"


BRIEF: Mapping[str, Key] = {
    "name": Key("brief.name", folder_name, "the brief's folder below the as-of; small letters, digits and hyphens"),
    "pairs": Key("brief.pairs", comparisons, "the comparisons, each a list of two to five tickers"),
    "form": Key("brief.form", one_of(*FORMS), "short (answer, returns, outlook) or full (every section)"),
    "when_one_fails": Key("brief.when_one_fails", one_of(*FAILURES), "issue others, or hold all, when one is held"),
}
