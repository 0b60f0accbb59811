"""`reportgen schedule` and `approve`, as they are called."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.delivery.conftest import write_issue


@pytest.mark.parametrize(("option", "line"), [
    ("--systemd", "Persistent=true"), ("--cron", "CRON_TZ=America/New_York"), ("--github", "name: weekly brief"),
])  # fmt: skip
def test_each_timer_is_printed_for_the_settings_at_hand(run: Run, tmp_path: Path, option: str, line: str) -> None:
    (tmp_path / "reportgen.toml").write_text('[schedule]\ntime = "19:05"\napproval = true\n')
    said = run("schedule", option)
    assert said.code == 0
    assert line in said.out.splitlines()
    assert ("approve" in said.out) == (option == "--github")
    assert any(time in said.out for time in ("19:05:00 America/New_York", "\n5 19 * * *", '"5 0 * * *"'))


def test_all_timers_are_printed_where_none_is_named(run: Run) -> None:
    said = run("schedule").out
    assert said.index("# systemd") < said.index("# cron") < said.index("# GitHub Actions")


def test_a_check_tells_whether_an_issue_is_due(run: Run, tmp_path: Path) -> None:
    good_friday = "2026-04-03T22:30+00:00"
    said = run("schedule", "--check", "--at", good_friday)
    assert (said.code, said.out) == (0, "due: the issue as of 2026-04-02\n")
    write_issue(tmp_path / "output", "other", "2026-04-02", kind="brief")
    assert run("schedule", "--check", "--at", good_friday).code == 0
    write_issue(tmp_path / "output", "brief", "2026-04-02", kind="brief")
    said = run("schedule", "--check", "--at", good_friday, "--json")
    assert said.code == 3
    assert json.loads(said.out)["next_ready"] == "2026-04-10T21:00:00+00:00"
    assert run("schedule", "--check", "--quiet", "--at", "2026-04-10T21:00Z").code == 0


@pytest.mark.parametrize("words", [("--check", "--at", "Friday"), ("--check", "--at", "2026-04-02"), ("--json",)])
def test_a_wrong_question_is_refused(run: Run, words: tuple[str, ...]) -> None:
    assert run("schedule", *words).code == 2


def test_approving_is_told(run: Run, tmp_path: Path) -> None:
    folder = write_issue(tmp_path / "output")
    said = run("approve", "2026-03-27/iwm-vs-qqq", "--by", "A. Editor")
    assert (said.code, said.out) == (0, "output/2026-03-27/iwm-vs-qqq: version 1 is approved by A. Editor.\n")
    assert json.loads(run("approve", folder, "--by", "B. Editor", "--json").out)["by"] == "B. Editor"
    assert run("approve", "2026-03-27/iwm-vs-spy", "--by", "A. Editor").code == 2
    assert run("approve", folder).code == 2
