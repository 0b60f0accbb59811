"""THE program on one page: eight stages, in order, each taking what the one before gave.

1 load      a request becomes a snapshot
2 measure   a snapshot becomes facts and series
3 comment   facts become tested statements
4 draw      facts and series become charts
5 compose   all of it becomes the article
6 render    the article becomes files
7 check     the gate clears the files or holds them
8 deliver   cleared files replace the former ones
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from reportgen import charts, compose, metrics, narrative
from reportgen._version import __version__
from reportgen.config import Settings
from reportgen.delivery.folders import folder as delivery
from reportgen.delivery.folders import issues
from reportgen.errors import UsageError
from reportgen.fingerprint import fingerprint
from reportgen.model import (
    Amendment,
    Article,
    Artifact,
    Clearance,
    Commentary,
    Measurements,
    Receipt,
    Recipe,
    Request,
    Snapshot,
    plain,
)
from reportgen.model.serial import in_lines, to_json
from reportgen.render import pdf
from reportgen.render.press import Press
from reportgen.resources import own_files, template_folders
from reportgen.stopwatch import Step, Stopwatch

Stage = Step
_JSON = "application/json"
_PAGES_FIRST = {"text/html": 0, "application/pdf": 1}
STAGES = (
    Stage(1, "load", "reading prices, fund facts and holdings"),
    Stage(2, "measure", "computing every figure"),
    Stage(3, "comment", "applying the rules"),
    Stage(4, "draw", "drawing the charts"),
    Stage(5, "compose", "putting the article together"),
    Stage(6, "render", "setting the pages"),
    Stage(7, "check", "checking every number"),
    Stage(8, "deliver", "writing the files"),
)


class Source(Protocol):
    """What stage 1 needs of a source."""

    def load(self, request: Request) -> Snapshot: ...


@dataclass(frozen=True, slots=True)
class Job:
    """One article to make: what to compare, from where, and how it is issued.

    recipe: how to make it again, for its record. amends: the version that it corrects. press: a second
    process that lays out the PDF. rules: gives the rulebook, where it is being read beside.
    """

    request: Request
    source: Source
    settings: Settings
    issue_date: date | None = None
    recipe: Recipe | None = None
    amends: Amendment | None = None
    press: Press | None = None
    rules: Callable[[], narrative.Rulebook] | None = None

    @property
    def version(self) -> int:
        return 1 if self.amends is None else self.amends.version + 1


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a job: the folder written (or the held one), the gate's answer and the article.

    sending: whether it may go to subscribers, which the licences of its data decide.
    """

    folder: Path
    clearance: Clearance
    article: Article
    receipts: tuple[Receipt, ...]
    sending: Clearance


class Watch(Stopwatch):
    """Times the eight stages."""

    steps = STAGES


@dataclass(frozen=True, slots=True)
class Drafted:
    """What stages 1 to 5 give: an article that no file shows yet."""

    snapshot: Snapshot
    measurements: Measurements
    commentary: Commentary
    article: Article


@dataclass(frozen=True, slots=True)
class Made:
    """An article with its files and the gate's answers, not yet written anywhere.

    sending: as in `Outcome`. inputs: the hash of all that it was made from.
    """

    snapshot: Snapshot
    measurements: Measurements
    commentary: Commentary
    article: Article
    artifacts: tuple[Artifact, ...]
    clearance: Clearance
    sending: Clearance
    inputs: str
    recipe: Recipe | None = None


def run(job: Job, watch: Watch) -> Outcome:
    """Make one article and write it, or hold it: all eight stages.

    Raises the errors of its stages (`reportgen.errors`); whatever happens, the article that was in place before is
    there until the new one is complete.
    """
    return deliver(make(job, watch), job.settings.output, watch)


def make(job: Job, watch: Watch) -> Made:
    """Stages 1 to 7: nothing is written, save that an article which a crash left aside is put back in its place."""
    return make_from(load(job, watch), job, watch)


def load(job: Job, watch: Watch) -> Snapshot:
    """Stage 1."""
    with watch.stage("load"):
        snapshot = job.source.load(job.request)
        delivery.recover(place(job.settings.output, snapshot))
        if snapshot.simulated:
            delivery.keep_real(place(job.settings.output, snapshot))
        watch.counted("load", len(snapshot.histories))
    return snapshot


def measure(snapshot: Snapshot, watch: Watch, shelf: metrics.Shelf | None = None) -> Measurements:
    """Stage 2. shelf: what was measured of funds for other articles."""
    with watch.stage("measure"):
        measurements = metrics.measure(snapshot, shelf)
        watch.counted("measure", len(measurements))
    return measurements


def rulebook(settings: Settings) -> narrative.Rulebook:
    """The rules and words that comment on what is measured, with the user's own."""
    folders = template_folders(settings.templates)
    return narrative.rulebook(folders, metrics.with_differences(), settings.disabled_rules)


def draft(
    snapshot: Snapshot, measurements: Measurements, job: Job, watch: Watch, only: Collection[str] | None = None
) -> Drafted:
    """Stages 3 to 5. only: the charts that are wanted; None means all."""
    folders = template_folders(job.settings.templates)
    with watch.stage("comment"):
        book = job.rules() if job.rules else rulebook(job.settings)
        commentary = narrative.comment(measurements, snapshot, book.rules, book.words)
        watch.counted("comment", sum(map(len, commentary.statements.values())))
    with watch.stage("draw"):
        mail = "mail" in job.settings.formats
        drawn = charts.draw(measurements, snapshot, folders, commentary=commentary, mail=mail, only=only)
        watch.counted("draw", len(drawn))
    with watch.stage("compose"):
        article = compose.compose(snapshot, measurements, commentary, drawn, _edition(job, snapshot))
        watch.counted("compose", len(article.sections))
    return Drafted(snapshot, measurements, commentary, article)


def inputs(snapshot: Snapshot, job: Job) -> str:
    """The hash of all that the job's article is made from."""
    folders = template_folders(job.settings.templates)
    return fingerprint(snapshot, job.settings, folders, issue_date=job.issue_date, version=job.version)


def make_from(snapshot: Snapshot, job: Job, watch: Watch, shelf: metrics.Shelf | None = None) -> Made:
    """Stages 2 to 7. shelf: what was measured of funds for other articles."""
    drafted = draft(snapshot, measure(snapshot, watch, shelf), job, watch)
    article = drafted.article
    with watch.stage("render"):
        ready, printed = _render(job, article, snapshot, template_folders(job.settings.templates))
        with watch.ahead("check"):  # the press may still be laying out
            from reportgen import gate

            inspection = gate.Inspection(article, snapshot.issues)
            inspection.look(ready)
        last = () if printed is None else (printed(),)
        artifacts = tuple(sorted((*ready, *last), key=lambda file: _PAGES_FIRST.get(file.media_type, 2)))
        watch.counted("render", len(artifacts))
    with watch.stage("check"):
        inspection.look(last)
        clearance = inspection.clearance(job.settings.formats)
        watch.counted("check", sum(clearance.checked.values()))
        sending = gate.may_send(article.sources, job.settings.licence.rights)
    made = (snapshot, drafted.measurements, drafted.commentary, article, artifacts)
    return Made(*made, clearance, sending, inputs(snapshot, job), job.recipe)


def deliver(made: Made, output: Path, watch: Watch) -> Outcome:
    """Stage 8: the files into `output/<as-of>/<slug>`, or the notice of a hold beside it."""
    final = place(output, made.snapshot)
    with watch.stage("deliver"):
        issues.refuse_older(final, made.article.version)
        receipts = _deliver(final, made, watch)
        watch.counted("deliver", len(receipts))
    folder = final if made.clearance.cleared else delivery.held_folder(final)
    return Outcome(folder, made.clearance, made.article, receipts, made.sending)


def place(output: Path, snapshot: Snapshot) -> Path:
    """The folder that an article of this snapshot is written to."""
    return output / snapshot.as_of.isoformat() / compose.slug(snapshot.tickers)


def _edition(job: Job, snapshot: Snapshot) -> compose.Edition:
    settings = job.settings
    issued = job.issue_date or snapshot.as_of
    if issued < snapshot.as_of:
        what = f"The issue date {issued} lies before the data's last day, {snapshot.as_of}."
        raise UsageError(what, fix="An article is issued on that day or later.")
    return compose.Edition(
        issue_date=issued,
        version=job.version,
        publication=settings.publication,
        conflict=settings.conflict,
        omitted=settings.omitted_sections,
        own_templates=own_files(settings.templates),
        rights=settings.licence.rights,
        amends=job.amends,
        order=settings.section_order,
        disclosures=settings.branding.disclosures,
        note=settings.branding.editors_note,
        sentences=compose.load_sentences(template_folders(settings.templates)),
        brand=settings.branding.brand,
    )


def _render(
    job: Job, article: Article, snapshot: Snapshot, folders: tuple[Path, ...]
) -> tuple[tuple[Artifact, ...], Callable[[], Artifact] | None]:
    """The files of the article: its pages in the formats asked for, its facts, its manifest, its charts.

    The PDF is under way: the call waits for it.
    """
    facts = Artifact("facts.json", _JSON, in_lines(to_json(article.measurements, snapshot.sources)))
    drawings = tuple(
        Artifact(f"charts/{name}.svg", "image/svg+xml", chart.images["image/svg+xml"])
        for name, chart in article.charts.items()
    )
    manifest = Artifact("manifest.json", _JSON, in_lines(compose.manifest(article, snapshot, (facts, *drawings))))
    printed = _printing(job, article, (facts, manifest), folders) if "pdf" in job.settings.formats else None
    from reportgen.render import email, html  # loaded while the press lays out, as the gate is

    pages = []
    if "html" in job.settings.formats:
        pages.append(html.render(article, folders=folders))
    if "mail" in job.settings.formats:
        pages.append(email.render(article, link=_link(job.settings.link, article), folders=folders))
    return (*pages, facts, manifest, *drawings), printed


def _printing(
    job: Job, article: Article, inside: Sequence[Artifact], folders: tuple[Path, ...]
) -> Callable[[], Artifact]:
    """The PDF under way: a press lays it out while the other pages are made here."""
    size, variant = job.settings.page, job.settings.pdf
    return pdf.begin(article, page_size=size, variant=variant, attachments=inside, folders=folders, press=job.press)


def _link(pattern: str | None, article: Article) -> str | None:
    """Where the full article will be, if the settings say."""
    return pattern and pattern.replace("{as_of}", article.as_of.isoformat()).replace("{slug}", article.slug)


def _record(made: Made, watch: Watch, artifacts: Sequence[Artifact]) -> dict[str, object]:
    """What run.json tells of a run."""
    article = made.article
    return {
        "schema": 1,
        "reportgen": __version__,
        "kind": "article",
        "status": "issued" if made.clearance.cleared else "held",
        "slug": article.slug,
        "title": plain(article.masthead.title),
        "headline": plain(article.masthead.headline),
        "publication": article.masthead.publication,
        "funds": list(article.tickers),
        "as_of": article.as_of.isoformat(),
        "issue_date": article.issue_date.isoformat(),
        "version": article.version,
        "inputs": made.inputs,
        "simulated": article.simulated,
        "corrections": [{**asdict(each), "at": each.at.isoformat()} for each in article.corrections],
        "recipe": made.recipe and _recipe(made.recipe),
        "printed": compose.printed_as_json(article),
        "stages": [
            {
                "number": stage.number,
                "name": stage.name,
                "seconds": round(watch.seconds.get(stage.name, 0.0), 4),
                "count": watch.counts.get(stage.name),
            }
            for stage in STAGES
        ],
        "checked": dict(made.clearance.checked),
        "findings": [asdict(finding) for finding in made.clearance.findings],
        "issues": [asdict(issue) for issue in made.snapshot.issues],
        "silent": [{"rule": s.rule, "roles": dict(s.roles), "reason": s.reason} for s in made.commentary.silent],
        "missing": {f.id: f.missing for f in made.measurements if f.missing is not None},
        "withheld": [asdict(finding) for finding in made.sending.findings],
        "artifacts": [{"name": a.name, "bytes": len(a.content), "sha256": a.sha256} for a in artifacts],
    }


def _recipe(recipe: Recipe) -> dict[str, object]:
    """What run.json tells of how an issue was made."""
    return {**asdict(recipe), "as_of": recipe.as_of and recipe.as_of.isoformat()}


def _notice(made: Made) -> tuple[Artifact, ...]:
    from reportgen import gate

    return gate.notice(made.clearance, made.article.slug)


def _deliver(folder: Path, made: Made, watch: Watch) -> tuple[Receipt, ...]:
    """Write the files and run.json last, or the notice of a hold without the pages that must not be published."""
    cleared = made.clearance.cleared
    facts = (artifact for artifact in made.artifacts if artifact.name == "facts.json")
    kept = made.artifacts if cleared else (*_notice(made), *facts)
    begun = watch.clock()

    def closing() -> Artifact:
        watch.seconds["deliver"] = watch.clock() - begun
        watch.counted("deliver", len(kept) + 1)
        return Artifact("run.json", _JSON, in_lines(_record(made, watch, kept)))

    if not cleared:
        return delivery.hold(folder, kept, closing)
    return delivery.publish(folder, kept, closing, former=issues.former(made.article))
