"""Subscribers whose consent is on record elsewhere, and what an export and an overview need of all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, bindparam, func, select, update

from reportgen.delivery.store import subscribers
from reportgen.delivery.store.addresses import Address
from reportgen.delivery.store.tables import event, subscriber, subscription, suppression

Enrolled = Literal["added", "known", "left", "suppressed"]
AT_ONCE = 500
"""People that one question to the database names."""


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


@dataclass(frozen=True, slots=True)
class Consent:
    """That the person of an address agreed to get a list: where that is on record, and when it was given."""

    address: Address
    list: str
    source: str
    consented: datetime


def enrol(db: Connection, consents: Sequence[Consent], *, now: datetime) -> list[Enrolled]:
    """Put people on lists by consents that the publisher has on record; what came of each, in their order.

    Nothing is done for one that is on the list already, that left after it had consented, or that is suppressed. No two
    may be of one person and list.
    """
    done: list[Enrolled] = []
    for start in range(0, len(consents), AT_ONCE):
        done += _enrol(db, consents[start : start + AT_ONCE], now)
    return done


def _enrol(db: Connection, consents: Sequence[Consent], now: datetime) -> list[Enrolled]:
    """The same for as many as one question to the database can name."""
    people = _people(db, {consent.address.key for consent in consents})
    hashes = {consent.address.hash for consent in consents}
    barred = set(db.execute(select(suppression.c.hash).where(suppression.c.hash.in_(hashes))).scalars())
    rows = db.execute(select(subscription).where(subscription.c.subscriber.in_(set(people.values()))))
    standings = {(row.subscriber, row.list): row for row in rows}

    def answer(consent: Consent) -> Enrolled:
        standing = standings.get((people.get(consent.address.key, 0), consent.list))
        if consent.address.hash in barred:
            return "suppressed"
        if standing is not None and standing.state == "confirmed":
            return "known"
        left = standing is not None and standing.left_at is not None and standing.left_at >= consent.consented
        return "left" if left else "added"

    answers = [answer(consent) for consent in consents]
    added = [consent for consent, said in zip(consents, answers, strict=True) if said == "added"]
    if added:
        people |= _new_people(db, [consent for consent in added if consent.address.key not in people], now)
        _subscribe(db, [(people[consent.address.key], consent) for consent in added], set(standings), now)
    return answers


def _people(db: Connection, keys: set[str]) -> dict[str, int]:
    """The numbers of those who are known, by key."""
    rows = db.execute(select(subscriber.c.key, subscriber.c.id).where(subscriber.c.key.in_(keys)))
    return {key: number for key, number in rows}  # noqa: C416 - a row is no pair to the type checker


def _new_people(db: Connection, consents: Sequence[Consent], now: datetime) -> dict[str, int]:
    first: dict[str, Consent] = {}
    for consent in consents:
        first.setdefault(consent.address.key, consent)
    if not first:
        return {}
    rows = [
        {
            "address": consent.address.written, "key": key, "hash": consent.address.hash, "created_at": now,
            "source": consent.source,
        }
        for key, consent in first.items()
    ]  # fmt: skip
    db.execute(subscriber.insert(), rows)
    return _people(db, set(first))


def _subscribe(
    db: Connection, wanted: Sequence[tuple[int, Consent]], there: set[tuple[int, str]], now: datetime
) -> None:
    """Confirm each by its consent, and put on record when it was given and when it was read."""
    new, again, events = [], [], []
    for person, consent in wanted:
        when = {"requested_at": consent.consented, "confirmed_at": consent.consented}
        if (person, consent.list) in there:
            again.append({"person": person, "name": consent.list, **when})
        else:
            new.append({"subscriber": person, "list": consent.list, "state": "confirmed", **when})
        of = {"subscriber": person, "list": consent.list}
        events.append({**of, "at": consent.consented, "kind": "requested", "detail": consent.source})
        events.append({**of, "at": consent.consented, "kind": "confirmed", "detail": None})
        events.append({**of, "at": now, "kind": "enrolled", "detail": consent.source})
    if new:
        db.execute(subscription.insert(), new)
    if again:
        theirs = (subscription.c.subscriber == bindparam("person")) & (subscription.c.list == bindparam("name"))
        confirmed = (
            update(subscription)
            .where(theirs)
            .values(
                state="confirmed",
                requested_at=bindparam("requested_at"),
                confirmed_at=bindparam("confirmed_at"),
                left_at=None,
            )
        )
        db.execute(confirmed, again)
    db.execute(event.insert(), events)


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
