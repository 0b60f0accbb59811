"""Work in a copy of this process: its result comes back, and whatever goes wrong there is done here."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from typing import TypeVar

import psutil
import pytest

from reportgen import beside as module
from reportgen.beside import beside

T = TypeVar("T")
HERE = os.getpid()


def where() -> int:
    return os.getpid()


def big() -> bytes:
    return bytes(1 << 20)


def broken_beside() -> str:
    if os.getpid() != HERE:
        raise ValueError("only beside")
    return "here"


def killed_beside() -> str:
    if os.getpid() != HERE:
        os.kill(os.getpid(), signal.SIGKILL)
    return "here"


def unsendable() -> Callable[[], int]:
    return lambda: HERE


def stuck_beside() -> str:
    if os.getpid() != HERE:
        time.sleep(60)
    return "here"


def done(work: Callable[[], T]) -> T:
    with beside(work) as result:
        return result()


def children() -> set[int]:
    return {child.pid for child in psutil.Process().children()}


copies = pytest.mark.skipif(sys.platform != "linux" or (os.cpu_count() or 1) < 2, reason="no copy is made here")


@copies
def test_the_work_is_done_in_another_process() -> None:
    before = children()
    assert done(where) != HERE
    assert done(big) == bytes(1 << 20)
    assert children() == before


@pytest.mark.parametrize("work", [broken_beside, killed_beside])
def test_what_goes_wrong_beside_is_done_here(work: Callable[[], str]) -> None:
    assert done(work) == "here"
    assert done(unsendable)() == HERE


def test_a_copy_that_gives_no_answer_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    before = children()
    monkeypatch.setattr(module, "_LONGEST", 0.2)
    assert done(stuck_beside) == "here"
    assert children() == before


@copies
def test_a_copy_whose_result_nobody_wants_is_ended() -> None:
    before = children()
    with beside(big):
        assert len(children()) == len(before) + 1
    assert children() == before


@copies
def test_a_copy_ends_with_the_process_that_is_killed() -> None:
    code = (
        "import os, time\nfrom reportgen.beside import beside\n"
        "with beside(lambda: bytes(1 << 22)) as result:\n print('begun', flush=True)\n time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"begun\n"
    (copy,) = psutil.Process(process.pid).children()
    process.kill()
    process.wait()
    process.stdout.close()
    assert psutil.wait_procs([copy], timeout=10)[1] == []


def test_errors_are_raised_where_the_result_is_asked_for() -> None:
    def wrong() -> str:
        raise KeyError("rule")

    with beside(wrong) as asked, pytest.raises(KeyError, match="rule"):
        asked()


def test_without_copies_the_work_is_done_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_fork() -> int:
        raise BlockingIOError("no more processes")

    monkeypatch.setattr(os, "fork", no_fork)
    assert done(where) == HERE
    monkeypatch.setattr(sys, "platform", "win32")
    assert done(where) == HERE
