"""Claims: rows of the outbox that a sender takes, some at a time, looks at again one by one, and gives back untouched.

Suppression, consent, cancelling and expiry are looked at twice: when rows are claimed, and once more before each is
begun, so that whoever leaves while a batch is worked off gets nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Integer, Row, Select, and_, bindparam, case, func, select, update

from reportgen.delivery.store.outbox import WAITING, Claim, State, move
from reportgen.delivery.store.tables import issue, outbox, subscriber, subscription, suppression

Standing = Literal["wanted", "paused", "withdrawn"]
"""Whether a claimed row may be begun: yes; not before the issue is resumed; or no more, and it was moved aside."""


def _rows() -> Select[*tuple[Any, ...]]:
    """Rows of the outbox with all that decides whether they may be sent."""
    return select(
        outbox.c.subscriber, outbox.c.state, outbox.c.tries, outbox.c.dated_at, subscriber.c.address,
        issue.c.state.label("issue_state"), issue.c.expires_at, subscription.c.state.label("standing"),
        suppression.c.reason,
    ).select_from(
        outbox.join(issue, issue.c.id == outbox.c.issue)
        .join(subscriber, subscriber.c.id == outbox.c.subscriber)
        .outerjoin(suppression, suppression.c.hash == subscriber.c.hash)
        .outerjoin(
            subscription,
            and_(subscription.c.subscriber == outbox.c.subscriber, subscription.c.list == issue.c.list),
        )
    )  # fmt: skip


_DUE = (
    _rows()
    .where(outbox.c.issue == bindparam("issue"), WAITING)
    .where(outbox.c.due_at <= bindparam("now", type_=outbox.c.due_at.type))
    .order_by(outbox.c.due_at, outbox.c.subscriber)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(of=outbox, skip_locked=True)
)
_AGAIN = _rows().where(outbox.c.issue == bindparam("issue"), outbox.c.subscriber == bindparam("who"))
# A row at a time: for a list of them, SQLite would walk through all that wait.
_TAKE = (
    update(outbox)
    .where(outbox.c.issue == bindparam("i"), outbox.c.subscriber == bindparam("s"), WAITING)
    .values(
        state="sending", tries=outbox.c.tries + 1, sender=bindparam("who"), dotted_at=None,
        dated_at=func.coalesce(outbox.c.dated_at, bindparam("dated", type_=outbox.c.dated_at.type)),
        changed_at=bindparam("now", type_=outbox.c.changed_at.type),
    )
)  # fmt: skip
_UNTOUCHED = and_(
    outbox.c.issue == bindparam("i"), outbox.c.subscriber == bindparam("s"), outbox.c.tries == bindparam("n"),
    outbox.c.state == "sending", outbox.c.dotted_at.is_(None),
)  # fmt: skip
_FIRST = outbox.c.tries == 1
_RELEASE = (
    update(outbox)
    .where(_UNTOUCHED)
    .values(
        state=case((_FIRST, "queued"), else_="deferred"), dated_at=case((_FIRST, None), else_=outbox.c.dated_at),
        tries=outbox.c.tries - 1, sender=None, changed_at=bindparam("now", type_=outbox.c.changed_at.type),
    )
)  # fmt: skip
_WITHDRAW = (
    update(outbox)
    .where(_UNTOUCHED)
    .values(
        state=bindparam("state"), reply=bindparam("reply"),
        changed_at=bindparam("now", type_=outbox.c.changed_at.type),
    )
)  # fmt: skip


def claim(db: Connection, number: int, sender: int, *, now: datetime, most: int = 1) -> tuple[Claim, ...]:
    """Take the next rows of an issue that are due, `most` at once; none when none is, or the issue is not ready.

    Rows that must not be sent any more are moved aside on the way.
    """
    while True:
        rows = db.execute(_DUE, {"issue": number, "now": now, "most": most}).all()
        if not rows or rows[0].issue_state == "paused":
            return ()
        free = [row for row in rows if not _moved_aside(db, number, row, now)]
        if free:
            return _taken(db, number, sender, free, now)


def look_again(db: Connection, held: Claim, *, now: datetime) -> Standing:
    """Whether a claimed row may still be begun; one that must not be sent any more is moved aside.

    A row that somebody else took from us counts as wanted: its mark will fail, and that ends the run.
    """
    row = db.execute(_AGAIN, {"issue": held.issue, "who": held.subscriber}).one()
    if row.issue_state == "paused":
        return "paused"
    barred = _barred(row, now)
    if barred is None:
        return "wanted"
    db.execute(_WITHDRAW, _own(held) | {"state": barred[0], "reply": barred[1], "now": now})
    return "withdrawn"


def release(db: Connection, held: Sequence[Claim], *, now: datetime) -> None:
    """Give back what was claimed and never begun, as if it had not been claimed; what is no longer ours stays."""
    if held:
        db.execute(_RELEASE, [_own(each) | {"now": now} for each in held])


def _moved_aside(db: Connection, number: int, row: Row[*tuple[Any, ...]], now: datetime) -> bool:
    barred = _barred(row, now)
    return barred is not None and move(
        db, number, row.subscriber, row.state, barred[0], now=now, reply=barred[1]
    )  # fmt: skip


def _barred(row: Row[*tuple[Any, ...]], now: datetime) -> tuple[State, str] | None:
    """The state that a row has to go to instead of being sent, and why; None when it may be sent."""
    if row.address is None:
        return "suppressed", "erased"
    if row.reason is not None:
        return "suppressed", row.reason
    if row.standing != "confirmed":
        return "suppressed", "left the list"
    if row.issue_state == "cancelled":
        return "expired", "cancelled"
    return ("expired", "not sent in time") if now >= row.expires_at else None


def _taken(
    db: Connection, number: int, sender: int, rows: Sequence[Row[*tuple[Any, ...]]], now: datetime
) -> tuple[Claim, ...]:
    dated = now.replace(microsecond=0)
    same = {"i": number, "who": sender, "dated": dated, "now": now}
    taken = db.execute(_TAKE, [{"s": row.subscriber, **same} for row in rows]).rowcount
    assert taken == len(rows), "the rows were locked by the query that found them"
    return tuple(Claim(number, row.subscriber, row.address, row.tries + 1, row.dated_at or dated) for row in rows)


def _own(held: Claim) -> dict[str, object]:
    return {"i": held.issue, "s": held.subscriber, "n": held.number}
