"""One run at a time in an output folder: who comes second is told, and a killed run leaves no lock behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reportgen.errors import WriteError

NAME = ".reportgen.lock"


@contextmanager
def locked(output: Path) -> Iterator[None]:
    """Hold the output folder's lock while the block runs.

    The lock is the operating system's and ends with the process, however it ends. Raises WriteError at once when
    another run holds it, or when the folder cannot be written.
    """
    import filelock

    path = output / NAME
    try:
        output.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(path, blocking=False)
        lock.acquire()
    except filelock.Timeout:
        what = "another run of reportgen is at work in this folder."
        raise WriteError(what, where=str(output), fix="Wait until it has ended; nothing was changed.") from None
    except OSError as error:
        what = f"cannot be locked: {error.strerror or error}."
        raise WriteError(what, where=str(path), fix="Mend the folder's permissions, or name another one.") from error
    try:
        yield
    finally:
        lock.release()
