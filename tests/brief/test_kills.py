"""A run that is killed at any moment leaves the former issue whole, and the next run completes.

A few kills by default; `REPORTGEN_KILLS=100` asks for as many as that.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import ROOT, drawn_seed

KILLS = int(os.environ.get("REPORTGEN_KILLS", "6"))
STEPS = ("gather", "write", "remember", "render", "check", "deliver", "deliver", "deliver")
SETTINGS = """
[source]
kind = "sample"
[output]
folder = "out"
formats = ["html"]
[brief]
pairs = [["IWM", "QQQ"]]
"""
DAYS = ("2026-03-20", "2026-03-27")

pytestmark = pytest.mark.slow


def command(folder: Path, day: str) -> list[str]:
    run = "import sys; from reportgen.cli import run; sys.exit(run(sys.argv[1:]))"
    return [sys.executable, "-c", run, "brief", "--config", str(folder / "w.toml"), "--as-of", day, "--json"]


def is_whole(folder: Path) -> bool:
    """Whether every file that the record names is there with its hash, and no other."""
    record = json.loads((folder / "run.json").read_text())
    named = {each["name"]: each["sha256"] for each in record["artifacts"]}
    there = {path.name for path in folder.iterdir()} - {"run.json"}
    return there == set(named) and all(
        hashlib.sha256((folder / name).read_bytes()).hexdigest() == sha256 for name, sha256 in named.items()
    )


def issue_in_force(output: Path, day: str) -> Path:
    """The issue's folder, or where a kill between two renames left it, which the next run puts back."""
    folder = output / day / "brief"
    return folder if folder.exists() else output / day / ".brief.old"


def killed(folder: Path, day: str, step: str, after: float) -> bool:
    """Starts a run and kills it so long after a step has begun; false where it had ended by then."""
    with subprocess.Popen(command(folder, day), stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        for line in process.stdout:
            event = json.loads(line)
            if event["event"] == "step" and event["name"] == step:
                break
        time.sleep(after)
        ended = process.poll() is not None
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGKILL)
    return not ended


def test_a_kill_at_any_moment_leaves_an_issue_whole_and_the_next_run_completes(tmp_path: Path) -> None:
    settings = (
        '[source]\nkind = "sample"\n[output]\nfolder = "out"\nformats = ["html"]\n[brief]\npairs = [["IWM", "QQQ"]]\n'
    )
    (tmp_path / "w.toml").write_text(settings)
    for day in DAYS:
        subprocess.run(command(tmp_path, day), check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
    output = tmp_path / "out"
    genuine = {name: (output / DAYS[1] / "brief" / name).read_bytes() for name in ("brief.html", "changes.json")}
    rng, hit = random.Random(drawn_seed()), 0
    for number in range(KILLS):
        step = STEPS[number % len(STEPS)]
        hit += killed(tmp_path, DAYS[1], step, rng.random() * (0.02 if step == "deliver" else 0.4))
        assert is_whole(issue_in_force(output, DAYS[1])), f"kill {number} in {step}"
        assert is_whole(output / DAYS[0] / "brief"), f"kill {number} in {step}"
    assert hit >= KILLS // 2
    subprocess.run(command(tmp_path, DAYS[1]), check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
    assert {name: (output / DAYS[1] / "brief" / name).read_bytes() for name in genuine} == genuine
    assert [path.name for path in (output / DAYS[1]).iterdir()] == ["brief"]
    # The first issue of a day that has none: a kill leaves nothing that is taken for an issue.
    shutil.rmtree(output / DAYS[1])
    killed(tmp_path, DAYS[1], "render", 0.05)
    assert not (output / DAYS[1] / "brief").exists()
    subprocess.run(command(tmp_path, DAYS[1]), check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
    assert is_whole(output / DAYS[1] / "brief")
