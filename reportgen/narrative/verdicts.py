"""What the data say about a claim: supported, contradicted or inconclusive.

Supported: the interval lies wholly on the claimed side and the Benjamini-Hochberg adjusted p is at most 0.10 over all
claims of the article. Contradicted: the same on the other side. Anything else is inconclusive; "no evidence for" is
never "contradicted". Source: Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B 57.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from reportgen.model import DIFFERENCE, Fact, Verdict
from reportgen.narrative.scene import Scene, UnavailableError, turned
from reportgen.narrative.syntax import ClaimTest, FactName

FALSE_DISCOVERY_RATE = 0.10
_COMPANION = "companion_beta"


@dataclass(frozen=True, slots=True)
class Test:
    """A claim about one fact: `fact` is a value or a difference as measured, and its claimed sign is `side`.

    text: the claim in words; reverse: its opposite.
    """

    fact: Fact
    side: Literal[-1, 1]
    text: str
    reverse: str = ""

    @property
    def p(self) -> float | None:
        return self.fact.interval.p if self.fact.interval is not None else None


def as_found(test: Test) -> Test:
    """The test told in the direction of the data, for a question that no story answers beforehand.

    Its p is two-sided, so the direction told does not make it more significant.
    """
    if test.fact.number * test.side >= 0 or not test.reverse:
        return test
    return Test(test.fact, _flip(test.side), test.reverse, test.text)


def pose(claim: ClaimTest, scene: Scene) -> tuple[Test, ...]:
    """The tests that a claim asks for in a scene: one, or for a keyed metric without a key one for each key.

    Raises UnavailableError where the fact is missing.
    """
    if claim.right is not None:
        return (_between(claim, claim.right, scene),)
    name = claim.left
    if name.part is None and scene.find(name) is None:
        return tuple(_of_key(claim, scene, reading.fact) for reading in scene.family(name).readings)
    return (_of_fact(claim, scene),)


def _of_fact(claim: ClaimTest, scene: Scene) -> Test:
    fact = scene.fact(claim.left)
    sentences = _sentence(claim, scene), _sentence(claim, scene, reverse=True)
    if claim.left.turns and scene.sign < 0:
        return Test(turned(fact), _flip(claim.side), *sentences)
    return Test(fact, claim.side, *sentences)


def _of_key(claim: ClaimTest, scene: Scene, seen: Fact) -> Test:
    """One key of a keyed metric: which side it is on is not claimed, only that it is on one."""
    fact = turned(seen) if claim.left.turns and scene.sign < 0 else seen
    above = fact.number >= 0
    if claim.left.metric == _COMPANION:
        leader, other = sorted(scene.tickers, key=scene.setting.tickers.index, reverse=not above)
        return Test(fact, 1 if above else -1, f"{fact.key} gains beyond the market when {leader} leads {other}")
    text = f"the {_label(claim, scene)} of {fact.key} ({' less '.join(scene.tickers)}) is not zero"
    return Test(fact, 1 if above else -1, text)


def _between(claim: ClaimTest, right: FactName, scene: Scene) -> Test:
    flips = scene.sign < 0
    if claim.left.root == "y":
        flips = not flips
    name = claim.left
    difference = FactName(
        f"pair.diff.{name.metric}", "pair", f"diff.{name.metric}", name.code, name.part, True, name.kind, name.unit
    )
    scene.fact(name)
    scene.fact(right)
    found = scene.find(difference)
    if found is None or found.missing is not None:
        why = found.missing if found is not None else "it was not measured"
        raise UnavailableError(f"the difference of {name.metric}: {why}")
    sentences = _sentence(claim, scene), _sentence(claim, scene, reverse=True)
    return Test(found, _flip(claim.side) if flips else claim.side, *sentences)


def _label(claim: ClaimTest, scene: Scene) -> str:
    metric = claim.left.metric.removeprefix(DIFFERENCE)
    spec = scene.setting.measurements.specs.get(metric)
    return (spec.short or spec.label) if spec is not None else metric.replace("_", " ")


def _flip(side: Literal[-1, 1]) -> Literal[-1, 1]:
    return -1 if side == 1 else 1


def clearest(tests: Sequence[Test]) -> Test:
    """The test whose value is the largest against its interval's half width; the first of equals."""
    return max(tests, key=lambda test: against_interval(test.fact))


def against_interval(fact: Fact) -> float:
    """A value's size in half widths of its interval; without an interval the size itself."""
    if fact.interval is None or fact.interval.high == fact.interval.low:
        return abs(fact.number)
    return abs(fact.number) / ((fact.interval.high - fact.interval.low) / 2)


def _sentence(claim: ClaimTest, scene: Scene, *, reverse: bool = False) -> str:
    """The claim in words, or its opposite, for the table of claims: "QQQ's tail beta is above IWM's"."""
    label = _label(claim, scene)
    relation = "above" if (claim.side > 0) != reverse else "below"
    roles = {"x": scene.x, "y": scene.y}
    if reverse and claim.right is not None:
        relation = "above" if claim.side > 0 else "below"
        roles = {"x": scene.y, "y": scene.x}
    if claim.left.metric.startswith(DIFFERENCE):
        return f"{scene.x}’s {label} is {relation} {scene.y}’s"
    if claim.left.root == "pair":
        return f"the {label} of {scene.x} and {scene.y} is {relation} zero"
    subject = roles.get(claim.left.root) or "the market"
    against = f"{roles.get(claim.right.root)}’s" if claim.right is not None else "zero"
    return f"{subject}’s {label} is {relation} {against}"


def adjusted(ps: Mapping[str, float]) -> Mapping[str, float]:
    """Benjamini-Hochberg adjusted p-values of the distinct facts tested, by fact id."""
    ranked = sorted(ps.items(), key=lambda item: (item[1], item[0]))
    result: dict[str, float] = {}
    smallest = 1.0
    for rank in range(len(ranked), 0, -1):
        fact, p = ranked[rank - 1]
        smallest = min(smallest, p * len(ranked) / rank)
        result[fact] = smallest
    return result


def verdict(test: Test, adjusted_p: float | None) -> Verdict:
    """The verdict; "descriptive" where the fact carries no interval and the claim is untested.

    The fact is as it was measured, first fund less second, and so is the test's side.
    """
    bounds = test.fact.interval
    if bounds is None or adjusted_p is None:
        return "descriptive"
    if adjusted_p > FALSE_DISCOVERY_RATE or bounds.low <= 0 <= bounds.high:
        return "inconclusive"
    return "supported" if (bounds.low > 0) == (test.side > 0) else "contradicted"
