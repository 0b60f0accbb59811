"""Truths that must hold however the data are turned: swap, split, self-comparison, one day less, one fund more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from reportgen import charts, compose, gate, metrics, narrative
from reportgen.model import (
    DIFFERENCE,
    Article,
    Commentary,
    Fact,
    Measurements,
    PriceHistory,
    Request,
    Snapshot,
    plain,
)
from reportgen.render import html
from reportgen.resources import template_folders
from reportgen.sources import open_source

AS_OF = date(2026, 3, 27)


@cache
def loaded(*tickers: str, as_of: date | None = None) -> Snapshot:
    return open_source("sample").load(Request(tickers, as_of))


def commented(snapshot: Snapshot, measured: Measurements) -> Commentary:
    folders = template_folders()
    words = narrative.load_words(folders)
    rules = narrative.load_rules(folders, measured.specs, words)
    return narrative.comment(measured, snapshot, rules, words)


def made(snapshot: Snapshot) -> Article:
    measured = metrics.measure(snapshot)
    commentary = commented(snapshot, measured)
    edition = compose.Edition(snapshot.as_of, 1, "The Brief", "The publisher owns neither fund.")
    return compose.compose(snapshot, measured, commentary, charts.draw(measured, snapshot), edition)


def values(measured: Measurements) -> Mapping[tuple[str, str | None, str, str | None, str | None], Fact]:
    return {(f.subject, f.second, f.metric, f.key, f.code): f for f in measured}


def test_swapping_the_funds_exchanges_the_roles_only() -> None:
    ours = values(metrics.measure(loaded("IWM", "QQQ")))
    theirs = values(metrics.measure(loaded("QQQ", "IWM")))
    assert len(ours) == len(theirs) > 200
    for (subject, second, metric, key, code), fact in ours.items():
        there = theirs[second or subject, subject if second else None, metric, key, code]
        assert there.missing == fact.missing
        if metric.startswith(DIFFERENCE) and fact.missing is None:
            assert there.number == -fact.number
        elif second is None:
            assert there == fact


def test_swapping_the_funds_says_the_same_sentences() -> None:
    ours, theirs = (made(loaded(*t)) for t in (("IWM", "QQQ"), ("QQQ", "IWM")))
    assert plain(ours.masthead.headline) == plain(theirs.masthead.headline)


def aliased(snapshot: Snapshot, ticker: str, alias: str) -> Snapshot:
    """The snapshot with its second fund replaced by a copy of the first under another name."""
    history = snapshot.histories[ticker]
    copy = PriceHistory(alias, history.dates, history.close, history.distributions, history.volume, history.source)
    return replace(
        snapshot,
        tickers=(ticker, alias),
        funds={**snapshot.funds, alias: replace(snapshot.funds[ticker], ticker=alias)},
        histories={**snapshot.histories, alias: copy},
        holdings={**snapshot.holdings, alias: replace(snapshot.holdings[ticker], ticker=alias)},
    )


@pytest.mark.parametrize("ticker", ["IWM", "QQQ"])
def test_a_fund_with_itself_shows_no_difference(ticker: str) -> None:
    snapshot = aliased(loaded("IWM", "QQQ"), ticker, "TWIN")
    measured = metrics.measure(snapshot)
    gaps = [f for f in measured if f.metric.startswith(DIFFERENCE) and f.missing is None]
    assert len(gaps) > 100
    assert all(gap.number == 0 for gap in gaps)
    overlap = measured.find(ticker, "overlap", second="TWIN")
    correlation = measured.find(ticker, "correlation", "5Y", second="TWIN")
    assert overlap is not None
    assert correlation is not None
    assert overlap.number == pytest.approx(1, abs=1e-9)
    assert correlation.number == pytest.approx(1, abs=1e-9)
    said = commented(snapshot, measured)
    verdicts = {s.verdict for statements in said.statements.values() for s in statements}
    assert verdicts <= {"descriptive", "inconclusive"}
    article = made(snapshot)
    assert gate.check(article, [html.render(article)]).findings == ()
    assert "No clear difference" in plain(article.masthead.headline)


def split(snapshot: Snapshot, ticker: str, factor: float) -> Snapshot:
    history = snapshot.histories[ticker]
    other = PriceHistory(
        ticker,
        history.dates,
        history.close * factor,
        history.distributions * factor,
        history.volume / factor,
        history.source,
    )
    return replace(snapshot, histories={**snapshot.histories, ticker: other})


@pytest.mark.parametrize("factor", [7.0, 0.25])
def test_a_split_changes_nothing_on_the_page(factor: float) -> None:
    snapshot = loaded("IWM", "QQQ")
    there = split(snapshot, "IWM", factor)
    assert html.render(made(there)).content == html.render(made(snapshot)).content


def test_one_day_less_moves_the_as_of_by_one_session() -> None:
    assert loaded("IWM", "QQQ").as_of == AS_OF
    day_before = loaded("IWM", "QQQ", as_of=date(2026, 3, 26))
    assert day_before.as_of == date(2026, 3, 26)
    assert {f.window.end for f in metrics.measure(day_before) if f.window and f.code != "CY2025"} >= {date(2026, 3, 26)}


def test_a_third_fund_moves_no_fact_of_the_two() -> None:
    two = values(metrics.measure(loaded("IWM", "QQQ")))
    three = values(metrics.measure(loaded("IWM", "QQQ", "XLE")))
    for key, fact in two.items():
        if fact.subject != "article" and fact.code != "SI":
            assert three[key] == fact
