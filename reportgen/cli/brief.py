"""`reportgen brief`: the weekly brief of all comparisons that the settings name."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reportgen.cli._article import day, say
from reportgen.cli.schedule import as_event, due, now, told
from reportgen.errors import HeldError, UsageError

if TYPE_CHECKING:
    from reportgen.brief import BriefJob, Outcome
    from reportgen.brief.make import Step
    from reportgen.config import Settings
    from reportgen.delivery.due import Due

PART = 6


@click.command("brief")
@click.option("--as-of", metavar="DATE", callback=day, help="Judge at this day's close.")
@click.option("--scheduled", is_flag=True, help="Make the issue that the calendar says is due; none due is no error.")
@click.option("--config", type=click.Path(path_type=Path), help="Settings file [default: reportgen.toml, if present].")
@click.option("--data", type=click.Path(path_type=Path), help="Folder of price files (see the README).")
@click.option("--source", type=click.Choice(["sample", "yahoo"]), help="Where data come from, without --data.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder to write to [default: output].")
@click.option("--issue-date", metavar="DATE", callback=day, help="The date of issue [default: the as-of].")
@click.option("--quiet", is_flag=True, help="Say nothing unless something is wrong.")
@click.option("--json", "as_json", is_flag=True, help="Tell progress and result as JSON lines.")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def command(
    *,
    as_of: date | None,
    scheduled: bool,
    config: Path | None,
    data: Path | None,
    source: str | None,
    out: Path | None,
    issue_date: date | None,
    quiet: bool,
    as_json: bool,
    debug: bool,
) -> int:
    """Write the weekly brief of the comparisons under [brief] in reportgen.toml."""
    del debug  # read by the error handler
    from reportgen.brief import BriefJob
    from reportgen.config import as_tables, settings_of
    from reportgen.delivery.lock import locked
    from reportgen.model import Recipe
    from reportgen.sources import open_source, sourced

    settings = sourced(settings_of(config), data, source)
    if out is not None:
        settings = replace(settings, output=out)
    if scheduled and as_of is not None:
        raise UsageError("--scheduled and --as-of exclude each other.", fix="Give one of the two.")
    voice = BriefVoice(quiet=quiet, as_json=as_json)
    with locked(settings.output):
        found = due(settings, now()) if scheduled else None
        if found is not None and not found.due:
            return voice.nothing(found)
        asked = found.as_of if found is not None else as_of or _last_session(settings)
        recipe = Recipe((), asked, 0, as_tables(settings, settings.output))
        job = BriefJob(open_source(settings.source, settings.data), settings, asked, issue_date, recipe=recipe)
        return make_brief(job, voice)


def make_brief(job: BriefJob, voice: BriefVoice) -> int:
    """Make a brief and tell about it; the exit code."""
    from reportgen.brief import Telling, run

    return voice.result(run(job, Telling(time.perf_counter, voice.step, voice.comparison)))


def _last_session(settings: Settings) -> date | None:
    """The last session that is complete now; simulated data have no present, and end where they end."""
    from datetime import UTC, datetime

    from reportgen import calendar

    if settings.source == "sample":
        return None
    now = datetime.now(UTC)
    session = calendar.session_on_or_before(now.astimezone(calendar.NEW_YORK).date())
    return session if calendar.close_of(session) <= now else calendar.session_on_or_before(session - timedelta(days=1))


class BriefVoice:
    """How the command speaks of a brief: in words, in JSON lines, or not at all."""

    def __init__(self, *, quiet: bool, as_json: bool) -> None:
        self.quiet, self.as_json = quiet, as_json

    def step(self, step: Step, seconds: float | None) -> None:
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
            more = f" and {len(findings) - 1} more" if len(findings) > 1 else ""
            what = f"The brief is held: {findings[0].where}: {findings[0].message}{more}."
            raise HeldError(what, fix=f"{findings[0].fix} All findings are in {outcome.folder / 'notice.txt'}.")
        if not self.quiet:
            for receipt in outcome.receipts:
                say(receipt.recipient)
        for one in outcome.held:
            say(f"reportgen: {one.slug} is held back: {one.reason}", err=True)
        return PART if outcome.held else 0
