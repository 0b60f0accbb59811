"""Twelve weekly issues in a row: every change told is one, none is missed, and the scorecard adds up."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import pairwise

import pytest

from tests.brief import independent
from tests.brief.conftest import Issue

pytestmark = pytest.mark.slow


def check_changes(issues: tuple[Issue, ...]) -> Counter[str]:
    """Compares every issue's changes with an independent difference of two files of facts; counts them by kind."""
    kinds: Counter[str] = Counter()
    assert issues[0].read("changes.json")["since"] is None
    for before, now in pairwise(issues):
        told = now.read("changes.json")
        assert told["since"] == before.as_of.isoformat()
        expected = independent.entries(before.read("facts.json"), now.read("facts.json"))
        assert independent.listed(told) == expected
        assert len(told["changes"]) == len(expected), "a change is told twice"
        kinds.update(entry[0] for entry in expected)
    return kinds


def check_scores(issues: tuple[Issue, ...]) -> Counter[str]:
    """Works out what became of every statement again, and the figures that the pages print."""
    facts = [(each.as_of, each.read("facts.json")) for each in issues]
    counts: Counter[str] = Counter()
    for number, each in enumerate(issues):
        counts = Counter()
        weeks = set()
        stated = each.read("watch.json")["statements"]
        seen: dict[tuple[object, ...], list[tuple[str, str | None]]] = {}
        for statement in stated:
            since = date.fromisoformat(statement["since"])
            status, scored = independent.outcome(statement, facts[: number + 1])
            assert (statement["status"], statement["scored"]) == (status, scored), statement
            who = (statement["comparison"], statement["rule"], *sorted(statement["roles"].items()))
            seen.setdefault(who, []).append((statement["since"], scored))
            if since < each.as_of:
                counts[status] += 1
                weeks |= {scored} if status in ("hit", "miss") else set()
        for spans in seen.values():
            for (_, closed), (opened, _) in pairwise(spans):
                assert closed is not None, "a statement is made again while it is still open"
                assert closed <= opened
        printed = {f["metric"]: f for f in facts[number][1]["facts"] if f["subject"] == "article"}
        assert printed["conditions_held"]["value"] == counts["hit"]
        assert printed["conditions_missed"]["value"] == counts["miss"]
        assert printed["conditions_seen"]["value"] == counts["occurred"]
        assert printed["conditions_open"]["value"] == counts["open"]
        assert printed["conditions_lapsed"]["value"] == counts["lapsed"]
        assert printed["conditions_weeks"]["value"] == len(weeks)
        scored_ones = counts["hit"] + counts["miss"]
        rate = printed["hit_rate"]
        if scored_ones == 0:
            assert rate["value"] is None
        else:
            assert rate["value"] == pytest.approx(counts["hit"] / scored_ones)
            bounds = (rate["details"]["low"], rate["details"]["high"])
            assert bounds == pytest.approx(independent.score_interval(counts["hit"], scored_ones), abs=1e-9)
    return counts


def test_a_simulated_quarter(simulated_quarter: tuple[Issue, ...]) -> None:
    assert [each.outcome.status for each in simulated_quarter] == ["issued"] * 12
    kinds = check_changes(simulated_quarter)
    assert all(kinds[kind] for kind in ("fee", "holding in", "holding out", "sector", "fact", "rank", "verdict")), kinds
    counts = check_scores(simulated_quarter)
    assert counts["hit"] + counts["miss"] >= 10


@pytest.mark.real_data
def test_a_real_quarter_with_a_holiday_friday(real_quarter: tuple[Issue, ...]) -> None:
    assert [each.outcome.status for each in real_quarter] == ["issued"] * 12
    days = [each.as_of for each in real_quarter]
    assert date(2026, 4, 2) in days
    assert date(2026, 4, 3) not in days
    kinds = check_changes(real_quarter)
    assert kinds["verdict"]
    assert kinds["rank"]
    counts = check_scores(real_quarter)
    assert counts["hit"] + counts["miss"] >= 10
