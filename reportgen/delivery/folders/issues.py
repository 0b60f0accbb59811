"""Reads the issues of an output folder back: which there are, what their records say, and which versions they keep.

An issue is a folder `<output>/<as-of>/<slug>` whose run.json says that it was issued. A corrected one keeps its earlier
versions inside, as `v1`, `v2` and so on.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from reportgen.delivery.folders.folder import VERSION, Former
from reportgen.errors import DataError, UsageError
from reportgen.model import Article, Artifact, Correction, IssueRecord, Recipe

RECORD = "run.json"
MARK = "REPLACED.txt"
"""In the folder of an earlier version: says what replaced it."""
ISSUED = frozenset({"issued", "part"})
"""What a record's status is where the issue is out; in part: a brief from which a comparison is held back."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_REBUILD = "Restore the folder, or make the issue again."


def folders(output: Path) -> Iterator[Path]:
    """Every issue's folder, the latest as-of first; held ones and what a run left half done are none."""
    days = sorted((each for each in _subfolders(output) if _DAY.fullmatch(each.name)), reverse=True)
    for day in days:
        for folder in sorted(_subfolders(day)):
            if not folder.name.startswith(".") and (folder / RECORD).is_file() and _status(folder) in ISSUED:
                yield folder


def former(article: Article) -> Former | None:
    """How the version that an article corrects is kept inside the issue's folder; None where it corrects none."""
    this = article.amends
    if this is None:
        return None
    note = (
        f"Version {this.version} of this issue was replaced by version {article.version} on {this.at.date()}.\n"
        f"{this.reason}\n"
        "The files here are as they were issued. The version in force lies in the folder above.\n"
    )
    return Former(f"v{this.version}", Artifact(MARK, "text/plain", note.encode()))


def earlier(folder: Path) -> tuple[Path, ...]:
    """The folders of an issue's earlier versions, oldest first."""
    kept = [(int(found[1]), each) for each in _subfolders(folder) if (found := VERSION.fullmatch(each.name))]
    return tuple(each for _, each in sorted(kept))


def refuse_older(folder: Path, version: int) -> None:
    """Raises UsageError when a later version than the one about to be written stands in the folder."""
    if not (folder / RECORD).is_file():
        return
    there = raw(folder).get("version")
    if isinstance(there, int) and there > version:
        what = f"holds version {there}, a corrected one; version {version} will not replace it."
        raise UsageError(what, where=str(folder), fix="Use reportgen correct, or move the folder away.")


def find(output: Path, name: str) -> Path:
    """The folder of the issue that a person names: a folder, or "2026-03-27/iwm-vs-qqq" below the output.

    Raises UsageError where there is none, with the nearest names.
    """
    for folder in (output / name, Path(name)):
        if (folder / RECORD).is_file():
            if _status(folder) not in ISSUED or VERSION.fullmatch(folder.name):
                raise UsageError("is not an issue in force.", where=str(folder), fix="Name one that was issued.")
            return folder
    known = [folder.relative_to(output).as_posix() for folder in folders(output)]
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.4) or known[:3]
    hint = f"There are {', '.join(near)}." if near else f"{output} holds none."
    raise UsageError(f"{name!r} is no issue.", fix=hint)


def read(folder: Path) -> IssueRecord:
    """What an issue's record says. Raises DataError where it cannot be read or lacks something."""
    record = raw(folder)
    try:
        return IssueRecord(
            kind=record["kind"],
            slug=record["slug"],
            as_of=date.fromisoformat(record["as_of"]),
            issue_date=date.fromisoformat(record["issue_date"]),
            version=int(record["version"]),
            title=record["title"],
            headline=record["headline"],
            funds=tuple(record["funds"]),
            publication=record["publication"],
            simulated=record["simulated"] is True,
            files={_inside(each["name"]): each["sha256"] for each in record["artifacts"]},
            corrections=tuple(map(_correction, record["corrections"])),
            recipe=_recipe(record["recipe"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        what = f"the record does not say what an issue's must: {error}."
        raise DataError(what, where=str(folder / RECORD), fix=_REBUILD) from None


def raw(folder: Path) -> Mapping[str, Any]:
    """The record as it was written. Raises DataError where it is absent or no JSON object."""
    path = folder / RECORD
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror}.", where=str(path), fix=_REBUILD) from None
    except ValueError:
        raise DataError("is not JSON.", where=str(path), fix=_REBUILD) from None
    if not isinstance(record, dict):
        raise DataError("is not a record.", where=str(path), fix=_REBUILD)
    return record


def check_files(folder: Path, record: IssueRecord) -> None:
    """Raises DataError unless every file is there and is the one that the gate cleared."""
    for name, sha256 in record.files.items():
        path = folder / name
        if not path.is_file():
            raise DataError("is missing from the issue.", where=str(path), fix=_REBUILD)
        if hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
            raise DataError("is not the file that was checked and issued.", where=str(path), fix=_REBUILD)


def _inside(name: str) -> str:
    """A file's name, once it is sure to lie inside the issue."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise ValueError(f"the file {name!r} lies outside the issue")
    return name


def _correction(told: Mapping[str, Any]) -> Correction:
    at = datetime.fromisoformat(told["at"])
    if at.tzinfo is None:
        raise ValueError(f"the moment {told['at']!r} has no zone")
    return Correction(int(told["version"]), at, str(told["reason"]), int(told["changed"]))


def _recipe(told: Mapping[str, Any] | None) -> Recipe | None:
    if told is None:
        return None
    as_of = told["as_of"] and date.fromisoformat(told["as_of"])
    return Recipe(tuple(told["tickers"]), as_of, told["allow_stale"], told["settings"])


def _status(folder: Path) -> object:
    return raw(folder).get("status")


def _subfolders(folder: Path) -> list[Path]:
    return [each for each in folder.iterdir() if each.is_dir() and not each.is_symlink()] if folder.is_dir() else []
