"""A publisher's order of sections and editor's note act on a brief: once, on the cover, with its own numbers."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from reportgen.config import Settings
from reportgen.errors import UsageError
from reportgen.sources import open_source
from tests.brief.conftest import Issue, issue, settings_for

DAY = date(2026, 3, 27)
PAIRS = (("IWM", "QQQ"), ("SPY", "QQQ"))


def noted(settings: Settings, note: str) -> Settings:
    return replace(settings, branding=replace(settings.branding, editors_note=note))


def made(settings: Settings) -> Issue:
    return issue(open_source("sample"), settings, DAY)


def sections(page: str) -> list[str]:
    return re.findall(r'<section id="([^"]+)" class="body', page)


@pytest.mark.slow
@pytest.mark.parametrize("form", ["short", "full"])
def test_the_note_stands_once_above_the_cover_and_its_numbers_are_facts(tmp_path: Path, form: str) -> None:
    settings = replace(settings_for(tmp_path, PAIRS, form=form), formats=("html", "mail"))
    text = "SPY fell by {SPY/max_drawdown/5Y} at worst, in a brief of March 27, 2026.\n\nQQQ charges 0.18%."
    found = made(noted(settings, text))
    assert found.outcome.status == "issued", found.outcome.clearance.findings
    page = (found.folder / "brief.html").read_text()
    assert sections(page)[0] == "editors-note"
    assert page.count("Editor’s note</h2>") == 1
    note = page[page.index('<section id="editors-note"') :]
    note = note[: note.index("</section>")]
    assert 'data-fact="SPY/max_drawdown/5Y"' in note
    assert 'data-fact="QQQ/expense_ratio"' in note
    assert "The editor’s note was written by a person" in page
    mail = message_from_bytes((found.folder / "brief.eml").read_bytes(), policy=default)
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().count("QQQ charges 0.18%.") == 1


def test_a_number_of_the_note_that_is_no_fact_of_the_brief_holds_it(tmp_path: Path) -> None:
    found = made(noted(settings_for(tmp_path, PAIRS), "Nine of ten readers, 91.7%, agree."))
    assert found.outcome.status == "held"
    assert any("91.7%" in finding.message for finding in found.outcome.clearance.findings)


def test_a_fact_that_no_comparison_has_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="GLD/beta/5Y"):
        made(noted(settings_for(tmp_path, PAIRS), "Gold: {GLD/beta/5Y}."))
    assert not list(tmp_path.rglob("*.html"))


@pytest.mark.slow
def test_the_order_acts_on_the_cover_and_within_each_comparison(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, PAIRS)
    plain = made(settings)
    page = (plain.folder / "brief.html").read_text()
    assert sections(page)[:5] == ["week", "moves", "changed", "watch", "scorecard"]
    turned = replace(settings, section_order=("watch", "outlook", "changed"))
    page = (made(turned).folder / "brief.html").read_text()
    assert sections(page)[:5] == ["watch", "changed", "week", "moves", "scorecard"]
    parts = re.findall(r'<section id="iwm-vs-qqq-([^"]+)" class="part"', page)
    assert parts == ["outlook", "answer", "returns"]
