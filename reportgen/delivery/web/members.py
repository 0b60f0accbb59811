"""What the web part asks of the store: five questions, each one transaction."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from reportgen.delivery.signed.tokens import LIFETIME, Purpose

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from reportgen.delivery.store import Store

LIFTED = frozenset({"unsubscribed", "erased"})
"""Why an address may be suppressed and yet be written to again, once its owner asks and confirms."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A sign-up as the store has it. waiting: the lists that wait to be confirmed; empty when all of them were."""

    subscriber: int
    address: str
    waiting: tuple[str, ...]


class Members(Protocol):
    """The store as the web part sees it."""

    def ask(self, address: str, lists: Sequence[str], now: datetime) -> Asked | None:
        """Note a sign-up; None where the address must not be written to. Raises DataError for what is no address."""

    def confirm(self, subscriber: int, lists: Sequence[str], now: datetime) -> bool:
        """Confirm a sign-up; True as well when it was confirmed before, False when it was withdrawn or forgotten."""

    def leave(self, subscriber: int, list_name: str | None, now: datetime, how: str) -> None:
        """Leave a list, or all (None). Doing it twice is doing it once; of a stranger, nothing is done."""

    def chosen(self, subscriber: int) -> frozenset[str] | None:
        """The lists that a subscriber has confirmed; None where there is no such subscriber (any more)."""

    def choose(self, subscriber: int, wanted: Collection[str], offered: Collection[str], now: datetime) -> None:
        """Of the lists offered, be on those wanted and on no other."""


class StoreMembers:
    """The members of a mail store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def ask(self, address: str, lists: Sequence[str], now: datetime) -> Asked | None:
        from reportgen.delivery.store import subscribers, suppression
        from reportgen.delivery.store.addresses import address_of

        self.forget(now)
        written = address_of(address)
        with self._store.write() as db:
            reason = suppression.reason_of(db, written.hash)
            if reason is not None and reason not in LIFTED:
                return None
            standings = [subscribers.add(db, address, name, now=now, source="web") for name in lists]
            waiting = tuple(standing.list for standing in standings if standing.state == "pending")
        return Asked(standings[0].subscriber, written.written, waiting)

    def forget(self, now: datetime) -> int:
        """Delete what was never confirmed, a day after its link has expired; how many addresses went."""
        from reportgen.delivery.store import signups, unconfirmed

        lifetime = LIFETIME[Purpose.CONFIRM]
        assert lifetime is not None
        with self._store.write() as db:
            before = now - lifetime - timedelta(days=1)
            return unconfirmed.forget(db, before=before) + signups.forget(db, before=before)

    def confirm(self, subscriber: int, lists: Sequence[str], now: datetime) -> bool:
        from reportgen.delivery.store import subscribers

        with self._store.write() as db:
            for name in lists:
                subscribers.confirm(db, subscriber, name, now=now)
            standings = [subscribers.standing_of(db, subscriber, name) for name in lists]
            there = any(standing is not None and standing.state == "confirmed" for standing in standings)
            if there:
                _lift(db, subscriber, now)
        return there

    def leave(self, subscriber: int, list_name: str | None, now: datetime, how: str) -> None:
        from reportgen.delivery.store import subscribers

        with self._store.write() as db:
            subscribers.leave(db, subscriber, list_name, now=now, how=how)

    def chosen(self, subscriber: int) -> frozenset[str] | None:
        from reportgen.delivery.store import subscribers

        with self._store.read() as db:
            person = subscribers.by_id(db, subscriber)
            if person is None or person.address is None:
                return None
            standings = subscribers.standings(db, subscriber)
        return frozenset(standing.list for standing in standings if standing.state == "confirmed")

    def choose(self, subscriber: int, wanted: Collection[str], offered: Collection[str], now: datetime) -> None:
        from reportgen.delivery.store import subscribers

        with self._store.write() as db:
            person = subscribers.by_id(db, subscriber)
            if person is None or person.address is None:
                return
            for name in sorted(offered):
                if name in wanted:
                    subscribers.add(db, person.address, name, now=now, source="preferences", confirmed=True)
                else:
                    subscribers.leave(db, subscriber, name, now=now, how="preferences")
            if wanted:
                _lift(db, subscriber, now)


def _lift(db: Connection, subscriber: int, now: datetime) -> None:
    """Let an address be written to again whose owner has just said so, unless it bounces or complained."""
    from reportgen.delivery.store import subscribers, suppression

    person = subscribers.by_id(db, subscriber)
    if person is not None and person.hash is not None and suppression.reason_of(db, person.hash) in LIFTED:
        suppression.lift(db, person.hash, now=now, why="confirmed anew", subscriber=subscriber)
