"""Issues in the store: freezing audience and content in one transaction, pausing, cancelling, counting."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, and_, exists, func, insert, literal, select, update

from reportgen.delivery.store._once import once
from reportgen.delivery.store.events import record
from reportgen.delivery.store.tables import OUTBOX_STATES, issue, outbox, subscriber, subscription, suppression
from reportgen.errors import DataError, UsageError

IssueState = Literal["ready", "paused", "cancelled"]
FINAL = ("accepted", "failed", "suppressed", "expired", "in_doubt")
"""The states that nothing but an operator's word moves a row out of."""
OPEN = ("queued", "deferred", "sending")


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be frozen.

    head and body: the message that all share, with marks where a recipient's own words go. terms: what else a message
    is made from. expires_at: when what is not sent by then expires.
    """

    name: str
    list: str
    subject: str
    head: bytes
    body: bytes
    terms: Mapping[str, Any]
    expires_at: datetime

    @property
    def content_hash(self) -> str:
        """SHA-256 of head and body, in hex."""
        return hashlib.sha256(len(self.head).to_bytes(8, "big") + self.head + self.body).hexdigest()


@dataclass(frozen=True, slots=True)
class Issue:
    """One frozen issue, without its content."""

    id: int
    name: str
    list: str
    state: IssueState
    reason: str | None
    subject: str
    content_hash: str
    terms: Mapping[str, Any]
    audience: int
    frozen_at: datetime
    expires_at: datetime


def freeze(db: Connection, draft: Draft, *, now: datetime) -> Issue:
    """Keep the content and queue everyone who has confirmed its list and is not suppressed, in the one transaction.

    Raises UsageError when an issue of that name is frozen already, or is frozen by another program at this moment;
    DataError when there is nobody to send it to.
    """
    row = insert(issue).values(
        name=draft.name, list=draft.list, state="ready", subject=draft.subject, head=draft.head, body=draft.body,
        content_hash=draft.content_hash, terms=dict(draft.terms), audience=0, frozen_at=now,
        expires_at=draft.expires_at,
    )  # fmt: skip
    if not once(db, row):
        fix = "Send that one, or make the article anew as a higher version."
        raise UsageError("is frozen already; what was frozen is never changed.", where=draft.name, fix=fix)
    number = int(db.execute(select(issue.c.id).where(issue.c.name == draft.name)).scalar_one())
    audience = _queue(db, number, draft.list, now)
    if not audience:
        fix = "Add subscribers, or let them confirm; then freeze again."
        raise DataError(f"nobody has confirmed the list {draft.list!r}.", where=draft.name, fix=fix)
    db.execute(update(issue).where(issue.c.id == number).values(audience=audience))
    record(db, "frozen", now=now, issue=number, list_name=draft.list, detail=draft.content_hash)
    return find(db, draft.name)


def _queue(db: Connection, number: int, list_name: str, now: datetime) -> int:
    barred = exists().where(suppression.c.hash == subscriber.c.hash)
    wanted = (
        select(literal(number), subscriber.c.id, literal("queued"), literal(now, outbox.c.due_at.type),
               literal(now, outbox.c.changed_at.type))
        .join(subscription, subscription.c.subscriber == subscriber.c.id)
        .where(subscription.c.list == list_name, subscription.c.state == "confirmed")
        .where(subscriber.c.erased_at.is_(None), ~barred)
    )  # fmt: skip
    columns = ["issue", "subscriber", "state", "due_at", "changed_at"]
    db.execute(insert(outbox).from_select(columns, wanted))
    queued = select(func.count()).select_from(outbox).where(outbox.c.issue == number)  # drivers may not count an INSERT
    return int(db.execute(queued).scalar_one())


def find(db: Connection, name: str) -> Issue:
    """The issue of a name. Raises UsageError where there is none, naming the last few that there are."""
    row = db.execute(select(*_COLUMNS).where(issue.c.name == name)).one_or_none()
    if row is None:
        known = [one.name for one in latest(db, 3)]
        fix = f"The last are {', '.join(known)}." if known else "None is: freeze one first."
        raise UsageError("is not frozen in this store.", where=name, fix=fix)
    return _read(row)


def by_id(db: Connection, number: int) -> Issue:
    """The issue of a number that the store itself gave."""
    return _read(db.execute(select(*_COLUMNS).where(issue.c.id == number)).one())


def latest(db: Connection, most: int) -> tuple[Issue, ...]:
    """The issues frozen last, the newest first."""
    return tuple(map(_read, db.execute(select(*_COLUMNS).order_by(issue.c.id.desc()).limit(most))))


def content(db: Connection, number: int) -> tuple[bytes, bytes]:
    """Head and body of an issue, as frozen. Raises DataError when they are not what their hash says."""
    row = db.execute(select(issue.c.head, issue.c.body, issue.c.content_hash).where(issue.c.id == number)).one()
    head, body = bytes(row.head), bytes(row.body)
    if hashlib.sha256(len(head).to_bytes(8, "big") + head + body).hexdigest() != row.content_hash:
        fix = "Somebody changed the store: restore it from its copy."
        raise DataError("the content is not what was frozen.", where=f"issue {number}", fix=fix)
    return head, body


def pause(db: Connection, number: int, reason: str, *, now: datetime) -> bool:
    """Send nothing more of an issue until it is resumed; False unless it was ready."""
    return _move(db, number, "ready", "paused", reason, now)


def resume(db: Connection, number: int, *, now: datetime) -> bool:
    """Go on with an issue; False unless it was paused."""
    return _move(db, number, "paused", "ready", None, now)


def cancel(db: Connection, number: int, reason: str, *, now: datetime) -> int | None:
    """End an issue for good: what is not sent expires. How many that were; None when it was cancelled before."""
    if not (
        _move(db, number, "ready", "cancelled", reason, now) or _move(db, number, "paused", "cancelled", reason, now)
    ):
        return None
    waiting = and_(outbox.c.issue == number, outbox.c.state.in_(("queued", "deferred")))
    values = {"state": "expired", "changed_at": now, "reply": f"cancelled: {reason}"}
    return db.execute(update(outbox).where(waiting).values(values)).rowcount


def counts(db: Connection, number: int) -> dict[str, int]:
    """How many rows of an issue stand in each state; states without any count 0."""
    rows = db.execute(select(outbox.c.state, func.count()).where(outbox.c.issue == number).group_by(outbox.c.state))
    return dict.fromkeys(OUTBOX_STATES, 0) | {row[0]: int(row[1]) for row in rows}


def resends(db: Connection, number: int) -> int:
    """How often mails of an issue were sent again out of doubt."""
    total = select(func.coalesce(func.sum(outbox.c.resends), 0)).where(outbox.c.issue == number)
    return int(db.execute(total).scalar_one())


def _move(db: Connection, number: int, old: str, new: str, reason: str | None, now: datetime) -> bool:
    moved = db.execute(
        update(issue).where(issue.c.id == number, issue.c.state == old).values(state=new, reason=reason)
    ).rowcount
    if moved:
        kind = "resumed" if new == "ready" else new
        record(db, kind, now=now, issue=number, detail=reason)
    return bool(moved)


_COLUMNS = tuple(column for column in issue.c if column.name not in ("head", "body"))


def _read(row: Row[Any]) -> Issue:
    return Issue(**row._mapping)
