"""`reportgen brief`: the weekly brief of all comparisons that the settings name."""

from __future__ import annotations

import json
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from reportgen.cli._article import day, say
from reportgen.cli._live import Teller, with_live_data
from reportgen.cli._operator import Alarm
from reportgen.cli._options import config_option, data_options, format_option, issue_options, out_option
from reportgen.cli.compare import days_of, settings_from
from reportgen.cli.schedule import as_event, due, now, told
from reportgen.errors import HeldError, UsageError

if TYPE_CHECKING:
    from reportgen.brief import BriefJob, Outcome
    from reportgen.brief.comparisons import Held
    from reportgen.config import Settings
    from reportgen.delivery.schedule.alarm import Trouble
    from reportgen.delivery.schedule.due import Due
    from reportgen.stopwatch import Step

PART = 6


@click.command("brief")
@click.option(
    "--as-of", metavar="DATE", callback=day, help="Judge at this day's close [default: the last that is over]."
)
@click.option("--scheduled", is_flag=True, help="Make the issue that the calendar says is due; none due is no error.")
@config_option
@data_options
@out_option
@format_option
@issue_options
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--quiet", is_flag=True, help="Say nothing unless something is wrong.")
@click.option("--json", "as_json", is_flag=True, help="Tell progress and result as JSON lines.")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def command(
    *,
    as_of: date | None,
    scheduled: bool,
    config: Path | None,
    data: Path | None,
    snapshot: Path | None,
    source: str | None,
    out: Path | None,
    formats: str | None,
    issue_date: date | None,
    allow_stale: str | None,
    dry_run: bool,
    quiet: bool,
    as_json: bool,
    debug: bool,
) -> int:
    """Write the weekly brief of the comparisons under [brief] in reportgen.toml.

    Exit code 6 where a comparison is held back and the others are issued; 5 while another run is at work in the output
    folder. With --scheduled, the operator under [schedule] gets a letter when a run fails, is held, or issues a part.
    """
    del debug  # read by the error handler
    from reportgen.sources import sourced

    if scheduled and as_of is not None:
        raise UsageError("--scheduled and --as-of exclude each other.", fix="Give one of the two.")
    given = settings_from(config, out, formats, None, None)
    voice = BriefVoice(quiet=quiet, as_json=as_json)
    with Alarm(given, now, on=scheduled and not dry_run) as alarm:
        settings = sourced(given, data, source, snapshot)
        if dry_run:
            return _dry_run(settings, as_of or _last_session(settings), voice)
        wanted = Wanted(as_of, issue_date, days_of(allow_stale), scheduled)
        return _made(settings, wanted, voice, alarm)


class Wanted(NamedTuple):
    """The issue that the command line asks for; with `scheduled`, the calendar says its as-of."""

    as_of: date | None
    issue_date: date | None
    stale: int
    scheduled: bool


def _made(settings: Settings, wanted: Wanted, voice: BriefVoice, alarm: Alarm) -> int:
    """Make the issue, alone at work in the output folder, if it is due; the exit code."""
    from reportgen.delivery.folders.lock import locked

    with locked(settings.output):
        found = due(settings, now()) if wanted.scheduled else None
        if found is not None and not found.due:
            return voice.nothing(found)
        as_of = found.as_of if found is not None else wanted.as_of or _last_session(settings)
        outcome = _run(_job(settings, as_of, wanted.issue_date, wanted.stale, voice), voice)
    alarm.note(trouble_of(outcome))
    return voice.result(outcome)


def make_brief(job: BriefJob, voice: BriefVoice) -> int:
    """Make a brief and tell about it; the exit code."""
    return voice.result(_run(job, voice))


def _run(job: BriefJob, voice: BriefVoice) -> Outcome:
    from reportgen.brief import Telling, run

    return run(job, Telling(time.perf_counter, voice.step, comparison=voice.comparison))


def trouble_of(outcome: Outcome) -> Trouble | None:
    """What the operator is told of a brief that was held or lacks a comparison; None of one that is whole."""
    from reportgen.delivery.schedule.alarm import Trouble

    if outcome.clearance.findings:
        return Trouble(HeldError.exit_code, str(_held(outcome)), _notice(outcome).absolute())
    if not outcome.held:
        return None
    return Trouble(PART, "\n".join(map(_held_back, outcome.held)), outcome.folder.absolute())


def _held(outcome: Outcome) -> HeldError:
    """The error that a brief with findings ends in."""
    findings = outcome.clearance.findings
    more = f" and {len(findings) - 1} more" if len(findings) > 1 else ""
    what = f"The brief is held: {findings[0].where}: {findings[0].message}{more}."
    return HeldError(what, fix=f"{findings[0].fix} All findings are in {_notice(outcome)}.")


def _notice(outcome: Outcome) -> Path:
    return outcome.folder / "notice.txt"


def _held_back(one: Held) -> str:
    return f"{one.slug} is held back: {one.reason}"


def _job(settings: Settings, as_of: date | None, issue_date: date | None, stale: int, voice: BriefVoice) -> BriefJob:
    """The brief to make, once what has to be fetched is fetched for all comparisons at once."""
    from reportgen.brief import BriefJob
    from reportgen.config import as_tables
    from reportgen.model import Recipe
    from reportgen.sources import open_source

    funds = (ticker for pair in settings.brief.pairs for ticker in pair)
    settings = with_live_data(settings, funds, Teller(voice.quiet, voice.as_json), as_of)
    recipe = Recipe((), as_of, stale, as_tables(settings, settings.output))
    source = open_source(settings.source, settings.data)
    return BriefJob(source, settings, as_of, issue_date, allow_stale=stale, recipe=recipe)


def _dry_run(settings: Settings, as_of: date | None, voice: BriefVoice) -> int:
    """Tell what would be done; what would have to be fetched is not read."""
    from reportgen.brief import BriefJob
    from reportgen.brief.plan import lines, plan
    from reportgen.sources import open_source

    if settings.source == "yahoo":
        funds = sorted({ticker for pair in settings.brief.pairs for ticker in pair})
        say(f"would fetch {len(funds)} funds ({', '.join(funds)}) and their yardsticks as of {as_of}")
        return 0
    found = plan(BriefJob(open_source(settings.source, settings.data), settings, as_of))
    if voice.as_json:
        pairs = [{"comparison": pair.slug, "problem": pair.problem} for pair in found.pairs]
        days = {"as_of": found.as_of and str(found.as_of), "before": found.before and str(found.before)}
        place = {"folder": str(found.folder), "replaces": found.replaces}
        say(json.dumps({"event": "plan", **days, **place, "pairs": pairs}))
    else:
        for line in lines(found):
            say(line)
    return 0


def _last_session(settings: Settings) -> date | None:
    """The last session that is over now; simulated data have no present, and end where they end."""
    from reportgen import calendar

    return None if settings.source == "sample" else calendar.last_closed(now())


class BriefVoice:
    """How the command speaks of a brief: in words, in JSON lines, or not at all."""

    def __init__(self, *, quiet: bool, as_json: bool) -> None:
        self.quiet, self.as_json = quiet, as_json

    def step(self, step: Step, seconds: float | None, _: int | None) -> None:
        """Tell that a step begins (no seconds yet) or has ended."""
        if self.as_json:
            say(json.dumps({"event": "step", "number": step.number, "name": step.name, "seconds": seconds}))
        elif not self.quiet and seconds is not None:
            say(f"  {step.number}/7 {step.name:<8} {seconds:6.2f} s  {step.does}", err=True)

    def comparison(self, step: Step, number: int, of: int, name: str) -> None:
        """Tell which comparison a step is at."""
        if self.as_json:
            say(json.dumps({"event": "comparison", "step": step.name, "number": number, "of": of, "name": name}))
        elif not self.quiet:
            say(f"      {number}/{of} {name}", err=True)

    def nothing(self, found: Due) -> int:
        """Tell that no issue is due; that is no failure."""
        if self.as_json:
            say(as_event(found))
        elif not self.quiet:
            say(told(found))
        return 0

    def result(self, outcome: Outcome) -> int:
        """Tell where the brief is and what is held; the exit code."""
        findings = outcome.clearance.findings
        if self.as_json:
            held = [{"comparison": one.slug, "reason": one.reason} for one in outcome.held]
            notes = [{"check": f.check, "where": f.where, "message": f.message, "fix": f.fix} for f in findings]
            files = [receipt.recipient for receipt in outcome.receipts]
            event = {"event": outcome.status, "folder": str(outcome.folder), "files": files, "held": held}
            say(json.dumps({**event, "findings": notes}))
            return HeldError.exit_code if findings else PART if outcome.held else 0
        if findings:
            raise _held(outcome)
        if not self.quiet:
            for receipt in outcome.receipts:
                say(receipt.recipient)
        for one in outcome.held:
            say(f"reportgen: {_held_back(one)}", err=True)
        return PART if outcome.held else 0
