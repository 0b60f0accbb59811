"""The stage from end to end, and the account of a rule."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from reportgen.errors import UsageError
from reportgen.model import ContextFunds, Snapshot, plain
from reportgen.narrative import comment, explain

if TYPE_CHECKING:
    from reportgen.narrative.rules import Rule
    from reportgen.narrative.scene import Setting
    from tests.narrative.conftest import Bench


def snapshot(setting: Setting) -> Snapshot:
    nothing: dict[str, object] = {
        "histories": {},
        "holdings": {},
        "risk_free": None,
        "series": {},
        "sessions": None,
        "sources": (),
    }
    return Snapshot(
        as_of=setting.measurements.as_of,
        requested=None,
        tickers=setting.tickers,
        context=ContextFunds(),
        funds=setting.funds,
        events=(),
        issues=(),
        **nothing,  # type: ignore[arg-type]
    )


@pytest.fixture
def setting(bench: Bench) -> Setting:
    facts = [bench.fact(t, m, v) for t, v in (("AAA", 0.3), ("BBB", 0.1)) for m in ("volatility", "cagr")]
    return bench.setting(*facts, bench.difference("AAA", "BBB", "cagr", 0.2, 0.01))


@pytest.fixture
def rules(bench: Bench) -> list[Rule]:
    text = "{% if supported %}{{ x.ticker }} led by {{ pair.diff.cagr | points }}{% else %}even{% endif %}"
    claim = bench.rule(text, "returns/lead", window="5Y", claim="x.cagr > y.cagr", roles="most volatility")
    return [
        claim,
        bench.rule("Wild {{ x.ticker }}.", "risk/wild", window="5Y", when="x.volatility > 0.2 and y.volatility > 0.2"),
        bench.rule("{{ x.beta | ratio }}", "tail/beta", window="5Y"),
        bench.rule("Every {{ x.ticker }}.", "tail/none", assets=["bond"]),
    ]


def test_every_rule_speaks_or_has_its_reason(bench: Bench, setting: Setting, rules: list[Rule]) -> None:
    told = comment(setting.measurements, snapshot(setting), rules, bench.words)
    (lead,) = told.section("returns")
    assert plain(lead.runs) == "AAA led by 20.0 points"
    assert lead.facts == ("AAA:BBB/diff.cagr/5Y",)
    assert lead.claim is not None
    assert lead.claim.adjusted_p == pytest.approx(0.01)
    assert lead.claim.text == "AAA’s cagr is above BBB’s"
    assert {s.rule: s.reason.split(":")[0] for s in told.silent} == {
        "risk/wild": "its condition does not hold",
        "tail/beta": "x.beta was not measured",
        "tail/none": "not meant for AAA, whose asset class is equity",
    }


def test_commentary_does_not_depend_on_the_order_of_the_rules(
    bench: Bench, setting: Setting, rules: list[Rule]
) -> None:
    forward = comment(setting.measurements, snapshot(setting), rules, bench.words)
    backward = comment(setting.measurements, snapshot(setting), rules[::-1], bench.words)
    assert forward == backward


def test_without_rules_there_is_nothing_to_say(bench: Bench, setting: Setting) -> None:
    told = comment(setting.measurements, snapshot(setting), [], bench.words)
    assert (dict(told.statements), told.silent) == ({}, ())


def test_the_account_of_a_rule_that_spoke(bench: Bench, setting: Setting, rules: list[Rule]) -> None:
    found = explain("returns/lead", setting.measurements, snapshot(setting), rules, bench.words)
    (account,) = found.accounts
    assert account.printed
    assert {part.written: part.result for part in account.claim}["verdict"] == "supported"
    assert ("x.volatility", "AAA/volatility/5Y = 30.00%") in [(p.written, p.result) for p in account.facts]
    assert "says: AAA led by 20.0 points" in str(found)
    assert json.loads(json.dumps(found.as_json()))["accounts"][0]["printed"] is True


def test_the_account_of_a_rule_that_kept_silent(bench: Bench, setting: Setting, rules: list[Rule]) -> None:
    wild = explain("risk/wild", setting.measurements, snapshot(setting), rules, bench.words)
    assert [(p.written, p.result) for p in wild.accounts[0].condition] == [
        ("x.volatility > 0.2", "true"),
        ("y.volatility > 0.2", "false (0.1 against 0.2)"),
    ]
    beta = explain("tail/beta", setting.measurements, snapshot(setting), rules, bench.words)
    assert beta.accounts[0].facts[0].result == "not available: x.beta was not measured"
    bonds = explain("tail/none", setting.measurements, snapshot(setting), rules, bench.words)
    assert "not printed: not meant for AAA" in str(bonds)


def test_an_unknown_rule_is_an_error_with_the_nearest_name(bench: Bench, setting: Setting, rules: list[Rule]) -> None:
    with pytest.raises(UsageError, match="did you mean 'returns/lead'"):
        explain("returns/laed", setting.measurements, snapshot(setting), rules, bench.words)
