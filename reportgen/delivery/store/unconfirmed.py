"""Sign-ups that nobody confirmed: they are forgotten, address and all, because nobody consented."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, exists, select

from reportgen.delivery.store.tables import outbox, subscriber, subscription


def forget(db: Connection, *, before: datetime) -> int:
    """Delete what was asked for before a moment and never confirmed; how many addresses went with it.

    An address that is on another list, or was ever sent an issue, stays.
    """
    db.execute(delete(subscription).where(subscription.c.state == "pending", subscription.c.requested_at < before))
    known = exists(select(1).where(subscription.c.subscriber == subscriber.c.id))
    sent = exists(select(1).where(outbox.c.subscriber == subscriber.c.id))
    strangers = delete(subscriber).where(
        subscriber.c.created_at < before, subscriber.c.erased_at.is_(None), ~known, ~sent
    )
    return db.execute(strangers).rowcount
