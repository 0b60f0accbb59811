"""Conditions and texts over facts: values, missing ones, and typed runs."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from reportgen.model import DatedEvent, Day, Fact, Name, Number, Parameter, Text, plain
from reportgen.narrative.evaluate import render, tidy
from reportgen.narrative.scene import Scene, Setting

if TYPE_CHECKING:
    from tests.narrative.conftest import Bench


def said(bench: Bench, setting: Setting, text: str, **header: Any) -> str | None:  # noqa: ANN401
    rule = bench.rule(text, window="5Y", **header)
    statements = bench.told(setting, rule).get("concentration", ())
    return plain(statements[0].runs) if statements else None


@pytest.fixture
def funds(bench: Bench) -> Setting:
    return bench.setting(
        bench.fact("AAA", "beta", 1.2),
        bench.fact("BBB", "beta", 0.0),
        bench.difference("AAA", "BBB", "beta", 1.2),
        bench.fact("AAA", "overlap", missing="only ten holdings are known"),
        bench.fact("AAA", "largest_sector", "Technology", details={"weight": 0.505}),
        bench.fact("AAA", "sector_weight", 0.505, key="Technology"),
        bench.fact("AAA", "sector_weight", 0.1, key="Energy"),
        bench.fact("AAA", "calendar_return", -0.2, code="CY2022"),
    )


@pytest.mark.parametrize(
    ("when", "truth"),
    [
        ("x.beta > y.beta", True),
        ("x.beta - y.beta == 1.2 and not y.beta > 0", True),
        ("0 <= y.beta < x.beta < 1.2", False),
        ("pair.diff.beta > 1", True),
        ("x.largest_sector.weight > 0.5", True),
        ("x.sector_weight.Energy < 0.2", True),
        ("x.calendar_return_cy2022 == -0.2", True),
        ("article.funds == 2", True),
        ("x.beta > 5 or x.beta > 1", True),
        ("x.beta > 5 and x.beta / y.beta > 1", False),  # the right side is not asked
        ("-x.beta < -1", True),
    ],
)
def test_conditions(bench: Bench, funds: Setting, when: str, *, truth: bool) -> None:
    assert (said(bench, funds, "It holds.", when=when) is not None) is truth


@pytest.mark.parametrize(
    ("when", "reason"),
    [
        ("x.beta / y.beta > 1", "divides by zero"),
        ("x.beta * 1e300 * 1e300 > 1", "overflows"),
        ("y.volatility > 0", "y.volatility was not measured"),
        ("not (x.overlap < 0.2)", "x.overlap is missing: only ten holdings are known"),
        ("x.largest_sector.wieght > 0.5", "there is no 'wieght'"),
        ("x.sector_weight.Utilities > 0.5", "was not measured"),
        ("x.issuer == y.issuer", "x.issuer is not known"),
        ("x.largest_sector.weight == x.largest_sector", "cannot be compared"),
        ("x.beta > 5", "its condition does not hold"),
    ],
)
def test_what_is_not_known_is_a_reason_and_never_a_guess(bench: Bench, funds: Setting, when: str, reason: str) -> None:
    rule = bench.rule("It holds.", window="5Y", when=when)
    assert any(reason in silence for silence in bench.silences(funds, rule)), bench.silences(funds, rule)


def test_missing_is_the_only_question_about_absence(bench: Bench, funds: Setting) -> None:
    text = "{% if missing(x.overlap) %}Unknown.{% else %}{{ x.overlap | percent }}{% endif %}"
    assert said(bench, funds, text, speaks_on="missing") == "Unknown."
    assert said(bench, funds, "{{ x.overlap | percent }} in common") is None


def test_texts_become_typed_runs(bench: Bench, funds: Setting) -> None:
    text = "{{ x.ticker }}'s   beta is\n{{ x.beta | ratio(1) }} , on {{ article.as_of }}"
    rule = bench.rule(text, window="5Y")
    runs = render(rule.text, Scene(funds, "AAA", "BBB"), bench.words, frozenset())
    assert runs == (
        Name("AAA"), Text("’s beta is "), Number("AAA/beta/5Y", "1.2"), Text(", on "),
        Day(date(2026, 3, 27), "March 27, 2026"),
    )  # fmt: skip


def test_lists_words_and_constants(bench: Bench, funds: Setting) -> None:
    text = (
        "{{ x.sector_weight | largest(1) }}; {{ x.largest_sector | word }}; {{ pair.diff.volatility | graded('size') }}"
    )
    facts = [*funds.measurements, bench.difference("AAA", "BBB", "volatility", -0.05)]
    assert said(bench, bench.setting(*facts), text) == "Technology (50.50%); Technology; clearly"
    assert said(bench, funds, "{{ article.beta | each }}") == "1.20 for AAA and 0.00 for BBB"


def test_a_constant_of_the_definition_is_printed_from_its_specification(bench: Bench) -> None:
    rule = bench.rule(
        "{% if untested %}The worst {{ spec.level }}{% endif %}",
        window="5Y",
        claim="x.expected_shortfall_95 > y.expected_shortfall_95",
    )
    facts = [bench.fact(t, "expected_shortfall_95", -0.03) for t in ("AAA", "BBB")]
    setting = bench.setting(*facts, bench.difference("AAA", "BBB", "expected_shortfall_95", 0.0))
    (statement,) = bench.told(setting, rule)["concentration"]
    assert statement.runs[-1] == Parameter("expected_shortfall_95", "level", "5%")


def test_differences_follow_the_roles_and_not_the_order_asked_for(bench: Bench, funds: Setting) -> None:
    backwards = bench.setting(
        bench.fact("AAA", "beta", 1.2),
        bench.fact("BBB", "beta", 0.0),
        bench.difference("BBB", "AAA", "beta", -1.2),
        tickers=("BBB", "AAA"),
    )
    text = "{{ x.ticker }} leads {{ y.ticker }} by {{ pair.diff.beta | ratio_size(1) }}"
    for setting in (funds, backwards):
        assert said(bench, setting, text, roles="most beta", when="pair.diff.beta > 1") == "AAA leads BBB by 1.2"


def test_events_are_the_next_of_their_kind(bench: Bench, funds: Setting) -> None:
    days = [date(2026, 3, 27), date(2026, 6, 17), date(2026, 4, 29)]
    events = tuple(DatedEvent("fomc", day, "FOMC", "a calendar") for day in days)
    setting = Setting(funds.measurements, funds.funds, events, funds.context, "5Y")
    assert said(bench, setting, "{{ article.next_fomc }}", scope="article") == "April 29, 2026"
    assert said(bench, setting, "{{ article.next_cpi }}", scope="article") is None


def test_the_long_window_is_the_common_history_where_one_fund_is_young(bench: Bench) -> None:
    old = bench.fact("AAA", "total_return", 0.5)
    for young, code in (
        (bench.fact("BBB", "total_return", 0.5), "5Y"),
        (bench.fact("BBB", "total_return", missing="began"), "SI"),
    ):
        facts: list[Fact] = [old, young]
        measurements = bench.setting(*facts).measurements
        assert Setting.of(measurements, SimpleNamespace(funds={}, events=(), context=None)).long == code  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        ([Text(" a "), Text(" b\n\nc ")], "a b c"),
        ([Text("a "), Name("B"), Text(" , c "), Text(" .")], "a B, c."),
        ([Text("  "), Name("B")], "B"),
    ],
)
def test_white_space_is_joined(runs: list[Text | Name], text: str) -> None:
    assert plain(tidy(list(runs))) == text


@pytest.mark.parametrize(("sign", "speaks"), [(">", False), ("<=", True), ("==", True), ("!=", False), (">=", True)])
def test_a_threshold_met_exactly_is_met_exactly(bench: Bench, sign: str, speaks: bool) -> None:
    """Eight basis points less six are two, whatever binary fractions make of it."""
    rule = bench.rule("It speaks.", when=f"x.expense_ratio - y.expense_ratio {sign} 0.0002")
    fees = (bench.fact("AAA", "expense_ratio", 0.0008), bench.fact("BBB", "expense_ratio", 0.0006))
    assert bool(bench.told(bench.setting(*fees), rule)) is speaks
