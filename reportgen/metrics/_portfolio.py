"""Weights from holdings, the matching of two funds' lines, and bounds where only the largest lines are known."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from reportgen.metrics._metric import Unavailable
from reportgen.model import Holding, Holdings
from reportgen.same import Same

_ROUNDING = 1e-9
_IDENTIFIERS = ("isin", "cusip", "ticker")
_NONE_KNOWN = "no holdings known"
_KEPT = 64
"""Funds whose lines are kept sorted, as each is asked for by many metrics and, in a batch, by many articles."""


@dataclass(frozen=True, slots=True)
class Portfolio:
    """A fund's equity lines with their weights.

    With a full file the weights come from market values (stated weights where there are none) and sum to one. With
    the largest lines only they are as stated, and `rest` is what the unknown lines weigh together.
    """

    rows: tuple[Holding, ...]
    weights: tuple[float, ...]
    rest: float
    others: int

    @property
    def is_full(self) -> bool:
        return self.rest == 0


Loader = Callable[[Holdings | None], Portfolio]


def portfolio(holdings: Holdings | None) -> Portfolio:
    """The equity lines of a fund. Raises Unavailable where nothing is known or no line is equity."""
    if holdings is None or not holdings.rows:
        raise Unavailable(_NONE_KNOWN)
    return _of_rows(Same(holdings))


@lru_cache(maxsize=_KEPT)
def _of_rows(same: Same[Holdings]) -> Portfolio:
    """The lines, sorted once for the many metrics that ask."""
    holdings = same.value
    valued = all(row.market_value is not None for row in holdings.rows)
    pairs = [(row, _worth(row, valued=valued)) for row in holdings.rows if row.is_equity]
    pairs = sorted(((row, worth) for row, worth in pairs if worth > 0), key=lambda pair: -pair[1])
    if not pairs:
        raise Unavailable("no equity lines among its holdings")
    rows = tuple(row for row, _ in pairs)
    others = len(holdings.rows) - len(rows)
    total = math.fsum(worth for _, worth in pairs)
    if holdings.scope == "full":
        return Portfolio(rows, tuple(worth / total for _, worth in pairs), 0.0, others)
    stated = tuple(row.weight for row in rows)
    rest = 1 - math.fsum(stated)
    return Portfolio(rows, stated, rest if rest > _ROUNDING else 0.0, others)


def _worth(row: Holding, *, valued: bool) -> float:
    return row.market_value if valued and row.market_value is not None else row.weight


def full(holdings: Holdings | None) -> Portfolio:
    """The equity lines of a fund whose every line is known. Raises Unavailable otherwise."""
    known = portfolio(holdings)
    if not known.is_full:
        raise Unavailable(f"only the {len(known.rows)} largest holdings are known")
    return known


def square_sum_bounds(weights: Sequence[float], rest: float, count: int | None) -> tuple[float, float]:
    """The least and the greatest possible sum of squared weights.

    weights: the largest lines; rest: what the unknown lines weigh together, each of them at most the smallest known
    one. count: how many lines there are in all, where that is known and can hold the rest. The least is the rest
    spread evenly over the unknown lines (over infinitely many if they are not counted), the greatest is as many lines
    of the smallest known weight as fit, and one with what is left. Both are attained or, uncounted, approached.
    """
    known = math.fsum(w * w for w in weights)
    if rest <= 0:
        return known, known
    cap = min(weights)
    unknown = None if count is None else count - len(weights)
    filled = math.floor(rest / cap + _ROUNDING)
    left = max(rest - filled * cap, 0.0)
    most = known + filled * cap * cap + left * left
    fits = unknown is not None and unknown > 0 and unknown * cap >= rest - _ROUNDING
    least = known + rest * rest / unknown if unknown and fits else known
    return min(least, most), most


@dataclass(frozen=True, slots=True)
class Matched:
    """Two portfolios' weights under common identifiers, and the weight that carries none."""

    identifier: str
    first: Mapping[str, float]
    second: Mapping[str, float]
    unmatched: tuple[float, float]


def match(first: Portfolio, second: Portfolio) -> Matched:
    """Both funds' weights by the first identifier that most of both carry; lines with the same one are added up.

    Raises Unavailable where they share no kind of identifier.
    """
    for kind in _IDENTIFIERS:
        sides = [_by_identifier(Same(p), kind) for p in (first, second)]
        known = [
            math.fsum(side.values()) / math.fsum(p.weights) for side, p in zip(sides, (first, second), strict=True)
        ]
        if min(known) > 0.5:
            left = tuple(
                max(0.0, math.fsum(p.weights) - math.fsum(side.values()))
                for side, p in zip(sides, (first, second), strict=True)
            )
            return Matched(kind, sides[0], sides[1], (left[0], left[1]))
    raise Unavailable("the two holdings files share no kind of identifier")


@lru_cache(maxsize=_KEPT)
def _by_identifier(same: Same[Portfolio], kind: str) -> Mapping[str, float]:
    found: dict[str, float] = {}
    for row, weight in zip(same.value.rows, same.value.weights, strict=True):
        identifier = normalized(getattr(row, kind))
        if identifier:
            found[identifier] = found.get(identifier, 0.0) + weight
    return found


def normalized(identifier: str | None) -> str:
    """An identifier as all files could write it: BRK.B, BRK-B, BRK/B and "BRKB " are one; "-" is none."""
    return "".join(c for c in (identifier or "").upper() if c.isalnum())


def shared(matched: Matched) -> float:
    """The sum over the names in both of the smaller weight."""
    return math.fsum(min(w, matched.second[i]) for i, w in sorted(matched.first.items()) if i in matched.second)


def overlap_bounds(matched: Matched, first: Portfolio, second: Portfolio) -> tuple[float, float]:
    """The least and the greatest possible overlap of two funds of which at least one is known by its largest lines.

    An unknown line weighs at most the smallest known line of its fund, and the unknown lines weigh the fund's rest
    together. Least: no unknown line is shared. Greatest: the unknown part of each fund sits on the other's known lines
    as far as it fits, what is left of the two on names that neither shows. Both are tight for holdings that match.
    """
    both = shared(matched)
    on_second = _room(matched.second, matched.first, first)
    on_first = _room(matched.first, matched.second, second)
    most = both + min(second.rest + min(on_second, first.rest), first.rest + min(on_first, second.rest))
    return both, min(most, 1.0)


def _room(known: Mapping[str, float], other: Mapping[str, float], fund: Portfolio) -> float:
    """How much of `known`, the other fund's lines, this fund's unknown lines could share."""
    if fund.is_full:
        return 0.0
    cap = min(fund.weights)
    return math.fsum(min(w, cap) for i, w in sorted(known.items()) if i not in other)
