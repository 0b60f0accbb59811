"""What a run would do, without doing it: `reportgen brief --dry-run`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from reportgen import compose
from reportgen.brief import memory
from reportgen.brief.make import BriefJob
from reportgen.errors import DataError


@dataclass(frozen=True, slots=True)
class Planned:
    """One comparison of a plan: why it would be held, as far as its data tell before anything is measured."""

    slug: str
    problem: str | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would do. as_of is None where the data alone could tell, and they cannot be read."""

    as_of: date | None
    folder: Path
    replaces: bool
    before: date | None
    pairs: tuple[Planned, ...]
    formats: tuple[str, ...]


def plan(job: BriefJob) -> Plan:
    """The plan of a job; data are read, nothing is written and no folder is put in order."""
    settings, as_of = job.settings, job.as_of
    pairs: list[Planned] = []
    for each in job.jobs():
        slug = compose.slug(each.request.tickers)
        try:
            snapshot = each.source.load(each.request)
        except DataError as error:
            pairs.append(Planned(slug, str(error)))
            continue
        as_of = snapshot.as_of if as_of is None else min(as_of, snapshot.as_of)
        errors = [issue.message for issue in snapshot.issues if issue.severity == "error"]
        pairs.append(Planned(slug, errors[0] if errors else None))
    folder = settings.output / (as_of.isoformat() if as_of else "<as-of>") / settings.brief.name
    known = [day for day, _ in memory.issues(settings.output, settings.brief.name)]
    before = max((day for day in known if as_of is not None and day < as_of), default=None)
    return Plan(as_of, folder, as_of in known, before, tuple(pairs), settings.formats)


def lines(found: Plan) -> Iterator[str]:
    """A plan in lines."""
    yield f"as of {found.as_of or 'the last day of the data'}"
    for pair in found.pairs:
        yield f"{pair.slug}: {'would be held: ' + pair.problem if pair.problem else 'would be written'}"
    since = (
        f"compared with the issue of {found.before}" if found.before else "compared with none: it is the first issue"
    )
    yield since
    does = "would replace" if found.replaces else "would write"
    yield f"{does} {found.folder} ({', '.join(found.formats)})"
