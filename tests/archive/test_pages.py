"""The archive's pages before those who judge pages: a validator, axe-core, and a reader who searches."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

import pytest

from reportgen.archive import Archive, build

ROOT = Path(__file__).resolve().parent.parent.parent
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
VALIDATOR = ROOT / "node_modules" / ".bin" / "html-validate"
RULES = {
    "root": True,
    "extends": ["html-validate:recommended", "html-validate:document"],
    "rules": {"require-sri": ["error", {"target": "crossorigin"}]},  # what lies in the same folder needs no hash
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OWN = ("index.html", "2026-04-02/iwm-vs-qqq/index.html", "2026-03-27/iwm-vs-qqq/index.html",
       "2026-03-27/iwm-vs-qqq/v1/index.html", "2025-12-31/agg-vs-tlt/index.html")  # fmt: skip
"""A page of each kind: the first one, a plain issue, a corrected one, a replaced version, a simulated issue."""


@pytest.fixture
def place(archive: Archive) -> Path:
    build(archive)
    return archive.place


@pytest.mark.slow
def test_a_validator_finds_nothing_wrong(place: Path, tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None or not VALIDATOR.exists():
        pytest.skip("needs Node and html-validate (make test-all installs it where npm is)")
    config = tmp_path / "rules.json"
    config.write_text(json.dumps(RULES))
    pages = [str(page) for page in place.rglob("index.html")]
    assert len(pages) == 7
    command = [node, str(VALIDATOR.resolve()), "--config", str(config), *pages]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def browse(page: Path, script: str, folder: Path, *options: str) -> object:
    """What a script leaves as its answer in a page that Chromium has opened as a file."""
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        pytest.skip("needs Chromium")
    probe = page.with_name(f"probe-{page.name}")
    ending = f"<script>{script}</script></body>"
    probe.write_text(page.read_text().replace("</body>", ending), encoding="utf-8")
    fixed = ["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=10000", "--no-first-run"]
    fixed += ["--disable-background-networking", "--disable-sync", f"--user-data-dir={folder / 'profile'}"]
    command = [browser, *fixed, *options, "--dump-dom", probe.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    told = re.search(r'<pre id="answer">(.*?)</pre>', done.stdout, re.DOTALL)
    assert told, done.stdout[-2000:]
    return json.loads(unescape(told[1]))


ANSWER = """
const answer = (value) => {
  const told = document.createElement("pre");
  told.id = "answer";
  told.textContent = JSON.stringify(value);
  document.body.replaceChildren(told);
};
"""
SEARCH = """
addEventListener("load", () => {
  const seen = (words) => {
    const input = document.getElementById("words");
    input.value = words;
    input.dispatchEvent(new Event("input"));
    const shown = [...document.querySelectorAll(".issues li")].filter((item) => item.offsetParent !== null);
    return [shown.map((item) => item.querySelector("a").getAttribute("href")), document.getElementById("found").textContent];
  };
  answer(WORDS.map(seen));
});
"""  # noqa: E501


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["0", "1"], ids=["dark", "light"])
@pytest.mark.parametrize("name", OWN)
def test_axe_finds_nothing_wrong(place: Path, tmp_path: Path, name: str, scheme: str) -> None:
    if not AXE.is_file():
        pytest.skip("needs axe-core (make test-all installs it where npm is)")
    run = 'addEventListener("load", () => axe.run().then((found) => answer(found.violations)));'
    script = f"{AXE.read_text()}\n{ANSWER}{run}".replace("</script", "<\\/script")
    assert browse(place / name, script, tmp_path, f"--blink-settings=preferredColorScheme={scheme}") == []


@pytest.mark.browser
@pytest.mark.slow
def test_the_search_finds_titles_tickers_and_days(place: Path, tmp_path: Path) -> None:
    asked = ["", "brk.b", "iwm 2026-03", "QQQ leans", "march tlt", "agg simulated", "corrected", "nothing of the kind"]
    script = ANSWER + SEARCH.replace("WORDS", json.dumps(asked))
    iwm, old, brk, agg = (f"{path}/index.html" for path in (
        "2026-04-02/iwm-vs-qqq", "2026-03-27/iwm-vs-qqq", "2026-03-27/brk.b-vs-spy", "2025-12-31/agg-vs-tlt",
    ))  # fmt: skip
    assert browse(place / "index.html", script, tmp_path) == [
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
def test_without_a_script_the_list_is_whole_and_no_search_is_offered(place: Path, tmp_path: Path) -> None:
    page = place / "index.html"
    without = page.with_name("plain.html")
    without.write_text(page.read_text().replace('<script src="search.js" defer></script>', ""))
    look = """addEventListener("load", () => answer([
      document.querySelectorAll(".issues li").length, document.getElementById("search").offsetParent === null]));"""
    assert browse(without, ANSWER + look, tmp_path) == [4, True]
    assert "<noscript>" in page.read_text()
