"""`reportgen mail send`: from the outbox to the relay, with the accounting at the end."""

from __future__ import annotations

import json
import os
import platform
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reportgen.cli import _sending
from reportgen.cli._article import say
from reportgen.cli._mail import mail_options, moment, result
from reportgen.errors import ReportgenError, UsageError

if TYPE_CHECKING:
    from reportgen.config import Settings
    from reportgen.delivery.mail.sending import Account, Run
    from reportgen.delivery.store import Store
    from reportgen.delivery.store.issues import Issue
    from reportgen.delivery.store.outbox import Claim, Ending

PART_DONE = 6
INTERRUPTED = 130
_EVERY = 0.5
_LONGEST_SLEEP = 60.0


@click.command("send")
@click.argument("name")
@click.option("--dry-run", is_flag=True, help="Say what would be sent, and send nothing.")
@click.option("--limit", type=click.IntRange(1), help="Send at most so many mails [default: the settings'].")
@click.option("--wait", is_flag=True, help="Wait for deferred mails until every one has ended.")
@mail_options
def send(
    *, name: str, dry_run: bool, limit: int | None, wait: bool, config: Path | None, quiet: bool, as_json: bool,
    debug: bool,
) -> int:  # fmt: skip
    """Send the frozen issue NAME, or go on with it: run it again after whatever stopped it.

    Exit code 0 when every mail was accepted or its reader has left, 6 when some are deferred, failed, expired or in
    doubt, 130 when interrupted: the mail in hand is finished first.
    """
    del debug  # read by the error handler
    from reportgen.config import settings_of
    from reportgen.delivery.mail.sending import account
    from reportgen.delivery.store import issues

    settings = settings_of(config)
    voice = Voice(quiet, as_json)
    with _sending.opened(settings) as store:
        with store.read() as db:
            issue = issues.find(db, name)
        if dry_run:
            return _dry(store, issue, voice)
        _refuse_stopped(issue, account(store, issue.id).open)
        run = _sent(settings, store, issue, limit or settings.delivery.most_per_run, voice, wait=wait)
        return _close(store, issue, run, voice)


def _refuse_stopped(issue: Issue, left: int) -> None:
    """Raises UsageError for an issue of which nothing may be sent.

    left: rows that have not ended. A cancelled issue may have some that a dead sender held: those are let go of.
    """
    if issue.state == "paused":
        fix = f"When that is mended: reportgen mail resume {issue.name}"
        raise UsageError(f"is paused: {issue.reason}.", where=issue.name, fix=fix)
    if issue.state == "cancelled" and not left:
        raise UsageError(f"was cancelled: {issue.reason}.", where=issue.name, fix="Freeze another version instead.")


def _sent(settings: Settings, store: Store, issue: Issue, most: int | None, voice: Voice, *, wait: bool) -> Run:
    """One run of a sender, with what it needs."""
    from reportgen.delivery.mail.freezing import builder
    from reportgen.delivery.mail.ledger import StoreLedger
    from reportgen.delivery.mail.sending import Run, prepare, send
    from reportgen.delivery.store import issues, outbox, senders

    with store.write() as db:
        senders.check_home(db, store, _sending.machine())
    with store.read() as db:
        make = builder(issue, issues.content(db, issue.id), _sending.keys(settings))
    connect = _sending.connector(settings, issue.name)
    run = Run(moment, time.sleep, most, voice.ended(issue.audience))
    where = f"{platform.node()} {os.getpid()}"
    with senders.sending(store, where, now=moment(), boot=_sending.boot()) as sender, _finishing(run):
        freed = prepare(store, issue.id, sender, now=moment(), resend=settings.delivery.resend == "resend")
        voice.recovered(*freed)
        while True:
            ledger = StoreLedger(store, issue.id, sender, moment, settings.delivery.batch)
            send(ledger, make, connect, run, settings.delivery.connections)
            with store.read() as db:
                due = outbox.next_due(db, issue.id)
            if not wait or due is None or run.stop.is_set() or (most is not None and run.endings.total() >= most):
                break
            _sleep_until(due, run, voice)
        with store.write() as db:
            senders.end(db, sender.number, now=moment(), clean=run.why is None)
    return run


def _sleep_until(due: datetime, run: Run, voice: Voice) -> None:
    voice.waiting(due)
    while not run.stop.is_set() and (left := (due - moment()).total_seconds()) > 0:
        run.stop.wait(min(left, _LONGEST_SLEEP))


@contextmanager
def _finishing(run: Run) -> Iterator[None]:
    """The first interruption lets the mail in hand be finished; the second ends at once."""

    def interrupted(*_: object) -> None:
        if run.stop.is_set():
            raise KeyboardInterrupt
        run.end("interrupted")
        say("reportgen: finishing the mail in hand; interrupt again to stop at once.", err=True)

    former = {number: signal.signal(number, interrupted) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _close(store: Store, issue: Issue, run: Run, voice: Voice) -> int:
    """Tell the accounting; the exit code. Raises ReportgenError when it does not add up."""
    from reportgen.delivery.mail.sending import account
    from reportgen.delivery.store import outbox

    total = account(store, issue.id)
    with store.read() as db:
        doubtful = outbox.doubtful(db, issue.id)
    voice.result(issue.name, total, run, [claim.address for claim in doubtful])
    if not total.adds_up:
        raise ReportgenError(f"the accounting does not add up: {total}.", where=issue.name)
    if run.why == "interrupted":
        return INTERRUPTED
    unsent = total.open + sum(total.states[state] for state in ("failed", "expired", "in_doubt"))
    return PART_DONE if unsent else 0


def _dry(store: Store, issue: Issue, voice: Voice) -> int:
    from reportgen.delivery.mail.sending import account

    total = account(store, issue.id)
    told = f"{issue.name}: {total.open:,} of {issue.audience:,} mails would be sent, by {issue.state} issue"
    event = {"event": "would-send", "issue": issue.name, "open": total.open, "state": issue.state}
    result(told, event, quiet=voice.quiet, as_json=voice.as_json)
    return 0


@dataclass(slots=True)
class Voice:
    """How `send` speaks: a line that counts on a terminal, JSON lines, or nothing until something is wrong."""

    quiet: bool
    as_json: bool
    _done: int = 0
    _last: float = 0.0

    def ended(self, audience: int) -> Progress:
        return Progress(self, audience)

    def recovered(self, back: int, doubtful: int, again: int) -> None:
        """Tell what a dead sender left, and what is sent again."""
        if back or doubtful or again:
            text = (
                f"An earlier sender died: {back} mails are queued again, {doubtful} are in doubt; {again} sent again."
            )
            event = {"event": "recovered", "queued": back, "in_doubt": doubtful, "again": again}
            result(text, event, quiet=self.quiet, as_json=self.as_json)

    def waiting(self, due: datetime) -> None:
        text = f"Waiting for deferred mails until {due:%H:%M:%S} UTC."
        result(text, {"event": "waiting", "until": due.isoformat()}, quiet=self.quiet, as_json=self.as_json)

    def result(self, name: str, total: Account, run: Run, doubtful: list[str]) -> None:
        """Tell the accounting, why the run ended early, and whose mail is in doubt."""
        if self.as_json:
            event = {
                "event": "sent", "issue": name, "audience": total.audience, "states": total.states,
                "resends": total.resends, "adds_up": total.adds_up, "this_run": dict(run.endings), "why": run.why,
                "in_doubt": doubtful,
            }  # fmt: skip
            say(json.dumps(event))
            return
        if run.why is not None:
            say(f"reportgen: stopped: {run.why}.", err=True)
        if not self.quiet or not total.adds_up:
            again = f"; {total.resends} were sent again out of doubt" if total.resends else ""
            say(f"{name}: {total}{again}")
        for address in doubtful:
            say(f"  in doubt: {address}", err=True)


@dataclass(slots=True)
class Progress:
    """Counts mails: on a terminal a line, with --json an event each."""

    voice: Voice
    audience: int
    _done: int = 0
    _last: float = 0.0

    def __call__(self, held: Claim, ending: Ending) -> None:
        self._done += 1
        if self.voice.as_json:
            event = {"event": "mail", "subscriber": held.subscriber, "state": ending.state, "reply": ending.reply}
            say(json.dumps(event))
        elif not self.voice.quiet and sys.stderr.isatty() and time.monotonic() - self._last > _EVERY:
            self._last = time.monotonic()
            click.echo(f"\r  {self._done:,} of {self.audience:,}", nl=False, err=True)
