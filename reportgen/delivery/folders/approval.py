"""A second pair of eyes: who has looked at an issue and lets it go out.

An approval lies in the issue's folder and names the files it was given for by their hashes. An issue that is made anew,
corrected or touched has to be approved again.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from reportgen.delivery.folders import issues
from reportgen.errors import DataError, UsageError, WriteError
from reportgen.model import IssueRecord

NAME = "approval.json"
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Approval:
    """Who approved which version, and when; digest: the hash over all files that were approved."""

    by: str
    at: datetime
    version: int
    digest: str


def is_approved(folder: Path) -> bool:
    """Whether somebody has approved the issue in the folder, exactly as it lies there now."""
    try:
        approval = read(folder)
        record = issues.read(folder)
        issues.check_files(folder, record)
    except DataError:
        return False
    return approval is not None and approval.version == record.version and approval.digest == digest(record)


def may_go_out(folder: Path, *, approval: bool) -> bool:
    """Whether an issue may be shown and sent: always, unless the settings ask for an approval that is not there."""
    return not approval or is_approved(folder)


def approve(folder: Path, by: str, at: datetime) -> Approval:
    """Record that `by` lets the issue go out.

    Raises UsageError for a name that is none, DataError when the files are not those that were issued.
    """
    name = by.strip()
    if not name or not name.isprintable() or len(name) > _LONGEST:
        raise UsageError(f"{by!r} is no name.", fix="Say who approves: --by 'A. Editor'.")
    record = issues.read(folder)
    issues.check_files(folder, record)
    approval = Approval(name, at, record.version, digest(record))
    content = {"by": name, "at": at.isoformat(), "version": approval.version, "digest": approval.digest}
    _write(folder / NAME, json.dumps(content, indent=1, ensure_ascii=False) + "\n")
    return approval


def read(folder: Path) -> Approval | None:
    """The approval that lies in a folder, whatever it is worth; None where there is none.

    Raises DataError for a file that is no approval.
    """
    path = folder / NAME
    if not path.is_file():
        return None
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return Approval(str(told["by"]), datetime.fromisoformat(told["at"]), int(told["version"]), str(told["digest"]))
    except (OSError, KeyError, TypeError, ValueError):
        raise DataError("is no approval.", where=str(path), fix="Delete it and approve the issue again.") from None


def digest(record: IssueRecord) -> str:
    """One hash over an issue's files."""
    lines = "\n".join(f"{sha256}  {name}" for name, sha256 in sorted(record.files.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def _write(path: Path, text: str) -> None:
    new = path.with_name(f".{path.name}.new-{os.getpid()}")
    try:
        new.write_text(text, encoding="utf-8")
        new.replace(path)
    except OSError as error:
        what = f"cannot be written: {error.strerror or error}."
        raise WriteError(what, where=str(path), fix="Mend the folder's permissions; nothing was changed.") from error
    finally:
        new.unlink(missing_ok=True)
