"""The article as composed: order, tables, notes, what is left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from reportgen import charts, compose, metrics, narrative
from reportgen.compose import _cells as cells
from reportgen.model import Article, Bullets, Commentary, Figure, Measurements, Request, Snapshot, Table, plain
from reportgen.resources import template_folders
from reportgen.sources import open_source

EDITION = compose.Edition(date(2026, 3, 28), 2, "The Brief", "The publisher owns neither fund, as of 2026.")


@cache
def material(*tickers: str) -> tuple[Snapshot, Measurements, Commentary]:
    snapshot = open_source("sample").load(Request(tickers))
    measured = metrics.measure(snapshot)
    folders = template_folders()
    words = narrative.load_words(folders)
    rules = narrative.load_rules(folders, measured.specs, words)
    return snapshot, measured, narrative.comment(measured, snapshot, rules, words)


def made(*tickers: str, edition: compose.Edition = EDITION) -> Article:
    snapshot, measured, commentary = material(*tickers)
    return compose.compose(snapshot, measured, commentary, charts.draw(measured, snapshot), edition)


def table(article: Article, name: str) -> Table:
    return next(b for s in article.sections for b in s.blocks if isinstance(b, Table) and b.id == name)


def rows(found: Table) -> list[list[str]]:
    return [[plain(cell.runs) for cell in row] for row in found.body]


def test_sections_stand_in_the_articles_order() -> None:
    ids = [section.id for section in made("IWM", "QQQ").sections]
    expected = ["answer", "summary", "own", "returns", "risk", "analysis", "time-horizons", "tail", "outlook", "claims"]
    assert [i for i in ids if i in expected] == expected
    assert ids[-1] == "disclosures"
    appendix = [section.appendix for section in made("IWM", "QQQ").sections]
    assert appendix == sorted(appendix)


def test_the_answer_has_its_three_bullets_in_order() -> None:
    answer = next(section for section in made("IWM", "QQQ").sections if section.id == "answer")
    (bullets,) = answer.blocks
    assert isinstance(bullets, Bullets)
    assert [plain(title) for title, _ in bullets.items] == [
        "What matters most.",
        "What is not different.",
        "What the data cannot tell.",
    ]


def test_the_table_of_returns_annualises_above_a_year_only() -> None:
    found = {row[0]: row[1:] for row in rows(table(made("IWM", "QQQ"), "returns"))}
    assert found["1 year"] == ["22.58%", "20.54%", "+2.0 pts"]
    assert found["5 years, per year"][:2] == ["3.22%", "12.89%"]
    assert found["Growth of $1,000, 5 years"] == ["$1,172", "$1,834", "-$662"]
    assert all("per year" in name for name in found if name[0] in "3510" and "years" in name and "Growth" not in name)


def test_three_funds_have_three_columns_and_no_difference() -> None:
    found = table(made("IWM", "QQQ", "XLE"), "returns")
    assert [plain(cell.runs) for cell in found.head[0]] == ["Window", "IWM", "QQQ", "XLE"]


def test_a_drawdowns_three_dates_stand_below_it() -> None:
    found = rows(table(made("IWM", "QQQ"), "risk"))
    at = next(i for i, row in enumerate(found) if row[0] == "Maximum drawdown")
    assert [row[0] for row in found[at + 1 : at + 4]] == ["from the peak of", "to the trough of", "recovered on"]
    assert found[at][1:] == ["-31.91%", "-35.12%"]


def test_long_reasons_move_into_the_tables_note() -> None:
    article = made("HYG", "IWM")
    found = table(article, "profile")
    cells_shown = [plain(cell.runs) for row in found.body for cell in row]
    assert "n/a" in cells_shown
    assert not any(text.startswith("n/a, ") and len(text) > 30 for text in cells_shown)
    assert "HYG: n/a, " in plain(found.note)


def test_the_masthead_tells_the_dates_and_the_version() -> None:
    lines = {plain(label): plain(content) for label, content in made("IWM", "QQQ").masthead.lines}
    assert lines["Issued"] == "March 28, 2026, version 2"
    assert lines["Data as of"] == "the close of March 27, 2026"
    assert lines["Market impact"].startswith("0.2 on a scale from zero to one")
    assert "iShares Russell 2000 ETF (IWM) and Invesco QQQ Trust (QQQ)" in lines["Funds"]


def test_an_as_of_that_is_no_session_is_told() -> None:
    snapshot, measured, commentary = material("IWM", "QQQ")
    asked = replace(snapshot, requested=date(2026, 3, 29))
    article = compose.compose(asked, measured, commentary, {}, EDITION)
    lines = {plain(label): plain(content) for label, content in article.masthead.lines}
    assert lines["Data as of"].endswith("the last session with data on or before March 29, 2026")
    assert not any(isinstance(block, Figure) for section in article.sections for block in section.blocks)


def test_sections_can_be_left_out() -> None:
    left = {s.id for s in made("IWM", "QQQ", edition=replace(EDITION, omitted=("tail", "credit", "risk"))).sections}
    assert not left & {"tail", "credit", "risk"}
    assert {"answer", "returns", "disclosures"} <= left


def test_only_simulated_data_are_marked() -> None:
    snapshot, measured, commentary = material("IWM", "QQQ")
    assert "Simulated" in plain(made("IWM", "QQQ").banner)
    real = compose.compose(replace(snapshot, simulated=False), measured, commentary, {}, EDITION)
    assert real.banner == ()


def test_the_publishers_own_words_may_hold_numbers() -> None:
    disclosures = made("IWM", "QQQ").sections[-1]
    assert "The publisher owns neither fund, as of 2026." in "".join(plain(b.runs) for b in disclosures.blocks)  # type: ignore[union-attr]


@pytest.mark.parametrize(("code", "words"), [("5Y", "5 years"), ("CY2022", "2022"), ("YTD", "Year to date")])
def test_windows_have_names(code: str, words: str) -> None:
    assert plain(cells.window_name(code)) == words


def test_claims_are_told_in_their_own_direction() -> None:
    for row in rows(table(made("IWM", "QQQ"), "claims")):
        effect, interval, verdict = row[2], row[3], row[5]
        low, high = interval.split(" to ")
        if verdict == "supported":
            assert not effect.startswith("-")
            assert low.startswith("+")
            assert high.startswith("+")
        elif verdict == "contradicted":
            assert effect.startswith("-")
