"""Writes an article into its folder so that a reader sees the old one or the new one, and never half of either.

The new folder is built under another name beside the old one and renamed into place. A crash leaves the old article,
or for the moment between two renames the old article under the name `<slug>.old`, which the next run puts back.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from reportgen.errors import WriteError
from reportgen.model import Artifact, Receipt

Closing = Callable[[], Artifact]
"""Makes the file that is written last, once all others are in place: the record of the run."""
VERSION = re.compile(r"v([1-9][0-9]{0,3})")
"""What the folder of an earlier version is called, inside the issue's own."""


@dataclass(frozen=True, slots=True)
class Former:
    """How the version in place is kept when a new one replaces it: under which name, with which note."""

    name: str
    note: Artifact


def publish(
    folder: Path, artifacts: Sequence[Artifact], closing: Closing, *, former: Former | None = None
) -> tuple[Receipt, ...]:
    """Replace `folder` by one that holds the artifacts, and remove the notice of an earlier hold.

    An artifact's name may hold "/" for a subfolder. Earlier versions that the folder keeps are taken along; with
    `former`, the version in place joins them. Raises WriteError, with the former folder still in
    place, when anything cannot be written.
    """
    receipts = _replace(folder, artifacts, closing, "written", former)
    _remove(held_folder(folder))
    return receipts


def hold(folder: Path, artifacts: Sequence[Artifact], closing: Closing) -> tuple[Receipt, ...]:
    """Write the notice of a hold into `<slug>.held` and leave the article that is in place alone."""
    return _replace(held_folder(folder), artifacts, closing, "held")


def held_folder(folder: Path) -> Path:
    """Where the notice of a held article goes: beside the article, under `<slug>.held`."""
    return folder.with_name(f"{folder.name}.held")


def recover(folder: Path) -> bool:
    """Put back an article that a crash left under `<slug>.old`; true when there was one to put back."""
    old = _old(folder)
    if old.is_dir() and not old.is_symlink() and not os.path.lexists(folder):
        old.rename(folder)
        return True
    return False


def keep_real(folder: Path) -> None:
    """Raises WriteError where an article of real data stands, which one of simulated data must not replace.

    An article whose record cannot be read is taken for one of real data.
    """
    record = folder / "run.json"
    if not record.is_file():
        return
    try:
        told = json.loads(record.read_bytes())
    except ValueError:
        told = None
    if not (isinstance(told, dict) and told.get("simulated") is True):
        what = "holds an article of real data, and these are simulated."
        raise WriteError(what, where=str(folder), fix="Name another folder with --out; nothing was changed.")


@contextlib.contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """A new folder to fill; once the block has ended well, it stands in the place of `folder`.

    Raises WriteError, with the former folder still in place, when anything cannot be written.
    """
    new = folder.with_name(f".{folder.name}.new-{os.getpid()}")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _refuse_strangers(folder)
        recover(folder)
        _clear_leftovers(folder)
        _remove(new)
        new.mkdir()
        yield new
        _swap(folder, new)
    except OSError as error:
        raise WriteError(
            f"cannot be written: {error.strerror or error}.",
            where=str(error.filename or folder),
            fix="Free space or mend the folder's permissions, or name another folder with --out; nothing was changed.",
        ) from error
    finally:
        _remove(new)


def write(new: Path, artifact: Artifact) -> None:
    """Write one file into a folder that is being filled, down to the disk; its name may hold "/" for a subfolder."""
    path = new / artifact.name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(artifact.content)
        file.flush()
        os.fsync(file.fileno())


def take_over(old: Path, new: Path) -> None:
    """Put a file of the former folder into the one that is being filled: the same file, its bytes not written again."""
    new.parent.mkdir(parents=True, exist_ok=True)
    try:
        new.hardlink_to(old)
    except OSError:  # a file system without links
        shutil.copy2(old, new)


def _replace(
    folder: Path,
    artifacts: Sequence[Artifact],
    closing: Closing,
    status: Literal["written", "held"],
    former: Former | None = None,
) -> tuple[Receipt, ...]:
    with replacing(folder) as new:
        for artifact in artifacts:
            write(new, artifact)
        if status == "written":
            _keep_versions(folder, new, former)
        last = closing()
        write(new, last)
    return tuple(Receipt(str(folder / a.name), status, a.sha256) for a in (*artifacts, last))


def _keep_versions(folder: Path, new: Path, former: Former | None) -> None:
    """Take earlier versions along; with `former`, the version in place becomes one of them."""
    kept = [path for path in folder.glob("v*") if path.is_dir() and VERSION.fullmatch(path.name)]
    for path in kept:
        shutil.copytree(path, new / path.name, dirs_exist_ok=True)
    if former is not None:
        names = {path.name for path in kept}
        place = new / former.name
        shutil.copytree(folder, place, ignore=lambda at, _: names if at == str(folder) else ())
        write(place, former.note)


def _refuse_strangers(folder: Path) -> None:
    """What stands in our place and is not a folder of ours is the user's: it is never moved or deleted."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise WriteError("is not a folder.", where=str(folder), fix="Move it away, or name another folder with --out.")


def _swap(folder: Path, new: Path) -> None:
    old = _old(folder)
    _remove(old)
    if folder.exists():
        folder.rename(old)
    try:
        new.rename(folder)
    except OSError:
        recover(folder)
        raise
    _remove(old)


def _old(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.old")


def _clear_leftovers(folder: Path) -> None:
    """Remove what a run that was killed left half built; a run that is still going keeps its own."""
    for leftover in folder.parent.glob(f".{folder.name}.new-*"):
        pid = leftover.name.rpartition("-")[2]
        if pid.isdigit() and not _alive(int(pid)):
            _remove(leftover)


def _alive(pid: int) -> bool:
    if os.name == "nt":  # there, signal 0 would interrupt the process instead of asking about it
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _remove(path: Path) -> None:
    """Remove a folder, file or link; what cannot be removed is left for the next run."""
    with contextlib.suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
