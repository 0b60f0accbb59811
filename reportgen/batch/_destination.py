"""Where a batch's articles go: a folder, or an address that fsspec understands, such as s3://bucket/week.

Both say of an article whether it is there already, made from the same inputs: then it need not be made again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from reportgen.errors import UsageError, WriteError

RECORD = "run.json"


class Destination(Protocol):
    """A place for articles. Their names are paths below it, such as "2026-03-27/iwm-vs-qqq"."""

    def room(self) -> AbstractContextManager[Path]:
        """A folder of this machine to write an article to."""

    def holds(self, name: str, inputs: str) -> bool:
        """Whether the article is there, whole, and made from these inputs."""

    def settle(self, room: Path, name: str) -> str:
        """Bring the article from the room to its place, and give that place. Raises WriteError."""

    def address(self, name: str) -> str:
        """Where the article of that name is."""


def destination(address: str) -> Destination:
    """The place of that address. Raises UsageError for an address that fsspec does not know, or without fsspec."""
    return Remote(address) if "://" in address else Folder(Path(address))


class Folder:
    """A folder of this machine, or one that all machines share; an article is swapped in whole."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @contextlib.contextmanager
    def room(self) -> Iterator[Path]:
        yield self.root

    def holds(self, name: str, inputs: str) -> bool:
        folder = self.root / name
        return _is_whole(inputs, lambda file: (folder / file).read_bytes())

    def settle(self, room: Path, name: str) -> str:  # noqa: ARG002 - it was written to its place
        return self.address(name)

    def address(self, name: str) -> str:
        return str(self.root / name)


class Remote:
    """A place that fsspec writes to. The record of the run is written last: without it an article is not there."""

    def __init__(self, address: str) -> None:
        self._address = address.rstrip("/")
        self._system, self._root = _opened(self._address)

    @contextlib.contextmanager
    def room(self) -> Iterator[Path]:
        with tempfile.TemporaryDirectory(prefix="reportgen-") as folder:
            yield Path(folder)

    def holds(self, name: str, inputs: str) -> bool:
        return _is_whole(inputs, lambda file: bytes(self._system.cat_file(f"{self._root}/{name}/{file}")))

    def settle(self, room: Path, name: str) -> str:
        files = sorted(path for path in (room / name).rglob("*") if path.is_file())
        files.sort(key=lambda path: path.name == RECORD)
        try:
            for path in files:
                target = f"{self._root}/{path.relative_to(room).as_posix()}"
                self._system.makedirs(target.rpartition("/")[0], exist_ok=True)
                self._system.pipe_file(target, path.read_bytes())
        except OSError as error:
            what = f"the article cannot be written: {error.strerror or error}."
            raise WriteError(what, where=self.address(name), fix="Mend the place, and run again.") from error
        return self.address(name)

    def address(self, name: str) -> str:
        return f"{self._address}/{name}"


def _opened(address: str) -> tuple[Any, str]:
    """The file system of an address and the path in it."""
    try:
        import fsspec
    except ImportError:
        what = f"{address} needs fsspec, which is not installed."
        raise UsageError(what, fix="Install it: pip install 'fund-reportgen[cluster]'.") from None
    try:
        system, root = fsspec.core.url_to_fs(address)
    except (ValueError, ImportError) as error:
        raise UsageError(f"{address} is no place that fsspec can write to: {error}.", fix="Name a folder.") from None
    return system, str(root).rstrip("/")


def _is_whole(inputs: str, read: Callable[[str], bytes]) -> bool:
    """Whether a record tells of these inputs and every file that it names is there as it was written."""
    try:
        record = json.loads(read(RECORD))
        if record["status"] != "issued" or record["inputs"] != inputs:
            return False
        return all(hashlib.sha256(read(f["name"])).hexdigest() == f["sha256"] for f in record["artifacts"])
    except (OSError, ValueError, KeyError, TypeError):
        return False
