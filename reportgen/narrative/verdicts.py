"""What the data say about a claim: supported, contradicted or inconclusive.

Supported: the interval lies wholly on the claimed side and the Benjamini-Hochberg adjusted p is at most 0.10 over all
claims of the article. Contradicted: the same on the other side. Anything else is inconclusive; "no evidence for" is
never "contradicted". Source: Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B 57.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from reportgen.model import Fact, Verdict
from reportgen.narrative.scene import Scene, UnavailableError, turned
from reportgen.narrative.syntax import ClaimTest, FactName

FALSE_DISCOVERY_RATE = 0.10


@dataclass(frozen=True, slots=True)
class Test:
    """A claim about one fact: `fact` is a value or a difference as measured, and its claimed sign is `side`."""

    fact: Fact
    side: Literal[-1, 1]
    text: str

    @property
    def p(self) -> float | None:
        return self.fact.interval.p if self.fact.interval is not None else None


def pose(claim: ClaimTest, scene: Scene) -> Test:
    """The test that a claim asks for in a scene. Raises UnavailableError where its fact is missing."""
    if claim.right is None:
        fact = scene.fact(claim.left)
        side = claim.side
        if claim.left.difference and scene.sign < 0:
            fact, side = turned(fact), _flip(side)
        return Test(fact, side, _sentence(claim, scene, None))
    flips = scene.sign < 0
    if claim.left.root == "y":
        flips = not flips
    name = claim.left
    difference = FactName(
        f"pair.diff.{name.metric}", "pair", f"diff.{name.metric}", name.code, name.part, True, name.kind, name.unit
    )
    scene.fact(name)
    scene.fact(claim.right)
    found = scene.find(difference)
    if found is None or found.missing is not None:
        why = found.missing if found is not None else "it was not measured"
        raise UnavailableError(f"the difference of {name.metric}: {why}")
    return Test(found, _flip(claim.side) if flips else claim.side, _sentence(claim, scene, claim.right))


def _flip(side: Literal[-1, 1]) -> Literal[-1, 1]:
    return -1 if side == 1 else 1


def _sentence(claim: ClaimTest, scene: Scene, right: FactName | None) -> str:
    """The claim in words, for the table of claims: "QQQ's tail beta is above IWM's"."""
    metric = claim.left.metric.removeprefix("diff.")
    spec = scene.setting.measurements.specs.get(metric)
    label = (spec.short or spec.label) if spec is not None else metric.replace("_", " ")
    relation = "above" if claim.side > 0 else "below"
    roles = {"x": scene.x, "y": scene.y}
    if claim.left.root == "pair":
        whose = f"{scene.x}'s {label} is" if claim.left.difference else f"the {label} of {scene.x} and {scene.y} is"
        return f"{whose} {relation} {f'{scene.y}’s' if claim.left.difference else 'zero'}"
    subject = roles.get(claim.left.root) or "the market"
    against = f"{roles.get(right.root)}’s" if right is not None else "zero"
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
    """The verdict; "descriptive" where the fact carries no interval and the claim is untested."""
    bounds = test.fact.interval
    if bounds is None or adjusted_p is None:
        return "descriptive"
    if adjusted_p > FALSE_DISCOVERY_RATE or bounds.low <= 0 <= bounds.high:
        return "inconclusive"
    return "supported" if (bounds.low > 0) == (test.side > 0) else "contradicted"
