"""`reportgen schedule`: timers for the brief, and whether one is due now."""

from __future__ import annotations

import json
import os
import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reportgen.cli._article import say
from reportgen.errors import UsageError

if TYPE_CHECKING:
    from reportgen.config import Settings
    from reportgen.delivery.schedule.due import Due
    from reportgen.delivery.schedule.timers import Timer

NOT_DUE = 3


@click.command("schedule")
@click.option("--systemd", "kind", flag_value="systemd", help="A service and a timer for systemd.")
@click.option("--cron", "kind", flag_value="cron", help="A line for a crontab.")
@click.option("--github", "kind", flag_value="github", help="A workflow for GitHub Actions.")
@click.option("--check", "kind", flag_value="check", help="Whether an issue is due now; exit code 3 when none is.")
@click.option("--at", metavar="TIME", help="With --check: judge at this moment, such as 2026-04-02T21:30+00:00.")
@click.option("--config", type=click.Path(path_type=Path), help="Settings file [default: reportgen.toml].")
@click.option("--json", "as_json", is_flag=True, help="With --check: tell the answer as a JSON line.")
@click.option("--quiet", is_flag=True, help="With --check: the exit code only.")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def command(*, kind: str | None, at: str | None, config: Path | None, as_json: bool, quiet: bool, debug: bool) -> int:
    """Print a ready timer for the weekly brief, or say whether an issue is due.

    An issue is due once the exchange's last session of the week has closed, and while none is there for that week.
    The timers ask every evening at the time that `[schedule]` in the settings names.
    """
    del debug  # read by the error handler
    from reportgen.config import FILE_NAME, settings_of

    settings = settings_of(config)
    if kind == "check":
        return _check(settings, _moment(at), as_json=as_json, quiet=quiet)
    if at is not None or as_json or quiet:
        raise UsageError("--at, --json and --quiet go with --check.", fix="Add --check, or leave them out.")
    _print(kind, _timer(settings, (config or Path(FILE_NAME)).resolve()), approval=settings.schedule.approval)
    return 0


def due(settings: Settings, now: datetime) -> Due:
    """Whether a brief is due: the latest one in the output folder against the exchange's calendar."""
    from reportgen.delivery.folders import issues
    from reportgen.delivery.schedule.due import look

    records = map(issues.read, issues.folders(settings.output))
    briefs = (each.as_of for each in records if each.kind == "brief" and each.slug == settings.brief.name)
    latest = max(briefs, default=None)
    return look(now, latest, timedelta(minutes=settings.schedule.after_close))


def told(found: Due) -> str:
    """The answer in one line."""
    if found.due:
        return f"due: the issue as of {found.as_of}"
    ready = found.next_ready.isoformat(timespec="minutes")
    return f"not due: the issue as of {found.as_of} is there; the next can be made from {ready} on"


def as_event(found: Due) -> str:
    """The answer as a JSON line."""
    times = {"ready": found.ready.isoformat(), "next_ready": found.next_ready.isoformat()}
    return json.dumps({"event": "schedule", "due": found.due, "as_of": found.as_of.isoformat(), **times})


def now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


def _check(settings: Settings, now: datetime, *, as_json: bool, quiet: bool) -> int:
    found = due(settings, now)
    if as_json:
        say(as_event(found))
    elif not quiet:
        say(told(found))
    return 0 if found.due else NOT_DUE


def _moment(text: str | None) -> datetime:
    if text is None:
        return now()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise UsageError(f"--at {text!r} is no moment with its zone.", fix="Write it like 2026-04-02T21:30+00:00.")
    return moment


def _timer(settings: Settings, config: Path) -> Timer:
    from reportgen.delivery.schedule.timers import Timer

    found = shutil.which("reportgen") or shutil.which("reportgen", path=str(Path(sys.executable).parent))
    if found is None:
        raise UsageError("The program reportgen is not on the path.", fix="Activate its environment and ask again.")
    output = Path(os.path.relpath(settings.output, config.parent))
    program = Path(found).absolute()
    return Timer(program, config.parent, config, settings.schedule.time, output, live=settings.source == "yahoo")


def _print(kind: str | None, timer: Timer, *, approval: bool) -> None:
    from reportgen.delivery.schedule import timers

    if kind in (None, "systemd"):
        say("# systemd: put both files into /etc/systemd/system (or ~/.config/systemd/user), then")
        say("# systemctl daemon-reload && systemctl enable --now reportgen-brief.timer")
        for name, unit in timers.systemd(timer).items():
            say(f"# {name}\n{unit}")
    if kind in (None, "cron"):
        say(("" if kind else "# cron: add these lines with crontab -e\n") + timers.cron(timer))
    if kind in (None, "github"):
        say(
            ("" if kind else "# GitHub Actions: .github/workflows/brief.yml\n")
            + timers.github(timer, approval=approval)
        )
