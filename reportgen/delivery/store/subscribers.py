"""Who is written to: adding, finding, confirming, leaving, erasing. Each function works in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, and_, select, update

from reportgen.delivery.store import signups, suppression
from reportgen.delivery.store._once import once
from reportgen.delivery.store.addresses import address_of
from reportgen.delivery.store.events import record
from reportgen.delivery.store.tables import attempt, event, outbox, subscriber, subscription
from reportgen.errors import DataError

State = Literal["pending", "confirmed", "left"]


@dataclass(frozen=True, slots=True)
class Subscriber:
    """One person; `address` and `hash` are None once erased."""

    id: int
    address: str | None
    hash: str | None
    created_at: datetime
    source: str


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where one person stands with one list."""

    subscriber: int
    list: str
    state: State
    requested_at: datetime
    confirmed_at: datetime | None
    left_at: datetime | None


def add(
    db: Connection, address: str, list_name: str, *, now: datetime, source: str, confirmed: bool = False
) -> Subscription:
    """Ask for a list in the name of an address; every way to write one address means the same subscriber.

    confirmed: the consent is on record elsewhere, as for an import; otherwise the subscription waits for `confirm`,
    and nothing but the request for that is ever sent. One that is confirmed already stays as it is. An address on the
    suppression list can be added; nothing is sent to it until `suppression.lift`. Two programs may add the same at one
    moment: it is there once. Raises DataError for what is no address.
    """
    person = _person(db, address, now, source)
    if _request(db, person.id, list_name, now):
        record(db, "requested", now=now, subscriber=person.id, list_name=list_name, detail=source)
    if confirmed:
        confirm(db, person.id, list_name, now=now)
    found = standing_of(db, person.id, list_name)
    assert found is not None
    return found


def find(db: Connection, address: str) -> Subscriber | None:
    """The subscriber of an address, however it is written. Raises DataError for what is no address."""
    key = address_of(address).key
    return _read(db.execute(select(subscriber).where(subscriber.c.key == key)).one_or_none())


def by_id(db: Connection, number: int) -> Subscriber | None:
    """The subscriber of a number, erased or not."""
    return _read(db.execute(select(subscriber).where(subscriber.c.id == number)).one_or_none())


def standing_of(db: Connection, number: int, list_name: str) -> Subscription | None:
    """Where a subscriber stands with a list; None where it was never asked for."""
    row = db.execute(select(subscription).where(_of(number, list_name))).one_or_none()
    return None if row is None else Subscription(*row)


def standings(db: Connection, number: int) -> tuple[Subscription, ...]:
    """All lists that a subscriber ever asked for, by name."""
    rows = db.execute(select(subscription).where(subscription.c.subscriber == number).order_by(subscription.c.list))
    return tuple(Subscription(*row) for row in rows)


def everyone(db: Connection, list_name: str | None = None) -> Iterator[tuple[Subscriber, Subscription]]:
    """Each subscriber who is not erased with each of the lists, or with one, in the order they came."""
    joined = select(subscriber, subscription).join(subscription, subscription.c.subscriber == subscriber.c.id)
    wanted = joined.where(subscriber.c.erased_at.is_(None)).order_by(subscriber.c.id, subscription.c.list)
    if list_name is not None:
        wanted = wanted.where(subscription.c.list == list_name)
    for row in db.execute(wanted, execution_options={"yield_per": 1000}):
        person = Subscriber(row.id, row.address, row.hash, row.created_at, row.source)
        yield person, Subscription(*row[-len(subscription.c) :])


def confirm(db: Connection, number: int, list_name: str, *, now: datetime) -> bool:
    """The second half of the double opt-in; False, and nothing done, unless the subscription is waiting for it."""
    done = db.execute(
        update(subscription)
        .where(_of(number, list_name), subscription.c.state == "pending")
        .values(state="confirmed", confirmed_at=now)
    ).rowcount
    if done:
        record(db, "confirmed", now=now, subscriber=number, list_name=list_name)
    return bool(done)


def leave(db: Connection, number: int, list_name: str | None, *, now: datetime, how: str) -> bool:
    """Leave a list, or all of them (None); False when there was none to leave. It takes effect at the next claim.

    how: "one-click", "page", "mail", "operator", for the record.
    """
    lists = subscription.c.subscriber == number if list_name is None else _of(number, list_name)
    done = db.execute(
        update(subscription).where(lists, subscription.c.state != "left").values(state="left", left_at=now)
    ).rowcount
    if done:
        record(db, "left", now=now, subscriber=number, list_name=list_name, detail=how)
    return bool(done)


def erase(db: Connection, number: int, *, now: datetime) -> bool:
    """Forget a person: the address goes, its hash stays suppressed, what was sent stays counted.

    What relays answered and where the consent came from goes too, because either may name the person.
    False when there was nothing to erase.
    """
    person = by_id(db, number)
    if person is None or person.hash is None:
        return False
    suppression.suppress(db, person.hash, "erased", now=now, subscriber=number)
    leave(db, number, None, now=now, how="erased")
    for each in signups.waiting(db):
        if _is(each.address, person.hash):
            signups.answered(db, each.number)
    db.execute(
        update(subscriber)
        .where(subscriber.c.id == number)
        .values(address=None, key=None, hash=None, source="erased", erased_at=now)
    )
    for table, words in ((event, "detail"), (outbox, "reply"), (attempt, "reply")):
        db.execute(update(table).where(table.c.subscriber == number).values({words: None}))  # they may hold the address
    record(db, "erased", now=now, subscriber=number)
    return True


def _person(db: Connection, text: str, now: datetime, source: str) -> Subscriber:
    address = address_of(text)
    known = find(db, address.written)
    if known is not None:
        return known
    row = subscriber.insert().values(
        address=address.written, key=address.key, hash=address.hash, created_at=now, source=source
    )
    once(db, row)
    return find(db, address.written) or _person(
        db, text, now, source
    )  # again where who was first has been erased since


def _request(db: Connection, number: int, list_name: str, now: datetime) -> bool:
    """Let a subscription wait for its confirmation; False, and nothing done, where one stands that was not left."""
    waiting = {"state": "pending", "requested_at": now}
    if standing_of(db, number, list_name) is None:
        row = subscription.insert().values(subscriber=number, list=list_name, **waiting)
        if once(db, row):
            return True
    left = update(subscription).where(_of(number, list_name), subscription.c.state == "left")
    return bool(db.execute(left.values(**waiting, confirmed_at=None, left_at=None)).rowcount)


def _is(typed: str, hash_: str) -> bool:
    """Whether an address as it was typed is that of a hash."""
    try:
        return address_of(typed).hash == hash_
    except DataError:
        return False


def _of(number: int, list_name: str) -> ColumnElement[bool]:
    return and_(subscription.c.subscriber == number, subscription.c.list == list_name)


def _read(row: Row[Any] | None) -> Subscriber | None:
    return None if row is None else Subscriber(row.id, row.address, row.hash, row.created_at, row.source)
