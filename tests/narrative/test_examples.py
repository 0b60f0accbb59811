"""Examples that do not hold are found, with their line and what was said instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reportgen.narrative.examples import check_examples

if TYPE_CHECKING:
    from tests.narrative.conftest import Bench

RULE = """{#---
section = "tail"
topic = "t"
priority = 1
window = "5Y"
roles = "most volatility"
claim = "y.cagr > x.cagr"
[[example]]
facts = { x.volatility = 0.2, y.volatility = 0.1, x.cagr = 0.1, y.cagr = 0.2 }
interval = [0.05, 0.15]
expect = "supported"
says = "BBB beat AAA by 10.0 points"
[[example]]
expect = "silent"
---#}
{% if supported %}{{ y.ticker }} beat {{ x.ticker }} by {{ pair.diff.cagr | points }}{% endif %}
"""


def problems(bench: Bench, *replaced: tuple[str, str]) -> list[str]:
    source = RULE
    for old, new in replaced:
        assert old in source
        source = source.replace(old, new)
    bench.write("").write_text(source, encoding="utf-8")
    rules, found = bench.read()
    assert not [p for p in found if p.severity == "error"], found
    return [f"{p.line}: {p.message}" for p in check_examples(rules, bench.catalogue, bench.words)]


def test_an_example_that_holds_in_both_orders(bench: Bench) -> None:
    assert problems(bench) == []


@pytest.mark.parametrize(
    ("replaced", "complaint"),
    [
        (
            ("10.0 points", "11.0 points"),
            "8: '11.0 points' is not part of|8: 'BBB beat AAA by 11.0 points' is not part of",
        ),
        (("[0.05, 0.15]", "[-0.05, 0.15]"), "8: expected supported, but it is silent: its text has nothing to say"),
        (("[0.05, 0.15]", "[-0.15, -0.05]"), "8: expected supported, but it is silent"),
        (("x.volatility = 0.2", "x.volatility = 0.05"), "8: the roles are the other way round: x is BBB|silent"),
        (("x.cagr = 0.1,", "x.cgar = 0.1,"), "did you mean 'cagr'?"),
        (("x.cagr = 0.1,", 'x.cagr = { missing = "too young" },'), "its claim cannot be tested: x.cagr is missing"),
        (("x.volatility = 0.2", "x.volatility = -1"), "the roles are the other way round|silent"),
    ],
)
def test_an_example_that_does_not_hold(bench: Bench, replaced: tuple[str, str], complaint: str) -> None:
    found = problems(bench, replaced)
    assert found
    assert any(part in problem for problem in found for part in complaint.split("|")), found


def test_an_example_can_give_details_keys_events_and_fund_names(bench: Bench) -> None:
    bench.write("").write_text(
        """{#---
section = "tail"
topic = "t"
priority = 1
window = "5Y"
[[example]]
facts = { x.ticker = "IWM", x.name = "Small", x.max_drawdown = { value = -0.3, peak = 2021-11-08, n = 12 }, \
x.sector_weight = { keys = { Energy = 0.1 } }, article.next_cpi = 2026-04-10, y.asset_class = "bond" }
expect = "descriptive"
says = ["Small fell 30.00% from November 8, 2021 (12)", "Energy (10.00%)", "April 10, 2026"]
[[example]]
facts = { y.asset_class = "leveraged" }
expect = "silent"
---#}
{{ x.name }} fell {{ x.max_drawdown | percent_size }} from {{ x.max_drawdown | detail_day("peak") }}
({{ x.max_drawdown | observations }}); {{ x.sector_weight | largest }}; {{ article.next_cpi }}
""",
        encoding="utf-8",
    )
    rules, found = bench.read()
    assert not found
    assert check_examples(rules, bench.catalogue, bench.words) == ()
