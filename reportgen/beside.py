"""Work that goes on in a copy of this process, while this one does something else.

The copy is made by `fork`, on Linux alone, where a process may go on after one. It inherits everything and hands back
one result. Where no copy can be made, or it fails in any way, the work is done here when its result is asked for: so it
changes nothing but the time, and errors are raised by whoever asks.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar, cast

T = TypeVar("T")
_LONGEST = 10.0
"""Seconds that a copy is waited for; what it does takes a fraction of one."""


@contextmanager
def beside(work: Callable[[], T]) -> Iterator[Callable[[], T]]:
    """Begins work beside this process; the call given waits for its result, which `pickle` must be able to carry.

    The work must not use threads or locks that others may hold at this moment, and must not write anywhere. A copy
    whose result is not asked for is ended; it also ends when this process does.
    """
    copy = _copied(work)
    if copy is None:
        yield work
        return
    try:
        yield lambda: copy.result(work)
    finally:
        copy.end()


def _copied(work: Callable[[], object]) -> _Copy | None:
    if sys.platform != "linux" or (os.cpu_count() or 1) < 2:
        return None
    try:
        reading, writing = os.pipe()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # numpy's threads are idle, and the copy uses none
            child = os.fork()
    except OSError:
        return None
    if child == 0:
        os.close(reading)  # or it would wait for itself to read, once this process has ended
        _work(work, writing)
    os.close(writing)
    return _Copy(child, reading)


def _work(work: Callable[[], object], writing: int) -> None:
    """What the copy does; it never returns, and leaves this process's files and exit handlers alone."""
    code = 1
    try:
        with os.fdopen(writing, "wb") as pipe:
            pickle.dump(work(), pipe, protocol=5)
        code = 0
    finally:
        os._exit(code)


class _Copy:
    """The copy while it works: its process and the end of its pipe."""

    def __init__(self, child: int, reading: int) -> None:
        self._child = child
        self._pipe = os.fdopen(reading, "rb")

    def result(self, work: Callable[[], T]) -> T:
        """What the copy found, or else what the work gives here."""
        there, _, _ = select.select([self._pipe], [], [], _LONGEST)
        try:
            found = cast("T", pickle.load(self._pipe)) if there else None  # noqa: S301 - a copy of this process wrote it
        except (EOFError, OSError, pickle.UnpicklingError):
            found = None
        return work() if found is None else found

    def end(self) -> None:
        """End the process; it holds nothing that would have to be put away."""
        self._pipe.close()
        os.kill(self._child, signal.SIGKILL)
        os.waitpid(self._child, 0)
