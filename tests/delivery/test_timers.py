"""The timers are what systemd, cron and GitHub Actions read."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from reportgen.delivery.schedule import timers
from reportgen.delivery.schedule.timers import Timer

TIMER = Timer(Path("/opt/100% brief/bin/reportgen"), Path("/srv/the brief"), Path("/srv/the brief/own $.toml"), "18:30")


def test_systemd_reads_the_units(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("needs systemd-analyze")
    program = tmp_path / "bin 100%" / "reportgen"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    paths = []
    for name, text in timers.systemd(Timer(program, tmp_path, tmp_path / "a b.toml", "18:30")).items():
        path = tmp_path / name
        path.write_text(text)
        paths.append(str(path))
    done = subprocess.run([analyze, "verify", "--man=no", *paths], capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if "reportgen-brief" in line]
    assert (done.returncode, ours) == (0, [])


def test_systemd_knows_the_time_in_new_york() -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("needs systemd-analyze")
    text = timers.systemd(TIMER)["reportgen-brief.timer"]
    assert "Persistent=true" in text
    when = next(line.removeprefix("OnCalendar=") for line in text.splitlines() if line.startswith("OnCalendar="))
    command = [analyze, "calendar", "--base-time=2026-03-06 12:00:00 UTC", "--iterations=4", when]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, env={"TZ": "UTC", "PATH": "/usr/bin:/bin"}
    )
    # Summer time begins on March 8: an hour earlier in UTC from then on.
    for hour, day in ((23, 6), (23, 7), (22, 8), (22, 9)):
        assert f"2026-03-{day:02} {hour}:30:00 UTC" in done.stdout


def test_systemd_is_told_words_as_they_are() -> None:
    text = timers.systemd(TIMER)["reportgen-brief.service"]
    assert (
        'ExecStart="/opt/100%% brief/bin/reportgen" brief --scheduled --quiet --config "/srv/the brief/own $$.toml"'
        in text
    )


def test_cron_says_what_its_zone_is_worth() -> None:
    lines = timers.cron(TIMER).splitlines()
    assert lines[-2] == "CRON_TZ=America/New_York"
    assert lines[-1].startswith("30 18 * * * cd '/srv/the brief' && ")
    assert r"100\% brief" in lines[-1]
    assert any("Debian" in line for line in lines if line.startswith("#"))


@given(hour=st.integers(0, 23), minute=st.integers(0, 59), approval=st.booleans())
def test_the_workflow_is_read_and_never_runs_too_early(hour: int, minute: int, *, approval: bool) -> None:
    timer = Timer(TIMER.program, TIMER.folder, Path("/x/it's.toml"), f"{hour:02}:{minute:02}")
    flow = yaml.safe_load(timers.github(timer, approval=approval))
    ((when,),) = [list(each.values()) for each in flow[True]["schedule"]]  # YAML reads the key "on" as true
    said_minute, said_hour, *rest = when.split()
    assert rest == ["*", "*", "*"]
    for month in (1, 7):
        ran = datetime(2026, month, 15, int(said_hour), int(said_minute), tzinfo=UTC).astimezone(ZoneInfo(timers.ZONE))
        late = (timedelta(hours=ran.hour - hour, minutes=ran.minute - minute)) % timedelta(days=1)
        assert late == timedelta(hours=0 if month == 1 else 1)
    steps = [step.get("run", "") for step in flow["jobs"]["brief"]["steps"]]
    assert any(step.startswith("reportgen brief --scheduled") for step in steps)


def test_the_workflow_installs_and_keeps_what_the_settings_need() -> None:
    plain = timers.github(TIMER, approval=False)
    assert "pip install fund-reportgen\n" in plain
    assert "git add --all --force output\n" in plain
    live = replace(TIMER, live=True, output=Path("our issues"))
    assert 'pip install "fund-reportgen[yahoo]"\n' in timers.github(live, approval=False)
    assert "git add --all --force 'our issues'\n" in timers.github(live, approval=False)
