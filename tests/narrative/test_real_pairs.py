"""Every pair of eight real funds: prose without slips, and statements that a second reading of the facts bears out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest

from reportgen import metrics
from reportgen.model import Commentary, Measurements, Number, PriceHistory, Request, Snapshot, Statement, plain
from reportgen.narrative import comment, load_rules, load_words
from reportgen.sources.files import FilesSource

pytestmark = [pytest.mark.real_data, pytest.mark.slow]
AS_OF = date(2026, 3, 27)
FUNDS = ("IWM", "QQQ", "SPY", "TLT", "GLD", "TQQQ", "HYG", "ARKK")
GROUPS = [*combinations(FUNDS, 2), ("IWM", "QQQ", "SPY"), ("QQQ", "TLT", "GLD", "ARKK"), FUNDS[:5]]
WORDS = load_words()
Told = tuple[Measurements, Commentary]


@pytest.fixture(scope="module", params=GROUPS, ids="-".join)
def told(request: pytest.FixtureRequest, real_data: Path) -> Told:
    return told_of(FilesSource(real_data).load(Request(request.param, AS_OF)))


def told_of(snapshot: Snapshot) -> Told:
    measured = metrics.measure(snapshot)
    return measured, comment(measured, snapshot, load_rules(None, measured.specs, WORDS), WORDS)


def statements(told: Told) -> Iterator[Statement]:
    for section in told[1].statements.values():
        yield from section


def test_the_prose_has_no_slips(told: Told) -> None:
    for statement in statements(told):
        text = plain(statement.runs)
        where = f"{statement.rule}: {text}"
        assert not re.search(r"\b([a-z]+) \1\b", text), where
        assert not re.search(r"\s[.,;:]|\.\.|,,|\(\s|\s\)|  |\bNone\b|\bnan\b|\binf\b|_", text), where
        assert not re.search(r"\ba [aeio]|\ban [^aeiouhAEFHILMNORSX8]", text), where
        assert re.match(r"[A-Z]", text), where
        assert statement.section == "headline" or text.endswith((".", ")")), where


def test_the_article_opens_properly_and_keeps_its_length(told: Told) -> None:
    _, commentary = told
    assert len(commentary.section("headline")) == 1
    topics = [s.topic for s in commentary.section("answer")]
    assert topics == [t for t in ("answer-matters", "answer-same", "answer-unknown") if t in topics]
    assert {"answer-matters", "answer-unknown"} <= set(topics)
    words = sum(len(plain(s.runs).split()) for s in statements(told) if s.section != "headline")
    assert 400 <= words <= 1_050 + 120 * (len(told[0].tickers) - 2)


def test_every_number_is_a_known_fact(told: Told) -> None:
    measured, _ = told
    for statement in statements(told):
        for run in statement.runs:
            assert not isinstance(run, Number) or measured.facts[run.fact].missing is None


def test_verdicts_follow_from_the_facts(told: Told) -> None:
    measured, _ = told
    for statement in statements(told):
        if statement.claim is None:
            assert statement.verdict == "descriptive"
            continue
        bounds = measured.facts[statement.claim.fact].interval
        assert bounds is not None
        side = statement.claim.side
        assert statement.claim.adjusted_p is not None
        clear = bounds.low > 0 or bounds.high < 0
        if not clear or statement.claim.adjusted_p > 0.10:
            assert statement.verdict == "inconclusive"
        else:
            assert statement.verdict == ("supported" if side * bounds.low > 0 else "contradicted")


def test_what_is_called_more_is_more(told: Told) -> None:
    """A few comparisons, read again from the facts without the rules' help."""
    measured, _ = told
    facts = {(f.subject, f.metric, f.code): f for f in measured if f.second is None and f.key is None}
    by_rule = {s.rule: s for s in statements(told)}
    for rule, metric, code, sign in (
        ("risk/volatility", "volatility", "5Y", 1),
        ("risk/drawdown", "max_drawdown", "5Y", -1),
        ("cost/yield", "distribution_yield", None, 1),
        ("concentration/event-risk", "top10_weight", None, 1),
        ("horizon-weeks/week", "total_return", "1W", 1),
        ("horizon-years/ten", "cagr", "10Y", 1),
    ):
        if rule in by_rule:
            x, y = by_rule[rule].roles["x"], by_rule[rule].roles["y"]
            assert sign * facts[x, metric, code].number > sign * facts[y, metric, code].number


def test_no_rule_is_silent_because_of_a_slip_in_its_text(told: Told) -> None:
    for silence in told[1].silent:
        assert "cannot be compared" not in silence.reason, silence
        assert "is not a number" not in silence.reason, silence
        assert "has no detail" not in silence.reason, silence
        assert "there is no '" not in silence.reason, silence


def test_a_fund_with_itself_is_told_no_difference(real_data: Path) -> None:
    snapshot = FilesSource(real_data).load(Request(("IWM", "QQQ"), AS_OF))
    one = snapshot.histories["IWM"]
    twin = PriceHistory("QQQ", one.dates, one.close, one.distributions, one.volume)
    twins = replace(
        snapshot,
        histories={**snapshot.histories, "QQQ": twin},
        funds={**snapshot.funds, "QQQ": replace(snapshot.funds["IWM"], ticker="QQQ")},
        holdings={**snapshot.holdings, "QQQ": replace(snapshot.holdings["IWM"], ticker="QQQ")},
    )
    told = told_of(twins)
    said = {statement.rule: plain(statement.runs) for statement in statements(told)}
    assert "Nothing large sets IWM and QQQ apart" in said["answer/near-twins"]
    assert "there is no difference" in said["answer/same-cost"]
    assert "100.0% of the money" in said["own/overlap"]
    assert not told[1].section("headline")
    assert not [text for text in said.values() if re.search(r"\b(more than|less|deeper|ahead|lead|led|beat)\b", text)]


def test_the_order_of_asking_changes_no_statement_about_roles(real_data: Path) -> None:
    """Only lists and what names the first fund may differ; bounds of resampled intervals are the same two numbers."""
    source = FilesSource(real_data)
    one, other = (told_of(source.load(Request(pair, AS_OF))) for pair in (("IWM", "QQQ"), ("QQQ", "IWM")))
    free = {"own/overlap", "horizon-years/rolling"}
    texts = [
        {s.rule: plain(s.runs) for s in statements(t) if s.section != "summary" and s.roles and s.rule not in free}
        for t in (one, other)
    ]
    assert texts[0] == texts[1]
    verdicts = [{s.rule: s.verdict for s in statements(t)} for t in (one, other)]
    assert verdicts[0] == verdicts[1]
