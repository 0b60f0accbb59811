"""A full disk ends a batch early and cleanly, and the next run goes on from there."""

from __future__ import annotations

import errno
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from reportgen.delivery.folders import folder as delivery
from reportgen.model import Artifact
from tests.batch.conftest import Make
from tests.batch.runs import finished, listed
from tests.test_determinism import digests

PAIRS = ("IWM,QQQ", "QQQ,SPY", "SPY,IWM", "TLT,QQQ", "XLK,QQQ", "XLE,SPY")


def test_a_full_disk_ends_the_batch_and_the_next_run_goes_on(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    write = delivery.write

    def fills_up(new: Path, artifact: Artifact) -> None:
        written.append(artifact.name)
        if written.count("run.json") == 2 and artifact.name.startswith("charts/"):
            raise OSError(errno.ENOSPC, "No space left on device", str(new / artifact.name))
        write(new, artifact)

    monkeypatch.setattr(delivery, "write", fills_up)
    summary = make(*PAIRS)
    assert [done.status for done in summary.done] == ["issued", "issued", "failed", "failed"]
    assert (summary.exit_code, summary.untouched) == (5, 2)
    assert "No space left" in summary.done[-1].message
    assert finished(tmp_path / "out") == 2
    assert not list((tmp_path / "out").rglob(".*")), "nothing half-written stays"
    monkeypatch.undo()
    assert make(*PAIRS).counts == {"skipped": 2, "issued": 4}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte, where this user may mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    done = mount and subprocess.run([mount, "-t", "tmpfs", "-o", "size=1m", "tmpfs", place], check=False)
    if not done or done.returncode != 0:
        pytest.skip("this user may not mount a file system")
    yield place
    subprocess.run(["umount", place], check=True)


@pytest.mark.slow
def test_a_file_system_that_is_full(small_disk: Path, sample_folder: Path, tmp_path: Path) -> None:
    pairs = listed(tmp_path, *PAIRS)
    command = [sys.executable, "-m", "reportgen", "batch", str(pairs), "--data", str(sample_folder), "--format", "html"]
    full = subprocess.run([*command, "--out", str(small_disk)], capture_output=True, text=True, check=False)
    assert full.returncode == 5, full.stderr
    assert "No space left on device" in full.stderr
    assert "Traceback" not in full.stderr
    made = finished(small_disk)
    assert made < len(PAIRS)
    shutil.copytree(small_disk, tmp_path / "larger")
    assert subprocess.run([*command, "--out", str(tmp_path / "larger")], check=False).returncode == 0
    assert finished(tmp_path / "larger") == len(PAIRS)
    assert not [p for p in digests(tmp_path / "larger") if ".new-" in p]
