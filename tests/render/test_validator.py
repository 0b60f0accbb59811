"""The pages of an article and of a brief before an HTML validator."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from reportgen.sources import open_source
from tests.brief.conftest import issue, settings_for
from tests.render.test_accessibility import page_of
from tests.render.validator import faults

pytestmark = pytest.mark.slow
STYLE = ("prefer-native-element",)
"""No fault of the page's: a table that scrolls is a region, and no section of the text."""


@pytest.mark.parametrize("tickers", [("IWM", "QQQ"), ("IWM", "QQQ", "SPY", "TLT", "GLD")], ids="-".join)
def test_an_articles_page_is_valid(tmp_path: Path, tickers: tuple[str, ...]) -> None:
    assert faults([page_of(tickers, tmp_path)], tmp_path, but=STYLE) == ""


@pytest.mark.parametrize("form", ["short", "full"])
def test_a_briefs_pages_are_valid(tmp_path: Path, form: str) -> None:
    settings = settings_for(tmp_path, (("IWM", "QQQ"), ("SPY", "QQQ", "XLE"), ("TLT", "GLD")), form=form)
    source = open_source("sample")
    pages = [issue(source, settings, day).folder / "brief.html" for day in (date(2026, 3, 20), date(2026, 3, 27))]
    assert faults(pages, tmp_path, but=STYLE) == ""


def test_the_validator_sees_what_is_wrong(tmp_path: Path) -> None:
    page = page_of(("IWM", "QQQ"), tmp_path)
    page.write_text(page.read_text().replace("</main>", "</main></main>", 1))
    assert "main" in faults([page], tmp_path)
