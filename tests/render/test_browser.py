"""The page in headless Chromium: what only a browser can tell."""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

import pytest

from reportgen.model import Article, Cell, Name, Section, Table, Text
from reportgen.render import html

pytestmark = [pytest.mark.browser, pytest.mark.slow]

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WIDTHS = (360, 400, 800, 1280, 1600)

# Each frame holds the whole page at one width; the answers are written into the page that holds the frames.
PROBE = """<!DOCTYPE html><body><script>
const widths = {widths}, page = {page}, answers = {{}};
let open = widths.length;
for (const width of widths) {{
  const frame = document.createElement("iframe");
  frame.style.cssText = `width:${{width}}px;height:900px;border:0`;
  frame.srcdoc = page;
  frame.onload = () => {{
    const doc = frame.contentDocument, root = doc.documentElement, view = frame.contentWindow;
    const body = view.getComputedStyle(doc.body), paper = view.getComputedStyle(root);
    const outside = [...doc.querySelectorAll("main *")].filter(
      (e) => !e.closest(".table, .picture") && e.getBoundingClientRect().right > width + 1).map((e) => e.outerHTML.slice(0, 80));
    answers[width] = {{
      scroll: root.scrollWidth, outside, paper: paper.backgroundColor, ink: paper.color,
      fonts: [...new Set([...doc.fonts].filter((f) => f.status === "loaded").map((f) => f.family))].sort(),
      line: view.getComputedStyle(doc.querySelector("svg .line.fund-1")).stroke,
    }};
    if (--open === 0) {{
      const told = document.createElement("pre");
      told.id = "answers";
      told.textContent = JSON.stringify(answers);
      document.body.replaceChildren(told);
    }}
  }};
  document.body.append(frame);
}}
</script>"""  # noqa: E501


def probe(page: str, folder: Path, *options: str) -> dict[str, dict[str, object]]:
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        pytest.skip("needs Chromium")
    file = folder / "probe.html"
    text = json.dumps(page).replace("</", "<\\/")
    file.write_text(PROBE.format(widths=list(WIDTHS), page=text), encoding="utf-8")
    fixed = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        "--virtual-time-budget=10000",
        f"--user-data-dir={folder}/profile",
    ]
    command = [browser, *fixed, *options, "--dump-dom", file.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    told = re.search(r'<pre id="answers">(.*?)</pre>', done.stdout, re.DOTALL)
    assert told, done.stdout[-2000:]
    answers: dict[str, dict[str, object]] = json.loads(unescape(told[1]))
    return answers


def five_funds(article: Article) -> Article:
    """An article whose widest table has seven columns and whose names are long."""
    names = [Name(f"An Exchange-Traded Fund With an Uncommonly Long Name {i}") for i in range(5)]
    head = (Cell((Text("What"),), header=True), *(Cell((name,), header=True, numeric=True) for name in names))
    row = (Cell((Text("Category"),), header=True), *(Cell((Name("n/a"),), numeric=True) for _ in names))
    table = Table("five", (Text("Five funds"),), ((*head, Cell((Text("As of"),), header=True)),), ((*row, Cell(())),))
    wide = Section("wide", (Name("Supercalifragilisticexpialidocious-unbroken-heading"),), (table,))
    return dataclasses.replace(article, sections=(*article.sections, wide))


def test_no_page_is_wider_than_its_window(article: Article, tmp_path: Path) -> None:
    answers = probe(html.render(five_funds(article)).content.decode(), tmp_path)
    for width in WIDTHS:
        assert answers[str(width)]["scroll"] == width
        assert answers[str(width)]["outside"] == []
        assert answers[str(width)]["fonts"] == ["Report Sans", "Report Serif"]


@pytest.mark.parametrize(("scheme", "paper"), [("1", "rgb(255, 255, 255)"), ("0", "rgb(18, 22, 28)")])
def test_light_and_dark(article: Article, tmp_path: Path, scheme: str, paper: str) -> None:
    page = html.render(article).content.decode()
    answers = probe(page, tmp_path, f"--blink-settings=preferredColorScheme={scheme}")
    assert {str(answer["paper"]) for answer in answers.values()} == {paper}
    lines = {str(answer["line"]) for answer in answers.values()}
    assert (lines == {"rgb(22, 69, 127)"}) == (scheme == "1")
