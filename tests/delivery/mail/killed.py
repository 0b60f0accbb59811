"""A sender that is killed: the program that runs it, and the series that kills it again and again.

Run as a program it sends one issue of a store to a relay on loopback, and kills itself where it is told to.
"""

from __future__ import annotations

import json
import os
import random
import select
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from reportgen.delivery.mail.freezing import builder
from reportgen.delivery.mail.ledger import Ledger, StoreLedger
from reportgen.delivery.mail.relay import Relay, RelaySettings
from reportgen.delivery.mail.sending import Account, Run, account, prepare, send
from reportgen.delivery.store import issues, open_store, outbox, senders, subscribers
from reportgen.delivery.store.outbox import Claim, Ending
from tests.delivery.mail.mails import RING
from tests.delivery.mail.smtp_server import Server

ROOT = Path(__file__).resolve().parents[3]
POINTS = ("claimed", "marking", "marked", "finishing", "finished")
"""Where a sender can kill itself: after the claim, before and after the mark, before and after noting the answer."""


@dataclass(frozen=True)
class Job:
    """What one sender shall do. point: where it kills itself, at its mail of the number `at`."""

    url: str
    issue: int
    port: int
    resend: bool = False
    point: str = ""
    at: int = 0
    connections: int = 1


class Suicidal:
    """A ledger that kills its process at one point."""

    def __init__(self, ledger: Ledger, point: str, at: int) -> None:
        self._ledger = ledger
        self._point = point
        self._left = at

    def claim(self) -> Claim | None:
        held = self._ledger.claim()
        self._left -= 1
        self._die("claimed")
        return held

    def mark(self, held: Claim) -> bool:
        self._die("marking")
        done = self._ledger.mark(held)
        self._die("marked")
        return done

    def finish(self, held: Claim, ending: Ending, *, suppress: bool = False, pause: str | None = None) -> bool:
        self._die("finishing")
        done = self._ledger.finish(held, ending, suppress=suppress, pause=pause)
        self._die("finished")
        return done

    def close(self) -> None:
        self._die("closing")
        self._ledger.close()

    def _die(self, point: str) -> None:
        if point == self._point and self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def work(job: Job) -> None:
    """Send until nothing is due; a line on standard output when sending begins, another with what came of it."""
    store = open_store(job.url)
    now = _now
    with store.read() as db:
        make = builder(issues.by_id(db, job.issue), issues.content(db, job.issue), RING)
    run = Run(now, time.sleep)
    with senders.sending(store, "test", now=now(), boot="this start") as sender:
        prepare(store, job.issue, sender, now=now(), resend=job.resend)
        print("sending", flush=True)
        ledger = Suicidal(StoreLedger(store, job.issue, sender, now), job.point, job.at)
        relay = RelaySettings("127.0.0.1", job.port, "none", step=30, after_dot=30)
        send(ledger, make, lambda: Relay(relay), run, job.connections)
    print(json.dumps(dict(run.endings)), flush=True)
    store.close()


def start(job: Job) -> subprocess.Popen[str]:
    """A sender in a process of its own, which has begun to send."""
    return begun(launch(job))


def launch(job: Job) -> subprocess.Popen[str]:
    """A sender in a process of its own."""
    command = [sys.executable, "-m", "tests.delivery.mail.killed", json.dumps(asdict(job))]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def begun(process: subprocess.Popen[str]) -> subprocess.Popen[str]:
    """The process, once it has begun to send."""
    assert process.stdout is not None
    line = process.stdout.readline()
    if line != "sending\n":
        raise RuntimeError(f"the sender did not begin: {line}{process.communicate()[1]}")
    return process


def ended(process: subprocess.Popen[str]) -> int:
    """The exit code of a sender, once it has ended."""
    _, errors = process.communicate(timeout=600)
    if process.returncode not in (0, -signal.SIGKILL):
        raise RuntimeError(errors)
    return process.returncode


@dataclass(frozen=True)
class Truth:
    """The accounting beside the relay's log.

    lost: accepted by the books and unknown to the relay, or in no state that the books know. doubled: taken more than
    once. doubtful and of those taken: mails in doubt, and how many of them the relay had in truth taken.
    """

    account: Account
    lost: int
    doubled: int
    doubtful: int
    doubtful_taken: int


def truth(url: str, issue: int, server: Server) -> Truth:
    """Hold the books against the relay's log."""
    store = open_store(url)
    total = account(store, issue)
    with store.read() as db:
        address = {person.id: person.address for person, _ in subscribers.everyone(db)}
        accepted = {address[row] for row in outbox_in(db, issue, "accepted")}
        doubtful = {held.address for held in outbox.doubtful(db, issue)}
    store.close()
    taken = Counter(recipient for recipient, _ in server.taken())
    lost = len(accepted - taken.keys()) + abs(total.audience - sum(total.states.values()))
    doubled = sum(count - 1 for count in taken.values())
    return Truth(total, lost, doubled, len(doubtful), len(doubtful & taken.keys()))


def outbox_in(db: object, issue: int, state: str) -> Iterator[int]:
    """The subscribers whose row of an issue stands in a state."""
    from sqlalchemy import Connection, select

    from reportgen.delivery.store.tables import outbox as table

    assert isinstance(db, Connection)
    yield from db.execute(select(table.c.subscriber).where(table.c.issue == issue, table.c.state == state)).scalars()


@dataclass
class Series:
    """A sender killed at random moments, again and again, until so many kills have struck; then let to its end.

    longest: seconds that it lives at most. spread: adjusts that, so that the kills are spread over all recipients. Only
    kills count that strike while there is something to send.
    """

    job: Job
    server: Server
    kills: int
    seed: int
    longest: float
    spread: bool = False
    struck: int = 0
    alive: float = 0.0
    told: Callable[[int, Truth], None] = lambda *_: None
    faults: list[str] = field(default_factory=list)

    def run(self) -> Truth:
        """Kill, look at the books after each kill, and let the last one end. `faults` lists what was wrong."""
        draw = random.Random(self.seed)
        left = True
        while self.struck < self.kills and left:
            process = start(self.job)
            assert process.stdout is not None
            # Until its last line comes, or the moment of the kill.
            begun = time.monotonic()
            select.select([process.stdout], [], [], draw.uniform(0, self.longest))
            process.kill()
            self.alive += time.monotonic() - begun
            self.struck += ended(process) != 0
            seen = self._look()
            left = seen.account.open > 0
            if self.spread and self.struck < self.kills:
                rate = (seen.account.audience - seen.account.open) / self.alive
                longest = 2 * seen.account.open / max(rate, 1.0) / (self.kills - self.struck + 1)
                self.longest = min(longest, 2 * self.longest)  # a life of no mail tells little about the rate
        for _ in range(3):  # a mail that is sent again out of doubt takes another run
            ended(start(self.job))
        return self._look(final=True)

    def _look(self, *, final: bool = False) -> Truth:
        seen = truth(self.job.url, self.job.issue, self.server)
        if not seen.account.adds_up or seen.lost:
            self.faults.append(f"after kill {self.struck}: {seen}")
        if final and seen.account.open:
            self.faults.append(f"at the end {seen.account.open} are open")
        self.told(self.struck, seen)
        return seen


def _now() -> datetime:
    """The clock; the store's issue was frozen in the past, and does not expire."""
    return datetime.now(UTC)


FOREVER = timedelta(days=36_500)

if __name__ == "__main__":
    work(Job(**json.loads(sys.argv[1])))
