"""The mails in Chromium: on a phone and a desktop, light and dark, with pictures and without.

A browser is no mail program, but shows what a program shows that leaves the mail as it is: whether anything sticks out,
whether words can be read on their ground, and what stands where a picture is missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.delivery.mail.arrived import Arrived, arrived
from tests.render.chromium import Chromium
from tests.render.test_accessibility import AXE, SCHEMES, Scheme

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WIDTHS = (360, 700)
GROUND = {"light": "rgb(238, 241, 245)", "dark": "rgb(21, 25, 30)"}
INK = {"light": "rgb(27, 31, 36)", "dark": "rgb(232, 235, 239)"}
OUTSIDE = """[...document.querySelectorAll("body *")]
  .filter((e) => e.getBoundingClientRect().right > innerWidth + 0.5).map((e) => e.outerHTML.slice(0, 120))"""
EDGES = """["#sheet", "#end"].map((id) => [...document.querySelectorAll(`${id} p`)].filter((p) => p.offsetHeight)
  .map((p) => p.getBoundingClientRect().left)).map((lefts) => Math.min(...lefts))"""
PICTURES = """[...document.images].map((i) => ({
  loaded: i.naturalWidth > 0, alt: i.alt, width: i.getBoundingClientRect().width,
  height: i.getBoundingClientRect().height, ground: getComputedStyle(i).backgroundColor,
  ink: getComputedStyle(i).color, size: getComputedStyle(i).fontSize}))"""
PREVIEW = "getComputedStyle(document.querySelector('body > div')).display"
SMALL = """[...document.querySelectorAll("p, td, th, li, h1, h2, h3")]
  .filter((e) => e.offsetHeight && e.innerText.trim())
  .map((e) => parseFloat(getComputedStyle(e).fontSize)).reduce((a, b) => Math.min(a, b))"""
JUDGE = """axe.run(document, {runOnly: {type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]},
  resultTypes: ["violations", "incomplete"]}).then((told) => [...told.violations, ...told.incomplete].flatMap(
  (rule) => rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 200)} ${node.failureSummary}`)))"""


@pytest.fixture(scope="module")
def mails(tmp_path_factory: pytest.TempPathFactory) -> tuple[Arrived, ...]:
    return arrived(tmp_path_factory.mktemp("mails"))


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with Chromium(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


def views(mails: tuple[Arrived, ...], browser: Chromium, width: int, scheme: Scheme) -> Iterator[Path]:
    """Every mail shown with its pictures and without, one after the other."""
    for mail in mails:
        for page in (mail.page, mail.without_pictures):
            browser.show(page, width, scheme)
            yield page


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_sticks_out_and_all_is_on_one_edge(
    mails: tuple[Arrived, ...], browser: Chromium, width: int, scheme: Scheme
) -> None:
    for page in views(mails, browser, width, scheme):
        assert browser.ask("document.documentElement.scrollWidth") == width, page
        assert browser.ask(OUTSIDE) == [], page
        sheet, end = browser.ask(EDGES)
        assert sheet == end, page
        assert browser.ask("getComputedStyle(document.body).backgroundColor") == GROUND[scheme], page
        assert browser.ask("getComputedStyle(document.querySelector('li')).color") == INK[scheme], page
        assert browser.ask(PREVIEW) == "none", page
        assert browser.ask(SMALL) >= 11, page


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_pictures_are_shown_and_told_where_they_are_missing(
    mails: tuple[Arrived, ...], browser: Chromium, width: int, scheme: Scheme
) -> None:
    for page in views(mails, browser, width, scheme):
        for picture in browser.ask(PICTURES):
            assert picture["loaded"] == (page.name == "mail.html")
            assert picture["ground"] == "rgb(255, 255, 255)"  # opaque: its colors are chosen for white
            assert picture["width"] >= (330 if width == 360 else 420)
            if not picture["loaded"]:
                assert any(map(str.isdigit, picture["alt"]))  # the key numbers
                assert picture["ink"] == INK["light"]  # on white in the dark as well
                lines = len(picture["alt"]) * 13 * 0.4 / picture["width"]
                assert picture["height"] >= int(lines) * 13  # all of it has room
    assert sum(len(mail.html.split("<img")) - 1 for mail in mails) >= 4


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_wrong(mails: tuple[Arrived, ...], browser: Chromium, width: int, scheme: Scheme) -> None:
    """Contrasts, names and tables, with pictures and without."""
    if not AXE.is_file():
        pytest.skip("needs axe-core (python tools/axe.py installs it with npm)")
    for page in views(mails, browser, width, scheme):
        browser.ask(f"{AXE.read_text(encoding='utf-8')};0")
        assert browser.ask(JUDGE) == [], page


def test_axe_sees_words_that_cannot_be_read(mails: tuple[Arrived, ...], browser: Chromium, tmp_path: Path) -> None:
    if not AXE.is_file():
        pytest.skip("needs axe-core (python tools/axe.py installs it with npm)")
    page = tmp_path / "mail.html"
    page.write_text(mails[0].html.replace("#555c66", "#c5c9ce"), encoding="utf-8")
    browser.show(page, 700)
    browser.ask(f"{AXE.read_text(encoding='utf-8')};0")
    assert any("color-contrast" in found for found in browser.ask(JUDGE))
