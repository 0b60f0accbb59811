"""The guide to publishing is followed to the letter: its settings are written, its commands run in order."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from reportgen import cli

ROOT = Path(__file__).resolve().parent.parent
GUIDE = (ROOT / "docs" / "publishing.md").read_text()


@pytest.mark.slow
def test_following_the_guide_publishes_an_issue_and_its_correction(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (settings,) = re.findall(r"^```toml reportgen\.toml\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
    Path("reportgen.toml").write_text(settings)
    blocks = re.findall(r"^```sh\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    assert len(lines) == 8
    for line in lines:
        assert cli.run(shlex.split(line)[1:]) == 0, f"{line}: {capsys.readouterr().err}"
    assert "tag:example.com,2026-03-27:brief/brief" in Path("public/feed.xml").read_text()
    assert Path("output/2026-03-27/brief/v1/brief.html").is_file()
    assert "No printed number changed." in Path("output/2026-03-27/brief/brief.html").read_text()
    assert cli.run(["site"]) == 4, "the corrected issue waits for an approval of its own"


def test_the_guide_is_named_where_one_looks_for_it() -> None:
    assert "(docs/publishing.md)" in (ROOT / "README.md").read_text()
    assert all(f"reportgen {command}" in GUIDE for command in ("brief", "approve", "correct", "site", "schedule"))
