"""Work that goes on in a copy of this process, while this one does something else.

The copy is made by `fork`, on Linux alone, where a process may go on after one. It inherits everything and hands back
one result. Where no copy can be made, or it fails in any way, the work is done here when its result is asked for: so it
changes nothing but the time, and errors are raised by whoever asks.
"""

from __future__ import annotations

import os
import pickle
import select
import sys
import warnings
from collections.abc import Callable
from typing import TypeVar, cast

T = TypeVar("T")
_LONGEST = 10.0
"""Seconds that a copy is waited for; what it does takes a fraction of one."""


def beside(work: Callable[[], T]) -> Callable[[], T]:
    """Begins work beside this process; the call given back waits for its result, which `pickle` must be able to carry.

    The work must not use threads or locks that others may hold at this moment, and must not write anywhere.
    """
    if sys.platform != "linux" or (os.cpu_count() or 1) < 2:
        return work
    try:
        reading, writing = os.pipe()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # numpy's threads are idle, and the copy uses none
            child = os.fork()
    except OSError:
        return work
    if child == 0:
        _work(work, writing)
    os.close(writing)
    return lambda: _received(child, reading, work)


def _work(work: Callable[[], object], writing: int) -> None:
    """What the copy does; it never returns, and leaves this process's files and exit handlers alone."""
    code = 1
    try:
        with os.fdopen(writing, "wb") as pipe:
            pickle.dump(work(), pipe, protocol=5)
        code = 0
    finally:
        os._exit(code)


def _received(child: int, reading: int, work: Callable[[], T]) -> T:
    with os.fdopen(reading, "rb") as pipe:
        there, _, _ = select.select([pipe], [], [], _LONGEST)
        try:
            result = cast("T", pickle.load(pipe)) if there else None  # noqa: S301 - written by a copy of this process
        except (EOFError, OSError, pickle.UnpicklingError):
            result = None
    if not there:
        os.kill(child, 9)
    os.waitpid(child, 0)
    return work() if result is None else result
