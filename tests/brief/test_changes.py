"""What counts as a change, on facts made by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.brief.changes import Change, Claimed, Issued, between
from reportgen.brief.thresholds import FACTS, FEE, PAIR_FACTS, RANKS, SECTOR, Threshold
from reportgen.model import Fact
from reportgen.model._common import Scalar

PAIR = {"aaa-vs-bbb": ("AAA", "BBB")}
DAY = date(2026, 3, 20)


def fact(metric: str, value: Scalar, subject: str = "AAA", **more: object) -> Fact:
    unit = "fraction" if isinstance(value, float) else "count"
    return Fact(subject, metric, unit, value, as_of=DAY, method=f"{metric} v1", **more)  # type: ignore[arg-type]


def issued(*facts: Fact, claims: tuple[Claimed, ...] = ()) -> Issued:
    return Issued(PAIR, {one.id: one for one in facts}, claims)


def kinds(changes: tuple[Change, ...]) -> list[tuple[str, str]]:
    return [(change.kind, change.subject) for change in changes]


def test_any_change_of_a_fee_is_told() -> None:
    before, now = issued(fact("expense_ratio", 0.0019)), issued(fact("expense_ratio", 0.0018))
    assert kinds(between(before, now)) == [("fee", "AAA")]
    assert between(before, before) == ()


@pytest.mark.parametrize("threshold", [*FACTS, *PAIR_FACTS, SECTOR], ids=lambda each: f"{each.metric}/{each.code}")
def test_a_fact_is_told_beyond_its_threshold_and_not_at_it(threshold: Threshold) -> None:
    second = {"second": "BBB"} if threshold in PAIR_FACTS else {}
    start = 0.5
    limit = threshold.size * (start if threshold.relative else 1)
    for move, told in ((limit * 0.99, False), (limit, False), (limit * 1.01, True), (-limit * 1.01, True)):
        before = issued(fact(threshold.metric, start, code=threshold.code, **second))
        now = issued(fact(threshold.metric, start + move, code=threshold.code, **second))
        assert bool([c for c in between(before, now) if c.kind != "rank"]) is told


@given(before=st.floats(-2, 2), now=st.floats(-2, 2))
def test_a_threshold_does_not_depend_on_the_order_of_time(before: float, now: float) -> None:
    threshold = Threshold("beta", "5Y", 0.05)
    assert threshold.passed(before, now) == threshold.passed(now, before)
    assert not threshold.passed(before, before)


@pytest.mark.parametrize(
    "other",
    [
        {"method": "expense_ratio v2"},
        {"basis": "stated by the provider"},
        {"details": {"scope": "top-10"}},
        {"value": None, "missing": "not stated"},
    ],
    ids=["method", "basis", "kind of data", "missing"],
)
def test_what_is_made_otherwise_is_no_change(other: dict[str, object]) -> None:
    before = fact("expense_ratio", 0.0019)
    now = replace(fact("expense_ratio", 0.0009), **other)  # type: ignore[arg-type]
    assert between(issued(before), issued(now)) == ()
    assert between(issued(now), issued(before)) == ()


def line(name: str, rank: int, ticker: str | None = None) -> Fact:
    details: dict[str, Scalar] = {"rank": rank, "scope": "full", **({"ticker": ticker} if ticker else {})}
    return fact("top_holding", 0.05, key=name, details=details)


def test_lines_that_enter_and_leave_are_told_by_ticker() -> None:
    before = issued(line("Alpha Inc", 1, "ALP"), line("Beta Inc", 2, "BET"))
    now = issued(line("ALPHA INC.", 1, "ALP"), line("Gamma Inc", 2, "GAM"))
    found = between(before, now)
    assert [(change.kind, (change.now or change.before).key) for change in found] == [  # type: ignore[union-attr]
        ("holding in", "Gamma Inc"),
        ("holding out", "Beta Inc"),
    ]


def test_lines_without_tickers_are_told_by_name_whatever_the_case() -> None:
    assert between(issued(line("Alpha Inc", 1)), issued(line("ALPHA INC", 2))) == ()


def claim(verdict: str, side: Literal[-1, 1] = 1) -> Claimed:
    return Claimed("aaa-vs-bbb", "AAA:BBB/diff.beta/3Y", side, "AAA’s beta is above BBB’s", verdict)


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        (claim("supported"), claim("inconclusive"), True),
        (claim("supported"), claim("supported", -1), True),
        (claim("supported"), claim("contradicted", -1), False),
        (claim("inconclusive"), claim("inconclusive", -1), False),
        (claim("inconclusive"), claim("descriptive"), False),
    ],
)
def test_a_verdict_has_flipped_when_the_answer_of_the_data_has(before: Claimed, now: Claimed, *, told: bool) -> None:
    tested = fact("diff.beta", 0.2, second="BBB", code="3Y")
    found = between(issued(tested, claims=(before,)), issued(tested, claims=(now,)))
    assert kinds(found) == ([("verdict", tested.id)] if told else [])


def test_an_answer_that_turned_is_told_from_the_later_claim() -> None:
    tested = fact("diff.beta", 0.2, second="BBB", code="3Y")
    before, now = issued(tested, claims=(claim("supported"),)), issued(tested, claims=(claim("supported", -1),))
    assert [change.told for change in between(before, now)] == [("contradicted", "supported")]


def test_a_claim_that_was_not_asked_before_is_no_flip() -> None:
    tested = fact("diff.beta", 0.2, second="BBB", code="3Y")
    assert between(issued(tested), issued(tested, claims=(claim("supported"),))) == ()


@pytest.mark.parametrize(("metric", "code"), RANKS)
def test_a_change_of_order_is_told_however_small(metric: str, code: str | None) -> None:
    first = fact(metric, 0.10, code=code), fact(metric, 0.1001, "BBB", code=code)
    then = fact(metric, 0.1002, code=code), fact(metric, 0.1001, "BBB", code=code)
    found = [change for change in between(issued(*first), issued(*then)) if change.kind == "rank"]
    assert [change.told for change in found] == [("BBB, AAA", "AAA, BBB")]
    assert not [change for change in between(issued(*first), issued(*first)) if change.kind == "rank"]


def test_a_fee_is_told_before_all_else() -> None:
    before = issued(fact("expense_ratio", 0.0019), fact("top10_weight", 0.2))
    now = issued(fact("top10_weight", 0.3), fact("expense_ratio", 0.0018))
    assert [change.kind for change in between(before, now)] == ["fee", "fact"]
    assert FEE.size == 0
