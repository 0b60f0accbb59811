"""The machine loses its power in the middle of sending, again and again: what had not reached the disk is gone.

A disk is simulated by copies of the store's files: after every commit that waits for the disk, and by a draw after the
others, which may have reached it or not. After a loss the next sender starts from the last copy, with a relay that
remembers everything.
"""

from __future__ import annotations

import random
import shutil
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import Connection

from reportgen.delivery.mail.ledger import StoreLedger
from reportgen.delivery.mail.sending import Run, account, prepare, send
from reportgen.delivery.store import Store, open_store, outbox, senders, subscribers
from reportgen.delivery.store.outbox import Claim, Ending
from tests.conftest import drawn_seed
from tests.delivery.mail.conftest import Desk, make_desk, readers, relay_at
from tests.delivery.mail.killed import outbox_in
from tests.delivery.mail.smtp_server import Server, running

BATCH = 8


class PowerLossError(BaseException):
    """Everything stops here."""


@dataclass
class Disk:
    """What has surely reached the disk, and by a draw what may have."""

    draw: random.Random
    place: Path
    live: Path
    off: bool = False

    def committed(self, *, durable: bool) -> None:
        if not self.off and (durable or self.draw.random() < 0.2):
            shutil.rmtree(self.place, ignore_errors=True)
            self.place.mkdir(parents=True)
            for file in self.live.glob("mail.db*"):
                if not file.name.endswith(("-shm", ".sender")):
                    shutil.copy(file, self.place)


class Watched(Store):
    """A store whose commits the disk sees."""

    disk: Disk
    alone: threading.RLock

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[Connection]:
        with self.alone:
            with Store.write(self, durable=durable) as db:
                yield db
            self.disk.committed(durable=durable)


def watched(store: Store, disk: Disk) -> Store:
    made = Watched(store.engine, store.url, store._turn)
    object.__setattr__(made, "disk", disk)
    object.__setattr__(made, "alone", threading.RLock())
    return made


@dataclass
class Falling:
    """A ledger under which the power goes at its step of that number."""

    ledger: StoreLedger
    disk: Disk
    left: int
    lock: threading.Lock = field(default_factory=threading.Lock)

    def claim(self) -> Claim | None:
        self._step()
        return self.ledger.claim()

    def mark(self, held: Claim) -> bool:
        self._step()
        done = self.ledger.mark(held)
        self._step()
        return done

    def finish(self, held: Claim, ending: Ending, *, suppress: bool = False, pause: str | None = None) -> bool:
        self._step()
        return self.ledger.finish(held, ending, suppress=suppress, pause=pause)

    def close(self) -> None:
        self.ledger.close()

    def _step(self) -> None:
        with self.lock:
            self.left -= 1
            if self.left <= 0:
                self.disk.off = True
                raise PowerLossError


def one_start(desk: Desk, disk: Disk, server: Server, number: int, steps: int, connections: int) -> bool:
    """Send until the power goes or all is sent; whether it went."""
    run = Run(desk.clock, desk.clock.sleep)
    try:
        with senders.sending(desk.store, "test", now=desk.clock.now, boot=f"start {number}") as sender:
            prepare(desk.store, desk.issue.id, sender, now=desk.clock.now, resend=False)
            ledger = Falling(StoreLedger(desk.store, desk.issue.id, sender, desk.clock, BATCH), disk, steps)
            send(ledger, desk.builder, relay_at(server), run, connections)
    except PowerLossError:
        return True
    finally:
        desk.store.close()
    return False


@pytest.mark.slow
@pytest.mark.parametrize("connections", [1, 3])
def test_a_loss_of_power_loses_nothing_and_doubles_nothing_unknowingly(tmp_path: Path, connections: int) -> None:
    draw = random.Random(drawn_seed())
    with running(Server(tmp_path / "taken.log", sync=False)) as server:
        made = make_desk(tmp_path / "0", readers(120))
        made.store.close()
        number, lost_power, before = 0, True, 0
        while lost_power:
            live = tmp_path / str(number)
            disk = Disk(draw, tmp_path / f"disk-{number}", live)
            disk.committed(durable=True)
            store = watched(open_store(f"sqlite:///{live / 'mail.db'}"), disk)
            steps = draw.randint(5, 90) if number < 12 else 10_000
            lost_power = one_start(Desk(store, made.issue, made.clock), disk, server, number, steps, connections)
            number += 1
            shutil.copytree(disk.place if lost_power else live, tmp_path / str(number))
            before = look(tmp_path / str(number), made.issue.id, server, before, connections)
    assert number > 5


def look(place: Path, issue: int, server: Server, before: int, connections: int) -> int:
    """Hold the books against the relay's log, as the next start finds them; the mails in doubt."""
    store = open_store(f"sqlite:///{place / 'mail.db'}")
    taken = Counter(recipient for recipient, _ in server.taken())
    total = account(store, issue)
    assert total.adds_up
    assert max(taken.values(), default=1) == 1  # under "hold" nobody gets it twice
    with store.read() as db:
        address = {person.id: person.address for person, _ in subscribers.everyone(db)}
        accepted = {address[who] for who in outbox_in(db, issue, "accepted")}
        held = {address[who] for who in outbox_in(db, issue, "sending")}
        doubtful = {claim.address for claim in outbox.doubtful(db, issue)}
    store.close()
    assert accepted <= taken.keys()
    assert taken.keys() <= accepted | doubtful | held  # whatever the relay took is known, or held and so in doubt
    assert len(held) <= BATCH + connections
    assert len(doubtful) <= before + BATCH + connections
    return len(doubtful)
