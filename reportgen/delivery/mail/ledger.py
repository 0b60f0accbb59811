"""What the sending loop needs to remember, and where: in the mail store, each step a transaction of its own.

Rows are claimed some at a time, by a commit that waits for the disk. Marks and answers that follow need not: a sender
that is killed loses none of them. A loss of power may undo those since the last claim, and that is known afterwards by
the machine's having started anew (`store.senders`): then all that the sender held is in doubt, at most a batch and a
mail for each connection.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import Connection

from reportgen.delivery.store import Store, claims, issues, outbox, suppression
from reportgen.delivery.store.events import record
from reportgen.delivery.store.outbox import Claim, Ending
from reportgen.delivery.store.senders import Sender
from reportgen.delivery.store.subscribers import by_id

BATCH = 50
"""Rows that a sender claims at once, unless the settings say otherwise."""
_PACE = timedelta(seconds=0.5)
"""A batch that takes longer than this is followed by a smaller one, so that a slow relay keeps few rows waiting."""


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

    def close(self) -> None:
        """Give back what was claimed and not begun, and make sure that all answers are kept."""
        ...


@dataclass(slots=True)
class StoreLedger:
    """The ledger of one sender in the mail store, which all its connections share.

    now: the clock. batch: the most rows that are claimed at once.
    """

    store: Store
    issue: int
    sender: Sender
    now: Callable[[], datetime]
    batch: int = BATCH
    _held: deque[Claim] = field(default_factory=deque)
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _size: int = 1
    _claimed_at: datetime | None = None
    _unsettled: bool = False

    def claim(self) -> Claim | None:
        while (held := self._next()) is not None:
            with self.store.write(durable=False) as db:
                standing = claims.look_again(db, held, now=self.now())
            if standing == "wanted":
                return held
            if standing == "paused":
                self._give_back(held)
                return None
        return None

    def mark(self, held: Claim) -> bool:
        with self.store.write(durable=self.sender.careful) as db:
            return outbox.mark(db, held, now=self.now())

    def finish(self, held: Claim, ending: Ending, *, suppress: bool = False, pause: str | None = None) -> bool:
        now = self.now()
        with self.store.write(durable=self.sender.careful) as db:
            ours = outbox.finish(db, held, ending, now=now)
            if suppress:
                self._suppress(db, held, now)
            if pause is not None:
                issues.pause(db, self.issue, pause, now=now)
        self._unsettled = not self.sender.careful
        return ours

    def close(self) -> None:
        self._give_back()
        if self._unsettled:  # a commit that changes something waits for the disk, and all before it with it
            with self.store.write() as db:
                record(db, "rested", now=self.now(), issue=self.issue, detail=f"sender {self.sender.number}")
            self._unsettled = False

    def _next(self) -> Claim | None:
        with self._turn:
            if not self._held:
                self._held.extend(self._claimed())
            return self._held.popleft() if self._held else None

    def _claimed(self) -> tuple[Claim, ...]:
        now = self.now()
        if self._claimed_at is not None:
            quick = now - self._claimed_at < _PACE
            self._size = min(2 * self._size, self.batch) if quick else max(self._size // 2, 1)
        self._claimed_at = now
        with self.store.write() as db:
            return claims.claim(db, self.issue, self.sender.number, now=now, most=self._size)

    def _give_back(self, *also: Claim) -> None:
        with self._turn:
            held = [*also, *self._held]
            self._held.clear()
            with self.store.write() as db:
                claims.release(db, held, now=self.now())

    def _suppress(self, db: Connection, held: Claim, now: datetime) -> None:
        person = by_id(db, held.subscriber)
        if person is not None and person.hash is not None:
            suppression.suppress(db, person.hash, "refused", now=now, subscriber=held.subscriber)
