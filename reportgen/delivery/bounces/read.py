"""Reads returned mail and acts on it, once each: a hard bounce or a complaint suppresses, a soft bounce counts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import Message
from email.parser import BytesHeaderParser
from typing import TYPE_CHECKING, Literal

from reportgen.delivery.bounces.classify import Report, classify
from reportgen.delivery.bounces.sources import Source
from reportgen.delivery.bounces.whose import who_leaves, whose
from reportgen.delivery.signed.keys import KeyRing

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from reportgen.delivery.store import Store
    from reportgen.delivery.store.suppression import Reason

Outcome = Literal["suppressed", "counted", "noted", "left", "again", "stranger", "other"]
"""suppressed: never written to again; counted: one soft bounce more; noted: on record, and no mark against anybody;
left: unsubscribed by mail; again: read before; stranger: a report without a token of ours; other: no report."""
LARGEST = 2_000_000
"""Bytes of a mail that are read; a report tells what it has to tell in the first of them."""

MOST_PARTS = 200
"""Parts of a mail that may lie within each other."""


@dataclass(frozen=True, slots=True)
class Handled:
    """What one mail was and what was done. name: the source's name for it; status: such as "5.1.1"."""

    name: str
    outcome: Outcome
    kind: str
    status: str | None
    subscriber: int | None
    issue: int | None


@dataclass(frozen=True, slots=True)
class Handler:
    """What is needed to act on returned mail. mailbox: the bounce address without a token; limits as in [bounces]."""

    store: Store
    ring: KeyRing
    mailbox: str
    soft_limit: int
    soft_days: int

    def handle(self, name: str, content: bytes, now: datetime) -> Handled:
        """Act on one mail in one transaction."""
        mail = parsed(content)
        report = classify(mail)
        leaving = who_leaves(mail, self.ring, now) if report.kind == "other" else None
        if leaving is not None:
            return self._leave(name, digest(content), leaving.subscriber, leaving.lists[0], now)
        if report.kind == "other":
            return Handled(name, "other", report.kind, None, None, None)
        about = whose(mail, self.ring, self.mailbox, now)
        if about is None:
            return Handled(name, "stranger", report.kind, report.status, None, None)
        with self.store.write() as db:
            outcome = self._act(db, digest(content), about.subscriber, about.issue, report, now)
        return Handled(name, outcome, report.kind, report.status, about.subscriber, about.issue)

    def _act(
        self, db: Connection, digest_: str, subscriber: int, issue: int | None, report: Report, now: datetime
    ) -> Outcome:
        from reportgen.delivery.store import bounces

        # The remote host's words are not kept: they may hold the address, which has to go when it is erased.
        status = report.status
        if not bounces.note(db, digest_, report.kind, now=now, subscriber=subscriber, issue=issue, detail=status):
            return "again"
        if report.kind == "complaint":
            return _suppress(db, subscriber, "complained", now)
        if report.kind == "hard":
            return _suppress(db, subscriber, "bounced", now)
        if report.kind != "soft":
            return "noted"
        softs = bounces.soft_issues(db, subscriber, since=now - timedelta(days=self.soft_days))
        return _suppress(db, subscriber, "bounced", now) if softs >= self.soft_limit else "counted"

    def _leave(self, name: str, digest_: str, subscriber: int, list_name: str, now: datetime) -> Handled:
        from reportgen.delivery.store import bounces, subscribers

        with self.store.write() as db:
            new = bounces.note(db, digest_, "leave", now=now, subscriber=subscriber, issue=None, detail=list_name)
            if new:
                subscribers.leave(db, subscriber, list_name, now=now, how="mail")
        return Handled(name, "left" if new else "again", "leave", None, subscriber, None)


def read_bounces(source: Source, handler: Handler, now: datetime) -> Iterator[Handled]:
    """Act on every new mail of a mailbox, one after the other; each is marked as read once it has been dealt with.

    A crash in between costs nothing: the store knows each mail by its content. What is no report stays in the box.
    Raises NetworkError or DataError where the mailbox cannot be read.
    """
    for mail in source.unread():
        handled = handler.handle(mail.name, mail.content, now)
        source.done(mail, recognised=handled.outcome not in {"other", "stranger"})
        yield handled


def digest(content: bytes) -> str:
    """What a mail is known by, however its lines end and whatever flags its mailbox keeps."""
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()


def parsed(content: bytes) -> Message:
    """A mail, read from its first two million bytes. The parser takes any bytes.

    Of one that nests deeper than any mail does, only the headers are read.
    """
    part = content[:LARGEST]
    lower = part.lower()
    deep = lower.count(b"boundary") + lower.count(b"message/") > MOST_PARTS
    return BytesHeaderParser().parsebytes(part) if deep else message_from_bytes(part)


def _suppress(db: Connection, subscriber: int, reason: Reason, now: datetime) -> Outcome:
    from reportgen.delivery.store import subscribers, suppression

    person = subscribers.by_id(db, subscriber)
    if person is None or person.hash is None:
        return "noted"
    suppression.suppress(db, person.hash, reason, now=now, subscriber=subscriber)
    return "suppressed"
