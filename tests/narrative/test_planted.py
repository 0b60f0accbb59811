"""Planted truth: where nothing differs, little is claimed; where much does, it is found."""

from __future__ import annotations

import os
from collections import Counter

import pytest

from reportgen.model import Commentary
from tests.narrative.planted import BROAD, NARROW, Planted, told

pytestmark = pytest.mark.slow

RATE = 0.10
"""At most this share of articles may support anything that is not true: the rate that the claims are tested at."""


def supported(commentary: Commentary) -> set[str]:
    """The facts of every claim that the article calls supported, in a sentence or in its table of claims."""
    printed = {
        statement.claim.fact
        for told_of in commentary.statements.values()
        for statement in told_of
        if statement.claim is not None and statement.verdict == "supported"
    }
    return printed | {one.claim.fact for one in commentary.claims if one.verdict == "supported"}


SIMULATIONS = int(os.environ.get("REPORTGEN_SIMULATIONS", "400"))
"""How many markets without effects are simulated; they take minutes, so a quick run may ask for fewer."""


@pytest.mark.parametrize("funds", [2, 5])
def test_where_nothing_differs_few_articles_say_that_something_does(funds: int) -> None:
    """A discovery of either direction is false here."""
    false: Counter[str] = Counter()
    articles = 0
    for seed in range(1_000, 1_000 + SIMULATIONS):
        found = supported(told(seed, Planted(funds))[1])
        articles += bool(found)
        false.update({fact.partition("/")[2] for fact in found})
    print(f"{funds} funds: {articles} of {SIMULATIONS} articles support something false: {dict(false)}")
    assert articles / SIMULATIONS <= RATE, false


def test_a_strong_credit_beta_is_found() -> None:
    """The broad fund moves 0.8 percent for each percent of credit, as IWM has; its error is an eighth of that."""
    assert _found(Planted(credit=0.8), f"{BROAD}:{NARROW}/diff.credit_beta/5Y") >= 0.9


def test_a_strong_expiry_effect_is_found() -> None:
    """The narrow fund moves half as much again in the weeks of option expiries."""
    assert _found(Planted(expiry=0.5), f"{NARROW}/expiry_effect/5Y") >= 0.9


def _found(truth: Planted, fact: str, simulations: int = 40) -> float:
    return sum(fact in supported(told(seed, truth)[1]) for seed in range(5_000, 5_000 + simulations)) / simulations
