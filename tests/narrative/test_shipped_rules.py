"""The shipped library: it passes its own checks, and its prose keeps to the house rules."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from reportgen import metrics
from reportgen.narrative.examples import check_examples, run_example
from reportgen.narrative.rules import SECTIONS, Rule, load_rules
from reportgen.narrative.syntax import Branch, Piece, Words
from reportgen.narrative.words import load_words

WORDS = load_words()
CATALOGUE = metrics.catalogue()
RULES = load_rules(None, CATALOGUE, WORDS)
EXAMPLES = [
    pytest.param(rule, example, id=f"{rule.name}:{example.line}") for rule in RULES for example in rule.examples
]


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_each_example_comes_out_as_it_says(rule: Rule, example: object) -> None:
    assert run_example(rule, example, CATALOGUE, WORDS) is None  # type: ignore[arg-type]


def test_all_examples_hold_in_either_order_of_asking() -> None:
    assert check_examples(RULES, CATALOGUE, WORDS) == ()


def test_every_required_section_has_rules() -> None:
    spoken = Counter(rule.section for rule in RULES)
    needed = {"headline", "answer", "summary", "own", "returns", "risk", "concentration", "breadth", "cost"}
    needed |= {"horizon-weeks", "horizon-months", "horizon-years", "tail", "contrarian", "same", "outlook"}
    assert needed <= set(spoken)
    assert set(spoken) <= set(SECTIONS)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_lives_in_its_sections_folder(rule: Rule) -> None:
    assert rule.name.split("/")[0] == rule.section


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_prose_is_american_and_sober(rule: Rule) -> None:
    text = " ".join(_words(rule.text))
    assert not re.search(r"\b(\w+) \1\b", text), "a doubled word"
    assert not re.search(r"annualis|favour|colour|behaviour|centre\b|programme|realis|whilst", text)
    assert not re.search(r"[!;]\s*$|\betc\b|!", text)
    assert "--" not in text
    assert "  " not in re.sub(r"\s+", " ", text)


def _words(pieces: tuple[Piece, ...]) -> list[str]:
    found: list[str] = []
    for piece in pieces:
        if isinstance(piece, Words):
            found.append(piece.text)
        elif isinstance(piece, Branch):
            for _, arm in piece.arms:
                found.extend(_words(arm))
    return found
