"""Chromium opens what was made of hostile data: nothing runs, and nobody is asked for anything."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from reportgen import gate
from reportgen.model import Clearance, Finding
from reportgen.pipeline import Made
from tests.security.hostile import Listener
from tests.security.test_outputs import page, part

pytestmark = [pytest.mark.browser, pytest.mark.slow]

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = ("--disable-background-networking", "--disable-sync", "--no-first-run", "--disable-gpu", "--no-sandbox")


def opened(file: Path, folder: Path) -> str:
    """The page as the browser has it once everything has loaded and run."""
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        pytest.skip("needs Chromium")
    profile = f"--user-data-dir={folder / 'profile'}"
    command = [browser, "--headless", *QUIET, profile, "--virtual-time-budget=4000", "--dump-dom", file.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return done.stdout


def title_of(dom: str) -> str:
    found = re.search(r"<title[^>]*>(.*?)</title>", dom, re.DOTALL)
    assert found, dom[:400]
    return found[1]


def test_a_page_that_does_run_them_is_found_out(listener: Listener, words: dict[str, str], tmp_path: Path) -> None:
    """What the next test does not see proves something only because this one sees it."""
    file = tmp_path / "attacked.html"
    file.write_text(f"<!DOCTYPE html><title>Quiet</title><body>{words['picture']}{words['handler']}{words['script']}")
    assert title_of(opened(file, tmp_path)) == "owned"
    assert listener.heard
    listener.heard.clear()


def test_pages_mails_and_notices_run_and_fetch_nothing(
    hostile: Made, listener: Listener, words: dict[str, str], tmp_path: Path
) -> None:
    findings = tuple(Finding(t, t, t, t, file=t, line=1, fact=t) for t in words.values())
    _, held = gate.notice(Clearance(findings, {}), "iwm-vs-qqq")
    written = {"page": page(hostile), "mail": part(hostile, "html"), "held": held.content.decode()}
    for name, text in written.items():
        file = tmp_path / f"{name}.html"
        file.write_text(text, "utf-8")
        dom = opened(file, tmp_path)
        assert title_of(dom) == title_of(text)
        assert "<script" not in dom.lower().replace("&lt;script", "")
    assert listener.heard == []
