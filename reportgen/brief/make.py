"""The brief from end to end: its seven steps, in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from reportgen import compose, gate, narrative
from reportgen.batch import stock
from reportgen.brief import assemble, changed, changes, comparisons, own_facts, record, scoring, united
from reportgen.brief.changes import Change, Issued
from reportgen.brief.comparisons import Held, Written
from reportgen.brief.cover import Cover
from reportgen.brief.memory import Earlier, last_before
from reportgen.config import Settings
from reportgen.delivery.folders import folder as delivery
from reportgen.delivery.folders import issues
from reportgen.errors import HeldError, UsageError
from reportgen.model import (
    Amendment,
    Article,
    Artifact,
    Clearance,
    Fact,
    Finding,
    Receipt,
    Recipe,
    Request,
    Snapshot,
    Statement,
)
from reportgen.pipeline import Job, Source, Watch
from reportgen.render import email, html, pdf
from reportgen.resources import template_folders
from reportgen.stopwatch import Step, Stopwatch

BOOK = "brief"


STEPS = (
    Step(1, "gather", "loading and measuring every comparison"),
    Step(2, "write", "writing every article"),
    Step(3, "remember", "comparing with the issue before"),
    Step(4, "compose", "putting the brief together"),
    Step(5, "render", "setting the pages"),
    Step(6, "check", "checking every number"),
    Step(7, "deliver", "writing the files"),
)


@dataclass(frozen=True, slots=True)
class BriefJob:
    """One brief to make: from where, as of when, and how it is issued.

    as_of: None means the first comparison's last day. amends: the version that it corrects. Raises UsageError where the
    settings name no comparison.
    """

    source: Source
    settings: Settings
    as_of: date | None = None
    issue_date: date | None = None
    allow_stale: int = 0
    recipe: Recipe | None = None
    amends: Amendment | None = None

    def __post_init__(self) -> None:
        if not self.settings.brief.pairs:
            fix = 'Write pairs = [["IWM", "QQQ"]] under [brief] in reportgen.toml; `reportgen init` begins one.'
            raise UsageError("The settings name no comparison for a brief.", fix=fix)

    @property
    def version(self) -> int:
        """One more than that of the version which it corrects."""
        return 1 if self.amends is None else self.amends.version + 1

    def jobs(self) -> tuple[Job, ...]:
        """The comparisons as jobs of the pipeline, which share one source that reads everything once.

        The editor's note is the brief's, and none of theirs.
        """
        unsigned = replace(self.settings.branding, editors_note=None)
        plain = replace(self.settings, formats=("html",), branding=unsigned)
        pairs = self.settings.brief.pairs
        source = stock(self.source, (ticker for pair in pairs for ticker in pair), self.settings.context)
        return tuple(
            Job(
                Request(tickers, self.as_of, self.settings.context, self.allow_stale),
                source, plain, self.issue_date,
            )
            for tickers in pairs
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a brief: its folder (or that of the notice), its status, what is in it and what was held.

    sending: whether it may go to subscribers, which the licences of its data decide.
    """

    folder: Path
    status: str
    as_of: date
    clearance: Clearance
    held: tuple[Held, ...]
    receipts: tuple[Receipt, ...]
    changes: tuple[Change, ...]
    sending: Clearance


@dataclass
class Telling(Stopwatch):
    """Times the seven steps, and tells a second listener of each comparison in them."""

    comparison: Callable[[Step, int, int, str], None] = lambda *_: None
    steps = STEPS

    @contextmanager
    def during(self, name: str) -> Iterator[Callable[[int, int, str], None]]:
        """Time one step; gives what tells of each comparison."""
        with self.stage(name) as step:
            yield lambda number, of, what: self.comparison(step, number, of, what)


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the issues before give this one."""

    earlier: Earlier | None
    changes: tuple[Change, ...]
    scored: tuple[scoring.Stated, ...]
    stated: tuple[scoring.Stated, ...]


def run(job: BriefJob, telling: Telling) -> Outcome:
    """Make one brief and write it, or hold it: all seven steps.

    Raises the errors of its stages; whatever happens, the brief that was in place before is there until the new one is
    complete. Raises HeldError, with nothing written, where a comparison is held and the settings hold all for it.
    """
    watch, settings = Watch(telling.clock), job.settings
    with telling.during("gather") as tell:
        loaded, failed = comparisons.gather(job.jobs(), watch, tell)
    with telling.during("write") as tell:
        charts = assemble.SHORT_CHARTS if settings.brief.form == "short" else None
        written, refused = comparisons.write(loaded, watch, tell, charts)
    held = (*failed, *refused)
    _allowed(written, held, settings)
    with telling.during("remember"):
        snapshot = united.snapshot(written)
        watched = tuple((one, statement) for one in written for statement in _watched(one, settings))
        remembered = remember(settings, written, snapshot, watched)
    with telling.during("compose"):
        cover = _cover(settings, written, held, snapshot, watched, remembered)
        issued = job.issue_date or snapshot.as_of
        article = assemble.article(cover, settings, issued, job.version)
        if job.amends is not None:
            article = compose.amended(article, job.amends)
    with telling.during("render"):
        files = _files(article, cover, remembered)
        mailed = assemble.shorter(article)
        artifacts = (*_pages(article, mailed, settings, files[:2]), *files)
    with telling.during("check"):
        clearance = check(article, mailed, artifacts, settings)
        sending = gate.may_send(article.sources, settings.licence.rights)
        told = record.Run(article, clearance, sending, written, held, job.recipe)
    with telling.during("deliver"):
        receipts = _delivered(told, artifacts, settings, telling)
    place = _place(article, settings)
    folder = place if clearance.cleared else delivery.held_folder(place)
    return Outcome(folder, told.status, article.as_of, clearance, held, receipts, remembered.changes, sending)


def _allowed(written: Sequence[Written], held: Sequence[Held], settings: Settings) -> None:
    """Raises HeldError where nothing is left to issue, or the settings hold all for one."""
    if held and (not written or settings.brief.when_one_fails == "hold all"):
        told = "; ".join(f"{one.slug}: {one.reason.rstrip('.')}" for one in held)
        what = "No comparison can be issued" if not written else "The brief is held, as the settings ask"
        raise HeldError(f"{what}: {told}.", fix="Mend the data, or leave the comparison out.")


def _watched(one: Written, settings: Settings) -> tuple[Statement, ...]:
    """The conditional statements of a comparison that the brief prints: none that its article finds not settled."""
    book = _book(settings)
    rules = [rule for rule in book.rules if rule.section == "watch"]
    settled = {each.claim.fact: each.verdict != "inconclusive" for each in one.commentary.claims}
    spoken = narrative.comment(one.measurements, one.snapshot, rules, book.words).section("watch")
    return tuple(s for s in spoken if s.claim is None or settled.get(s.claim.fact, True))


def _book(settings: Settings) -> narrative.Rulebook:
    return narrative.rulebook(template_folders(settings.templates), own_facts.catalogue(), book=BOOK)


def remember(
    settings: Settings,
    written: Sequence[Written],
    snapshot: Snapshot,
    watched: Sequence[tuple[Written, Statement]],
) -> Remembered:
    """Step 3: what changed since the last issue, and which earlier conditions occurred."""
    earlier = last_before(settings.output, settings.brief.name, snapshot.as_of)
    now = Issued(
        {one.slug: one.snapshot.tickers for one in written},
        {fact.id: fact for one in written for fact in one.measurements},
        record.claims_of(written),
    )
    found = changes.between(earlier.issued, now) if earlier is not None else ()
    before = earlier.stated if earlier is not None else ()
    scored = scoring.scored(before, written, snapshot.as_of)
    outlook = (
        (one, statement)
        for one in written
        for statements in one.commentary.statements.values()
        for statement in statements
    )
    return Remembered(earlier, found, scored, scoring.with_new(scored, (*watched, *outlook), snapshot.as_of))


def _cover(
    settings: Settings,
    written: Sequence[Written],
    held: Sequence[Held],
    snapshot: Snapshot,
    watched: Sequence[tuple[Written, Statement]],
    remembered: Remembered,
) -> Cover:
    before = remembered.earlier.as_of if remembered.earlier is not None else None
    own = (
        *own_facts.of_the_week(written, snapshot),
        *_outcomes(remembered.scored, snapshot),
        *changed.quotes(remembered.changes, before),
    )
    measured = united.measurements(written, own, own_facts.specs())
    book = _book(settings)
    week = [rule for rule in book.rules if rule.section == "week"]
    spoken = narrative.comment(measured, snapshot, week, book.words)
    return Cover(
        written, held, snapshot, measured, united.commentary(written, spoken), watched, remembered.changes, before,
        remembered.scored,
    )  # fmt: skip


def _outcomes(stated: Sequence[scoring.Stated], snapshot: Snapshot) -> Iterator[Fact]:
    """What became of the earlier statements, as facts."""
    counts = Counter(one.status for one in stated)
    weeks = {one.scored for one in stated if one.status in ("hit", "miss")}
    yield own_facts.count("conditions_held", counts["hit"], snapshot)
    yield own_facts.count("conditions_missed", counts["miss"], snapshot)
    yield own_facts.count("conditions_seen", counts["occurred"], snapshot)
    yield own_facts.count("conditions_open", counts["open"], snapshot)
    yield own_facts.count("conditions_lapsed", counts["lapsed"], snapshot)
    yield own_facts.count("conditions_weeks", len(weeks), snapshot)
    yield own_facts.hit_rate(counts["hit"], counts["miss"], snapshot)


def _pages(article: Article, mailed: Article, settings: Settings, inside: Sequence[Artifact]) -> tuple[Artifact, ...]:
    """The brief in the formats asked for."""
    folders = template_folders(settings.templates)
    pages = []
    if "html" in settings.formats:
        pages.append(html.render(article, folders=folders))
    if "pdf" in settings.formats:
        pages.append(
            pdf.render(article, page_size=settings.page, variant=settings.pdf, attachments=inside, folders=folders)
        )
    if "mail" in settings.formats:
        link = settings.link
        if link is not None:
            link = link.replace("{as_of}", article.as_of.isoformat()).replace("{slug}", article.slug)
        pages.append(email.render(mailed, link=link, folders=folders))
    return tuple(pages)


def _files(article: Article, cover: Cover, remembered: Remembered) -> tuple[Artifact, ...]:
    """The files beside the pages; the first two travel in the PDF as well."""
    facts = record.facts(cover.measured, cover.snapshot, cover.written)
    return (
        facts,
        record.manifest(article, cover.snapshot, (facts,)),
        record.as_file("watch.json", scoring.to_json(remembered.stated, cover.snapshot.as_of)),
        record.changes(cover.changes, cover.before, cover.snapshot.as_of),
    )


def check(article: Article, mailed: Article, artifacts: Sequence[Artifact], settings: Settings) -> Clearance:
    """Step 6: the gate's answer about the brief; a mail is held against the shorter form that it tells.

    Problems in the data were judged with each comparison.
    """
    mails = [artifact for artifact in artifacts if artifact.media_type == email.MEDIA_TYPE]
    others = [artifact for artifact in artifacts if artifact not in mails]
    formats = tuple(each for each in settings.formats if each != "mail")
    findings: list[Finding] = []
    checked: dict[str, int] = {}
    if formats or not mails:
        answer = gate.check(article, others, formats=formats)
        findings += answer.findings
        checked = dict(answer.checked)
    if mails:
        answer = gate.check(mailed, mails, formats=("mail",))
        findings += answer.findings
        checked = checked or dict(answer.checked)
    return Clearance(tuple(dict.fromkeys(findings)), checked)


def _delivered(
    told: record.Run, artifacts: Sequence[Artifact], settings: Settings, telling: Telling
) -> tuple[Receipt, ...]:
    """Step 7: the files into place, or the notice of a hold with the facts beside it."""
    cleared = told.clearance.cleared
    facts = (artifact for artifact in artifacts if artifact.name == "facts.json")
    kept = tuple(artifacts) if cleared else (*gate.notice(told.clearance, told.article.slug), *facts)
    place = _place(told.article, settings)

    def closing() -> Artifact:
        return record.run(told, kept, telling.seconds)

    if not cleared:
        return delivery.hold(place, kept, closing)
    issues.refuse_older(place, told.article.version)
    return delivery.publish(place, kept, closing, former=issues.former(told.article))


def _place(article: Article, settings: Settings) -> Path:
    return settings.output / article.as_of.isoformat() / article.slug
