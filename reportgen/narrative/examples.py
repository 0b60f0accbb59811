"""Runs the examples embedded in a rule: small made-up facts, and what the rule must say about them.

`facts` names facts as the rule does: `x.top10_weight = 0.5`. A table gives more: `{ value = -0.3, peak = 2021-11-08 }`
(details), `{ missing = "only ten holdings are known" }`, `{ keys = { Technology = 0.5 } }` (a keyed metric),
`{ value = 1, n = 60, interval = [0.5, 1.5] }`. Differences of x and y are made from what is given. x is AAA and y is
BBB unless x.ticker or y.ticker says otherwise; x.name, x.index, x.asset_class and the like are set the same way, and
article.next_fomc and its kind as dates. `interval` belongs to the claim as it is written. Each example with roles by a
metric is run in both orders of asking, because a statement must not depend on who was named first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from reportgen.model import (
    DIFFERENCE,
    ContextFunds,
    DatedEvent,
    Fact,
    Fund,
    Interval,
    Measurements,
    MetricSpec,
    Window,
    plain,
)
from reportgen.narrative.comment import consider
from reportgen.narrative.evaluate import amount
from reportgen.narrative.names import UnknownNameError, resolve
from reportgen.narrative.problems import Problem
from reportgen.narrative.rules import Example, Rule
from reportgen.narrative.scene import ARTICLE, Scene, Setting
from reportgen.narrative.syntax import LONG, FactName
from reportgen.narrative.words import Words

AS_OF = date(2026, 3, 27)
_START = date(2021, 3, 26)
_FACT_KEYS = frozenset({"value", "missing", "keys", "n", "interval"})
_FUND_FIELDS = frozenset(f.name for f in fields(Fund)) - {"facts", "ticker"}


class ExampleError(Exception):
    """An example that cannot be set up; the message says which of its facts is wrong."""


def check_examples(rules: Sequence[Rule], catalogue: Mapping[str, MetricSpec], words: Words) -> tuple[Problem, ...]:
    """Every example that does not come out as it expects."""
    found = (Problem(str(r.path), line, 1, text) for r in rules for line, text in _failures(r, catalogue, words))
    return tuple(sorted(found))


def _failures(rule: Rule, catalogue: Mapping[str, MetricSpec], words: Words) -> Iterator[tuple[int, str]]:
    for example in rule.examples:
        for swapped in (False, True) if rule.roles.by is not None else (False,):
            problem = run_example(rule, example, catalogue, words, swapped=swapped)
            if problem is not None:
                yield example.line, f"{problem}{' (asked in the other order)' if swapped else ''}"


def run_example(
    rule: Rule, example: Example, catalogue: Mapping[str, MetricSpec], words: Words, *, swapped: bool = False
) -> str | None:
    """What is wrong with what the rule says about an example, or None."""
    try:
        setting, expected_x = _Stage(rule, example, catalogue, swapped).setting()
    except (ExampleError, UnknownNameError, ValueError, TypeError) as problem:
        return f"the example cannot be set up: {problem}"
    candidates, silent = consider(setting, [rule], words)
    candidates = [c for c in candidates if rule.scope != "fund" or c.statement.roles.get("x") == expected_x]
    if not candidates:
        reasons = "; ".join(dict.fromkeys(s.reason for s in silent))
        return None if example.expect == "silent" else f"expected {example.expect}, but it is silent: {reasons}"
    statement, found = candidates[0].statement, candidates[0].found
    text = plain(statement.runs).replace("’", "'")
    if example.expect == "silent":
        return f"expected silence, but it says {text!r}"
    if found != example.expect:
        return f"expected {example.expect}, but the verdict is {found}"
    if "x" in statement.roles and statement.roles["x"] != expected_x and not _tied(rule, setting):
        return f"the roles are the other way round: x is {statement.roles['x']}"
    unsaid = [part for part in example.says if part not in text]
    return f"{unsaid[0]!r} is not part of what it says: {text!r}" if unsaid else None


def _tied(rule: Rule, setting: Setting) -> bool:
    """Whether the metric that gives the roles is the same for both: then the order asked for gives them."""
    if rule.roles.by is None:
        return False
    first, second = setting.tickers
    return amount(rule.roles.by, Scene(setting, first, second)) == amount(rule.roles.by, Scene(setting, second, first))


@dataclass
class _Stage:
    """Builds the setting of one example."""

    rule: Rule
    example: Example
    catalogue: Mapping[str, MetricSpec]
    swapped: bool

    def setting(self) -> tuple[Setting, str]:
        given = dict(_flat(self.example.facts))
        x, y = str(given.pop("x.ticker", "AAA")), str(given.pop("y.ticker", "BBB"))
        tickers = (x,) if self.rule.scope == "fund" else (y, x) if self.swapped else (x, y)
        funds = {ticker: Fund(ticker, f"{ticker} Fund", "equity") for ticker in (x, y)}
        events: list[DatedEvent] = []
        facts: dict[str, Fact] = {}
        for written, value in given.items():
            root, _, name = written.partition(".")
            if root in ("x", "y") and name in _FUND_FIELDS:
                ticker = x if root == "x" else y
                funds[ticker] = replace(funds[ticker], **{name: value})
            elif root == ARTICLE and name.startswith("next_"):
                events.append(DatedEvent(name.removeprefix("next_"), value, name, "an example"))
            else:
                self._add(facts, written, value, {"x": x, "y": y, "market": "SPY"}, tickers)
        self._differences(facts, x, y, tickers)
        self._interval(facts, x, y)
        measurements = Measurements(AS_OF, tickers, facts, {}, self.catalogue)
        return Setting(measurements, funds, tuple(events), ContextFunds(), "5Y"), x

    def _add(
        self, facts: dict[str, Fact], written: str, value: object, who: Mapping[str, str], tickers: tuple[str, ...]
    ) -> None:
        name = resolve(tuple(written.split(".")), self.rule.window, self.catalogue)
        if not isinstance(name, FactName):
            raise ExampleError(f"{written} cannot be given")
        body: dict[str, Any] = dict(value) if isinstance(value, dict) else {"value": value}
        keyed = body.pop("keys", None)
        if keyed is not None and not isinstance(keyed, dict):
            raise ExampleError(f"{written}: keys are a table, such as {{ Energy = 0.1 }}")
        part = who.get(name.part or "", name.part)
        part = part.removeprefix("of_").upper() if part is not None and part.startswith("of_") else part
        for key, number in keyed.items() if keyed is not None else ((part, body.pop("value", None)),):
            fact = self._fact(name, key, number, body, who, tickers)
            facts[fact.id] = fact

    def _fact(
        self,
        name: FactName,
        key: str | None,
        value: Any,  # noqa: ANN401  whatever TOML gives
        body: Mapping[str, Any],
        who: Mapping[str, str],
        tickers: tuple[str, ...],
    ) -> Fact:
        spec = self.catalogue[name.metric.removeprefix(DIFFERENCE)]
        subject, second = (tickers[0], tickers[1]) if name.root == "pair" else (who.get(name.root, ARTICLE), None)
        if name.turns and tickers[0] != who["x"] and value is not None:
            value = -value
        code = "5Y" if name.code == LONG else name.code
        return Fact(
            subject=subject,
            second=second,
            metric=name.metric,
            key=key,
            unit=spec.unit,
            code=code,
            window=Window(code, _START, AS_OF) if code is not None else None,
            value=float(value) if isinstance(value, int) and not isinstance(value, bool) else value,
            missing=body.get("missing"),
            n=body.get("n"),
            interval=_bounds(*body["interval"]) if "interval" in body else None,
            as_of=AS_OF,
            details={k: v for k, v in body.items() if k not in _FACT_KEYS},
        )

    def _differences(self, facts: dict[str, Fact], x: str, y: str, tickers: tuple[str, ...]) -> None:
        """The differences that stage 2 makes of every number that both funds have."""
        if len(tickers) < 2:
            return
        by_name = {(f.subject, f.metric, f.key, f.code): f for f in facts.values() if f.second is None}
        for (subject, metric, key, code), mine in list(by_name.items()):
            other = by_name.get((y, metric, key, code)) if subject == x else None
            if other is None or not isinstance(mine.value, float) or not isinstance(other.value, float):
                continue
            size = mine.value - other.value if tickers[0] == x else other.value - mine.value
            made = replace(mine, subject=tickers[0], second=tickers[1], metric=DIFFERENCE + metric, value=size)
            facts.setdefault(made.id, replace(made, details={}))

    def _interval(self, facts: dict[str, Fact], x: str, y: str) -> None:
        claim, bounds = self.rule.claim, self.example.interval
        if claim is None or bounds is None:
            return
        low, high = bounds
        metric = claim.left.metric if claim.right is None else DIFFERENCE + claim.left.metric
        code = "5Y" if claim.left.code == LONG else claim.left.code
        subject = y if claim.right is None and claim.left.root == "y" else x
        for fact_id, fact in facts.items():
            if (fact.metric, fact.code) != (metric, code) or (fact.second is None and fact.subject != subject):
                continue
            about_x_first = fact.second is None or fact.subject == x
            flips = about_x_first is (claim.right is not None and claim.left.root == "y")
            flips = flips if fact.second is not None else False
            first, last = (-high, -low) if flips else (low, high)
            facts[fact_id] = replace(fact, interval=_bounds(first, last))


def _bounds(low: float, high: float) -> Interval:
    return Interval(low, high, 0.95, "bootstrap", 2_000, 0.5 if low <= 0 <= high else 0.001)


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted names and their values; a table with one of the fact's own keys is a value."""
    for key, value in table.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict) and not _FACT_KEYS & value.keys():
            yield from _flat(value, f"{name}.")
        else:
            yield name, value
