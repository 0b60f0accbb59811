"""Stage 3 from end to end: every rule is asked about every scene, claims are tested together, the best are told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from reportgen.model import Claim, Commentary, Measurements, Silence, Snapshot, Statement, Verdict, facts_in
from reportgen.narrative import select
from reportgen.narrative.evaluate import NO_CLAIM, amount, holds, is_empty, render
from reportgen.narrative.flow import flowing
from reportgen.narrative.meanings import meanings
from reportgen.narrative.related import related_tickers
from reportgen.narrative.roles import scenes
from reportgen.narrative.rules import Rule
from reportgen.narrative.scene import Scene, Setting, UnavailableError
from reportgen.narrative.select import Candidate
from reportgen.narrative.syntax import verdicts_named
from reportgen.narrative.tested import every_claim, told
from reportgen.narrative.themes import themes
from reportgen.narrative.verdicts import Test, adjusted, against_interval, clearest, pose, verdict
from reportgen.narrative.words import Words

UNTESTED = "untested"


@dataclass(frozen=True, slots=True)
class Asked:
    """One rule in one scene, with the tests of its claim: none without a claim, several for a keyed metric."""

    rule: Rule
    scene: Scene
    tests: tuple[Test, ...] = ()

    @property
    def test(self) -> Test | None:
        """The claim's test, of several the clearest."""
        return clearest(self.tests) if self.tests else None


def comment(measurements: Measurements, snapshot: Snapshot, rules: Sequence[Rule], words: Words) -> Commentary:
    """What the rules say about these facts: statements in printing order, and every silence with its reason."""
    setting = Setting.of(measurements, snapshot)
    candidates, silent = consider(setting, rules, words)
    chosen, passed_over = select.select(candidates)
    statements = flowing(chosen, words.joining)
    printed = [statement for told in statements.values() for statement in told]
    asked, _ = ask(setting, rules)
    used = [candidate.rule for told in chosen.values() for candidate in told]
    return Commentary(
        statements=statements,
        silent=tuple(sorted((*silent, *passed_over), key=lambda s: (s.rule, tuple(s.roles.values())))),
        themes=themes(setting, statements),
        related=related_tickers(snapshot, words.issuers),
        claims=every_claim(asked, adjust(asked), printed),
        words=meanings(used, words),
    )


def consider(setting: Setting, rules: Sequence[Rule], words: Words) -> tuple[list[Candidate], list[Silence]]:
    """Every statement that could be made, and why the other rules cannot speak."""
    asked, silent = ask(setting, rules)
    adjusted_ps = adjust(asked)
    candidates: list[Candidate] = []
    for one in asked:
        try:
            candidates.append(speak(one, adjusted_ps, words))
        except UnavailableError as reason:
            silent.append(Silence(one.rule.name, str(reason), one.scene.roles))
    return candidates, silent


def ask(setting: Setting, rules: Sequence[Rule]) -> tuple[list[Asked], list[Silence]]:
    """Every rule in every scene it fits. A claim counts as asked whether or not its `when` holds: conditions may look
    at the tested fact, and only what is asked regardless of the answer can be counted fairly.
    """
    asked: list[Asked] = []
    silent: list[Silence] = []
    for rule in rules:
        for scene in scenes(rule, setting):
            if isinstance(scene, Silence):
                silent.append(scene)
                continue
            try:
                tests = pose(rule.claim, scene) if rule.claim is not None else ()
            except UnavailableError as reason:
                silent.append(Silence(rule.name, f"its claim cannot be tested: {reason}", scene.roles))
                continue
            asked.append(Asked(rule, scene, tests))
    return asked, silent


def adjust(asked: Sequence[Asked]) -> Mapping[str, float]:
    """The adjusted p-values over all claims of the article; a fact tested by several rules counts once."""
    tests = [test for one in asked for test in one.tests]
    return adjusted({test.fact.id: test.p for test in tests if test.p is not None})


def speak(one: Asked, adjusted_ps: Mapping[str, float], words: Words) -> Candidate:
    """The rule's statement in its scene. Raises UnavailableError with the reason for its silence."""
    rule, scene, test = one.rule, replace(one.scene, adjusted=adjusted_ps), one.test
    found = _found(one, adjusted_ps)
    if test is not None and found == "descriptive" and UNTESTED not in verdicts_named(rule.text):
        raise UnavailableError(f"its claim cannot be tested: {test.fact.id} carries no interval")
    if rule.when is not None and not holds(rule.when, scene):
        raise UnavailableError(f"its condition does not hold: {rule.sources.get('when', 'when')}")
    runs = render(rule.text, scene, words, _known(test, found))
    if is_empty(runs):
        raise UnavailableError(
            f"its text has nothing to say when the claim is {found}" if test else "its text is empty"
        )
    evidence = tuple(test.fact.id for test in one.tests)
    statement = Statement(
        rule=rule.name,
        section=rule.section,
        topic=rule.topic,
        priority=rule.priority,
        runs=runs,
        facts=tuple(dict.fromkeys((*evidence, *facts_in(runs)))),
        verdict=_as_told(one, adjusted_ps),
        claim=_claim(one, adjusted_ps),
        roles=scene.roles,
        watch=rule.watch,
        expects=rule.expects,
        decides=render(rule.decides, scene, words, _known(test, found)) if rule.decides else (),
        window=rule.window,
    )
    candidate = Candidate(rule, statement, effect(one), found)
    return replace(candidate, statement=replace(statement, favors=candidate.favored))


def _found(one: Asked, adjusted_ps: Mapping[str, float]) -> Verdict:
    """The verdict on the claim as written, which the rule's text asks for; a keyed metric's clearest stands for all."""
    return "descriptive" if one.test is None else verdict(one.test, adjusted_ps.get(one.test.fact.id))


def _as_told(one: Asked, adjusted_ps: Mapping[str, float]) -> Verdict:
    """The verdict on the claim as told: only a story can be contradicted."""
    return "descriptive" if one.test is None else verdict(told(one.rule, one.test), adjusted_ps.get(one.test.fact.id))


def _claim(one: Asked, adjusted_ps: Mapping[str, float]) -> Claim | None:
    if one.test is None:
        return None
    test = told(one.rule, one.test)
    return Claim(test.fact.id, test.side, test.text, adjusted_ps.get(test.fact.id))


def _known(test: Test | None, found: Verdict) -> frozenset[str]:
    """What a text may know of its claim: the verdict's name, whether the interval leaves out zero, and if only just."""
    if test is None:
        return NO_CLAIM
    known = {UNTESTED if found == "descriptive" else found}
    bounds = test.fact.interval
    if bounds is not None and not bounds.low <= 0 <= bounds.high:
        known.add("clear_of_zero")
        if min(abs(bounds.low), abs(bounds.high)) <= _NARROWLY * (bounds.high - bounds.low):
            known.add("barely")
    return frozenset(known)


_NARROWLY = 0.05
"""A bound within this share of the interval's width of zero leaves it out only just."""


def effect(one: Asked) -> float:
    """How large a difference is, for choosing among equals: the rule's own measure, else value over half width."""
    if one.rule.effect is not None:
        return abs(amount(one.rule.effect, one.scene))
    if one.test is not None:
        return against_interval(one.test.fact)
    by = one.rule.roles.by
    if by is None or one.scene.y is None:
        return 0.0
    return abs(amount(by, one.scene) - amount(by, Scene(one.scene.setting, one.scene.y, one.scene.x)))
