"""The outbox: one row a recipient, moved along listed edges only, each by an UPDATE that names the state it leaves.

    queued ----> sending ----> accepted             the relay answered 250
      |  ^         |--------> deferred -> sending    refused for now, or not handed over
      |  |         |--------> failed                 refused for good
      |  |         '--------> in_doubt               handed over, and no answer
      '--|-> suppressed, expired                     also from deferred
         '-- in_doubt -> accepted, failed, deferred  by evidence or an operator's word

A row that is sending carries the number of its claim. Whoever lost a claim can move nothing: neither mark the row nor
finish it, and so never hand the mail over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, and_, bindparam, case, func, insert, literal_column, select, update

from reportgen.delivery.store.events import record
from reportgen.delivery.store.tables import attempt, issue, outbox, subscriber, subscription, suppression

State = Literal["queued", "sending", "accepted", "deferred", "failed", "in_doubt", "expired", "suppressed"]
EDGES: frozenset[tuple[str, str]] = frozenset(
    {
        ("queued", "sending"), ("queued", "suppressed"), ("queued", "expired"),
        ("deferred", "sending"), ("deferred", "suppressed"), ("deferred", "expired"),
        ("sending", "accepted"), ("sending", "deferred"), ("sending", "failed"), ("sending", "in_doubt"),
        ("sending", "expired"), ("sending", "suppressed"),
        ("in_doubt", "accepted"), ("in_doubt", "failed"), ("in_doubt", "deferred"),
    }
)  # fmt: skip
"""Every move that a row may make."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A row that one sender holds. number: which of its claims this is, from 1. dated_at: its Date, on every try."""

    issue: int
    subscriber: int
    address: str
    number: int
    dated_at: datetime


@dataclass(frozen=True, slots=True)
class Ending:
    """How a try ended. stage: how far it came; due_at: when a deferred row is tried again."""

    state: State
    stage: str
    reply: str
    code: int | None = None
    due_at: datetime | None = None


_WAITING = outbox.c.state.in_([literal_column("'queued'"), literal_column("'deferred'")])
"""Written out, because the index of the rows that wait is used only where a database sees that no others are meant."""
_DUE = (
    select(
        outbox.c.subscriber, outbox.c.state, outbox.c.tries, outbox.c.dated_at, subscriber.c.address,
        issue.c.state.label("issue_state"), issue.c.expires_at, subscription.c.state.label("standing"),
        suppression.c.reason,
    )
    .select_from(
        outbox.join(issue, issue.c.id == outbox.c.issue)
        .join(subscriber, subscriber.c.id == outbox.c.subscriber)
        .outerjoin(suppression, suppression.c.hash == subscriber.c.hash)
        .outerjoin(
            subscription,
            and_(subscription.c.subscriber == outbox.c.subscriber, subscription.c.list == issue.c.list),
        )
    )
    .where(outbox.c.issue == bindparam("issue"), _WAITING)
    .where(outbox.c.due_at <= bindparam("now", type_=outbox.c.due_at.type))
    .order_by(outbox.c.due_at, outbox.c.subscriber)
    .limit(1)
    .with_for_update(of=outbox, skip_locked=True)
)  # fmt: skip


def claim(db: Connection, number: int, sender: int, *, now: datetime) -> Claim | None:
    """Take the next row of an issue that is due, or None when none is or the issue is not ready.

    Suppression, consent, cancelling and expiry are looked at here, at the last moment: rows that must not be sent any
    more are moved aside on the way.
    """
    while True:
        row = db.execute(_DUE, {"issue": number, "now": now}).first()
        if row is None or row.issue_state == "paused":
            return None
        barred = _barred(row, now)
        if barred is None:
            return _take(db, number, sender, row, now)
        state, why = barred
        move(db, number, row.subscriber, row.state, state, now=now, reply=why)


def _barred(row: Row[*tuple[Any, ...]], now: datetime) -> tuple[State, str] | None:
    if row.address is None:
        return "suppressed", "erased"
    if row.reason is not None:
        return "suppressed", row.reason
    if row.standing != "confirmed":
        return "suppressed", "left the list"
    if row.issue_state == "cancelled":
        return "expired", "cancelled"
    return ("expired", "not sent in time") if now >= row.expires_at else None


_TAKE = (
    update(outbox)
    .where(
        outbox.c.issue == bindparam("i"), outbox.c.subscriber == bindparam("s"), outbox.c.state == bindparam("was"),
        outbox.c.tries == bindparam("n") - 1,
    )
    .values(
        state="sending", tries=bindparam("n"), sender=bindparam("who"), dotted_at=None,
        dated_at=bindparam("dated", type_=outbox.c.dated_at.type),
        changed_at=bindparam("now", type_=outbox.c.changed_at.type),
    )
)  # fmt: skip


def _take(db: Connection, number: int, sender: int, row: Row[*tuple[Any, ...]], now: datetime) -> Claim:
    dated = row.dated_at or now.replace(microsecond=0)
    tries = row.tries + 1
    taken = db.execute(
        _TAKE,
        {"i": number, "s": row.subscriber, "was": row.state, "n": tries, "who": sender, "dated": dated, "now": now},
    ).rowcount
    assert taken == 1, "the row was locked by the query that found it"
    return Claim(number, row.subscriber, row.address, tries, dated)


_HELD = and_(outbox.c.issue == bindparam("i"), outbox.c.subscriber == bindparam("s"), outbox.c.tries == bindparam("n"))
_MARK = (
    update(outbox)
    .where(_HELD, outbox.c.state == "sending", outbox.c.dotted_at.is_(None))
    .values(dotted_at=bindparam("now", type_=outbox.c.dotted_at.type))
)
_FINISH = (
    update(outbox)
    .where(_HELD, outbox.c.state == bindparam("was"))
    .values(
        state=bindparam("state"), reply=bindparam("reply"),
        due_at=func.coalesce(bindparam("due", type_=outbox.c.due_at.type), outbox.c.due_at),
        changed_at=bindparam("now", type_=outbox.c.changed_at.type),
    )
)  # fmt: skip


def mark(db: Connection, held: Claim, *, now: datetime) -> bool:
    """Note that the final dot comes next; False when the claim is no longer ours, and the dot must not be sent."""
    return db.execute(_MARK, {"i": held.issue, "s": held.subscriber, "n": held.number, "now": now}).rowcount == 1


def finish(db: Connection, held: Claim, ending: Ending, *, now: datetime) -> bool:
    """Note how a try ended, in the row and in the list of tries.

    False when the row is no longer ours. Then only one thing still counts: an acceptance moves a row, which others
    meanwhile took to be in doubt, to accepted.
    """
    if ("sending", ending.state) not in EDGES:
        raise ValueError(f"a row cannot go from sending to {ending.state}")
    values = {
        "i": held.issue, "s": held.subscriber, "n": held.number, "state": ending.state, "reply": ending.reply,
        "due": ending.due_at, "now": now,
    }  # fmt: skip
    moved = db.execute(_FINISH, values | {"was": "sending"}).rowcount
    if not moved and ending.state == "accepted":
        moved = db.execute(_FINISH, values | {"was": "in_doubt"}).rowcount
    _attempted(db, held.issue, held.subscriber, held.number, ending, now)
    return bool(moved)


def move(
    db: Connection, number: int, who: int, old: State, new: State, *, now: datetime, reply: str | None = None
) -> bool:
    """Move a row that nobody is sending along an edge; False when it does not stand where the edge begins."""
    if (old, new) not in EDGES:
        raise ValueError(f"a row cannot go from {old} to {new}")
    values: dict[str, object] = {"state": new, "changed_at": now, "reply": reply}
    if new == "deferred":
        values["due_at"] = now
    here = and_(outbox.c.issue == number, outbox.c.subscriber == who, outbox.c.state == old)
    return db.execute(update(outbox).where(here).values(values)).rowcount == 1


def recover(db: Connection, number: int, dead: int, *, now: datetime) -> tuple[int, int]:
    """Let go of what a dead sender held: (back in the queue, in doubt) by whether the final dot may have been sent."""
    held = and_(outbox.c.issue == number, outbox.c.state == "sending", outbox.c.sender == dead)
    rows = db.execute(
        select(outbox.c.subscriber, outbox.c.tries, outbox.c.dotted_at).where(held).with_for_update()
    ).all()
    for row in rows:
        stage, state = ("dot", "in_doubt") if row.dotted_at is not None else ("claim", "deferred")
        _attempted(db, number, row.subscriber, row.tries, Ending(state, stage, "the sender died"), now)  # type: ignore[arg-type]
    dotted = outbox.c.dotted_at.is_not(None)
    db.execute(
        update(outbox).where(held).values(
            state=case((dotted, "in_doubt"), else_="deferred"), due_at=case((dotted, outbox.c.due_at), else_=now),
            changed_at=now, reply="the sender died",
        )
    )  # fmt: skip
    doubtful = sum(row.dotted_at is not None for row in rows)
    if rows:
        record(db, "recovered", now=now, issue=number, detail=f"{len(rows) - doubtful} back, {doubtful} in doubt")
    return len(rows) - doubtful, doubtful


def holders(db: Connection, number: int) -> tuple[int, ...]:
    """The senders that hold rows of an issue, dead or alive."""
    held = select(outbox.c.sender).where(outbox.c.issue == number, outbox.c.state == "sending").distinct()
    return tuple(sorted(found for found in db.execute(held).scalars() if found is not None))


def next_due(db: Connection, number: int) -> datetime | None:
    """When the next row of an issue is due; None when none waits."""
    waiting = and_(outbox.c.issue == number, _WAITING)
    return db.execute(select(func.min(outbox.c.due_at)).where(waiting)).scalar()


def resend(db: Connection, number: int, who: int, *, now: datetime) -> bool:
    """Queue a mail in doubt again: the same Message-ID, Date and bytes; counted. False unless it is in doubt."""
    if not move(db, number, who, "in_doubt", "deferred", now=now, reply="to be sent again"):
        return False
    here = and_(outbox.c.issue == number, outbox.c.subscriber == who)
    db.execute(update(outbox).where(here).values(resends=outbox.c.resends + 1))
    record(db, "resent", now=now, issue=number, subscriber=who)
    return True


def doubtful(db: Connection, number: int) -> tuple[Claim, ...]:
    """The mails of an issue that are in doubt, each as its last claim; those erased since have an empty address."""
    rows = db.execute(
        select(outbox.c.subscriber, subscriber.c.address, outbox.c.tries, outbox.c.dated_at)
        .join(subscriber, subscriber.c.id == outbox.c.subscriber)
        .where(outbox.c.issue == number, outbox.c.state == "in_doubt")
        .order_by(outbox.c.subscriber)
    )
    return tuple(Claim(number, row.subscriber, row.address or "", row.tries, row.dated_at) for row in rows)


def _attempted(db: Connection, number: int, who: int, tries: int, ending: Ending, now: datetime) -> None:
    db.execute(
        insert(attempt).values(
            issue=number, subscriber=who, number=tries, at=now, stage=ending.stage, outcome=ending.state,
            code=ending.code, reply=ending.reply,
        )
    )  # fmt: skip
