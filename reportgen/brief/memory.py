"""The issues before this one, as their folders tell: found by date, read with care, never changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from reportgen.brief import scoring
from reportgen.brief.changes import Claimed, Issued
from reportgen.brief.own_facts import catalogue
from reportgen.delivery.folders import folder as delivery
from reportgen.delivery.folders.issues import ISSUED
from reportgen.errors import DataError
from reportgen.model.serial import from_json

_DAY = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"


@dataclass(frozen=True, slots=True)
class Earlier:
    """An issue before this one: what it printed and which conditions it kept."""

    folder: Path
    as_of: date
    version: int
    issued: Issued
    stated: tuple[scoring.Stated, ...]


def last_before(output: Path, name: str, as_of: date) -> Earlier | None:
    """The latest issue of a brief before a day, or None for the first.

    A folder that a crash left aside is put back first. Raises DataError where that issue cannot be read: a brief that
    forgot what it had said would tell lies about what changed.
    """
    for folder in output.glob(f"{_DAY}/.{name}.old"):
        delivery.recover(folder.with_name(name))
    for day, folder in reversed(issues(output, name)):
        if day < as_of:
            return _read(folder, day)
    return None


def issues(output: Path, name: str) -> tuple[tuple[date, Path], ...]:
    """Every issue of a brief that was issued, the earliest first."""
    return tuple(sorted(_issues(output, name)))


def _issues(output: Path, name: str) -> Iterator[tuple[date, Path]]:
    for parent in output.glob(_DAY):
        folder = parent / name
        record = folder / "run.json"
        if record.is_file() and _object(record).get("status") in ISSUED:
            yield date.fromisoformat(parent.name), folder


def _read(folder: Path, day: date) -> Earlier:
    record, facts = _object(folder / "run.json"), _object(folder / "facts.json")
    try:
        measured = from_json(facts, catalogue())
        claims = tuple(
            Claimed(row["comparison"], row["fact"], row["side"], row["text"], row["verdict"]) for row in facts["claims"]
        )
        own = {id_: fact for id_, fact in measured.facts.items() if fact.issue is None}
        comparisons = {slug: tuple(funds) for slug, funds in facts["comparisons"].items()}
        stated = scoring.from_json(_object(folder / "watch.json"))
        return Earlier(folder, day, int(record["version"]), Issued(comparisons, own, claims), stated)
    except (KeyError, TypeError, ValueError) as problem:
        raise _broken(folder, str(problem)) from problem


def _object(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise _broken(path, str(problem)) from problem
    if not isinstance(found, dict):
        raise _broken(path, "it holds no object")
    return found


def _broken(path: Path, why: str) -> DataError:
    fix = "Restore it from a copy, or move the folder away; the brief then compares with the issue before."
    return DataError(f"the earlier issue cannot be read: {why}.", where=str(path), fix=fix)
