"""Sources that are read once and serve many requests, also in other processes: what `batch` hands to its workers."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from reportgen.errors import DataError
from reportgen.model import ContextFunds, Request, Snapshot
from reportgen.sources._base import PriceBasis, Progress
from reportgen.sources._folder import DataFolder
from reportgen.sources._gather import Gatherer
from reportgen.sources._kept import Kept
from reportgen.sources.files import load_from


@dataclass(frozen=True)
class SharedFiles:
    """A data folder that was read once. It can be pickled, and then needs the folder no more."""

    folder: DataFolder
    basis: PriceBasis | None
    kept: Kept

    @property
    def name(self) -> str:
        return "files"

    def load(self, request: Request, progress: Progress | None = None) -> Snapshot:
        """The same snapshot as `FilesSource.load` gives, and the same errors, from what was read before."""
        return load_from(Gatherer(self.folder, self.basis, self.kept), request, progress)


def read_once(
    folder: Path,
    tickers: Iterable[str],
    context: ContextFunds,
    *,
    basis: PriceBasis | None = None,
    progress: Progress | None = None,
) -> SharedFiles:
    """Reads everything that comparisons of these funds can ask of a folder.

    A file that cannot be used is no error here: it is one for each request that needs it. Raises DataError where
    there is no folder, or no price file in it.
    """
    shared = SharedFiles(DataFolder(folder), basis, Kept())
    gather_all(Gatherer(shared.folder, basis, shared.kept), tickers, context, progress)
    return shared


def gather_all(
    found: Gatherer, tickers: Iterable[str], context: ContextFunds, progress: Progress | None = None
) -> None:
    """Has a gatherer keep everything that comparisons of these funds can ask of its folder. Raises as `read_once`."""
    _list(found.folder)
    for ticker in dict.fromkeys(tickers):
        if progress is not None:
            progress(ticker)
        with contextlib.suppress(DataError):
            found.compared(ticker)
    for ticker in context.tickers:
        found.yardstick(ticker, needed=False)
    with contextlib.suppress(DataError):
        found.rates()


def _list(data: DataFolder) -> None:
    """Asks the folder for its four lists, which it then remembers."""
    for name in ("prices", "facts", "holdings", "rates"):
        getattr(data, name)
