"""What a rule must be beyond its grammar: tested fairly, worded soberly, and covered by its examples."""

from __future__ import annotations

import re

from reportgen.narrative.problems import Complaints, nearest
from reportgen.narrative.rules import Rule
from reportgen.narrative.syntax import (
    Branch,
    FactName,
    Piece,
    PropertyName,
    Words,
    asks_missing,
    names_in,
    outputs_in,
    tests_in,
    verdicts_named,
)
from reportgen.narrative.words import Words as WordList

_BANNED = re.compile(
    r"\b(buy|buys|buying|sell|sells|selling|guaranteed?|price targets?|will (?:out|under)perform|outperforms?|"
    r"you should|we recommend|must own|overweight|underweight)\b",
    re.IGNORECASE,
)
_FORECAST = re.compile(r"\bwill\b", re.IGNORECASE)
_SAME_ORDER = frozenset({"total_return", "growth_of_1000", "cagr"})
_TESTED = ("supported", "contradicted", "inconclusive")


def lint(rule: Rule, words: WordList, complaints: Complaints, *, whole: bool = True) -> None:
    """Adds every problem of a rule. whole: False where parts of it could not be read: then what is missing may be the
    fault of these, and only what is there is judged.
    """
    if whole:
        _claim(rule, complaints)
        _examples(rule, complaints)
        _missing(rule, complaints)
    _scope(rule, complaints)
    _scales(rule, words, complaints)
    _wording(rule.text, rule, complaints)
    _wording(rule.decides, rule, complaints)


def _claim(rule: Rule, complaints: Complaints) -> None:
    asked = verdicts_named(rule.text)
    if rule.claim is None:
        if asked:
            complaints.add(f"the text asks for {min(asked)!r}, but the rule has no claim", complaints.find("if"))
        if rule.story is not None:
            complaints.add("a story needs the claim that tests it", complaints.find("story"))
        return
    at = complaints.find("claim")
    if rule.story is not None and "contradicted" not in asked:
        complaints.add("a story can be contradicted, and the text has no words for that", complaints.find("story"))
    if not asked:
        complaints.add("the rule has a claim, but its text does not depend on the verdict", at)
    by = rule.roles.by
    if by is not None and _kin(by.metric) == _kin(rule.claim.left.metric):
        complaints.add(f"roles by {by.metric} would decide the claim that tests it; choose another metric", at)
    if rule.speaks_on_ties:
        complaints.add("a claim has no words for a tie; drop `ties`", complaints.find("ties"))
    if rule.scope == "article" or (rule.scope == "fund" and rule.claim.right is not None):
        complaints.add(f"a claim about two funds needs scope 'pair', not {rule.scope!r}", at)


def _kin(metric: str) -> str:
    """One name for metrics that order two funds alike over a window."""
    bare = metric.removeprefix("diff.")
    return "total_return" if bare in _SAME_ORDER else bare


def _scope(rule: Rule, complaints: Complaints) -> None:
    if rule.scope == "pair":
        return
    if rule.roles.by is not None:
        complaints.add(f"scope {rule.scope!r} has no roles to give", complaints.find("roles"))
    banned = {"y", "pair"} if rule.scope == "fund" else {"x", "y", "pair", "market"}
    expressions = [e for e in (rule.when, rule.effect, *tests_in(rule.text)) if e is not None]
    names = [name for expression in expressions for name in names_in(expression)]
    names += [o.name for o in outputs_in(rule.text) if isinstance(o.name, FactName | PropertyName)]
    for name in names:
        if name.root in banned:
            complaints.add(
                f"{name.written}: a rule of scope {rule.scope!r} has no {name.root}", complaints.find(name.written)
            )


def _missing(rule: Rule, complaints: Complaints) -> None:
    asks = any(asks_missing(e) for e in (rule.when, *tests_in(rule.text)) if e is not None)
    if asks and not rule.speaks_on_missing:
        complaints.add('missing(...) needs the header\'s speaks_on = "missing"', complaints.find("missing"))


def _scales(rule: Rule, words: WordList, complaints: Complaints) -> None:
    for output in outputs_in(rule.text):
        if output.filter != "graded" or not output.arguments:
            continue
        name = str(output.arguments[0])
        scale = words.scale(name)
        if scale is None:
            hint = nearest(name, words.scales)
            complaints.add(f"words.toml has no scale {name!r}{hint}", complaints.find(name, output.line))
        elif isinstance(output.name, FactName) and output.name.unit not in (scale.unit, "any"):
            message = f"the scale {name!r} is for {scale.unit}, {output.name.written} is a {output.name.unit}"
            complaints.add(message, complaints.find(name, output.line))


def _wording(pieces: tuple[Piece, ...], rule: Rule, complaints: Complaints) -> None:
    for piece in pieces:
        if isinstance(piece, Branch):
            for _, arm in piece.arms:
                _wording(arm, rule, complaints)
        elif isinstance(piece, Words):
            if found := _BANNED.search(piece.text):
                complaints.add(f"{found[0]!r} may not be said", complaints.find(found[0]))
            if rule.section == "headline" and (found := _FORECAST.search(piece.text)):
                complaints.add("a headline does not foretell: no 'will'", complaints.find(found[0]))


def _examples(rule: Rule, complaints: Complaints) -> None:
    expected = {example.expect for example in rule.examples}
    if "silent" not in expected:
        complaints.add("the rule needs an [[example]] in which it is silent", (1, 1))
    if rule.claim is None and not expected - {"silent"}:
        complaints.add("the rule needs an [[example]] in which it speaks", (1, 1))
    if rule.claim is not None:
        for verdict in sorted(verdicts_named(rule.text) & set(_TESTED) - expected):
            complaints.add(f"the rule has a text for {verdict!r} and no [[example]] of it", (1, 1))
