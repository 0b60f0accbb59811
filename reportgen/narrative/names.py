"""Resolves the dotted names of the rule language against the metric catalogue.

- `x.METRIC`, `y.METRIC`: a fund's fact over the rule's window; `x.METRIC_1y` over another (1w 1m 3m ytd 1y 3y 5y 10y
  si long, cy2022 for a calendar year). `long` is five years where every fund has them, else the common history.
- `pair.METRIC`, `pair.diff.METRIC`: a fact of the two funds; a difference is x minus y, whatever the order asked for.
- `market.METRIC`: the benchmark's fact. `article.METRIC`: a fact of the article, or with a filter for lists the facts
  of all funds compared, in the order asked for.
- a third part, `x.largest_sector.weight` or `x.sector_weight.Technology`, is a key or an entry of the fact's details;
  the keys x and y are their tickers, and a key that begins with a digit is written `pair.rolling_win_share.of_3y`.
- properties: ticker, name, issuer, index, category, leverage of x, y and market; first and second of the pair, in the
  order asked for; of the article as_of, funds (how many) and the next scheduled day of a kind: next_expiry, next_fomc,
  next_cpi, next_jobs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import get_args

from reportgen.model import DIFFERENCE, MetricSpec
from reportgen.narrative.problems import nearest
from reportgen.narrative.syntax import LONG, FactName, Kind, PropertyName, Root

ROOTS: tuple[Root, ...] = get_args(Root)
TURNING = frozenset({"companion_beta"})
"""Facts of a pair, besides differences, that change their sign when the funds change places."""

VERDICTS = ("supported", "contradicted", "inconclusive", "untested", "clear_of_zero", "barely")
"""What a text may ask about its claim; clear_of_zero: the interval by itself leaves out zero, whatever the verdict;
barely: it does, by no more than a twentieth of its width."""
CODES: Mapping[str, str] = {
    **{code.lower(): code for code in ("1W", "1M", "3M", "YTD", "1Y", "3Y", "5Y", "10Y", "SI")},
    LONG: LONG,
}
FUND_PROPERTIES: Mapping[str, Kind] = {
    "ticker": "text", "name": "text", "issuer": "text", "index": "text", "category": "text", "leverage": "number",
}  # fmt: skip
PAIR_PROPERTIES: Mapping[str, Kind] = {"first": "text", "second": "text"}
ARTICLE_PROPERTIES: Mapping[str, Kind] = {
    "as_of": "date", "funds": "number", "next_expiry": "date", "next_fomc": "date", "next_cpi": "date",
    "next_jobs": "date",
}  # fmt: skip
_CALENDAR_YEAR = re.compile(r"cy(\d{4})")


class UnknownNameError(Exception):
    """A name that the language does not have; the message says what is wrong and which name is nearest."""


def kind_of(unit: str) -> Kind:
    """What a fact of that unit gives in an expression."""
    return {"text": "text", "date": "date"}.get(unit, "number")  # type: ignore[return-value]


def resolve(parts: tuple[str, ...], window: str | None, catalogue: Mapping[str, MetricSpec]) -> FactName | PropertyName:
    """The name that `parts` spell. Raises UnknownNameError with the nearest known name."""
    written = ".".join(parts)
    root = parts[0]
    if root not in ROOTS:
        raise UnknownNameError(f"unknown name {root!r}{nearest(root, (*ROOTS, *VERDICTS))}")
    if len(parts) == 1:
        raise UnknownNameError(f"{root!r} alone says nothing; write {root}.METRIC")
    properties = _properties(root)
    if len(parts) == 2 and parts[1] in properties:
        return PropertyName(written, root, parts[1], properties[parts[1]])
    return _fact(written, root, parts[1:], window, catalogue)


def _properties(root: Root) -> Mapping[str, Kind]:
    return {"article": ARTICLE_PROPERTIES, "pair": PAIR_PROPERTIES}.get(root, FUND_PROPERTIES)


def _fact(
    written: str, root: Root, parts: tuple[str, ...], window: str | None, catalogue: Mapping[str, MetricSpec]
) -> FactName:
    difference = parts[0] == "diff"
    if difference and (root != "pair" or len(parts) < 2):
        raise UnknownNameError(f"{written!r}: a difference is written pair.diff.METRIC")
    metric, *more = parts[1:] if difference else parts
    if len(more) > 1:
        raise UnknownNameError(f"{written!r} has too many parts")
    if any(part.startswith("_") for part in more):
        raise UnknownNameError(f"{written!r}: no key or detail of a fact begins with an underscore")
    metric, code = _split(written, metric, root, catalogue)
    spec = catalogue[metric]
    if difference and not spec.difference:
        raise UnknownNameError(f"{written!r}: the difference of two funds' {metric} means nothing")
    if spec.per_window:
        code = code or window
        if code is None:
            raise UnknownNameError(f"{written!r} needs a window: give the rule one, or write {written}_1y")
    elif code is not None:
        raise UnknownNameError(f"{written!r}: {metric} is not measured over windows")
    name = DIFFERENCE + metric if difference else metric
    kind: Kind = "any" if more else kind_of(spec.unit)
    unit = "any" if more else spec.unit
    turns = difference or (root == "pair" and metric in TURNING)
    return FactName(written, root, name, code, more[0] if more else None, turns, kind, unit)


def _split(written: str, name: str, root: Root, catalogue: Mapping[str, MetricSpec]) -> tuple[str, str | None]:
    if name in catalogue:
        return name, None
    metric, _, suffix = name.rpartition("_")
    if metric in catalogue:
        if suffix in CODES:
            return metric, CODES[suffix]
        if year := _CALENDAR_YEAR.fullmatch(suffix):
            return metric, f"CY{year[1]}"
    known = (*catalogue, *_properties(root))
    raise UnknownNameError(f"unknown metric {name!r} in {written!r}{nearest(name, known)}")
