"""Returned mail that has been dealt with: each once, and how many issues a subscriber's mailbox did not take."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select

from reportgen.delivery.store._once import once
from reportgen.delivery.store.events import record
from reportgen.delivery.store.tables import bounce


def note(
    db: Connection, digest: str, kind: str, *, now: datetime, subscriber: int, issue: int | None, detail: str | None
) -> bool:
    """Put a returned mail on record; False, and nothing done, when it is there already. digest: of its content."""
    row = bounce.insert().values(digest=digest, at=now, kind=kind, subscriber=subscriber, issue=issue)
    if not once(db, row):  # also where another program reads the same box at this moment
        return False
    record(db, f"returned:{kind}", now=now, issue=issue, subscriber=subscriber, detail=detail)
    return True


def soft_issues(db: Connection, subscriber: int, *, since: datetime) -> int:
    """How many issues came back softly since a moment; several reports on one issue count once."""
    soft = (bounce.c.subscriber == subscriber) & (bounce.c.kind == "soft") & (bounce.c.at >= since)
    named = db.execute(select(func.count(bounce.c.issue.distinct())).where(soft)).scalar_one()
    nameless = db.execute(select(func.count()).select_from(bounce).where(soft, bounce.c.issue.is_(None))).scalar_one()
    return int(named) + int(nameless)
