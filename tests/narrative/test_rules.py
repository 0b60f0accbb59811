"""Reading rule files: headers, the user's folder, and all mistakes at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reportgen.errors import TemplateError
from reportgen.narrative.rules import load_rules, read_rules

if TYPE_CHECKING:
    from tests.narrative.conftest import Bench

TEXT = "{{ x.ticker }} has a record."


def test_a_rule_is_read_with_its_defaults(bench: Bench) -> None:
    rule = bench.rule(TEXT, "tail/one")
    assert (rule.name, rule.section, rule.scope, rule.window, rule.most) == ("tail/one", "tail", "pair", None, 1)
    assert "bond" in rule.assets


@pytest.mark.parametrize(
    ("header", "complaint"),
    [
        ({"prioritty": 3}, "unknown key 'prioritty'; did you mean 'priority'?"),
        ({"topic": None}, "the header needs topic"),
        ({"section": "tial"}, "did you mean 'tail'?"),
        ({"priority": "high"}, "priority cannot be 'high'"),
        ({"priority": True}, "priority cannot be True"),
        ({"window": "5X"}, "unknown window '5X'"),
        ({"assets": ["equities"]}, "unknown asset class 'equities'"),
        ({"roles": "best beta"}, "roles are"),
        ({"roles": "most bata", "window": "5Y"}, "did you mean 'beta'?"),
        ({"scope": "fund", "roles": "most beta", "window": "5Y"}, "has no roles to give"),
        ({"scope": "article", "when": "x.holdings_count > 1"}, "a rule of scope 'article' has no x"),
        ({"speaks_on": "silence"}, "speaks_on cannot be 'silence'"),
        ({"example": [{"facts": {}, "expect": "nothing"}]}, "an example expects one of"),
        ({"example": []}, "needs an [[example]] in which it is silent"),
    ],
)
def test_header_mistakes_are_named(bench: Bench, header: dict[str, object], complaint: str) -> None:
    if "example" in header:
        source = '[[example]]\nexpect = "nothing"\n' if header["example"] else ""
        path = bench.write(TEXT)
        path.write_text(
            f'{{#---\nsection = "tail"\ntopic = "t"\npriority = 1\n{source}---#}}\n{TEXT}', encoding="utf-8"
        )
        found = [str(p) for p in bench.read()[1]]
    else:
        found = bench.problems(TEXT, **header)
    assert any(complaint in problem for problem in found), found


def test_broken_toml_is_placed_in_the_file(bench: Bench) -> None:
    path = bench.write(TEXT)
    path.write_text('{#---\nsection = "tail"\ntopic = \n---#}\ntext\n', encoding="utf-8")
    _, problems = bench.read()
    assert (problems[0].line, problems[0].file) == (3, str(path))


@pytest.mark.parametrize("content", ["no header", "{#\nsection = 'tail'\n#}\n", "", "\ufeff{#---\n---#}"])
def test_a_file_without_header_is_refused(bench: Bench, content: str) -> None:
    bench.write(TEXT).write_text(content, encoding="utf-8")
    assert "begins with {#---" in bench.read()[1][0].message


def test_a_file_that_is_no_text_or_far_too_long_is_refused(bench: Bench) -> None:
    path = bench.write(TEXT)
    path.write_bytes(b"\xff\xfe\x00")
    assert "UTF-8" in bench.read()[1][0].message
    path.write_text("{#---\n" + "a" * 30_000, encoding="utf-8")
    assert "longer than" in bench.read()[1][0].message


def test_loading_lists_every_error_at_once(bench: Bench) -> None:
    bench.write("five 5", name="tail/one")
    bench.write("{{ x.bata | ratio }}", name="tail/two", window="5Y")
    with pytest.raises(TemplateError) as caught:
        load_rules([bench.folder], bench.catalogue, bench.words)
    assert "one.j2" in str(caught.value)
    assert "two.j2" in str(caught.value)
    assert caught.value.exit_code == 2


def test_the_users_file_hides_the_shipped_one_of_the_same_name(bench: Bench, tmp_path: Path) -> None:
    bench.write("Shipped text for {{ x.ticker }}.", name="tail/one")
    bench.write("Kept text for {{ x.ticker }}.", name="tail/two")
    own = tmp_path / "own"
    (own / "commentary" / "tail").mkdir(parents=True)
    theirs = bench.write("", name="tail/one").read_text(encoding="utf-8") + "Own text for {{ x.ticker }}."
    (own / "commentary" / "tail" / "one.j2").write_text(theirs, encoding="utf-8")
    rules, problems = read_rules([own, bench.folder], bench.catalogue, bench.words)
    assert not problems
    assert [rule.path.is_relative_to(own) for rule in rules] == [True, False]


def test_a_rule_can_be_disabled_and_a_wrong_name_is_an_error(bench: Bench) -> None:
    bench.write(TEXT, name="tail/one")
    assert load_rules([bench.folder], bench.catalogue, bench.words, ["tail/one"]) == ()
    with pytest.raises(TemplateError, match=r"no rule 'tail/on' to disable; did you mean 'tail/one'"):
        load_rules([bench.folder], bench.catalogue, bench.words, ["tail/on"])


def test_a_rule_must_show_each_text_it_has(bench: Bench) -> None:
    path = bench.write("{% if supported %}a{% elif contradicted %}b{% endif %}", window="5Y", claim="x.cagr > y.cagr")
    path.write_text(path.read_text(encoding="utf-8").replace('"contradicted"', '"silent"'), encoding="utf-8")
    assert "text for 'contradicted' and no [[example]]" in bench.read()[1][0].message


def test_every_class_of_mistakes_in_a_rule_is_told_at_once(bench: Bench) -> None:
    """A mistyped key, an unknown metric, a filter, a scale and a banned word: five files' worth of faults in one."""
    text = (
        "{{ x.ticker }} will outperform: {{ x.beta | persent }}, {{ x.beta | graded('betta_level') }}\n"
        "{% if supported %}yes{% else %}no{% endif %}"
    )
    header = {"prioritty": 3, "most": "two", "window": "5Y", "when": "x.bata > 1", "claim": "x.cagr > y.cagr"}
    found = [str(problem) for problem in bench.problems(text, **header)]
    for complaint in (
        "unknown key 'prioritty'",
        "most cannot be 'two'",
        "unknown metric 'bata'",
        "persent",
        "words.toml has no scale 'betta_level'",
        "'will outperform' may not be said",
    ):
        assert any(complaint in problem for problem in found), (complaint, found)
    assert len(found) == 6, found
