"""The record of what happened, appended only."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from reportgen.delivery.store.tables import event


def record(
    db: Connection,
    kind: str,
    *,
    now: datetime,
    issue: int | None = None,
    subscriber: int | None = None,
    list_name: str | None = None,
    detail: str | None = None,
) -> None:
    """Append one event; it is kept only if the caller's transaction is."""
    db.execute(
        event.insert().values(at=now, kind=kind, issue=issue, subscriber=subscriber, list=list_name, detail=detail)
    )
