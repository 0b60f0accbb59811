"""What `demo` and `compare` share: their options, the progress display, and telling what came of it."""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from reportgen.errors import HeldError

if TYPE_CHECKING:
    from reportgen.pipeline import Job, Outcome, Stage
    from reportgen.render.press import Press

F = TypeVar("F", bound=Callable[..., Any])


def talk_options(function: F) -> F:
    """The options that every command takes which writes an article."""
    for option in (
        click.option("--debug", is_flag=True, help="Show the traceback of an error."),
        click.option("--json", "as_json", is_flag=True, help="Tell progress and result as JSON lines."),
        click.option("--quiet", is_flag=True, help="Say nothing unless something is wrong."),
        click.option("--open", "open_it", is_flag=True, help="Open the article when it is written."),
    ):
        function = option(function)
    return function


def press_option(function: F) -> F:
    """The option of every command that makes an article at once, in two processes."""
    return click.option("--one-process", is_flag=True, help="Lay out the PDF in this process, not beside it.")(function)


@contextlib.contextmanager
def pressing(formats: str | None, *, one_process: bool) -> Iterator[Press | None]:
    """A second process for the PDF, started before anything heavy is loaded here; None where none is wanted."""
    if one_process or (formats is not None and "pdf" not in formats.lower()):
        yield None
        return
    from reportgen.render.press import Press

    with Press() as press:
        yield press


def day(context: click.Context, parameter: click.Parameter, value: str | None) -> date | None:
    """Read an option's value as a day written like 2026-03-27."""
    if value is None:
        return None
    try:
        found = date.fromisoformat(value)
    except ValueError:
        found = None
    if found is None or not _OUR_TIME[0] <= found.year <= _OUR_TIME[1]:
        what = f"{value!r} is not a day of our time; write it like 2026-03-27."
        raise click.BadParameter(what, context, parameter)
    return found


_OUR_TIME = (1950, 2100)


def say(text: str, *, err: bool = False) -> None:
    """Print a line; a reader of our output who has left, or a full disk behind it, must not stop the work."""
    with contextlib.suppress(OSError):
        click.echo(text, err=err)


@dataclass(frozen=True, slots=True)
class Voice:
    """How a command speaks: in words on a terminal, in JSON lines, or not at all."""

    quiet: bool = False
    as_json: bool = False

    def stage(self, stage: Stage, seconds: float | None, count: int | None) -> None:
        """Tell that a stage begins (no seconds yet) or has ended."""
        if self.as_json:
            event = {"event": "stage", "number": stage.number, "name": stage.name, "seconds": seconds, "count": count}
            say(json.dumps(event))
        elif not self.quiet and seconds is not None:
            say(f"  {stage.number}/8 {stage.name:<8} {seconds:5.2f} s  {stage.does}", err=True)

    def result(self, outcome: Outcome) -> None:
        """Tell where the article is, or why it is held."""
        findings = outcome.clearance.findings
        status = "held" if findings else "issued"
        if self.as_json:
            files = [receipt.recipient for receipt in outcome.receipts]
            notes = [{"check": f.check, "where": f.where, "message": f.message, "fix": f.fix} for f in findings]
            withheld = [{"where": f.where, "message": f.message, "fix": f.fix} for f in outcome.sending.findings]
            result = {
                "event": status,
                "folder": str(outcome.folder),
                "files": files,
                "findings": notes,
                "withheld": withheld,
            }
            say(json.dumps(result))
        elif not self.quiet and not findings:
            for receipt in outcome.receipts:
                if "/charts/" not in receipt.recipient.replace("\\", "/"):
                    say(receipt.recipient)
            self._own_use(outcome)

    def _own_use(self, outcome: Outcome) -> None:
        """Tell that a mail is for whoever made it only, where the data's licences say so."""
        if any(receipt.recipient.endswith(".eml") for receipt in outcome.receipts):
            for finding in outcome.sending.findings:
                say(f"reportgen: for yourself only: {finding.message}. {finding.fix}", err=True)


def make(job: Job, voice: Voice, *, open_it: bool = False) -> int:
    """Run the pipeline and tell about it; the exit code is zero when the article was issued.

    Raises HeldError when the gate holds it.
    """
    from reportgen.beside import beside
    from reportgen.pipeline import Watch, rulebook, run

    with beside(partial(rulebook, job.settings)) as rules:
        outcome = run(replace(job, rules=rules), Watch(time.perf_counter, voice.stage))
    voice.result(outcome)
    if job.press is not None and job.press.trouble and not voice.as_json:
        say(f"reportgen: The PDF was laid out in one process: {job.press.trouble}.", err=True)
    findings = outcome.clearance.findings
    if findings:
        if voice.as_json:
            return HeldError.exit_code
        first = findings[0]
        more = f" and {len(findings) - 1} more" if len(findings) > 1 else ""
        raise HeldError(
            f"The article is held: {first.where}: {first.message}{more}.",
            fix=f"{first.fix} All findings are in {outcome.folder / 'notice.txt'}.",
        )
    if open_it:
        _open(outcome.folder)
    return 0


def _open(folder: Path) -> None:
    pages = [folder / name for name in ("article.html", "article.pdf") if (folder / name).is_file()]
    if pages and click.launch(str(pages[0])) != 0:
        say(f"reportgen: no program could be started to open {pages[0]}.", err=True)
        sys.stderr.flush()
