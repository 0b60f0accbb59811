"""Making an issue again: what its folder remembers, as a job for the pipeline or for the brief."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from reportgen.brief import BriefJob
from reportgen.config import from_tables
from reportgen.delivery.folders import issues
from reportgen.errors import DataError, UsageError
from reportgen.model import Amendment, IssueRecord, Measurements, Printed, Recipe, Request
from reportgen.model.serial import from_json
from reportgen.pipeline import Job
from reportgen.sources import open_source, sourced

FACTS = "facts.json"
_LONGEST = 500


def job(
    folder: Path, output: Path, reason: str, at: datetime, *, data: Path | None = None, snapshot: Path | None = None
) -> Job | BriefJob:
    """The job that makes the next version of the issue in `folder`, below `output`.

    reason, at: as the corrected issue tells them. data, snapshot: a folder to read instead of the one that the issue
    was made from. Raises UsageError for an issue that does not say how it was made, DataError for one whose files are
    not those that were issued.
    """
    record = issues.read(folder)
    issues.check_files(folder, record)
    recipe = _recipe(folder, record)
    settings = replace(from_tables(recipe.settings, output), output=output)
    settings = sourced(settings, data, None, snapshot)
    source = open_source(settings.source, settings.data)
    amends = _amendment(folder, record, _checked(reason), at)
    as_of, stale = recipe.as_of or record.as_of, recipe.allow_stale
    if record.kind == "brief":
        return BriefJob(source, settings, as_of, record.issue_date, stale, recipe, amends)
    request = Request(recipe.tickers, as_of, settings.context, stale)
    return Job(request, source, settings, record.issue_date, recipe, amends)


def _recipe(folder: Path, record: IssueRecord) -> Recipe:
    if record.recipe is None:
        fix = "Issues made from Python have to be made again there."
        raise UsageError("does not say how it was made.", where=str(folder / issues.RECORD), fix=fix)
    return record.recipe


def _checked(reason: str) -> str:
    """A reason as one printable sentence."""
    text = " ".join(reason.split())
    if not text or not text.isprintable() or len(text) > _LONGEST:
        what = f"The reason {reason[:40]!r} cannot be printed."
        raise UsageError(what, fix=f"Say in a sentence of at most {_LONGEST} letters what was wrong: --reason '...'.")
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _amendment(folder: Path, record: IssueRecord, reason: str, at: datetime) -> Amendment:
    """What the version in the folder says of itself, from its own files."""
    return Amendment(record.version, _facts(folder), _printed(folder), at, reason, record.corrections)


def _facts(folder: Path) -> Measurements:
    from reportgen import metrics

    path = folder / FACTS
    try:
        return from_json(json.loads(path.read_text(encoding="utf-8")), metrics.catalogue())
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise DataError(f"holds no facts that can be read ({error}).", where=str(path), fix=_restore()) from None


def _printed(folder: Path) -> Printed:
    told = issues.raw(folder).get("printed")
    if not isinstance(told, dict):
        what = "does not say what the issue prints."
        raise DataError(what, where=str(folder / issues.RECORD), fix=_restore())
    return {(fact, part): tuple(shown) for fact, parts in told.items() for part, shown in parts.items()}


def _restore() -> str:
    return "Restore the folder from a copy."
