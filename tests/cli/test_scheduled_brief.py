"""`reportgen brief --scheduled`: what a timer starts every evening."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reportgen.cli import brief, schedule
from tests.cli.conftest import Run
from tests.delivery.conftest import write_issue

SETTINGS = """
[source]
kind = "files"
data = "{data}"
[output]
formats = ["html"]
[brief]
pairs = [["IWM", "QQQ"]]
"""


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Sets the clock of the command line."""
    return monkeypatch


def set_clock(patch: pytest.MonkeyPatch, text: str) -> None:
    moment = datetime.fromisoformat(text).astimezone(UTC)
    for module in (brief, schedule):
        patch.setattr(module, "now", lambda: moment)


def test_nothing_is_made_before_the_week_has_closed(run: Run, tmp_path: Path, at: pytest.MonkeyPatch) -> None:
    (tmp_path / "reportgen.toml").write_text(SETTINGS.format(data="absent"))
    write_issue(tmp_path / "output", "brief", "2026-03-27", kind="brief")
    set_clock(at, "2026-04-02T16:30-04:00")  # Thursday ends the week of Good Friday
    said = run("brief", "--scheduled")
    assert (said.code, said.err) == (0, "")
    assert said.out == (
        "not due: the issue as of 2026-03-27 is there; the next can be made from 2026-04-02T21:00+00:00 on\n"
    )
    assert run("brief", "--scheduled", "--quiet").out == ""
    assert json.loads(run("brief", "--scheduled", "--json").out)["due"] is False
    set_clock(at, "2026-04-02T17:00-04:00")
    said = run("brief", "--scheduled", "--quiet")
    assert said.code == 4  # due now: and there are no data
    assert said.err.count("\n") == 1


def test_a_second_run_says_that_one_is_at_work(run: Run, tmp_path: Path) -> None:
    (tmp_path / "reportgen.toml").write_text(SETTINGS.format(data="absent"))
    code = (
        "import sys; from pathlib import Path; from reportgen.delivery.folders.lock import locked\n"
        "with locked(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "output")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        for words in (("brief", "--scheduled", "--quiet"), ("brief",), ("site",)):
            said = run(*words)
            assert said.code == 5
            assert said.err.count("\n") == 1
        other.communicate("")


@pytest.mark.slow
def test_the_week_is_issued_once(run: Run, tmp_path: Path, sample_folder: Path, at: pytest.MonkeyPatch) -> None:
    (tmp_path / "reportgen.toml").write_text(SETTINGS.format(data=sample_folder.as_posix()))
    set_clock(at, "2026-03-27T18:30-04:00")
    first = run("brief", "--scheduled", "--quiet")
    assert (first.code, first.err) == (0, "")
    place = tmp_path / "output/2026-03-27/brief"
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in place.rglob("*") if path.is_file()}
    for later in ("2026-03-27T19:30-04:00", "2026-03-29T18:30-04:00", "2026-04-01T18:30-04:00"):
        set_clock(at, later)
        assert run("brief", "--scheduled").out.startswith("not due")
    assert {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in place.rglob("*") if p.is_file()} == before


def test_a_day_of_ones_own_and_the_schedule_exclude_each_other(run: Run) -> None:
    assert run("brief", "--scheduled", "--as-of", "2026-03-27").code == 2
