"""`reportgen bounces`: reads mail that came back, and acts on it."""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reportgen.cli._article import say
from reportgen.cli._mail import key_file, mail_options, moment, settings_at, store_of
from reportgen.errors import SettingsError, UsageError

if TYPE_CHECKING:
    from reportgen.delivery.bounces import Handled

MEANING = {
    "suppressed": "suppressed: never written to again",
    "counted": "counted as a soft bounce",
    "noted": "noted: delayed, refused for the sender's sake, or about one who is erased",
    "left": "left a list by mail",
    "again": "read before",
    "stranger": "report without a token of ours, or with a forged one; nothing was done",
    "other": "no report; it stays in the box",
}
_EVERY = 2.0
"""Seconds between two lines of progress."""


@click.command("bounces")
@click.option("--maildir", type=click.Path(path_type=Path), help="Read this Maildir.")
@click.option("--imap", metavar="URL", help="Read this box: imaps://user@host/INBOX, or imap:// with STARTTLS.")
@click.option("--imap-ca", type=click.Path(path_type=Path), help="Certificates to trust instead of the system's (PEM).")
@click.option("--delete", is_flag=True, help="Remove reports that were dealt with, instead of marking them as read.")
@mail_options
def command(
    *,
    maildir: Path | None,
    imap: str | None,
    imap_ca: Path | None,
    delete: bool,
    config: Path | None,
    quiet: bool,
    as_json: bool,
    debug: bool,
) -> None:
    """Read mail that came back: hard bounces and complaints suppress, soft bounces count, mails to leave leave.

    Each mail counts once, however often it is read. The password for IMAP is in REPORTGEN_IMAP_PASSWORD.
    """
    del debug  # read by the error handler
    if (maildir is None) == (imap is None):
        raise UsageError("name one mailbox.", fix="Give --maildir DIR or --imap URL.")
    settings = settings_at(config)
    store = store_of(settings)
    from reportgen.delivery.bounces import Handler, ImapSource, MaildirSource, read_bounces
    from reportgen.delivery.signed.keys import read_keys

    if settings.delivery.bounce_address is None:
        fix = 'Set bounce_address = "bounces@example.com".'
        raise SettingsError("reports cannot be told without the bounce address.", where="[delivery]", fix=fix)
    limits = settings.bounces
    ring = read_keys(key_file(settings))
    handler = Handler(store, ring, settings.delivery.bounce_address, limits.soft_limit, limits.soft_days)
    if maildir is not None:
        handled = read_bounces(MaildirSource(maildir, delete=delete), handler, moment())
        counted = _told(handled, as_json=as_json, quiet=quiet)
    else:
        source = ImapSource(imap or "", _password(), ca=imap_ca, delete=delete)
        counted = _told(read_bounces(source, handler, moment()), as_json=as_json, quiet=quiet)
        source.close()
    store.close()
    _summary(counted, as_json=as_json, quiet=quiet)


def _told(handled: Iterator[Handled], *, as_json: bool, quiet: bool) -> Counter[str]:
    """Act on each mail and count what was done; a JSON line each, or a line of progress every two seconds."""
    counted, last = Counter[str](), time.monotonic()
    for one in handled:
        counted[one.outcome] += 1
        if as_json:
            facts = {"event": one.outcome, "kind": one.kind, "status": one.status}
            say(json.dumps({**facts, "subscriber": one.subscriber, "issue": one.issue, "mail": one.name}))
        elif not quiet and time.monotonic() - last > _EVERY:
            last = time.monotonic()
            say(f"  {counted.total()} mails", err=True)
    return counted


def _summary(counted: Counter[str], *, as_json: bool, quiet: bool) -> None:
    if as_json:
        say(json.dumps({"event": "read", "mails": counted.total(), **{name: counted[name] for name in MEANING}}))
    elif not quiet:
        say(f"{counted.total():>6} mails read")
        for name, words in MEANING.items():
            if counted[name]:
                say(f"{counted[name]:>6} {words}")


def _password() -> str:
    given = os.environ.get("REPORTGEN_IMAP_PASSWORD")
    if given is None:
        raise SettingsError("the password of the mailbox is not set.", fix="Put it into REPORTGEN_IMAP_PASSWORD.")
    return given
