"""`reportgen trace`: from a printed number back to its fact and the fingerprints of what it was made from."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reportgen import cli

Run = Callable[..., Any]
DRAWDOWN = "QQQ/max_drawdown/5Y"


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("trace")
    assert cli.run(["demo", "--out", str(out), "--quiet"]) == 0
    return out / "2026-03-27" / "iwm-vs-qqq"


@pytest.mark.parametrize("file", ["article.html", "article.pdf", "facts.json", ""])
@pytest.mark.parametrize("text", ["35.12", "-35.12%", DRAWDOWN])
def test_a_number_leads_to_its_fact_in_every_form(run: Run, issued: Path, file: str, text: str) -> None:
    said = run("trace", str(issued / file), text)
    assert said.code == 0
    assert said.out.startswith(f"{DRAWDOWN}\n")
    for told in (
        "Maximum drawdown",
        "5Y, 2021-03-26 to 2026-03-27",
        "total return",
        "1,256",
        "The largest fall",
        "sha256 ",
    ):
        assert told in said.out


def test_a_pdf_alone_is_enough(run: Run, issued: Path, tmp_path: Path) -> None:
    alone = shutil.copy(issued / "article.pdf", tmp_path / "alone.pdf")
    assert run("trace", str(alone), "$1,834").out.startswith("QQQ/growth_of_1000/5Y\n")


def test_json_holds_the_inputs_with_their_hashes(run: Run, issued: Path) -> None:
    (told,) = json.loads(run("trace", str(issued), DRAWDOWN, "--json").out)
    facts = json.loads((issued / "facts.json").read_text())
    assert told["id"] == DRAWDOWN
    assert "-35.12%" in told["printed"]
    assert {each["sha256"] for each in told["inputs"]} <= {source["sha256"] for source in facts["sources"]}
    assert told["inputs"]


def test_an_interval_is_told_with_its_level(run: Run, issued: Path) -> None:
    said = run("trace", str(issued), "IWM:QQQ/diff.cagr/5Y").out
    assert "at 95%" in said
    assert "p = " in said


@pytest.mark.parametrize(("text", "near"), [("QQQ/max_drawdon/5Y", DRAWDOWN), ("35.1299", "max_drawdown")])
def test_what_is_not_there_is_told_with_what_is_near(run: Run, issued: Path, text: str, near: str) -> None:
    said = run("trace", str(issued), text)
    assert said.code == 2
    assert near in said.err


@pytest.mark.parametrize("content", [b"junk", b"{}", b"%PDF-1.7\n"])
def test_a_file_without_facts_is_told_as_such(run: Run, tmp_path: Path, content: bytes) -> None:
    for name in ("a.json", "a.pdf"):
        (tmp_path / name).write_bytes(content)
        said = run("trace", str(tmp_path / name), "35.12")
        assert said.code == 4
        assert "Traceback" not in said.err
    assert run("trace", str(tmp_path / "absent.html"), "35.12").code == 4
