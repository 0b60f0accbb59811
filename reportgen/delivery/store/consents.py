"""Subscribers whose consent is on record elsewhere, and what an export and an overview need of all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, func, select

from reportgen.delivery.store import subscribers, suppression
from reportgen.delivery.store.addresses import address_of
from reportgen.delivery.store.events import record
from reportgen.delivery.store.tables import event, subscriber, subscription

Enrolled = Literal["added", "known", "left", "suppressed"]


@dataclass(frozen=True, slots=True)
class Member:
    """One person on one list. source: where the request for it came from, of which requested_at is the date."""

    address: str
    list: str
    state: subscribers.State
    source: str | None
    requested_at: datetime
    confirmed_at: datetime | None
    left_at: datetime | None


def enrol(db: Connection, address: str, list_name: str, *, source: str, consented: datetime, now: datetime) -> Enrolled:
    """Put an address on a list by a consent that the publisher has on record.

    Nothing is done, and the answer says why, for one that is on it already, that left after it had consented, or that
    is suppressed. Raises DataError for what is no address.
    """
    if suppression.reason_of(db, address_of(address).hash) is not None:
        return "suppressed"
    person = subscribers.find(db, address)
    standing = subscribers.standing_of(db, person.id, list_name) if person is not None else None
    if standing is not None and standing.state == "confirmed":
        return "known"
    if standing is not None and standing.left_at is not None and standing.left_at >= consented:
        return "left"
    added = subscribers.add(db, address, list_name, now=consented, source=source, confirmed=True)
    record(db, "enrolled", now=now, subscriber=added.subscriber, list_name=list_name, detail=source)
    return "added"


def members(db: Connection, *, list_name: str | None = None, state: str | None = None) -> Iterator[Member]:
    """Each person who is not erased on each list, in the order they came; one list or state only where it is named."""
    asked = (
        select(event.c.detail)
        .where(event.c.subscriber == subscriber.c.id, event.c.list == subscription.c.list, event.c.kind == "requested")
        .order_by(event.c.id.desc())
        .limit(1)
        .correlate(subscriber, subscription)
        .scalar_subquery()
    )
    wanted = (
        select(
            subscriber.c.address, subscription.c.list, subscription.c.state, asked,
            subscription.c.requested_at, subscription.c.confirmed_at, subscription.c.left_at,
        )
        .join(subscription, subscription.c.subscriber == subscriber.c.id)
        .where(subscriber.c.erased_at.is_(None))
        .order_by(subscriber.c.id, subscription.c.list)
    )  # fmt: skip
    if list_name is not None:
        wanted = wanted.where(subscription.c.list == list_name)
    if state is not None:
        wanted = wanted.where(subscription.c.state == state)
    for row in db.execute(wanted, execution_options={"yield_per": 1000}):
        yield Member(*row)


def counts(db: Connection) -> dict[str, dict[str, int]]:
    """How many are in each state of each list that anybody ever asked for, by the list's name."""
    rows = db.execute(
        select(subscription.c.list, subscription.c.state, func.count())
        .group_by(subscription.c.list, subscription.c.state)
        .order_by(subscription.c.list)
    )
    found: dict[str, dict[str, int]] = {}
    for list_name, state, number in rows:
        found.setdefault(list_name, {})[state] = number
    return found
