"""`reportgen brief`, as it is called: what becomes of a comparison that fails. What a brief holds: tests/brief."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

SETTINGS = """
[source]
kind = "sample"
[output]
formats = ["html"]
[brief]
pairs = [["IWM", "QQQ"], ["SPY", "NOPE"]]
"""
ASKED = ("brief", "--as-of", "2026-03-27")


@pytest.mark.slow
def test_a_part_of_an_issue_ends_with_a_code_of_its_own_and_names_what_is_held(run: Run, tmp_path: Path) -> None:
    (tmp_path / "reportgen.toml").write_text(SETTINGS)
    said = run(*ASKED)
    assert said.code == 6
    assert "reportgen: spy-vs-nope is held back: " in said.err
    assert "NOPE" in said.err
    assert "brief.html" in said.out
    place = tmp_path / "output" / "2026-03-27" / "brief"
    assert json.loads((place / "run.json").read_text())["status"] == "part"
    told = run(*ASKED, "--json")
    assert told.code == 6
    last = json.loads(told.out.splitlines()[-1])
    assert (last["event"], [held["comparison"] for held in last["held"]]) == ("part", ["spy-vs-nope"])
    (tmp_path / "reportgen.toml").write_text(SETTINGS + 'when_one_fails = "hold all"\n')
    assert run(*ASKED, "--quiet").code == 3
