"""What the sending loop needs to remember, and where: in the mail store, each step a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection

from reportgen.delivery.store import Store, issues, outbox, suppression
from reportgen.delivery.store.outbox import Claim, Ending
from reportgen.delivery.store.subscribers import by_id


class Ledger(Protocol):
    """The memory of one issue's sending."""

    def claim(self) -> Claim | None:
        """Take the next row that is due; None when none is."""
        ...

    def mark(self, held: Claim) -> bool:
        """Note that the final dot comes next; False when it must not be sent."""
        ...

    def finish(self, held: Claim, ending: Ending, *, suppress: bool = False, pause: str | None = None) -> bool:
        """Note how a try ended; False when the row was no longer ours.

        suppress: the address is never written to again. pause: why the whole issue stops here.
        """
        ...


@dataclass(frozen=True, slots=True)
class StoreLedger:
    """The ledger of one sender in the mail store; `now` is the clock."""

    store: Store
    issue: int
    sender: int
    now: Callable[[], datetime]

    def claim(self) -> Claim | None:
        # A claim that a loss of power undoes was not handed over: the mark before the final dot waits for the disk.
        with self.store.write(durable=False) as db:
            return outbox.claim(db, self.issue, self.sender, now=self.now())

    def mark(self, held: Claim) -> bool:
        with self.store.write() as db:
            return outbox.mark(db, held, now=self.now())

    def finish(self, held: Claim, ending: Ending, *, suppress: bool = False, pause: str | None = None) -> bool:
        now = self.now()
        with self.store.write() as db:
            ours = outbox.finish(db, held, ending, now=now)
            if suppress:
                self._suppress(db, held, now)
            if pause is not None:
                issues.pause(db, self.issue, pause, now=now)
            return ours

    def _suppress(self, db: Connection, held: Claim, now: datetime) -> None:
        person = by_id(db, held.subscriber)
        if person is not None and person.hash is not None:
            suppression.suppress(db, person.hash, "refused", now=now, subscriber=held.subscriber)
