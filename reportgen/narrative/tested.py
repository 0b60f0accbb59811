"""Every claim that an article asked of the data, told in a sentence or not: what the table of claims lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from reportgen.model import Claim, Statement, Tested, Verdict
from reportgen.narrative.rules import Rule
from reportgen.narrative.verdicts import Test, against_interval, as_found, verdict

_KEYS_SHOWN = 4
"""Of a keyed metric, such as the companions of a pair, only the clearest keys stand among the first claims."""


class Question(Protocol):
    """One rule in one scene with the tests of its claim."""

    @property
    def rule(self) -> Rule: ...

    @property
    def tests(self) -> tuple[Test, ...]: ...


def told(rule: Rule, test: Test) -> Test:
    """The test as it is told: a story as the story has it, a question in the direction of the data."""
    return test if rule.story is not None else as_found(test)


def every_claim(
    asked: Sequence[Question], adjusted_ps: Mapping[str, float], printed: Sequence[Statement]
) -> tuple[Tested, ...]:
    """Each fact tested once: those that a sentence tells first, then the clearest.

    Where several rules ask about one fact, a printed sentence's claim comes before a story, a story before a question.
    """
    printed_by = {s.claim.fact: s.claim for s in printed if s.claim is not None and s.verdict != "descriptive"}
    by_fact: dict[str, list[tuple[Rule, Test]]] = defaultdict(list)
    for one in asked:
        for test in one.tests:
            if test.fact.id in adjusted_ps:
                by_fact[test.fact.id].append((one.rule, told(one.rule, test)))
    found = [_of_fact(uses, adjusted_ps[fact], printed_by.get(fact)) for fact, uses in by_fact.items()]
    size = {fact: against_interval(uses[0][1].fact) for fact, uses in by_fact.items()}
    order = {fact: place for place, fact in enumerate(printed_by)}
    ranked = sorted(found, key=lambda one: _rank(one, order, size))
    return tuple(_few_keys_first(ranked, {fact: uses[0][1].fact.key for fact, uses in by_fact.items()}))


def _of_fact(uses: Sequence[tuple[Rule, Test]], adjusted_p: float, told_as: Claim | None) -> Tested:
    rules = tuple(dict.fromkeys(rule.name for rule, _ in uses))
    _, test = min(uses, key=lambda use: (use[0].story is None, -use[0].priority, use[0].name))
    claim = told_as or Claim(test.fact.id, test.side, test.text, adjusted_p)
    as_told = Test(test.fact, claim.side, claim.text)
    return Tested(claim, verdict(as_told, adjusted_p), rules, test.fact.n, told_as is not None)


_ORDER: Mapping[Verdict, int] = {"supported": 0, "contradicted": 0, "inconclusive": 1, "descriptive": 2}


def _rank(one: Tested, order: Mapping[str, int], size: Mapping[str, float]) -> tuple[float, ...]:
    place = order.get(one.claim.fact, len(order))
    return (place, _ORDER[one.verdict], -size[one.claim.fact])


def _few_keys_first(ranked: Sequence[Tested], keys: Mapping[str, str | None]) -> Iterator[Tested]:
    """The same claims, with all but the clearest few of each keyed metric moved to the end."""
    seen: dict[str, int] = defaultdict(int)
    later: list[Tested] = []
    for one in ranked:
        key = keys[one.claim.fact]
        family = one.claim.fact.replace(f"[{key}]", "")
        seen[family] += key is not None
        if seen[family] > _KEYS_SHOWN:
            later.append(one)
        else:
            yield one
    yield from later
