"""Sign-ups that have been taken and not answered yet, so that none is lost when the program that answers them dies.

A row holds an address as it was typed, before anybody has looked whether it is known; it goes with the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select

from reportgen.delivery.store.tables import sign_up


@dataclass(frozen=True, slots=True)
class Waiting:
    """A sign-up that waits for its letter, by its number."""

    number: int
    address: str
    lists: tuple[str, ...]


def keep(db: Connection, address: str, lists: Sequence[str], *, now: datetime) -> int:
    """Keep a sign-up until it is answered; its number. Nothing about the address is looked up."""
    made = db.execute(sign_up.insert().values(at=now, address=address, lists=" ".join(lists))).inserted_primary_key
    assert made is not None
    return int(made[0])


def waiting(db: Connection) -> tuple[Waiting, ...]:
    """All that wait, in the order they came."""
    rows = db.execute(select(sign_up).order_by(sign_up.c.id))
    return tuple(Waiting(row.id, row.address, tuple(row.lists.split())) for row in rows)


def answered(db: Connection, number: int) -> None:
    """Forget a sign-up, address and all, because it has been answered or never will be."""
    db.execute(delete(sign_up).where(sign_up.c.id == number))


def forget(db: Connection, *, before: datetime) -> int:
    """Forget those taken before a moment; how many that were."""
    return db.execute(delete(sign_up).where(sign_up.c.at < before)).rowcount
