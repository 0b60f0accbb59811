"""Paragraphs and joining words, the length of the prose, the first answer's theme, and the list of claims."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reportgen.model import plain
from reportgen.narrative import select
from reportgen.narrative.comment import adjust, ask, consider
from reportgen.narrative.flow import flowing
from reportgen.narrative.scene import Setting
from reportgen.narrative.tested import every_claim
from reportgen.narrative.words import Joining

if TYPE_CHECKING:
    from tests.narrative.conftest import Bench

JOINING = Joining("Likewise,", "By contrast,")


@pytest.fixture
def setting(bench: Bench) -> Setting:
    return bench.setting(
        bench.fact("AAA", "volatility", 0.3),
        bench.fact("BBB", "volatility", 0.2),
        bench.fact("AAA", "cagr", 0.4),
        bench.fact("BBB", "cagr", 0.1),
        bench.difference("AAA", "BBB", "cagr", 0.3, 0.001),
        bench.difference("AAA", "BBB", "volatility", 0.1, 0.5),
    )


def told(bench: Bench, setting: Setting, *texts: tuple[str, str]) -> list[tuple[str, bool]]:
    rules = [
        bench.rule(text, name=f"concentration/r{i}", topic=f"t{i}", priority=90 - i, favors=favors)
        if favors
        else bench.rule(text, name=f"concentration/r{i}", topic=f"t{i}", priority=90 - i)
        for i, (text, favors) in enumerate(texts)
    ]
    chosen, _ = select.select(consider(setting, rules, bench.words)[0])
    return [(plain(s.runs), s.joins) for s in flowing(chosen, JOINING)["concentration"]]


@pytest.mark.parametrize(
    ("first", "second", "opening"),
    [("x", "y", "By contrast, the"), ("x", "x", "Likewise, the"), ("x", "", "The"), ("", "y", "The")],
)
def test_neighbors_are_joined_by_whom_they_favor(
    bench: Bench, setting: Setting, first: str, second: str, opening: str
) -> None:
    one, other = told(bench, setting, ("One is so.", first), ("The other is so.", second))
    assert one == ("One is so.", False)
    assert other == (f"{opening} other is so.", True)


def test_no_word_is_put_before_an_opening_that_cannot_follow_it(bench: Bench, setting: Setting) -> None:
    _, other = told(bench, setting, ("One is so.", "x"), ("Treasuries fell.", "y"))
    assert other == ("Treasuries fell.", True)


def test_a_paragraph_ends_after_five_sentences(bench: Bench, setting: Setting) -> None:
    texts = told(bench, setting, ("One. Two. Three.", ""), ("Four. Five. Six.", ""))
    assert [joins for _, joins in texts] == [False, False]


def test_what_matters_least_goes_when_the_prose_is_long(bench: Bench, setting: Setting) -> None:
    long = f"It is {'very ' * 600}long."
    rules = [bench.rule(long, name=f"tail/r{i}", section="tail", topic=f"t{i}", priority=60 + i) for i in range(2)]
    chosen, silent = select.select(consider(setting, rules, bench.words)[0])
    assert [c.rule.name for c in chosen["tail"]] == ["tail/r1"]
    assert ["longer than" in silence.reason for silence in silent] == [True]


def test_the_first_answer_is_about_the_headline(bench: Bench, setting: Setting) -> None:
    rules = [
        bench.rule("Head", name="headline/a", section="headline", topic="headline", theme="risk"),
        bench.rule("Off it.", name="answer/b", section="answer", topic="answer-matters", priority=99, theme="cost"),
        bench.rule("On it.", name="answer/c", section="answer", topic="answer-matters", priority=1, theme="risk"),
    ]
    chosen, _ = select.select(consider(setting, rules, bench.words)[0])
    assert [c.rule.name for c in chosen["answer"]] == ["answer/c"]


def test_claims_hold_what_was_asked_and_not_only_what_was_told(bench: Bench, setting: Setting) -> None:
    text = "{% if supported %}Yes.{% endif %}"
    rules = [
        bench.rule(text, name="concentration/a", topic="a", window="5Y", claim="x.cagr > y.cagr"),
        bench.rule(text, name="concentration/b", topic="b", window="5Y", claim="x.volatility > y.volatility"),
    ]
    asked, _ = ask(setting, rules)
    chosen, _ = select.select(consider(setting, rules, bench.words)[0])
    claims = every_claim(asked, adjust(asked), [c.statement for c in chosen["concentration"]])
    assert [(c.rules, c.verdict, c.printed) for c in claims] == [
        (("concentration/a",), "supported", True),
        (("concentration/b",), "inconclusive", False),
    ]
