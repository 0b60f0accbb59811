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
BRIEF_STEPS = ("gather", "write", "remember", "render", "check", "deliver", "deliver", "deliver")
STAGES = ("load", "measure", "comment", "render", "check", "deliver", "deliver", "deliver")
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


def program(folder: Path, *words: str) -> list[str]:
    run = "import sys; from reportgen.cli import run; sys.exit(run(sys.argv[1:]))"
    return [sys.executable, "-c", run, *words, "--config", str(folder / "w.toml"), "--json"]


def command(folder: Path, day: str) -> list[str]:
    return program(folder, "brief", "--as-of", day)


def is_whole(folder: Path) -> bool:
    """Whether every file that the record names is there with its hash, and no other; and so each earlier version."""
    record = json.loads((folder / "run.json").read_text())
    named = {each["name"]: each["sha256"] for each in record["artifacts"]}
    versions = [path for path in folder.glob("v[0-9]") if path.is_dir()]
    files = (path for path in folder.rglob("*") if path.is_file() and not set(path.parents) & set(versions))
    there = {path.relative_to(folder).as_posix() for path in files} - {"run.json", "REPLACED.txt"}
    assert all(map(is_whole, versions))
    return there == set(named) and all(
        hashlib.sha256((folder / name).read_bytes()).hexdigest() == sha256 for name, sha256 in named.items()
    )


def issue_in_force(output: Path, day: str, name: str = "brief") -> Path:
    """The issue's folder, or where a kill between two renames left it, which the next run puts back."""
    folder = output / day / name
    return folder if folder.exists() else output / day / f".{name}.old"


def killed(run: list[str], step: str, after: float) -> bool:
    """Starts a run and kills it so long after a step has begun; false where it had ended by then."""
    with subprocess.Popen(run, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        for line in process.stdout:
            event = json.loads(line)
            if event["event"] in ("step", "stage") and event["name"] == step:
                break
        time.sleep(after)
        ended = process.poll() is not None
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGKILL)
    return not ended


def test_a_kill_at_any_moment_leaves_an_issue_whole_and_the_next_run_completes(tmp_path: Path) -> None:
    (tmp_path / "w.toml").write_text(SETTINGS)
    for day in DAYS:
        subprocess.run(command(tmp_path, day), check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
    output = tmp_path / "out"
    genuine = {name: (output / DAYS[1] / "brief" / name).read_bytes() for name in ("brief.html", "changes.json")}
    rng, hit = random.Random(drawn_seed()), 0
    for number in range(KILLS):
        step = BRIEF_STEPS[number % len(BRIEF_STEPS)]
        hit += killed(command(tmp_path, DAYS[1]), step, rng.random() * (0.02 if step == "deliver" else 0.4))
        assert is_whole(issue_in_force(output, DAYS[1])), f"kill {number} in {step}"
        assert is_whole(output / DAYS[0] / "brief"), f"kill {number} in {step}"
    assert hit >= KILLS // 2
    subprocess.run(command(tmp_path, DAYS[1]), check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
    assert {name: (output / DAYS[1] / "brief" / name).read_bytes() for name in genuine} == genuine
    assert [path.name for path in (output / DAYS[1]).iterdir()] == ["brief"]
    # The first issue of a day that has none: a kill leaves nothing that is taken for an issue.
    shutil.rmtree(output / DAYS[1])
    killed(command(tmp_path, DAYS[1]), "render", 0.05)
    assert not (output / DAYS[1] / "brief").exists()
    subprocess.run(command(tmp_path, DAYS[1]), check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
    assert is_whole(output / DAYS[1] / "brief")


@pytest.mark.parametrize("kind", ["brief", "article"])
def test_a_correction_that_is_killed_leaves_one_whole_version_in_force(tmp_path: Path, kind: str) -> None:
    (tmp_path / "w.toml").write_text(SETTINGS)
    made = command(tmp_path, DAYS[1]) if kind == "brief" else program(tmp_path, "compare", "IWM", "QQQ")
    subprocess.run(made, check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
    output, name = tmp_path / "out", "brief" if kind == "brief" else "iwm-vs-qqq"
    place, kept = output / DAYS[1] / name, tmp_path / "kept"
    shutil.copytree(place, kept)
    run = program(tmp_path, "correct", f"{DAYS[1]}/{name}", "--reason", "A name was wrong.", "--out", str(output))
    steps = BRIEF_STEPS if kind == "brief" else STAGES
    rng, hit = random.Random(drawn_seed()), 0
    for number in range(KILLS):
        step = steps[number % len(steps)]
        hit += killed(run, step, rng.random() * (0.02 if step == "deliver" else 0.4))
        force = issue_in_force(output, DAYS[1], name)
        assert is_whole(force), f"kill {number} in {step}"
        version = json.loads((force / "run.json").read_text())["version"]
        assert version == 1 or is_whole(force / "v1"), f"kill {number} in {step}"
        if version > 1:  # it had been put in place: begin again
            shutil.rmtree(force)
            shutil.copytree(kept, place)
    assert hit >= KILLS // 2
    subprocess.run(run, check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
    assert json.loads((place / "run.json").read_text())["version"] == 2
    assert is_whole(place)
    assert {path.name: path.read_bytes() for path in (place / "v1").iterdir() if path.suffix == ".html"} == {
        path.name: path.read_bytes() for path in kept.iterdir() if path.suffix == ".html"
    }
    assert [path.name for path in (output / DAYS[1]).iterdir()] == [name]
