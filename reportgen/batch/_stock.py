"""The data of a batch, read once and laid where every worker process sees the same memory.

Arrays go to a file that workers map into memory, so that the machine holds them once; the rest is pickled once a
worker, never once a comparison.
"""

from __future__ import annotations

import hashlib
import mmap
import pickle
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from reportgen.errors import WriteError
from reportgen.model import ContextFunds
from reportgen.pipeline import Source
from reportgen.sources.files import FilesSource
from reportgen.sources.sample import SampleSource
from reportgen.sources.shared import read_once
from reportgen.sources.snapshot import SnapshotSource

_OBJECTS, _ARRAYS = "objects.pickle", "arrays.bin"
_ALIGNED = 64


def stock(source: Source, tickers: Iterable[str], context: ContextFunds) -> Source:
    """The source, with everything read that comparisons of these funds can ask of it.

    Raises DataError where there is no folder to read from.
    """
    if isinstance(source, FilesSource):
        return read_once(source.folder, tickers, context, basis=source.basis)
    if isinstance(source, SnapshotSource):
        source.read_all(tickers, context)
        return source
    if isinstance(source, SampleSource):
        return source.ready()
    return source


@dataclass(frozen=True, slots=True)
class Shelved:
    """A source in a folder of this machine: small to send, and opened without copying its arrays."""

    folder: Path

    def open(self) -> Source:
        """The source; its arrays are read-only and lie in memory that all processes share."""
        with (self.folder / _ARRAYS).open("rb") as file:
            mapped = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        with (self.folder / _OBJECTS).open("rb") as file:
            spans, body = pickle.load(file)  # noqa: S301 - our own file in our own temporary folder
        return cast("Source", pickle.loads(body, buffers=[mapped[a:b] for a, b in spans]))  # noqa: S301 - as above


def shelve(source: Source, folder: Path) -> tuple[Shelved, str]:
    """Writes a source to a folder for `Shelved.open`, and gives its hash too. Raises WriteError where that fails."""
    buffers: list[pickle.PickleBuffer] = []
    body = pickle.dumps(source, protocol=5, buffer_callback=buffers.append)
    digest = hashlib.sha256(body)
    spans: list[tuple[int, int]] = []
    try:
        with (folder / _ARRAYS).open("wb") as file:
            file.write(bytes(_ALIGNED))  # an empty file cannot be mapped
            for buffer in buffers:
                content = buffer.raw()
                file.write(bytes(-file.tell() % _ALIGNED))
                spans.append((file.tell(), file.tell() + content.nbytes))
                file.write(content)
                digest.update(content)
        (folder / _OBJECTS).write_bytes(pickle.dumps((spans, body), protocol=5))
    except OSError as error:
        what = f"the data cannot be laid out for the workers: {error.strerror or error}."
        raise WriteError(what, where=str(folder), fix="Free space there.") from error
    return Shelved(folder), digest.hexdigest()
