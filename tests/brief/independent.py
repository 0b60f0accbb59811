"""What changed, and what came of conditions, worked out again from files of facts alone.

Nothing of the program is imported here: the rules are written a second time, from docs/brief.md.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

Document = Mapping[str, Any]
Entry = tuple[str, str, str, str | None, str | None, object, object]
"""Kind, subject, metric, key, comparison, the value (or word) before and now."""

MOVED: Mapping[tuple[str, str | None], tuple[str, float, bool]] = {
    ("expense_ratio", None): ("fee", 0.0, False),
    ("sector_weight", None): ("sector", 0.01, False),
    ("top10_weight", None): ("fact", 0.01, False),
    ("holdings_count", None): ("fact", 0.02, True),
    ("effective_holdings", None): ("fact", 0.10, True),
    ("net_assets", None): ("fact", 0.10, True),
    ("distribution_yield", None): ("fact", 0.0025, False),
    ("current_drawdown", None): ("fact", 0.05, False),
    ("volatility", "1Y"): ("fact", 0.02, False),
    ("max_drawdown", "5Y"): ("fact", 0.01, False),
    ("beta", "5Y"): ("fact", 0.05, False),
    ("credit_beta", "5Y"): ("fact", 0.10, False),
    ("rate_beta", "5Y"): ("fact", 0.10, False),
    ("correlation", "1Y"): ("fact", 0.05, False),
    ("overlap", None): ("fact", 0.02, False),
}
RANKED = (
    ("total_return", "1Y"), ("cagr", "5Y"), ("volatility", "1Y"), ("max_drawdown", "5Y"), ("expense_ratio", None),
    ("distribution_yield", None),
)  # fmt: skip
YARDSTICKS = ("taxonomy", "benchmark", "credit", "rates", "scope")


def own(document: Document) -> dict[str, Document]:
    """A file's facts by id, without those quoted from the issue before."""
    return {fact["id"]: fact for fact in document["facts"] if "issue" not in fact}


def same_method(one: Document | None, other: Document | None) -> bool:
    if one is None or other is None or one["value"] is None or other["value"] is None:
        return False
    alike = all(one["details"].get(name) == other["details"].get(name) for name in YARDSTICKS)
    return alike and one["method"] == other["method"] and one["basis"] == other["basis"]


def entries(before: Document, now: Document) -> set[Entry]:
    """Every change between two files of facts."""
    old, new = own(before), own(now)
    return {
        *_moved(old, new),
        *_holdings(now, old, new),
        *_ranks(before, now, old, new),
        *_flipped(before, now, old, new),
    }


def _code(fact: Document) -> str | None:
    code: str | None = fact["window"]["code"] if fact["window"] else None
    return code


def _moved(old: dict[str, Document], new: dict[str, Document]) -> Iterator[Entry]:
    for id_ in old.keys() & new.keys():
        a, b = old[id_], new[id_]
        limit = MOVED.get((b["metric"], _code(b)))
        if limit is None or not same_method(a, b):
            continue
        kind, size, relative = limit
        move = abs(b["value"] - a["value"])
        if move > (size * abs(a["value"]) if relative else size) * (1 + 1e-9):
            who = f"{b['subject']}:{b['second']}" if b["second"] else b["subject"]
            yield (kind, who, b["metric"], b["key"], None, a["value"], b["value"])


def _holdings(now: Document, old: dict[str, Document], new: dict[str, Document]) -> Iterator[Entry]:
    for fund in {ticker for pair in now["comparisons"].values() for ticker in pair}:
        then, today = ({_line(f): f for f in each.values() if _is_line(f, fund)} for each in (old, new))
        if not then or not today or not same_method(next(iter(then.values())), next(iter(today.values()))):
            continue
        for line in today.keys() - then.keys():
            fact = today[line]
            yield ("holding in", fund, "top_holding", fact["key"], None, None, fact["value"])
        for line in then.keys() - today.keys():
            fact = then[line]
            yield ("holding out", fund, "top_holding", fact["key"], None, fact["value"], None)


def _is_line(fact: Document, fund: str) -> bool:
    return fact["metric"] == "top_holding" and fact["subject"] == fund and fact["value"] is not None


def _line(fact: Document) -> str:
    return str(fact["details"].get("ticker") or fact["key"].casefold())


def _ranks(before: Document, now: Document, old: dict[str, Document], new: dict[str, Document]) -> Iterator[Entry]:
    for name, funds in now["comparisons"].items():
        if before["comparisons"].get(name) != funds:
            continue
        for metric, code in RANKED:
            ids = [f"{fund}/{metric}" + (f"/{code}" if code else "") for fund in funds]
            if not all(same_method(old.get(id_), new.get(id_)) for id_ in ids):
                continue
            orders = [_order(funds, [each[id_]["value"] for id_ in ids]) for each in (old, new)]
            if orders[0] != orders[1]:
                yield ("rank", orders[1].split(", ")[0].split(" and ")[0], metric, None, name, orders[0], orders[1])


def _order(funds: list[str], values: list[float]) -> str:
    levels = sorted(set(values), reverse=True)
    groups = [sorted(f for f, v in zip(funds, values, strict=True) if v == level) for level in levels]
    return ", ".join(" and ".join(group) for group in groups)


def _flipped(before: Document, now: Document, old: dict[str, Document], new: dict[str, Document]) -> Iterator[Entry]:
    then = {(c["comparison"], c["fact"]): c for c in before["claims"]}
    for claim in now["claims"]:
        earlier = then.get((claim["comparison"], claim["fact"]))
        if earlier is None or _answer(earlier) == _answer(claim):
            continue
        if same_method(old.get(claim["fact"]), new.get(claim["fact"])):
            words = {1: "supported", -1: "contradicted", 0: earlier["verdict"]}
            then_told = words[_answer(earlier) * claim["side"]]
            yield ("verdict", claim["fact"], "claim", None, claim["comparison"], then_told, claim["verdict"])


def _answer(claim: Document) -> int:
    side: int = claim["side"]
    return {"supported": side, "contradicted": -side}.get(claim["verdict"], 0)


def listed(changes: Document) -> set[Entry]:
    """What a changes.json lists, in the same form."""
    found: set[Entry] = set()
    for row in changes["changes"]:
        sides = (row["before"] and row["before"]["value"], row["now"] and row["now"]["value"])
        fact = row["now"] or row["before"]
        told = tuple(row["told"]) if row["told"] else sides
        key = None if row["kind"] in ("rank", "verdict") else fact["key"]
        found.add((row["kind"], row["subject"], row["metric"], key, row["comparison"], *told))
    return found


def holds(
    condition: str, roles: Mapping[str, str], comparison: str, document: Document, long: str | None
) -> bool | None:
    """Whether a condition holds by a file of facts; None where a fact that it needs is missing."""
    try:
        return bool(_value(ast.parse(condition.strip(), mode="eval").body, roles, comparison, document, long))
    except LookupError:
        return None


_COMPARE: Mapping[type[ast.cmpop], Callable[[float, float], bool]] = {
    ast.Lt: lambda a, b: a < b and not math.isclose(a, b, rel_tol=1e-9),
    ast.Gt: lambda a, b: a > b and not math.isclose(a, b, rel_tol=1e-9),
    ast.LtE: lambda a, b: a < b or math.isclose(a, b, rel_tol=1e-9),
    ast.GtE: lambda a, b: a > b or math.isclose(a, b, rel_tol=1e-9),
}


def _value(
    node: ast.expr, roles: Mapping[str, str], comparison: str, document: Document, long: str | None
) -> float | bool:
    def inner(each: ast.expr) -> float | bool:
        return _value(each, roles, comparison, document, long)

    found: float | bool
    match node:
        case ast.BoolOp(op=sign, values=values):
            found = all(map(inner, values)) if isinstance(sign, ast.And) else any(map(inner, values))
        case ast.Compare(left=left, ops=ops, comparators=rest):
            sides = [inner(left), *map(inner, rest)]
            found = all(_COMPARE[type(op)](a, b) for op, a, b in zip(ops, sides, sides[1:], strict=False))
        case ast.BinOp(op=ast.Sub(), left=left, right=right):
            found = inner(left) - inner(right)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            found = -inner(operand)
        case ast.Constant(value=int() | float() as number):
            found = number
        case ast.Attribute(value=ast.Name(id=root), attr=name):
            found = _fact(root, name, roles, comparison, document, long)
        case _:
            raise AssertionError(f"the second reader does not know {ast.dump(node)}")
    return found


_SUFFIXES = {"_1w": "1W", "_1m": "1M", "_3m": "3M", "_1y": "1Y", "_3y": "3Y", "_5y": "5Y"}


def _fact(
    root: str, name: str, roles: Mapping[str, str], comparison: str, document: Document, long: str | None
) -> float:
    code = long
    for suffix, meant in _SUFFIXES.items():
        if name.endswith(suffix):
            name, code = name.removesuffix(suffix), meant
    if root == "article":
        ids = [f"article/{name}", f"article/{name}@{comparison}"]
    elif root == "pair":
        funds = document["comparisons"][comparison]
        ids = [f"{funds[0]}:{funds[1]}/{name}/{code}"]
    else:
        who = _market(roles["x"], document) if root == "market" else roles[root]
        ids = [f"{who}/{name}/{code}", f"{who}/{name}/{code}@{comparison}", f"{who}/{name}"]
    facts = own(document)
    for id_ in ids:
        if id_ in facts and facts[id_]["value"] is not None:
            return float(facts[id_]["value"])
    raise LookupError(ids)


def _market(ticker: str, document: Document) -> str:
    """The benchmark that a fund's beta was measured against."""
    return str(own(document)[f"{ticker}/beta/5Y"]["details"]["benchmark"])


def outcome(statement: Document, later: list[tuple[date, Document]]) -> tuple[str, str | None]:
    """What becomes of a statement in the issues after it: its status, and the issue that decided it."""
    since = date.fromisoformat(statement["since"])
    for day, document in later:
        if day - since < timedelta(days=7):
            continue
        told = _told(statement, document)
        if told is not None:
            return told, day.isoformat()
        if day - since >= timedelta(days=182):
            return "lapsed", day.isoformat()
    return "open", None


def _told(statement: Document, document: Document) -> str | None:
    """What an issue's facts say of a statement; None where they decide nothing."""
    if statement["comparison"] in document["comparisons"]:
        window = {"long": "5Y"}.get(statement["window"] or "", statement["window"])
        asked = statement["roles"], statement["comparison"], document, window
        if not holds(statement["watch"], *asked):
            return None
        if statement["expects"] is None:
            return "occurred"
        found = holds(statement["expects"], *asked)
        if found is not None:
            return "hit" if found else "miss"
    return None


def score_interval(hits: int, trials: int) -> tuple[float, float]:
    """The shares p for which |hits/trials - p| is exactly 1.96 standard errors of p: Wilson's bounds, by halving."""
    z, share = 1.959963984540054, hits / trials

    def far(p: float) -> bool:
        return abs(share - p) > z * math.sqrt(p * (1 - p) / trials)

    def edge(inside: float, outside: float) -> float:
        for _ in range(200):
            middle = (inside + outside) / 2
            inside, outside = (inside, middle) if far(middle) else (middle, outside)
        return inside

    return edge(share, 0.0), edge(share, 1.0)
