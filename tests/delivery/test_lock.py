"""One run at a time; a killed one leaves the way free."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from reportgen.delivery.folders.lock import locked
from reportgen.errors import WriteError

HOLDER = (
    "import sys; from pathlib import Path; from reportgen.delivery.folders.lock import locked\n"
    "with locked(Path(sys.argv[1])):\n"
    "    print('held', flush=True); sys.stdin.read()\n"
)


@pytest.fixture
def holder(tmp_path: Path) -> subprocess.Popen[str]:
    """Another process that holds the lock until it is killed."""
    pipe = subprocess.PIPE
    process = subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path)], stdin=pipe, stdout=pipe, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_two_runs_one_works_and_one_says_so(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    with pytest.raises(WriteError, match="another run") as caught, locked(tmp_path):
        pytest.fail("the lock was given twice")
    assert caught.value.exit_code == 5
    assert str(tmp_path) in str(caught.value)
    holder.communicate("")
    with locked(tmp_path):
        pass


def test_a_killed_run_leaves_no_lock(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    holder.kill()
    holder.communicate()
    with locked(tmp_path):
        pass
    with locked(tmp_path):
        pass


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WriteError, match="cannot be locked"), locked(tmp_path / "file"):
        pytest.fail("a file was locked as a folder")
