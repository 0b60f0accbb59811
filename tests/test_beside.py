"""Work in a copy of this process: its result comes back, and whatever goes wrong there is done here."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable

import pytest

from reportgen import beside as module
from reportgen.beside import beside

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


@pytest.mark.skipif(not hasattr(os, "fork") or (os.cpu_count() or 1) < 2, reason="no copy is made here")
def test_the_work_is_done_in_another_process() -> None:
    assert beside(where)() != HERE
    assert beside(big)() == bytes(1 << 20)


@pytest.mark.parametrize("work", [broken_beside, killed_beside])
def test_what_goes_wrong_beside_is_done_here(work: Callable[[], str]) -> None:
    assert beside(work)() == "here"
    assert beside(unsendable)()() == HERE


def test_a_copy_that_gives_no_answer_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LONGEST", 0.2)
    assert beside(stuck_beside)() == "here"


def test_errors_are_raised_where_the_result_is_asked_for() -> None:
    def wrong() -> str:
        raise KeyError("rule")

    asked = beside(wrong)
    with pytest.raises(KeyError, match="rule"):
        asked()


def test_without_copies_the_work_is_done_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_fork() -> int:
        raise BlockingIOError("no more processes")

    monkeypatch.setattr(os, "fork", no_fork)
    assert beside(where)() == HERE
    monkeypatch.setattr(sys, "platform", "win32")
    assert beside(where)() == HERE
