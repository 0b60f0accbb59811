"""The archive's pages before those who judge pages: a validator, axe-core, and a reader who searches."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from reportgen.archive import Archive, build
from reportgen.render.site import marked
from tests.render import validator
from tests.render.chromium import Chromium
from tests.render.test_accessibility import AXE, RUN, SCHEMES, Scheme, page_of

OWN = ("index.html", "2026-04-02/iwm-vs-qqq/index.html", "2026-03-27/iwm-vs-qqq/index.html",
       "2026-03-27/iwm-vs-qqq/v1/index.html", "2025-12-31/agg-vs-tlt/index.html")  # fmt: skip
"""A page of each kind: the first one, a plain issue, a corrected one, a replaced version, a simulated issue."""


@pytest.fixture
def place(archive: Archive) -> Path:
    build(archive)
    return archive.place


@pytest.mark.slow
def test_a_validator_finds_nothing_wrong(place: Path, tmp_path: Path) -> None:
    pages = list(place.rglob("index.html"))
    assert len(pages) == 7
    assert validator.faults(pages, tmp_path) == ""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with Chromium(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


def faults(browser: Chromium) -> object:
    """What axe-core finds wrong with the page that is shown."""
    if not AXE.is_file():
        pytest.skip("needs axe-core (python tools/axe.py installs it with npm)")
    browser.ask(f"{AXE.read_text(encoding='utf-8')};0")
    return browser.ask(RUN.replace("KIND", "'violations'"))


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", OWN)
def test_axe_finds_nothing_wrong(place: Path, browser: Chromium, name: str, scheme: Scheme) -> None:
    for width in (360, 1280):
        browser.show(place / name, width, scheme)
        assert faults(browser) == []
        assert browser.ask("document.documentElement.scrollWidth") == width


@pytest.mark.browser
@pytest.mark.slow
def test_axe_sees_what_is_wrong(place: Path, browser: Chromium) -> None:
    page = place / "index.html"
    page.write_text(page.read_text().replace('<label for="words">Search titles and tickers</label>', ""))
    browser.show(page, 1280)
    assert "label: " in str(faults(browser))


@pytest.mark.browser
@pytest.mark.slow
def test_the_mark_of_a_replaced_version_breaks_nothing(tmp_path: Path, browser: Chromium) -> None:
    page = page_of(("IWM", "QQQ"), tmp_path)
    page.write_bytes(marked(page.read_bytes(), 1, 2))
    browser.show(page, 1280)
    assert faults(browser) == []
    assert browser.ask("document.querySelector('aside').textContent.trim().slice(0, 41)") == (
        "Version 1 of this issue has been replaced"
    )


SEARCH = """WORDS.map((words) => {
  const input = document.getElementById("words");
  input.value = words;
  input.dispatchEvent(new Event("input"));
  const shown = [...document.querySelectorAll(".issues li")].filter((item) => item.checkVisibility());
  return [shown.map((item) => item.querySelector("a").getAttribute("href")), document.getElementById("found").textContent];
})"""  # noqa: E501


@pytest.mark.browser
@pytest.mark.slow
def test_the_search_finds_titles_tickers_and_days(place: Path, browser: Chromium) -> None:
    asked = ["", "brk.b", "iwm 2026-03", "QQQ leans", "march tlt", "agg simulated", "corrected", "nothing of the kind"]
    browser.show(place / "index.html", 1280)
    iwm, old, brk, agg = (f"{path}/index.html" for path in (
        "2026-04-02/iwm-vs-qqq", "2026-03-27/iwm-vs-qqq", "2026-03-27/brk.b-vs-spy", "2025-12-31/agg-vs-tlt",
    ))  # fmt: skip
    assert browser.ask(SEARCH.replace("WORDS", json.dumps(asked))) == [
        [[iwm, brk, old, agg], ""],
        [[brk], "1 issue found"],
        [[old], "1 issue found"],
        [[iwm, old], "2 issues found"],
        [[], "0 issues found"],
        [[agg], "1 issue found"],
        [[old], "1 issue found"],
        [[], "0 issues found"],
    ]


@pytest.mark.browser
@pytest.mark.slow
def test_without_a_script_the_list_is_whole_and_no_search_is_offered(place: Path, browser: Chromium) -> None:
    page = place / "index.html"
    without = page.with_name("plain.html")
    without.write_text(page.read_text().replace('<script src="search.js" defer></script>', ""))
    browser.show(without, 1280)
    assert browser.ask("document.querySelectorAll('.issues li').length") == 4
    assert browser.ask("document.getElementById('search').checkVisibility()") is False
    assert "<noscript>" in page.read_text()
