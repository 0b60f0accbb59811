"""The tables of the mail store, as the newest version of the schema has them.

Times are UTC. Rows of `attempt` and `event` are added and never changed. A change to a table needs a step in
`migrations`, whose tests compare what all steps give with what stands here.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    text,
)

VERSION = 3
"""The number of the newest version of the schema."""

OUTBOX_STATES = ("queued", "sending", "accepted", "deferred", "failed", "in_doubt", "expired", "suppressed")
ISSUE_STATES = ("ready", "paused", "cancelled")
SUBSCRIPTION_STATES = ("pending", "confirmed", "left")


class Moment(TypeDecorator[datetime]):
    """A moment in UTC; a datetime without a zone is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


_Id = BigInteger().with_variant(Integer, "sqlite")


def _among(column: str, values: tuple[str, ...]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


metadata = MetaData()

meta = Table("meta", metadata, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))
"""Facts about the store itself: its schema's version, and the place it was made for."""

subscriber = Table(
    "subscriber",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("address", Text),  # as it is written to; none once erased
    Column("key", Text, unique=True),  # the same for every way to write one address; none once erased
    Column("hash", Text, index=True),  # of the key, what `suppression` holds; none once erased
    Column("created_at", Moment, nullable=False),
    Column("source", Text, nullable=False),  # where the address came from: "web", "import", "operator"
    Column("erased_at", Moment),
    sqlite_autoincrement=True,
)
"""One person's address; its id is never used again."""

subscription = Table(
    "subscription",
    metadata,
    Column("subscriber", _Id, ForeignKey("subscriber.id"), primary_key=True),
    Column("list", Text, primary_key=True),
    Column("state", Text, _among("state", SUBSCRIPTION_STATES), nullable=False),
    Column("requested_at", Moment, nullable=False),
    Column("confirmed_at", Moment),
    Column("left_at", Moment),
    Index("subscription_by_list", "list", "state", "subscriber"),
)
"""Who asked for which list, and whether the second half of the double opt-in has come."""

suppression = Table(
    "suppression",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("at", Moment, nullable=False),
)
"""Addresses that are never written to, as hashes: a row outlives the erasure of its subscriber."""

issue = Table(
    "issue",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("name", Text, nullable=False, unique=True),  # such as "2026-03-27/iwm-vs-qqq"
    Column("list", Text, nullable=False),
    Column("state", Text, _among("state", ISSUE_STATES), nullable=False),
    Column("reason", Text),  # why it is paused or cancelled
    Column("subject", Text, nullable=False),
    Column("head", LargeBinary, nullable=False),  # the headers and the body that all share, lines ended by CR LF
    Column("body", LargeBinary, nullable=False),
    Column("content_hash", Text, nullable=False),  # SHA-256 of head and body
    Column("terms", JSON, nullable=False),  # sender, addresses and key id: what else a message is made from
    Column("audience", Integer, nullable=False),
    Column("frozen_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    sqlite_autoincrement=True,
)
"""What was frozen for sending, whole: nothing outside the store decides what is sent."""

outbox = Table(
    "outbox",
    metadata,
    Column("issue", _Id, ForeignKey("issue.id"), primary_key=True),
    Column("subscriber", _Id, ForeignKey("subscriber.id"), primary_key=True),
    Column("state", Text, _among("state", OUTBOX_STATES), nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),  # claims so far; the number of the last claim
    Column("resends", Integer, nullable=False, server_default="0"),  # how often sent again out of doubt
    Column("sender", _Id),  # who holds the row while it is sending
    Column("dotted_at", Moment),  # set before the final dot: from then on the relay may have taken it
    Column("dated_at", Moment),  # the Date header: set by the first claim, the same on every try
    Column("changed_at", Moment, nullable=False),
    Column("reply", Text),  # the relay's last word, or why there is none
    Index(
        "outbox_due",
        "issue",
        "due_at",
        "subscriber",
        sqlite_where=text("state IN ('queued', 'deferred')"),
        postgresql_where=text("state IN ('queued', 'deferred')"),
    ),
    Index("outbox_by_state", "issue", "state"),
)
"""One row a recipient of an issue, and never two."""

attempt = Table(
    "attempt",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("issue", _Id, nullable=False),
    Column("subscriber", _Id, nullable=False),
    Column("number", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("stage", Text, nullable=False),  # how far it came: connect, mail, rcpt, data, dot
    Column("outcome", Text, nullable=False),
    Column("code", Integer),
    Column("reply", Text),
    Index("attempt_of", "issue", "subscriber"),
)
"""Every try that ended, appended only."""

event = Table(
    "event",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("at", Moment, nullable=False),
    Column("kind", Text, nullable=False),
    Column("issue", _Id),
    Column("subscriber", _Id),
    Column("list", Text),
    Column("detail", Text),
    Index("event_of", "subscriber"),
)
"""What happened: frozen, paused, confirmed, left, bounced, erased and so on, appended only."""

sender = Table(
    "sender",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("started_at", Moment, nullable=False),
    Column("where", Text, nullable=False),  # host and process, for people
    Column("ended_at", Moment),
    Column("clean", Boolean),
    Column("boot", Text),  # which start of its machine it ran in; none where each of its marks waited for the disk
    sqlite_autoincrement=True,
)
"""One row a run of `send`; whether it still lives is known by its lock alone."""

sign_up = Table(
    "sign_up",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("at", Moment, nullable=False),
    Column("address", Text, nullable=False),  # as it was typed
    Column("lists", Text, nullable=False),  # their names, with spaces between
    sqlite_autoincrement=True,
)
"""Sign-ups that wait for their letter; a row goes with the answer."""

bounce = Table(
    "bounce",
    metadata,
    Column("digest", Text, primary_key=True),  # of the mail's content
    Column("at", Moment, nullable=False),
    Column("kind", Text, nullable=False),  # hard, soft, blocked, complaint, delayed, leave
    Column("subscriber", _Id, nullable=False),
    Column("issue", _Id),  # none where the mail does not tell
    Index("bounce_of", "subscriber", "kind", "at"),
    Index("bounce_by_issue", "issue"),
)
"""Returned mail that has been dealt with, so that each is dealt with once."""
