"""Who makes the articles: processes of this machine. A cluster's crew is the same to whoever drives it."""

from __future__ import annotations

import multiprocessing
import signal
import tempfile
from concurrent.futures import Executor, ProcessPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from reportgen.batch._stock import Shelved, shelve
from reportgen.pipeline import Source


class Crew(Protocol):
    """Workers behind the standard executor interface, and the data where they find them.

    size: how many work at a time. data: what the worker's function is given for the data. digest: the data's hash.
    fatal: the errors that say that an article ended its worker, however often it was tried.
    """

    size: int
    digest: str
    fatal: tuple[type[BaseException], ...]

    @property
    def executor(self) -> Executor: ...

    @property
    def data(self) -> object: ...

    def renew(self) -> None:
        """New workers in place of those that ended, where the executor does not see to it itself."""

    def dismiss(self) -> None:
        """Drop what is waiting; what is being made is finished first."""


class LocalCrew:
    """Processes of this machine, each started anew, so that no library's threads or locks are inherited."""

    fatal: tuple[type[BaseException], ...] = ()

    def __init__(self, source: Source, size: int) -> None:
        self.size = size
        self._folder = tempfile.TemporaryDirectory(prefix="reportgen-")
        try:
            self._shelved, self.digest = shelve(source, Path(self._folder.name))
        except BaseException:
            self._folder.cleanup()
            raise
        self._pool = self._hired()

    @property
    def executor(self) -> ProcessPoolExecutor:
        return self._pool

    @property
    def data(self) -> Shelved:
        return self._shelved

    def _hired(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self.size, mp_context=context, initializer=_begin)

    def renew(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._pool = self._hired()

    def dismiss(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.dismiss()
        self._folder.cleanup()


def _begin() -> None:
    """An interruption at the keyboard reaches every process; the one that drives them decides what it means."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
