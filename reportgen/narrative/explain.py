"""Why a rule spoke or stayed silent: each fact, the parts of its condition, the verdict, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from reportgen.errors import UsageError
from reportgen.formatting import value as shown
from reportgen.model import Fact, Measurements, Snapshot, Statement, plain
from reportgen.narrative import select
from reportgen.narrative.comment import Asked, adjust, ask, consider
from reportgen.narrative.evaluate import holds, value_of
from reportgen.narrative.problems import nearest
from reportgen.narrative.rules import Rule
from reportgen.narrative.scene import Scene, Setting, UnavailableError
from reportgen.narrative.syntax import (
    Arithmetic,
    Comparison,
    Constant,
    Expression,
    FactName,
    Logic,
    Missing,
    Negative,
    Not,
    PropertyName,
    VerdictName,
    names_in,
    outputs_in,
    tests_in,
)
from reportgen.narrative.verdicts import verdict
from reportgen.narrative.words import Words

_SIGNS = {"eq": "==", "ne": "!=", "lt": "<", "lteq": "<=", "gt": ">", "gteq": ">="}


@dataclass(frozen=True, slots=True)
class Part:
    """One name or comparison of the rule with what it came to here, or why it has no value."""

    written: str
    result: str


@dataclass(frozen=True, slots=True)
class Account:
    """What became of a rule in one scene. `printed` says whether it is in the article; `reason` why not."""

    roles: Mapping[str, str]
    facts: tuple[Part, ...] = ()
    condition: tuple[Part, ...] = ()
    claim: tuple[Part, ...] = ()
    said: str | None = None
    printed: bool = False
    reason: str | None = None

    def as_json(self) -> dict[str, object]:
        parts = {"facts": self.facts, "condition": self.condition, "claim": self.claim}
        tables = {name: {part.written: part.result for part in given} for name, given in parts.items()}
        return {"roles": dict(self.roles), **tables, "said": self.said, "printed": self.printed, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Explanation:
    """A rule with its account for every scene it could speak in."""

    rule: Rule
    accounts: tuple[Account, ...]

    def __str__(self) -> str:
        return "\n".join(lines(self))

    def as_json(self) -> dict[str, object]:
        """The same as plain dictionaries, for `--json`."""
        rule = self.rule
        head = {"rule": rule.name, "section": rule.section, "topic": rule.topic, "priority": rule.priority}
        return {**head, "accounts": [account.as_json() for account in self.accounts]}


def explain(
    name: str, measurements: Measurements, snapshot: Snapshot, rules: Sequence[Rule], words: Words
) -> Explanation:
    """The explanation of one rule among all rules, whose claims are tested together.

    Raises UsageError, with the nearest name, where there is no such rule.
    """
    rule = next((r for r in rules if r.name == name), None)
    if rule is None:
        raise UsageError(f"there is no rule {name!r}{nearest(name, (r.name for r in rules))}.")
    setting = Setting.of(measurements, snapshot)
    asked, _ = ask(setting, rules)
    adjusted_ps = adjust(asked)
    candidates, silent = consider(setting, rules, words)
    statements, passed_over = select.select(candidates)
    spoken = {_who(c.statement.roles): c.statement for c in candidates if c.rule is rule}
    printed = {_who(c.statement.roles) for c in statements.get(rule.section, ()) if c.rule is rule}
    reasons = {_who(s.roles): s.reason for s in (*silent, *passed_over) if s.rule == name}
    mine = {_who(one.scene.roles): one for one in asked if one.rule is rule}
    keys = [*mine, *(who for who in reasons if who not in mine)]
    return Explanation(rule, tuple(_account(who, mine.get(who), spoken, printed, reasons, adjusted_ps) for who in keys))


Who = tuple[tuple[str, str], ...]


def _who(roles: Mapping[str, str]) -> Who:
    return tuple(roles.items())


def _account(
    who: Who,
    one: Asked | None,
    spoken: Mapping[Who, Statement],
    printed: set[Who],
    reasons: Mapping[Who, str],
    adjusted_ps: Mapping[str, float],
) -> Account:
    statement = spoken.get(who)
    said = plain(statement.runs) if statement is not None else None
    if one is None:
        return Account(dict(who), reason=reasons.get(who))
    return Account(
        roles=dict(who),
        facts=tuple(_facts(one.rule, one.scene)),
        condition=tuple(_conditions(one.rule.when, one.scene)) if one.rule.when is not None else (),
        claim=tuple(_claim(one, adjusted_ps)),
        said=said,
        printed=who in printed,
        reason=reasons.get(who),
    )


def _facts(rule: Rule, scene: Scene) -> Iterator[Part]:
    expressions = [e for e in (rule.roles.by, rule.when, rule.effect, *tests_in(rule.text)) if e is not None]
    names: list[object] = [name for expression in expressions for name in names_in(expression)]
    if rule.claim is not None:
        names.extend(side for side in (rule.claim.left, rule.claim.right) if side is not None)
    names.extend(output.name for output in outputs_in(rule.text))
    for name in dict.fromkeys(names):
        if isinstance(name, FactName):
            yield Part(name.written, _fact(name, scene))


def _fact(name: FactName, scene: Scene) -> str:
    try:
        if name.root == "article" and scene.find(name) is None:
            return ", ".join(f"{r.fact.id} = {shown(r).text}" for r in scene.family(name).readings)
        if name.part is None:
            reading = scene.reading(name)
            return f"{reading.fact.id} = {shown(reading).text}"
        return str(scene.value(name))
    except UnavailableError as reason:
        return f"not available: {reason}"


def _conditions(expression: Expression, scene: Scene) -> Iterator[Part]:
    """The parts that `and` and `or` join, each with its truth."""
    if isinstance(expression, Logic):
        yield from _conditions(expression.left, scene)
        yield from _conditions(expression.right, scene)
        return
    try:
        yield Part(written(expression), "true" if holds(expression, scene) else f"false{_values(expression, scene)}")
    except UnavailableError as reason:
        yield Part(written(expression), f"not available: {reason}")


def _values(expression: Expression, scene: Scene) -> str:
    if not isinstance(expression, Comparison):
        return ""
    sides = (expression.left, *(side for _, side in expression.rest))
    return f" ({' against '.join(_plain(value_of(side, scene)) for side in sides)})"


def _plain(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _claim(one: Asked, adjusted_ps: Mapping[str, float]) -> Iterator[Part]:
    if one.test is None:
        return
    fact = one.test.fact
    yield Part("claim", one.test.text)
    yield Part("fact", f"{fact.id} = {_plain(fact.value)}")
    yield Part("interval", _interval(fact))
    adjusted_p = adjusted_ps.get(fact.id)
    yield Part("adjusted p", "none" if adjusted_p is None else f"{adjusted_p:.4g}")
    yield Part("verdict", verdict(one.test, adjusted_p))


def _interval(fact: Fact) -> str:
    bounds = fact.interval
    if bounds is None:
        return "none: the claim is not tested"
    return f"{bounds.low:.6g} to {bounds.high:.6g} at {bounds.level:g} ({bounds.method}), p = {bounds.p:.4g}"


def written(expression: Expression) -> str:
    """An expression as an analyst would write it."""
    match expression:
        case Constant(value=value):
            text = f"{value:g}"
        case Not(operand=operand):
            text = f"not {written(operand)}"
        case Negative(operand=operand):
            text = f"-{written(operand)}"
        case Missing(of=name):
            text = f"missing({name.written})"
        case Logic(sign=sign, left=left, right=right) | Arithmetic(sign=sign, left=left, right=right):
            text = f"({written(left)} {sign} {written(right)})"
        case Comparison(left=left, rest=rest):
            text = written(left) + "".join(f" {_SIGNS[sign]} {written(side)}" for sign, side in rest)
        case FactName() | PropertyName() | VerdictName():
            text = expression.written
    return text


def lines(explanation: Explanation) -> Iterator[str]:
    """The explanation as the command line prints it."""
    rule = explanation.rule
    yield f"{rule.name} ({rule.path}), section {rule.section}, topic {rule.topic}, priority {rule.priority}"
    for account in explanation.accounts:
        yield ""
        yield "  " + (", ".join(f"{role} = {ticker}" for role, ticker in account.roles.items()) or "all funds")
        for title, parts in (("facts", account.facts), ("condition", account.condition), ("claim", account.claim)):
            if parts:
                yield f"    {title}"
                yield from (f"      {part.written}: {part.result}" for part in parts)
        if account.said is not None:
            yield f"    says: {account.said}"
        yield f"    {'printed' if account.printed else f'not printed: {account.reason}'}"
