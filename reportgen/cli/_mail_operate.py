"""`reportgen mail status|pause|resume|cancel|resolve|adopt`: looking after what was frozen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reportgen.cli import _sending
from reportgen.cli._mail import mail_options, moment, result
from reportgen.errors import UsageError

if TYPE_CHECKING:
    from reportgen.delivery.mail.doubts import Word
    from reportgen.delivery.store import Store
    from reportgen.delivery.store.issues import Issue

_LATEST = 20


@click.command("status")
@click.argument("name", required=False)
@mail_options
def status(*, name: str | None, config: Path | None, quiet: bool, as_json: bool, debug: bool) -> int:
    """Show what became of the frozen issue NAME, or of the last twenty."""
    del debug  # read by the error handler
    from reportgen.config import settings_of
    from reportgen.delivery.mail.sending import account
    from reportgen.delivery.store import issues, outbox

    with _sending.opened(settings_of(config)) as store:
        with store.read() as db:
            chosen = issues.latest(db, _LATEST) if name is None else (issues.find(db, name),)
        for issue in chosen:
            total = account(store, issue.id)
            why = f" ({issue.reason})" if issue.reason else ""
            event = {
                "event": "status", "issue": issue.name, "state": issue.state, "reason": issue.reason,
                "audience": issue.audience, "states": total.states, "resends": total.resends, "adds_up": total.adds_up,
                "expires": issue.expires_at.isoformat(),
            }  # fmt: skip
            result(f"{issue.name}: {issue.state}{why}: {total}", event, quiet=quiet, as_json=as_json)
            if name is not None:
                with store.read() as db:
                    doubtful = outbox.doubtful(db, issue.id)
                for claim in doubtful:
                    event = {"event": "in_doubt", "subscriber": claim.subscriber, "address": claim.address}
                    result(f"  in doubt: {claim.address}", event, quiet=quiet, as_json=as_json)
    return 0


@click.command("pause")
@click.argument("name")
@click.option("--reason", default="by the operator", show_default=True, help="Why, for the record.")
@mail_options
def pause(*, name: str, reason: str, config: Path | None, quiet: bool, as_json: bool, debug: bool) -> int:
    """Stop sending the issue NAME after the mail in hand, in a run that is going on too."""
    del debug  # read by the error handler
    from reportgen.delivery.store import issues

    with _issue(config, name) as (store, issue):
        with store.write() as db:
            done = issues.pause(db, issue.id, reason, now=moment())
        if not done:
            raise UsageError(f"is {issue.state}, not ready.", where=name, fix="Nothing was changed.")
    result(f"{name}: paused.", {"event": "paused", "issue": name}, quiet=quiet, as_json=as_json)
    return 0


@click.command("resume")
@click.argument("name")
@mail_options
def resume(*, name: str, config: Path | None, quiet: bool, as_json: bool, debug: bool) -> int:
    """Let the paused issue NAME be sent again; `reportgen mail send` then goes on with it."""
    del debug  # read by the error handler
    from reportgen.delivery.store import issues

    with _issue(config, name) as (store, issue):
        with store.write() as db:
            done = issues.resume(db, issue.id, now=moment())
        if not done:
            raise UsageError(f"is {issue.state}, not paused.", where=name, fix="Nothing was changed.")
    result(f"{name}: ready.", {"event": "resumed", "issue": name}, quiet=quiet, as_json=as_json)
    return 0


@click.command("cancel")
@click.argument("name")
@click.option("--reason", default="by the operator", show_default=True, help="Why, for the record.")
@mail_options
def cancel(*, name: str, reason: str, config: Path | None, quiet: bool, as_json: bool, debug: bool) -> int:
    """End the issue NAME for good: mails not sent yet expire, in a run that is going on too."""
    del debug  # read by the error handler
    from reportgen.delivery.store import issues

    with _issue(config, name) as (store, issue):
        with store.write() as db:
            expired = issues.cancel(db, issue.id, reason, now=moment())
        if expired is None:
            raise UsageError("was cancelled before.", where=name, fix="Nothing was changed.")
    event = {"event": "cancelled", "issue": name, "expired": expired}
    result(f"{name}: cancelled; {expired:,} mails will not be sent.", event, quiet=quiet, as_json=as_json)
    return 0


@click.command("resolve")
@click.argument("name")
@click.option("--log", type=click.Path(path_type=Path, exists=True), help="The relay's log (Postfix).")
@click.option("--as", "word", type=click.Choice(["accepted", "failed", "resend"]), help="What to take the rest for.")
@click.option("--only", metavar="ADDRESS", help="One recipient's mail only.")
@mail_options
def resolve(
    *, name: str, log: Path | None, word: Word | None, only: str | None, config: Path | None, quiet: bool,
    as_json: bool, debug: bool,
) -> int:  # fmt: skip
    """Decide on mails in doubt: those that the relay's log shows were accepted; the rest as you say.

    A mail that is sent again has the same Message-ID, Date and bytes. Most mails in doubt were in truth accepted.
    """
    del debug  # read by the error handler
    from reportgen.config import settings_of
    from reportgen.delivery.mail import doubts
    from reportgen.delivery.mail.freezing import builder
    from reportgen.delivery.store import issues

    if log is None and word is None:
        raise UsageError("nothing says how to decide.", fix="Give --log FILE, or --as accepted, failed or resend.")
    settings = settings_of(config)
    with _issue(config, name) as (store, issue):
        with store.read() as db:
            id_of = builder(issue, issues.content(db, issue.id), _sending.keys(settings)).id_of
        taken = doubts.taken_by_postfix(log) if log is not None else frozenset()
        with store.write() as db:
            done = doubts.resolve(db, issue.id, lambda who: id_of(who) in taken, word, only, now=moment())
    told = ", ".join(f"{count} {what}" for what, count in done.items())
    result(f"{name}: {told}.", {"event": "resolved", "issue": name, **done}, quiet=quiet, as_json=as_json)
    return 0


@click.command("adopt")
@mail_options
def adopt(*, config: Path | None, quiet: bool, as_json: bool, debug: bool) -> int:
    """Make this copy of a mail store the one that sends, after a move to another machine or a restored backup.

    What the original sent since the copy was made is not known to it, and would be sent again.
    """
    del debug  # read by the error handler
    from reportgen.config import settings_of
    from reportgen.delivery.store import senders

    with _sending.opened(settings_of(config)) as store:
        with store.write() as db:
            senders.adopt(db, store, _sending.machine(), now=moment())
        where = store.url.render_as_string()
    result(f"{where}: adopted.", {"event": "adopted", "store": where}, quiet=quiet, as_json=as_json)
    return 0


@contextmanager
def _issue(config: Path | None, name: str) -> Iterator[tuple[Store, Issue]]:
    """The store, and the frozen issue of a name."""
    from reportgen.config import settings_of
    from reportgen.delivery.store import issues

    with _sending.opened(settings_of(config)) as store:
        with store.read() as db:
            issue = issues.find(db, name)
        yield store, issue
