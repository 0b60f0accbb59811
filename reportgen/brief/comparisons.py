"""Steps 1 and 2: every comparison of a brief by itself, so that one that fails takes no other with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from reportgen import compose, gate, metrics, pipeline
from reportgen.errors import DataError
from reportgen.model import Article, Commentary, Fact, Finding, Measurements, Request, Snapshot

Counted = Callable[[int, int, str], None]
"""Told before each comparison: its number from one, how many there are, its name."""

_OWN = frozenset({"market_impact"})
"""Facts about all funds of a comparison, which every comparison of a brief has for itself."""


@dataclass(frozen=True, slots=True)
class Held:
    """A comparison that cannot be issued: why, in words, and what the gate found, if it was the gate."""

    slug: str
    tickers: tuple[str, ...]
    reason: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """A comparison whose article is ready to stand in a brief."""

    slug: str
    snapshot: Snapshot
    measurements: Measurements
    commentary: Commentary
    article: Article


@dataclass(frozen=True, slots=True)
class Loaded:
    """A comparison that is loaded and measured."""

    job: pipeline.Job
    snapshot: Snapshot
    measurements: Measurements

    @property
    def slug(self) -> str:
        return compose.slug(self.snapshot.tickers)


def gather(
    jobs: Sequence[pipeline.Job], watch: pipeline.Watch, tell: Counted
) -> tuple[tuple[Loaded, ...], tuple[Held, ...]]:
    """Every comparison loaded and measured as of one day, and those that could not be.

    Where no day was asked for, the first comparison's decides. Each fund is measured once, whatever the number of its
    comparisons. Raises DataError where none can be measured.
    """
    shelf = metrics.Shelf()
    loaded: list[Loaded] = []
    held: list[Held] = []
    errors: list[DataError] = []
    as_of: date | None = None
    for number, asked in enumerate(jobs, start=1):
        job = asked if as_of is None else replace(asked, request=replace(asked.request, as_of=as_of))
        tell(number, len(jobs), name_of(job.request))
        try:
            snapshot = pipeline.load(job, watch)
            measurements = pipeline.measure(snapshot, watch, shelf)
        except DataError as error:
            errors.append(error)
            held.append(Held(compose.slug(job.request.tickers), job.request.tickers, str(error)))
            continue
        loaded.append(Loaded(job, snapshot, measurements))
        as_of = as_of or job.request.as_of or snapshot.as_of
    if not loaded:
        raise DataError(f"no comparison can be made: {errors[0]}")
    return tuple(loaded), tuple(held)


def name_of(request: Request) -> str:
    """A comparison in a progress display: "IWM, QQQ"."""
    return ", ".join(request.tickers)


def write(
    loaded: Sequence[Loaded], watch: pipeline.Watch, tell: Counted, charts: Collection[str] | None = None
) -> tuple[tuple[Written, ...], tuple[Held, ...]]:
    """Every comparison's article, and those whose data or text the gate holds.

    charts: those that the brief will show; None means all. A comparison of another day than the first one's is held: a
    brief has one as-of.
    """
    scoped = apart([one.measurements for one in loaded])
    as_of = max(one.snapshot.as_of for one in loaded)
    written: list[Written] = []
    held: list[Held] = []
    for number, (one, measurements) in enumerate(zip(loaded, scoped, strict=True), start=1):
        tell(number, len(loaded), name_of(one.job.request))
        drafted = pipeline.draft(one.snapshot, measurements, one.job, watch, charts)
        findings = (*_of_another_day(one.snapshot, as_of), *gate.read(drafted.article, one.snapshot.issues))
        if findings:
            more = f" and {len(findings) - 1} more" if len(findings) > 1 else ""
            reason = f"{findings[0].where}: {findings[0].message}{more}"
            held.append(Held(one.slug, one.snapshot.tickers, reason, findings))
        else:
            written.append(Written(one.slug, one.snapshot, measurements, drafted.commentary, drafted.article))
    return tuple(written), tuple(held)


def _of_another_day(snapshot: Snapshot, as_of: date) -> Iterator[Finding]:
    if snapshot.as_of != as_of:
        message = f"its data are of {snapshot.as_of}, those of the brief of {as_of}"
        yield Finding("dates", compose.slug(snapshot.tickers), message, "Get data up to that day.")


def apart(measured: Sequence[Measurements]) -> tuple[Measurements, ...]:
    """The same measurements, each fact that means something else in another comparison marked with its own.

    Those are the facts about all funds compared, those since the youngest fund began, and any other that the
    comparisons do not agree on.
    """
    values: dict[str, list[Fact]] = defaultdict(list)
    for each in measured:
        for fact in each:
            values[fact.id].append(fact)
    differing = {id_ for id_, facts in values.items() if any(fact != facts[0] for fact in facts)}
    return tuple(_marked(each, differing) for each in measured)


def _marked(measured: Measurements, differing: set[str]) -> Measurements:
    slug = compose.slug(measured.tickers)

    def marked(fact: Fact) -> Fact:
        own = fact.metric in _OWN or fact.code == "SI" or fact.id in differing
        return replace(fact, comparison=slug) if own else fact

    facts: Mapping[str, Fact] = {one.id: one for one in map(marked, measured)}
    return replace(measured, facts=facts)
