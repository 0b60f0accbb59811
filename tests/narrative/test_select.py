"""What is printed of what could be said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.model import Fund, Statement
from reportgen.narrative.select import LIMITS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reportgen.narrative.scene import Setting
    from tests.narrative.conftest import Bench


def names(told: Mapping[str, tuple[Statement, ...]], section: str) -> list[str]:
    return [s.rule for s in told.get(section, ())]


def facts(bench: Bench) -> Setting:
    return bench.setting(
        *(bench.fact(t, m, v) for t, v in (("AAA", 0.4), ("BBB", 0.1)) for m in ("beta", "volatility"))
    )


def test_one_statement_a_topic_by_priority_then_effect_then_name(bench: Bench) -> None:
    low = bench.rule("low {{ x.ticker }}.", "tail/a", priority=10, effect="9")
    small = bench.rule("small.", "tail/b", priority=50, effect="1")
    large = bench.rule("large.", "tail/d", priority=50, effect="-2")
    same = bench.rule("same.", "tail/c", priority=50, effect="2")
    setting = facts(bench)
    assert names(bench.told(setting, low, small, large, same), "tail") == ["tail/c"]
    assert sorted(bench.silences(setting, low, small, large, same)) == ["tail/c speaks about t"] * 3


def test_sections_have_limits_and_warnings_do_not_count(bench: Bench) -> None:
    rules = [bench.rule("one.", f"tail/r{i}", topic=f"t{i}", priority=i) for i in range(LIMITS["tail"] + 2)]
    warning = bench.rule("mind.", "tail/w", topic="warning-one", priority=1)
    told = names(bench.told(facts(bench), *rules, warning), "tail")
    assert len(told) == LIMITS["tail"] + 1
    assert told[0] == f"tail/r{LIMITS['tail'] + 1}"
    assert "tail/w" in told


def test_no_fact_is_told_in_three_places(bench: Bench) -> None:
    text = "{{ x.beta | ratio }}"
    places = ["headline/one", "summary/one", "risk/one", "breadth/one"]
    rules = [bench.rule(text, name, window="5Y") for name in places]
    more = bench.rule("{{ x.beta | ratio }} {{ x.volatility | percent }}", "tail/one", window="5Y")
    told = bench.told(facts(bench), *rules, more)
    assert list(told) == [
        "headline",
        "summary",
        "risk",
        "tail",
    ]  # the opening is one place; new facts may join old ones


def test_the_pair_with_the_largest_gap_is_told(bench: Bench) -> None:
    rule = bench.rule("{{ x.ticker }} over {{ y.ticker }}", "risk/one", window="5Y", roles="most beta")
    tickers = ("AAA", "BBB", "CCC")
    setting = bench.setting(
        *(bench.fact(t, "beta", v) for t, v in zip(tickers, (1.0, 3.0, 0.5), strict=True)), tickers=tickers
    )
    (statement,) = bench.told(setting, rule)["risk"]
    assert statement.roles == {"x": "BBB", "y": "CCC"}


def test_a_rule_about_funds_speaks_for_as_many_as_it_says(bench: Bench) -> None:
    rule = bench.rule("Mind {{ x.ticker }}.", "risk/one", scope="fund", most=2, assets=["leveraged"])
    tickers = ("AAA", "BBB", "CCC")
    setting = bench.setting(tickers=tickers, AAA=Fund("AAA", "A", "leveraged"), CCC=Fund("CCC", "C", "leveraged"))
    assert [s.roles["x"] for s in bench.told(setting, rule)["risk"]] == ["AAA", "CCC"]


def test_sections_come_in_the_articles_order(bench: Bench) -> None:
    rules = [bench.rule("one.", f"{section}/one") for section in ("tail", "answer", "cost", "headline")]
    assert list(bench.told(facts(bench), *rules)) == ["headline", "answer", "cost", "tail"]
