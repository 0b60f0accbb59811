"""Roles, tests and verdicts: what may be called supported."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.model import Fund, Verdict, plain
from reportgen.narrative.comment import adjust, ask
from reportgen.narrative.verdicts import adjusted

if TYPE_CHECKING:
    from reportgen.narrative.scene import Setting
    from tests.narrative.conftest import Bench

TEXT = (
    "{% if supported %}yes{% elif contradicted %}no{% elif inconclusive %}unclear{% elif untested %}untested{% endif %}"
)


def test_adjusted_p_values_by_hand() -> None:
    # Benjamini and Hochberg: p(i) m / i, made monotone from the largest down.
    assert adjusted({"a": 0.01, "b": 0.04, "c": 0.03, "d": 0.5}) == pytest.approx(
        {"a": 0.04, "c": 0.16 / 3, "b": 0.16 / 3, "d": 0.5}
    )


@given(st.dictionaries(st.text(max_size=3), st.floats(0, 1), min_size=1, max_size=20))
def test_adjusting_never_lowers_a_p_value_and_keeps_the_order(ps: dict[str, float]) -> None:
    result = adjusted(ps)
    assert all(ps[k] <= result[k] + 1e-12 and result[k] <= 1 for k in ps)
    assert all(result[a] <= result[b] + 1e-12 for a in ps for b in ps if ps[a] <= ps[b])


@pytest.mark.parametrize(
    ("value", "p", "verdict"),
    [
        (0.3, 0.001, "supported"),
        (-0.3, 0.001, "contradicted"),
        (0.05, 0.3, "inconclusive"),
        (0.3, 0.2, "inconclusive"),  # the interval leaves zero out, the adjusted p is too large
        (0.05, 0.01, "inconclusive"),  # the other way round
        (0.3, None, "descriptive"),
    ],
)
@pytest.mark.parametrize("claim", ["x.cagr > y.cagr", "y.cagr < x.cagr"])
@pytest.mark.parametrize("tickers", [("AAA", "BBB"), ("BBB", "AAA")])
def test_verdicts(
    bench: Bench, value: float, p: float | None, verdict: Verdict, claim: str, tickers: tuple[str, str]
) -> None:
    rule = bench.rule(TEXT, window="5Y", claim=claim, roles="most volatility", story="the wilder earns more")
    sign = 1 if tickers[0] == "AAA" else -1
    setting = bench.setting(
        bench.fact("AAA", "volatility", 0.3),
        bench.fact("BBB", "volatility", 0.2),
        bench.fact("AAA", "cagr", 0.1 + value),
        bench.fact("BBB", "cagr", 0.1),
        bench.difference(*tickers, "cagr", sign * value, p),
        tickers=tickers,
    )
    (statement,) = bench.told(setting, rule)["concentration"]
    assert statement.verdict == verdict
    assert statement.roles == {"x": "AAA", "y": "BBB"}
    assert statement.claim is not None
    assert statement.claim.side == sign
    assert statement.claim.fact == f"{':'.join(tickers)}/diff.cagr/5Y"


def test_every_pair_counts_and_the_clearest_is_told(bench: Bench) -> None:
    rule = bench.rule(TEXT, window="5Y", claim="x.cagr > y.cagr", roles="most volatility")
    tickers = ("AAA", "BBB", "CCC")
    facts = [bench.fact(t, m, v) for t, v in zip(tickers, (0.1, 0.2, 0.3), strict=True) for m in ("volatility", "cagr")]
    pairs = [
        bench.difference("AAA", "BBB", "cagr", -0.1, 0.03),
        bench.difference("AAA", "CCC", "cagr", -0.2, 0.03),
        bench.difference("BBB", "CCC", "cagr", -0.1, 0.9),
    ]
    setting = bench.setting(*facts, *pairs, tickers=tickers)
    asked, _ = ask(setting, [rule])
    assert adjust(asked)["AAA:CCC/diff.cagr/5Y"] == pytest.approx(0.045)
    (statement,) = bench.told(setting, rule)["concentration"]
    assert (statement.verdict, dict(statement.roles)) == ("supported", {"x": "CCC", "y": "AAA"})
    assert any("told of CCC and AAA" in reason for reason in bench.silences(setting, rule))


def test_a_fact_that_two_rules_test_counts_once(bench: Bench) -> None:
    first = bench.rule(TEXT, "tail/one", window="5Y", claim="x.cagr > y.cagr")
    second = bench.rule(TEXT, "risk/two", window="5Y", claim="x.cagr < y.cagr")
    facts = [bench.fact(t, "cagr", 0.1) for t in ("AAA", "BBB")]
    setting = bench.setting(*facts, bench.difference("AAA", "BBB", "cagr", 0.3, 0.08))
    asked, _ = ask(setting, [first, second])
    assert adjust(asked) == {"AAA:BBB/diff.cagr/5Y": 0.08}


def test_a_claim_is_counted_whether_or_not_it_is_worth_saying(bench: Bench) -> None:
    rule = bench.rule(TEXT, window="5Y", claim="x.cagr > y.cagr", when="x.cagr > 1")
    facts = [bench.fact(t, "cagr", 0.1) for t in ("AAA", "BBB")]
    setting = bench.setting(*facts, bench.difference("AAA", "BBB", "cagr", 0.3, 0.08))
    assert adjust(ask(setting, [rule])[0])
    assert bench.told(setting, rule) == {}


def test_an_untested_claim_keeps_silent_unless_the_text_has_words_for_it(bench: Bench) -> None:
    rule = bench.rule("{% if supported %}yes{% else %}unclear{% endif %}", window="5Y", claim="x.cagr > y.cagr")
    facts = [bench.fact(t, "cagr", 0.1) for t in ("AAA", "BBB")]
    setting = bench.setting(*facts, bench.difference("AAA", "BBB", "cagr", 0.3))
    assert bench.told(setting, rule) == {}
    assert "carries no interval" in bench.silences(setting, rule)[0]


def test_a_tie_gives_no_roles_unless_the_rule_has_words_for_it(bench: Bench) -> None:
    facts = [bench.fact(t, m, 0.2) for t in ("AAA", "BBB") for m in ("volatility", "cagr")]
    setting = bench.setting(*facts, bench.difference("AAA", "BBB", "cagr", 0.0, 1.0))
    tested = bench.rule(TEXT, window="5Y", claim="x.cagr > y.cagr", roles="most volatility")
    assert bench.silences(setting, tested) == ["no roles: both have the same volatility"]
    told = bench.rule("{{ x.ticker }} first", "tail/told", window="5Y", roles="least volatility", ties="speak")
    assert bench.told(setting, told)["tail"][0].roles == {"x": "AAA", "y": "BBB"}


def test_a_rule_is_silent_about_other_asset_classes(bench: Bench) -> None:
    rule = bench.rule("{{ x.ticker }} and {{ y.ticker }}", assets=["equity"])
    setting = bench.setting(BBB=Fund("BBB", "Bonds", "bond"))
    assert bench.silences(setting, rule) == ["not meant for BBB, whose asset class is bond"]


def test_a_funds_own_claim(bench: Bench) -> None:
    rule = bench.rule(TEXT, window="5Y", claim="x.beta > 0", scope="fund", most=2)
    plus = bench.difference("AAA", "AAA", "beta", 0.5, 0.001).interval
    setting = bench.setting(bench.fact("AAA", "beta", 0.5, interval=plus), bench.fact("BBB", "beta", 0.5))
    told = bench.told(setting, rule)["concentration"]
    assert {s.roles["x"]: s.verdict for s in told} == {"AAA": "supported", "BBB": "descriptive"}


def companions(bench: Bench, *tickers: str) -> Setting:
    """A pair in either order: SMH gains with AAA, KRE with BBB, GLD with neither."""
    sign = 1 if tickers[0] == "AAA" else -1
    betas = (("SMH", 0.5, 0.001), ("KRE", -1.0, 0.001), ("GLD", 0.05, 0.6))
    facts = []
    for key, beta, p in betas:
        found = bench.difference(tickers[0], tickers[1], "beta", sign * beta, p)
        facts.append(replace(found, metric="companion_beta", key=key))
    tops = [bench.fact("AAA", "top10_weight", 0.5), bench.fact("BBB", "top10_weight", 0.1)]
    return bench.setting(*facts, *tops, tickers=(tickers[0], tickers[1]))


@pytest.mark.parametrize("tickers", [("AAA", "BBB"), ("BBB", "AAA")])
def test_each_key_of_a_keyed_metric_is_a_claim_and_turns_with_the_roles(bench: Bench, tickers: tuple[str, str]) -> None:
    rule = bench.rule(
        "{% if supported %}With {{ x.ticker }} {{ pair.companion_beta | movers }}{% endif %}",
        window="5Y",
        claim="pair.companion_beta > 0",
        roles="most top10_weight",
    )
    setting = companions(bench, *tickers)
    asked, _ = ask(setting, [rule])
    assert len(adjust(asked)) == 3
    (statement,) = bench.told(setting, rule)["concentration"]
    assert plain(statement.runs) == "With AAA SMH (0.50) gains and KRE (1.00) loses"
    assert statement.verdict == "supported"
    assert len([fact for fact in statement.facts if "companion" in fact]) == 3


def test_lists_hold_only_what_stands_after_all_claims_are_counted(bench: Bench) -> None:
    text = "{% if supported %}{{ pair.companion_beta | movers }}{% else %}none stand{% endif %}"
    rule = bench.rule(text, window="5Y", claim="pair.companion_beta > 0")
    facts = [
        replace(bench.difference("AAA", "BBB", "beta", 0.5, 0.09), metric="companion_beta", key=key) for key in "ST"
    ]
    noise = [replace(bench.difference("AAA", "BBB", "beta", 0.01, 0.9), metric="companion_beta", key=k) for k in "UVW"]
    assert plain(bench.told(bench.setting(*facts), rule)["concentration"][0].runs) == "S (0.50) and T (0.50) gain"
    assert plain(bench.told(bench.setting(*facts, *noise), rule)["concentration"][0].runs) == "none stand"


def test_a_text_can_say_that_an_interval_is_clear_of_zero_by_itself(bench: Bench) -> None:
    text = "{% if inconclusive and clear_of_zero %}alone{% elif inconclusive %}chance{% else %}clear{% endif %}"
    rule = bench.rule(text, window="5Y", claim="x.cagr > y.cagr")
    facts = [bench.fact(t, "cagr", 0.1) for t in ("AAA", "BBB")]
    for p, said in ((0.2, "alone"), (0.01, "clear")):
        setting = bench.setting(*facts, bench.difference("AAA", "BBB", "cagr", 0.3, p))
        assert plain(bench.told(setting, rule)["concentration"][0].runs) == said


def test_a_text_can_say_that_an_interval_leaves_out_zero_only_just(bench: Bench) -> None:
    text = "{% if supported and barely %}just{% elif supported %}well{% else %}no{% endif %}"
    rule = bench.rule(text, window="5Y", claim="x.cagr > y.cagr")
    facts = [bench.fact(t, "cagr", 0.1) for t in ("AAA", "BBB")]
    gap = bench.difference("AAA", "BBB", "cagr", 0.3, 0.001)
    assert gap.interval is not None
    for low, said in ((0.001, "just"), (0.02, "just"), (0.04, "well")):
        near = replace(gap, interval=replace(gap.interval, low=low, high=low + 0.5))
        assert plain(bench.told(bench.setting(*facts, near), rule)["concentration"][0].runs) == said


def test_a_question_is_told_in_the_direction_of_the_data_and_a_story_as_it_goes(bench: Bench) -> None:
    facts = (
        bench.fact("AAA", "volatility", 0.3),
        bench.fact("BBB", "volatility", 0.2),
        bench.fact("AAA", "cagr", 0.1),
        bench.fact("BBB", "cagr", 0.4),
        bench.difference("AAA", "BBB", "cagr", -0.3, 0.001),
    )
    for story, verdict, side, text in (
        (None, "supported", -1, "BBB’s cagr is above AAA’s"),
        ("the wilder earns more", "contradicted", 1, "AAA’s cagr is above BBB’s"),
    ):
        told = {"story": story} if story else {}
        rule = bench.rule(TEXT, window="5Y", claim="x.cagr > y.cagr", roles="most volatility", **told)
        (statement,) = bench.told(bench.setting(*facts), rule)["concentration"]
        assert statement.verdict == verdict
        assert statement.claim is not None
        assert (statement.claim.side, statement.claim.text) == (side, text)
        assert plain(statement.runs) == "no", "the text asks about the claim as it is written"
