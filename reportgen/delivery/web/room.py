"""Where sign-ups wait between the page that thanks and the letter that answers: in the store, which outlives us."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from reportgen.delivery.store import Store


@dataclass(frozen=True, slots=True)
class SignUp:
    """An address as it was typed, and the lists that were ticked."""

    address: str
    lists: tuple[str, ...]


class Room(Protocol):
    """Keeps sign-ups; all of it is the same for every address."""

    def keep(self, sign_up: SignUp, now: datetime) -> int:
        """Keep one until it is answered; its number. Raises WriteError."""

    def waiting(self) -> tuple[tuple[int, SignUp], ...]:
        """All that wait, by their numbers, in the order they came."""

    def answered(self, number: int) -> None:
        """Forget one. Raises WriteError."""


class StoreRoom:
    """The room in a mail store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def keep(self, sign_up: SignUp, now: datetime) -> int:
        from reportgen.delivery.store import signups

        with self._store.write() as db:
            return signups.keep(db, sign_up.address, sign_up.lists, now=now)

    def waiting(self) -> tuple[tuple[int, SignUp], ...]:
        from reportgen.delivery.store import signups

        with self._store.read() as db:
            return tuple((each.number, SignUp(each.address, each.lists)) for each in signups.waiting(db))

    def answered(self, number: int) -> None:
        from reportgen.delivery.store import signups

        with self._store.write() as db:
            signups.answered(db, number)
