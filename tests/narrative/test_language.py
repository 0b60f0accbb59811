"""What the language admits, and that everything else is refused at load with its place."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.model import MetricSpec
from reportgen.narrative.language import Language
from reportgen.narrative.problems import Complaints

if TYPE_CHECKING:
    from tests.narrative.conftest import Bench

SPEAKS = "{{ x.beta | ratio }}"


@pytest.mark.parametrize(
    "when",
    [
        "x.beta > 1",
        "not (x.beta > 1 and y.beta < 0.5) or x.holdings_count == 10",
        "0 < x.beta <= 1.5",
        "(x.top10_weight - y.top10_weight) / 2 > -0.05 * x.beta",
        "x.largest_sector != y.largest_sector",
        "x.largest_sector.weight > 0.3",
        "x.total_return_1y > x.total_return_ytd",
        "pair.diff.cagr_10y > 0",
        "article.market_impact > 0.5 and article.funds > 2",
        "x.calendar_return_cy2022 < 0",
    ],
)
def test_admits_what_the_document_lists(bench: Bench, when: str) -> None:
    assert bench.problems(SPEAKS, window="5Y", when=when) == []


@pytest.mark.parametrize(
    ("when", "complaint"),
    [
        ("x.beta.__class__ > 1", "begins with an underscore"),
        ("x.__class__ > 1", "unknown metric '__class__'"),
        ("x.beta() > 1", "not admitted: a call"),
        ("missing(x.beta, y.beta)", "not admitted: a call"),
        ("range(9) == 1", "not admitted: a call"),
        ("x['beta'] > 1", "not admitted: a subscript"),
        ("x.beta ** 2 > 1", "not admitted: a power"),
        ("10 ** 10 ** 10 > x.beta", "not admitted: a power"),
        ("x.beta % 2 > 1", "not admitted: a remainder"),
        ("x.beta // 2 > 1", "not admitted: a floor division"),
        ("x.beta ~ y.beta == x.beta", "not admitted: joining with ~"),
        ("x.beta is defined", "not admitted: a test"),
        ("x.beta if x.beta else y.beta", "not admitted: an inline if"),
        ("[x.beta] == y.beta", "not admitted: list"),
        ("x.beta in y.beta", "'in' is not a comparison"),
        ("'a' * 1000000000 == x.largest_sector", "has no place in a condition"),
        ("true", "has no place in a condition"),
        ("x.beta", "gives a number, not a condition"),
        ("x.beta and y.beta", "a number stands where a condition is needed"),
        ("x.beta > 1 and y.bata > 1", "unknown metric 'bata' in 'y.bata'; did you mean 'beta'?"),
        ("z.beta > 1", "unknown name 'z'"),
        ("pairs.diff.beta > 1", "unknown name 'pairs'; did you mean 'pair'?"),
        ("x.largest_sector > 1", "compares a number with a text"),
        ("x.largest_sector > y.largest_sector", "words can only be equal or not"),
        ("x.holdings_count_1y > 3", "not measured over windows"),
        ("x.beta > 1 }}{{ x.beta", "not one expression"),
        ("x.beta >", "cannot be read"),
        ("(" * 900 + "x.beta" + ")" * 90, "nested too deeply|cannot be read|reasonable length"),
        ("not " * 200 + "x.beta > 1", "nested too deeply"),
        ("x.beta > " + "9" * 900, "nested too deeply|overflow|too long"),
        ("х.beta > 1", "unknown name 'х'"),  # a Cyrillic look-alike
        ("x.betа > 1", "unknown metric"),  # the same, in the metric
    ],
)
def test_refuses_everything_else(bench: Bench, when: str, complaint: str) -> None:
    found = bench.problems(SPEAKS, window="5Y", when=when)
    assert any(part in problem for problem in found for part in complaint.split("|")), found


def test_problems_have_line_and_column(bench: Bench) -> None:
    found = bench.problems("First line.\n{{ x.beta | ratio }} and {{ x.bata | ratio }}", window="5Y", when="x.btea > 1")
    text = bench.write("", window="5Y", when="x.btea > 1").read_text(encoding="utf-8").splitlines()
    line = next(i for i, words in enumerate(text, 1) if words.startswith("when"))
    assert f"{line}:9: unknown metric 'btea' in 'x.btea'; did you mean 'beta'?" in found
    assert any(problem.endswith("did you mean 'beta'?") and ":29: " in problem for problem in found), found


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{% for i in x %}a{% endfor %}", "not admitted: a loop"),
        ("{% set a = x.beta %}", "not admitted: set"),
        ("{% include 'other.j2' %}", "not admitted: include"),
        ("{% import 'other.j2' as o %}", "not admitted: import"),
        ("{% from 'other.j2' import o %}", "not admitted: import"),
        ("{% extends 'other.j2' %}", "not admitted: extends"),
        ("{% macro m() %}{% endmacro %}", "not admitted: a macro"),
        ("{% block b %}{% endblock %}", "not admitted: a block"),
        ("{% call x() %}{% endcall %}", "not admitted"),
        ("{% filter upper %}a{% endfilter %}", "not admitted"),
        ("{{ x.beta }}", "needs a filter"),
        ("{{ x.beta | upper }}", "unknown filter 'upper'"),
        ("{{ x.beta | persent }}", "did you mean 'percent'?"),
        ("{{ x.beta | ratio | ratio }}", "one filter after one name"),
        ("{{ x.beta | ratio(decimals=2) }}", "by position"),
        ("{{ x.beta | ratio(x.beta) }}", "words or whole numbers"),
        ("{{ x.beta | ratio(1, 2) }}", "takes 0 to 1 arguments"),
        ("{{ x.beta | ratio('two') }}", "cannot take 'two'"),
        ("{{ x.beta + 1 }}", "arithmetic belongs"),
        ("{{ 'a' }}", "has no place"),
        ("{{ x.ticker | ratio }}", "printed as it is"),
        ("{{ x.leverage }}", "it cannot be printed"),
        ("{{ pair.diff.cagr | percent }}", "say a difference's direction in words"),
        ("{{ x.beta | graded('sizes') }}", "words.toml has no scale 'sizes'; did you mean 'size'?"),
        ("{{ x.beta | graded('size') }}", "is for fraction, x.beta is a ratio"),
        ("{{ spec.level }}", "has no claim"),
        ("{% if x.beta - 1 > 0 %}a{% endif %}", "arithmetic belongs"),
        ("{% if x.beta %}a{% endif %}", "gives a number, not a condition"),
        ("{% if supported %}a{% endif %}", "has no claim"),
        ("{% if missing(x.beta) %}a{% endif %}", "speaks_on"),
        ("Up 5 percent", "a digit in the text ('5')"),
        ("Half: ½", "a digit in the text"),
        ("Arabic: ٣", "a digit in the text"),
        ("Squared²", "a digit in the text"),
        ("It moved a {{ x.beta | ratio }} share", "'a' or 'an' stands before a number"),
        ("You should hold it", "'You should' may not be said"),
        ("{% if x.beta > 1 %}It is guaranteed{% endif %}", "'guaranteed' may not be said"),
        ("{% if x.beta > 1 %}never closed", "the text cannot be read"),
        ("{{ " + "(" * 3000 + "x.beta" + ")" * 3000 + " }}", "nested too deeply"),
    ],
)
def test_a_text_is_refused(bench: Bench, text: str, complaint: str) -> None:
    found = bench.problems(text, window="5Y")
    assert any(complaint in problem for problem in found), found


@pytest.mark.parametrize(
    ("claim", "complaint"),
    [
        ("x.beta > y.volatility", "the same metric of both"),
        ("x.beta > 1", "a claim is"),
        ("x.beta >= y.beta", "a claim is"),
        ("x.beta > y.beta and x.beta > 0", "a claim is"),
        ("x.beta > x.beta", "a claim is"),
        ("x.cagr > y.cagr_1y", "a claim is"),
        ("x.skew > y.skew", "carries no interval"),
        ("x.total_return > y.total_return", "roles by growth_of_1000 would decide the claim"),
    ],
)
def test_a_claim_is_refused(bench: Bench, claim: str, complaint: str) -> None:
    found = bench.problems("{% if supported %}a{% endif %}", window="5Y", claim=claim, roles="most growth_of_1000")
    assert any(complaint in problem for problem in found), found


def test_a_percentage_compared_as_a_whole_number_is_a_warning(bench: Bench) -> None:
    bench.write(SPEAKS, window="5Y", when="x.max_drawdown < -20")
    rules, problems = bench.read()
    assert len(rules) == 1
    assert [(p.severity, "compared with 20" in p.message) for p in problems] == [("warning", True)]


@given(st.text(max_size=60))
def test_any_source_is_either_admitted_or_complained_about(source: str) -> None:
    catalogue = {"beta": MetricSpec("beta", "Beta", "ratio", 2, "s", "f", "r")}
    complaints = Complaints("a.j2", source)
    tree = Language(catalogue, "5Y", complaints).expression(source, 1, wants="bool")
    assert (tree is None) == bool(complaints.problems)
    Language(catalogue, "5Y", Complaints("a.j2", source)).text(source, None)


def test_hostile_files_are_refused_quickly(bench: Bench) -> None:
    for i in range(60):
        bench.write("{{ " + "-" * 5000 + "x.beta }}" * (i % 3), name=f"tail/r{i}", when="not " * 200 + "x.beta > 1")
    began = time.perf_counter()
    rules, problems = bench.read()
    assert not rules
    assert len(problems) >= 60
    assert time.perf_counter() - began < 10
