"""A snapshot as a folder: a data folder of plain files, and a manifest that says of each what it is and where from.

The folder is replaced whole or not at all. Nothing in it changes afterwards but by fetching what it lacks.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any, Literal, TypeVar

from reportgen.errors import DataError, Issue, UsageError, WriteError
from reportgen.sources._raw import RawFile, read_raw
from reportgen.sources._values import parsed_json

SCHEMA = 2
MANIFEST = "manifest.json"
SESSIONS = "sessions.csv"
PartKind = Literal["prices", "fund facts", "holdings", "rates", "calendar"]
R = TypeVar("R", "Part", "Missing", Issue)


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a snapshot: its path below the folder, what it is about, where it is from, and its fingerprint.

    url: where it was got, without secrets; None for a local file. retrieved_at: ISO, UTC. complete: False where the
    provider lacked something that it should have, so that the next fetch asks again.
    """

    path: str
    kind: PartKind
    subject: str
    source: str
    url: str | None
    retrieved_at: str
    sha256: str
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Missing:
    """A part that was wanted and not got: the class of the reason, such as "rate-limited", and the sentence."""

    kind: PartKind
    subject: str
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a snapshot holds. as_of: the session that it was fetched for; years: how far back it was asked to reach."""

    as_of: date
    years: int
    parts: tuple[Part, ...]
    missing: tuple[Missing, ...] = ()
    issues: tuple[Issue, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)

    def find(self, kind: PartKind, subject: str) -> Part | None:
        """The part of that kind about that subject, or None."""
        return next((part for part in self.parts if (part.kind, part.subject) == (kind, subject)), None)


def is_snapshot(folder: Path) -> bool:
    """Whether the folder has a manifest."""
    return (folder / MANIFEST).is_file()


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a snapshot. Raises DataError where there is none, or it does not fit its schema."""
    if not is_snapshot(folder):
        fix = "Fetch one with: reportgen fetch TICKER... --into DIR"
        raise DataError(f"There is no snapshot in {folder}: it has no {MANIFEST}.", fix=fix)
    raw = read_raw(folder / MANIFEST, folder)
    told = parsed_json(raw, "manifest")
    if not isinstance(told, dict) or told.get("schema") != SCHEMA:
        raise raw.error(f"The manifest is not of schema {SCHEMA}.", fix="Fetch the snapshot again.")
    try:
        return _manifest(told)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        what = f"The manifest does not fit its schema: {error}."
        raise raw.error(what, fix="Fetch the snapshot again.") from None


def _manifest(told: Mapping[str, Any]) -> Manifest:
    parts = _records(Part, told["parts"])
    for part in parts:
        if ".." in part.path or part.path.startswith(("/", "\\")) or ":" in part.path:
            raise ValueError(f"{part.path} lies outside the snapshot")
    return Manifest(
        as_of=date.fromisoformat(told["as_of"]),
        years=int(told["years"]),
        parts=parts,
        missing=_records(Missing, told["missing"]),
        issues=_records(Issue, told["issues"]),
        versions={str(name): str(version) for name, version in told["versions"].items()},
    )


def _records(kind: type[R], told: list[dict[str, Any]]) -> tuple[R, ...]:
    return tuple(kind(**_checked(kind, each)) for each in told)


def _checked(kind: type[R], told: dict[str, Any]) -> dict[str, Any]:
    for about in fields(kind):
        value = told.get(about.name)
        if not isinstance(value, bool if about.name == "complete" else str | None):
            raise TypeError(f"{about.name} is {value!r}")
    return told


def checked_part(raw: RawFile, manifest: Manifest) -> RawFile:
    """The file, if it is the one that the manifest names. Raises DataError for another one, or one it does not name."""
    part = next((part for part in manifest.parts if part.path == raw.name), None)
    if part is None:
        fix = "Keep own files in a data folder, and give it with --data or to fetch with --holdings."
        raise raw.error("The file is not part of the snapshot.", fix=fix)
    if part.sha256 != raw.sha256:
        raise raw.error("The file is not the one that was saved.", fix="Restore it, or fetch the snapshot again.")
    return raw


def write_snapshot(folder: Path, manifest: Manifest, contents: Mapping[str, bytes]) -> None:
    """Writes the snapshot, all of it or nothing: the contents given, and the other parts from the folder as it was.

    Raises WriteError where that cannot be; the folder is then as it was.
    """
    building = folder.with_name(f".{folder.name}.new-{os.getpid()}")
    try:
        building.mkdir(parents=True)
        for part in manifest.parts:
            _place(building / part.path, contents.get(part.path), folder / part.path)
        (building / MANIFEST).write_bytes(_json(manifest))
        _swap(building, folder)
    except OSError as error:
        why = error.strerror or str(error)
        fix = "Make room or name another folder with --into. What was there before is untouched."
        raise WriteError(f"The snapshot cannot be written to {folder}: {why}.", fix=fix) from None
    finally:
        shutil.rmtree(building, ignore_errors=True)  # what an error or an interruption left; put in place, it is gone


def _place(path: Path, content: bytes | None, earlier: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(earlier.read_bytes() if content is None else content)


def _swap(building: Path, folder: Path) -> None:
    """Puts the new folder in the place of the old one, which is kept aside until then."""
    aside = _aside(folder)
    if folder.exists():
        shutil.rmtree(aside, ignore_errors=True)
        folder.rename(aside)
    try:
        building.rename(folder)
    except OSError:
        if aside.exists() and not folder.exists():
            aside.rename(folder)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def recover(folder: Path) -> None:
    """Puts a snapshot back that a crash left aside."""
    if _aside(folder).exists() and not folder.exists():
        _aside(folder).rename(folder)


def refuse_other(folder: Path) -> None:
    """Raises UsageError for a folder that exists, is not empty and holds no snapshot."""
    if folder.exists() and not is_snapshot(folder) and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} holds something else than a snapshot.", fix="Name another folder with --into.")


def _aside(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.old")


def _json(manifest: Manifest) -> bytes:
    told = {"schema": SCHEMA, **asdict(manifest), "as_of": manifest.as_of.isoformat()}
    return (json.dumps(told, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()
