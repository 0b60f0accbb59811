"""The page by axe-core, by its contrasts, by keyboard and by weight: two funds and five, light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from reportgen.config import Settings
from reportgen.model import Request
from reportgen.pipeline import Job, Watch, make
from reportgen.sources import open_source
from tests.render.chromium import Chromium

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
PAIRS = (("IWM", "QQQ"), ("IWM", "QQQ", "SPY", "TLT", "GLD"))
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
NARROW, WIDE = 360, 1280
HEAVIEST = 600_000

# What axe cannot judge by itself must be nothing either, where there is room for all: a table that scrolls has a shade
# at its edge and is laid open first. The texts of charts are judged below, because axe knows no fill.
OPENED = "for (const e of document.querySelectorAll('.table')) e.style = 'background: none; overflow: visible';0"
RUN = """axe.run(document, {resultTypes: ["violations", "incomplete"]}).then((told) =>
  told[KIND].flatMap((rule) => rule.nodes
    .filter((node) => !/^<(text|tspan)/.test(node.html))
    .map((node) => `${rule.id}: ${node.html.slice(0, 200)} ${node.failureSummary}`)))"""

# What each text and mark of a chart is painted on: the paper, and the bars painted before it that it touches.
CONTRASTS = """(() => {
  const parts = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const over = (top, share, ground) => top.map((value, i) => value * share + ground[i] * (1 - share));
  const light = (rgb) => rgb.map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ratio = (a, b) => {
    const [x, y] = [light(a), light(b)].sort((p, q) => q - p);
    return (x + 0.05) / (y + 0.05);
  };
  const paper = parts(getComputedStyle(document.documentElement).backgroundColor).slice(0, 3);
  const touches = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  const found = [];
  for (const chart of document.querySelectorAll("svg.chart")) {
    const bars = [];
    for (const mark of chart.querySelectorAll("rect, polygon, polyline, line, circle, path, text")) {
      const {left, right, top, bottom, width, height} = mark.getBoundingClientRect();
      const inside = mark.tagName === "text" ? 0.2 * height : 0;  // letters fill no more of their line
      const box = {left: left + 1, right: right - 1, top: top + inside, bottom: bottom - inside};
      const style = getComputedStyle(mark), name = mark.getAttribute("class") || "";
      if (!width && !height) continue;
      if (mark.tagName === "text") {
        for (const ground of [paper, ...bars.filter((bar) => touches(bar.box, box)).map((bar) => bar.color)]) {
          found.push(["text", name, ratio(parts(style.fill).slice(0, 3), ground), mark.textContent]);
        }
      } else if (/\\b(line|dot|cross|rule)\\b/.test(name) && !/\\b(grid|leader|paper)\\b/.test(name)) {
        const color = style.stroke === "none" ? style.fill : style.stroke;
        found.push(["mark", name, ratio(parts(color).slice(0, 3), paper), ""]);
      } else if (/\\bbar fund/.test(name)) {
        found.push(["mark", name, ratio(parts(style.stroke).slice(0, 3), paper), ""]);
      }
      if (/\\b(bar|area)\\b/.test(name) && mark.tagName === "rect") {
        const share = Number(style.fillOpacity);
        bars.push({box, color: over(parts(style.fill).slice(0, 3), share, paper)});
      }
    }
  }
  return found;
})()"""

LINKS = "document.querySelectorAll('a[href], [tabindex=\"0\"]')"
SHOWN = f"[...{LINKS}].filter((e) => e.checkVisibility()).length"
FOCUSED = f"""(() => {{
  const now = document.activeElement, style = getComputedStyle(now);
  return [[...{LINKS}].indexOf(now), style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2];
}})()"""


def page_of(tickers: tuple[str, ...], folder: Path) -> Path:
    settings = replace(Settings(), formats=("html",))
    made = make(Job(Request(tickers), open_source("sample"), settings), Watch(lambda: 0.0))
    file = folder / f"{'-'.join(tickers)}.html"
    file.write_bytes(next(artifact.content for artifact in made.artifacts if artifact.name == "article.html"))
    return file


@pytest.fixture(scope="module", params=PAIRS, ids="-".join)
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return page_of(request.param, tmp_path_factory.mktemp("page"))


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with Chromium(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing(page: Path, browser: Chromium, width: int, scheme: Scheme) -> None:
    if not AXE.is_file():
        pytest.skip("needs axe-core (python tools/axe.py installs it with npm)")
    browser.show(page, width, scheme)
    browser.ask(f"{AXE.read_text(encoding='utf-8')};0")
    assert browser.ask(RUN.replace("KIND", "'violations'")) == []
    if width == WIDE:
        browser.ask(OPENED)
        assert browser.ask(RUN.replace("KIND", "'incomplete'")) == []


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_charts_can_be_read(page: Path, browser: Chromium, width: int, scheme: Scheme) -> None:
    browser.show(page, width, scheme)
    found = browser.ask(CONTRASTS)
    assert len({kind for kind, *_ in found}) == 2
    assert [each for each in found if each[2] < (4.5 if each[0] == "text" else 3.0)] == []


def test_nothing_scrolls_sideways_on_a_phone(page: Path, browser: Chromium) -> None:
    browser.show(page, NARROW)
    assert browser.ask("document.documentElement.scrollWidth") == NARROW
    wider = "[...document.querySelectorAll('.picture')].filter((e) => e.scrollWidth > e.clientWidth + 1).length"
    assert browser.ask(wider) == 0


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_the_keyboard_reaches_every_link_and_shows_where_it_is(page: Path, browser: Chromium, width: int) -> None:
    browser.show(page, width)
    reached: set[int] = set()
    count = browser.ask(SHOWN)
    for _ in range(count):
        browser.press_tab()
        at, visible = browser.ask(FOCUSED)
        assert visible
        reached.add(at)
    assert len(reached) == count > 40


def test_a_page_is_light(page: Path) -> None:
    assert len(page.read_bytes()) < HEAVIEST
