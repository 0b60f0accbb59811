"""Brings a store's schema from the version it has to the newest one, a step at a time, each in one transaction.

A step, once released, is never changed: it is what stores out there have run. The statements are written out for both
databases, so that a later change to `tables` cannot change what an old step does.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, inspect, text

from reportgen.delivery.store.tables import VERSION
from reportgen.errors import DataError

_KINDS: Mapping[str, Mapping[str, str]] = {
    "sqlite": {
        "ID": "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT",
        "REF": "INTEGER",
        "MOMENT": "DATETIME",
        "BYTES": "BLOB",
    },
    "postgresql": {
        "ID": "BIGSERIAL PRIMARY KEY",
        "REF": "BIGINT",
        "MOMENT": "TIMESTAMP WITH TIME ZONE",
        "BYTES": "BYTEA",
    },
}
"""What a step's words {ID}, {REF}, {MOMENT} and {BYTES} mean in each database."""

_FIRST = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL)",
    """CREATE TABLE subscriber (
        id {ID}, address TEXT, key TEXT UNIQUE, hash TEXT, created_at {MOMENT} NOT NULL, source TEXT NOT NULL,
        erased_at {MOMENT})""",
    "CREATE INDEX ix_subscriber_hash ON subscriber (hash)",
    """CREATE TABLE subscription (
        subscriber {REF} NOT NULL REFERENCES subscriber (id), list TEXT NOT NULL,
        state TEXT NOT NULL CONSTRAINT state_known CHECK (state IN ('pending', 'confirmed', 'left')),
        requested_at {MOMENT} NOT NULL, confirmed_at {MOMENT}, left_at {MOMENT}, PRIMARY KEY (subscriber, list))""",
    "CREATE INDEX subscription_by_list ON subscription (list, state, subscriber)",
    "CREATE TABLE suppression (hash TEXT PRIMARY KEY NOT NULL, reason TEXT NOT NULL, at {MOMENT} NOT NULL)",
    """CREATE TABLE issue (
        id {ID}, name TEXT NOT NULL UNIQUE, list TEXT NOT NULL,
        state TEXT NOT NULL CONSTRAINT state_known CHECK (state IN ('ready', 'paused', 'cancelled')),
        reason TEXT, subject TEXT NOT NULL, head {BYTES} NOT NULL, body {BYTES} NOT NULL, content_hash TEXT NOT NULL,
        terms JSON NOT NULL, audience INTEGER NOT NULL, frozen_at {MOMENT} NOT NULL, expires_at {MOMENT} NOT NULL)""",
    """CREATE TABLE outbox (
        issue {REF} NOT NULL REFERENCES issue (id), subscriber {REF} NOT NULL REFERENCES subscriber (id),
        state TEXT NOT NULL CONSTRAINT state_known CHECK (state IN ('queued', 'sending', 'accepted', 'deferred',
            'failed', 'in_doubt', 'expired', 'suppressed')),
        due_at {MOMENT} NOT NULL, tries INTEGER NOT NULL DEFAULT 0, resends INTEGER NOT NULL DEFAULT 0, sender {REF},
        dotted_at {MOMENT}, dated_at {MOMENT}, changed_at {MOMENT} NOT NULL, reply TEXT,
        PRIMARY KEY (issue, subscriber))""",
    "CREATE INDEX outbox_due ON outbox (issue, due_at, subscriber) WHERE state IN ('queued', 'deferred')",
    "CREATE INDEX outbox_by_state ON outbox (issue, state)",
    """CREATE TABLE attempt (
        id {ID}, issue {REF} NOT NULL, subscriber {REF} NOT NULL, number INTEGER NOT NULL, at {MOMENT} NOT NULL,
        stage TEXT NOT NULL, outcome TEXT NOT NULL, code INTEGER, reply TEXT)""",
    "CREATE INDEX attempt_of ON attempt (issue, subscriber)",
    """CREATE TABLE event (
        id {ID}, at {MOMENT} NOT NULL, kind TEXT NOT NULL, issue {REF}, subscriber {REF}, list TEXT, detail TEXT)""",
    "CREATE INDEX event_of ON event (subscriber)",
    """CREATE TABLE sender (
        id {ID}, started_at {MOMENT} NOT NULL, "where" TEXT NOT NULL, ended_at {MOMENT}, clean BOOLEAN)""",
)

_SECOND = (
    """CREATE TABLE bounce (
        digest TEXT PRIMARY KEY NOT NULL, at {MOMENT} NOT NULL, kind TEXT NOT NULL, subscriber {REF} NOT NULL,
        issue {REF})""",
    "CREATE INDEX bounce_of ON bounce (subscriber, kind, at)",
    "CREATE INDEX bounce_by_issue ON bounce (issue)",
)

_THIRD = (
    "ALTER TABLE sender ADD COLUMN boot TEXT",
    "CREATE TABLE sign_up (id {ID}, at {MOMENT} NOT NULL, address TEXT NOT NULL, lists TEXT NOT NULL)",
)

STEPS: tuple[tuple[str, ...], ...] = (_FIRST, _SECOND, _THIRD)
"""STEPS[n] leads from version n to version n + 1; an empty database has version 0."""


def version_of(db: Connection) -> int:
    """The version of the schema that a database holds; 0 when it holds none."""
    if not inspect(db).has_table("meta"):
        return 0
    found = db.execute(text("SELECT value FROM meta WHERE key = 'version'")).scalar()
    return int(found) if found is not None else 0


def upgrade(db: Connection, *, to: int = VERSION) -> int:
    """Run the steps that are missing, inside the caller's transaction; the version found before is returned.

    Raises DataError when the store is newer than this program.
    """
    found = version_of(db)
    if found > to:
        what = f"the mail store has version {found} of the schema, and this program knows versions up to {to}."
        raise DataError(what, fix="Use the newer reportgen that made it.")
    for number in range(found, to):
        for statement in STEPS[number]:
            db.exec_driver_sql(statement.format_map(_KINDS[db.dialect.name]))
        db.execute(text("DELETE FROM meta WHERE key = 'version'"))
        db.execute(text("INSERT INTO meta (key, value) VALUES ('version', :version)"), {"version": str(number + 1)})
    return found
