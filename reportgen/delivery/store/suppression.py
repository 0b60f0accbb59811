"""Addresses that are never written to, known by hash."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, delete, select

from reportgen.delivery.store._once import once
from reportgen.delivery.store.events import record
from reportgen.delivery.store.tables import suppression

Reason = Literal["bounced", "complained", "unsubscribed", "erased", "refused", "operator"]


def suppress(db: Connection, hash_: str, reason: Reason, *, now: datetime, subscriber: int | None = None) -> bool:
    """Never write to an address again; False when it was suppressed already, whose first reason stays.

    It takes effect at the next claim, in the middle of a run too. subscriber: whom the record shall name.
    """
    row = suppression.insert().values(hash=hash_, reason=reason, at=now)
    if reason_of(db, hash_) is not None or not once(db, row):
        return False
    record(db, "suppressed", now=now, subscriber=subscriber, detail=reason)
    return True


def reason_of(db: Connection, hash_: str) -> str | None:
    """Why an address is suppressed; None when it is not."""
    return db.execute(select(suppression.c.reason).where(suppression.c.hash == hash_)).scalar()


def lift(db: Connection, hash_: str, *, now: datetime, why: str, subscriber: int | None = None) -> bool:
    """Allow an address again, because its owner confirmed anew or an operator says so; False when it was not barred."""
    done = db.execute(delete(suppression).where(suppression.c.hash == hash_)).rowcount
    if done:
        record(db, "lifted", now=now, subscriber=subscriber, detail=why)
    return bool(done)
