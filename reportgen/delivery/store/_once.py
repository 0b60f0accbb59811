"""Adds a row once, whoever else adds the same one at this moment."""

from __future__ import annotations

from sqlalchemy import Connection, Insert
from sqlalchemy.exc import IntegrityError


def once(db: Connection, row: Insert) -> bool:
    """Add a row; False, and the caller's transaction as it was, where its key is there already.

    On PostgreSQL another transaction may add the key after we looked for it: then this waits for that one's end.
    """
    try:
        with db.begin_nested():
            db.execute(row)
    except IntegrityError:
        return False
    return True
