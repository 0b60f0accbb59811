"""The outbox: one row a recipient, moved along listed edges only, each by an UPDATE that names the state it leaves.

    queued <---> sending ----> accepted             the relay answered 250
      |            |--------> deferred -> sending    refused for now, or not handed over
      |            |--------> failed                 refused for good
      |            |--------> in_doubt               handed over, and no answer
      |            |
      '------------'--------> suppressed, expired    also from deferred
                   in_doubt -> accepted, failed, deferred  by evidence or an operator's word

A row that is sending carries the number of its claim. Whoever lost a claim can move nothing: neither mark the row nor
finish it, and so never hand the mail over. Rows are claimed, looked at again and given back by the module `claims`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, and_, bindparam, case, func, insert, literal_column, select, true, update

from reportgen.delivery.store.events import record
from reportgen.delivery.store.tables import attempt, outbox, subscriber

State = Literal["queued", "sending", "accepted", "deferred", "failed", "in_doubt", "expired", "suppressed"]
EDGES: frozenset[tuple[str, str]] = frozenset(
    {
        ("queued", "sending"), ("queued", "suppressed"), ("queued", "expired"),
        ("deferred", "sending"), ("deferred", "suppressed"), ("deferred", "expired"),
        ("sending", "accepted"), ("sending", "deferred"), ("sending", "failed"), ("sending", "in_doubt"),
        ("sending", "expired"), ("sending", "suppressed"), ("sending", "queued"),
        ("in_doubt", "accepted"), ("in_doubt", "failed"), ("in_doubt", "deferred"),
    }
)  # fmt: skip
"""Every move that a row may make."""


_ENDINGS = frozenset({"accepted", "deferred", "failed", "in_doubt"})
"""Where a try may lead; `claims` moves the rows whose try never began."""


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


WAITING = outbox.c.state.in_([literal_column("'queued'"), literal_column("'deferred'")])
"""Written out, because the index of the rows that wait is used only where a database sees that no others are meant."""
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
    if ending.state not in _ENDINGS:
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


def recover(db: Connection, number: int, dead: int, *, now: datetime, marks: bool = True) -> tuple[int, int]:
    """Let go of what a dead sender held: (back in the queue, in doubt) by whether the final dot may have been sent.

    marks: whether the absence of a mark says that it was not; otherwise, after a loss of power that may have undone
    marks, all that the sender held is in doubt.
    """
    held = and_(outbox.c.issue == number, outbox.c.state == "sending", outbox.c.sender == dead)
    rows = db.execute(
        select(outbox.c.subscriber, outbox.c.tries, outbox.c.dotted_at).where(held).with_for_update()
    ).all()
    why = "the sender died" if marks else "the machine went down"
    for row in rows:
        dotted = row.dotted_at is not None
        ending = Ending("in_doubt" if dotted or not marks else "deferred", "dot" if dotted else "claim", why)
        _attempted(db, number, row.subscriber, row.tries, ending, now)
    doubtful = outbox.c.dotted_at.is_not(None) if marks else true()
    db.execute(
        update(outbox).where(held).values(
            state=case((doubtful, "in_doubt"), else_="deferred"), due_at=case((doubtful, outbox.c.due_at), else_=now),
            changed_at=now, reply=why,
        )
    )  # fmt: skip
    in_doubt = sum(not marks or row.dotted_at is not None for row in rows)
    if rows:
        record(db, "recovered", now=now, issue=number, detail=f"{len(rows) - in_doubt} back, {in_doubt} in doubt")
    return len(rows) - in_doubt, in_doubt


def holders(db: Connection, number: int) -> tuple[int, ...]:
    """The senders that hold rows of an issue, dead or alive."""
    held = select(outbox.c.sender).where(outbox.c.issue == number, outbox.c.state == "sending").distinct()
    return tuple(sorted(found for found in db.execute(held).scalars() if found is not None))


def next_due(db: Connection, number: int) -> datetime | None:
    """When the next row of an issue is due; None when none waits."""
    waiting = and_(outbox.c.issue == number, WAITING)
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


_ATTEMPT = insert(attempt)


def _attempted(db: Connection, number: int, who: int, tries: int, ending: Ending, now: datetime) -> None:
    values = {
        "issue": number, "subscriber": who, "number": tries, "at": now, "stage": ending.stage,
        "outcome": ending.state, "code": ending.code, "reply": ending.reply,
    }  # fmt: skip
    db.execute(_ATTEMPT, values)
