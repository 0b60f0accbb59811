"""What the cover says so that a reader need not ask: both intervals, what is open, where conditions disagree."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from reportgen.brief import changed, cover, scoring, waiting
from reportgen.brief.changes import Change
from reportgen.brief.cut import MOST
from reportgen.brief.own_facts import catalogue
from reportgen.brief.scoring import HALF_A_YEAR, Stated
from reportgen.model import (
    Block,
    Fact,
    Interval,
    Measurements,
    Statement,
    Table,
    Text,
    Window,
    plain,
)
from reportgen.sources.sample import SampleSource, universe
from tests.brief.conftest import Issue, issue, settings_for

DAY, BEFORE = date(2026, 3, 27), date(2026, 3, 20)


def stated(since: date, **changed: object) -> Stated:
    one = Stated(
        "iwm-vs-qqq", "watch/credit", {"x": "IWM", "y": "QQQ"}, "article.credit_week < 0", "x.beta > 1", "5Y", "If ...",
        since, decides="credit falls over a week", follows="IWM trails QQQ",
    )  # fmt: skip
    return replace(one, **changed)  # type: ignore[arg-type]


def rows(blocks: tuple[Block, ...]) -> list[list[str]]:
    (table,) = [block for block in blocks if isinstance(block, Table)]
    return [[plain(cell.runs) for cell in row] for row in table.body]


def test_open_statements_are_listed_with_what_decides_them_and_until_when() -> None:
    outlook = stated(BEFORE, expects=None, decides="QQQ is ahead", follows="")
    closed = stated(date(2026, 1, 9), status="hit", scored=BEFORE)
    blocks = waiting.blocks((stated(DAY), outlook, closed), {"iwm-vs-qqq": (Text("IWM or QQQ"),)})
    assert rows(blocks) == [
        ["IWM or QQQ", "QQQ is ahead", "a changed picture", "2026-03-20", "2026-09-18"],
        ["IWM or QQQ", "credit falls over a week", "IWM trails QQQ", "2026-03-27", "2026-09-25"],
    ]
    assert waiting.blocks((closed,), {}) == ()


def test_more_open_statements_than_fit_are_counted() -> None:
    many = tuple(stated(DAY, comparison=f"c{number}") for number in range(MOST + 3))
    (table,) = waiting.blocks(many, {})
    assert isinstance(table, Table)
    assert len(table.body) == MOST
    assert "And 3 more are in the file watch.json" in plain(table.note)


def test_a_statement_lapses_after_half_a_year_and_not_before() -> None:
    since = date(2026, 1, 9)
    last = since + HALF_A_YEAR
    (waits,) = scoring.scored((stated(since),), (), last - timedelta(days=1))
    assert waits.status == "open"
    (lapsed,) = scoring.scored((stated(since),), (), last)
    assert (lapsed.status, lapsed.scored) == ("lapsed", last)
    assert scoring.scored((lapsed,), (), last + HALF_A_YEAR) == (lapsed,)


def test_a_flipped_verdict_stands_beside_both_effects_and_intervals() -> None:
    window = Window("5Y", date(2021, 3, 26), DAY)
    bounds = Interval(-0.05, 0.61, 0.95, "hac", None, 0.1)
    now = Fact(
        "IWM", "diff.credit_beta", "ratio", 0.28, second="QQQ", code="5Y", window=window, as_of=DAY, interval=bounds
    )
    earlier = replace(
        now, value=0.33, as_of=BEFORE, window=Window("5Y", date(2021, 3, 19), BEFORE),
        interval=Interval(0.02, 0.64, 0.95, "hac", None, 0.03),
    )  # fmt: skip
    told = ("supported", "inconclusive")
    change = Change("verdict", now.id, "claim", earlier, now, "iwm-vs-qqq", told, "IWM's credit beta is above QQQ's", 1)
    quoted = tuple(changed.quotes((change,), BEFORE))
    facts = {fact.id: fact for fact in (now, *quoted)}
    specs = {**catalogue(), "diff.credit_beta": catalogue()["credit_beta"]}
    blocks = changed.blocks((change,), BEFORE, Measurements(DAY, ("IWM", "QQQ"), facts, {}, specs))
    assert rows(blocks) == [
        ["IWM's credit beta is above QQQ's, 5 years", "supported: +0.33 (+0.02 to +0.64)",
         "not settled: +0.28 (-0.05 to +0.61)"],
    ]  # fmt: skip
    other = replace(change, side=-1)
    assert rows(changed.blocks((other,), BEFORE, Measurements(DAY, ("IWM", "QQQ"), facts, {}, specs)))[0][2] == (
        "not settled: -0.28 (-0.61 to +0.05)"
    )


def conditional(favors: str, *roles: str) -> Statement:
    x, y = roles or ("IWM", "QQQ")
    return Statement(
        "watch/x", "watch", favors, 1, (Text("If so, it trails."),), (), roles={"x": x, "y": y}, favors=favors
    )


@pytest.mark.parametrize(
    ("statements", "opposed"),
    [
        ((conditional("QQQ"), conditional("IWM")), True),
        ((conditional("QQQ"), conditional("QQQ")), False),
        ((conditional("QQQ"),), False),
        ((conditional("QQQ"), conditional("SPY", "SPY", "XLE")), False),
    ],
)
def test_conditions_that_speak_for_different_funds_are_said_to(
    statements: tuple[Statement, ...], *, opposed: bool
) -> None:
    assert ("point to different funds" in plain(cover.conditions(statements))) == opposed


@pytest.mark.slow
def test_a_brief_names_its_funds_in_full_and_speaks_plainly_of_its_sources(two_issues: tuple[Issue, Issue]) -> None:
    page = (two_issues[1].folder / "brief.html").read_text()
    facts = page[page.index('id="table-funds-week"') :]
    assert "Russell" in facts[: facts.index("</table>")]
    sources = page[page.index('id="table-sources"') :]
    sources = sources[: sources.index("</table>")]
    assert ">calendar<" not in sources
    assert "scheduled events" in sources
    assert ">article<" not in page
    assert " led " in page[page.index('id="table-comparisons-week"') :]


@pytest.mark.slow
def test_a_fund_and_its_equally_weighted_twin_are_said_to_hold_the_same_companies(tmp_path: Path) -> None:
    """Known from the two full files of holdings alone: the names in both, and how little of the money overlaps."""
    base = universe(2, 6)
    held = base.holdings["F0001"]
    equal = tuple(replace(row, weight=1 / len(held.rows), market_value=1e6) for row in held.rows)
    twins = {**base.holdings, "F0002": replace(held, ticker="F0002", rows=equal)}
    made = issue(SampleSource(replace(base, holdings=twins)), settings_for(tmp_path, (("F0001", "F0002"),)), DAY)
    assert made.outcome.status == "issued", made.outcome.clearance.findings
    page = re.sub(r"<[^>]+>", "", (made.folder / "brief.html").read_text())
    assert re.search(
        r"What is not different\. The companies: F0001 and F0002 hold the same ones, \d+ in both, and differ in how",
        page,
    )
