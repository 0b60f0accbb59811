"""The brief's own rules: they pass their examples, and what they ask later can be asked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reportgen import brief
from reportgen.brief import make
from reportgen.brief.own_facts import catalogue
from reportgen.narrative import Rule, check_examples, load_rules, load_words

WORDS = load_words()
RULES = load_rules(None, catalogue(), WORDS, book="brief")


def test_every_example_comes_out_as_it_says() -> None:
    assert check_examples(RULES, catalogue(), WORDS) == ()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_lives_in_its_sections_folder_and_a_condition_says_what_to_expect(rule: Rule) -> None:
    assert rule.name.split("/")[0] == rule.section
    assert (rule.watch is not None) == (rule.expects is not None) == (rule.section == "watch")
    assert (rule.claim is not None) == (rule.section == "watch")
    assert rule.examples


def test_the_steps_are_told_once_and_everywhere_alike() -> None:
    told = re.findall(r"^(\d) (\w+)", brief.__doc__ or "", re.MULTILINE)
    assert told == [(str(step.number), step.name) for step in brief.STEPS]
    source = Path(make.__file__).read_text()
    assert re.findall(r'telling\.during\("(\w+)"\)', source) == [step.name for step in brief.STEPS]
