"""The loop that sends: take one row, build its mail, hand it over, note the answer, and only then take the next.

What a kill leaves at any moment is known from the row: claimed and not marked, it was not handed over; marked, it may
have been. Rows of dead senders are let go of before a sender begins. `ledger` says what waits for the disk.
"""

from __future__ import annotations

import contextlib
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from reportgen.delivery.mail.ledger import Ledger
from reportgen.delivery.mail.message import Builder
from reportgen.delivery.mail.relay import Transport
from reportgen.delivery.mail.replies import Meaning, Reply, meaning
from reportgen.delivery.store import Store, issues, outbox, senders
from reportgen.delivery.store.outbox import Claim, Ending
from reportgen.delivery.store.senders import Sender
from reportgen.errors import ReportgenError, WriteError

FIRST_PAUSE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(hours=4)
_TRIES_AT_ONCE = 3
"""Tries that a broken connection costs before its recipient waits like a deferred one."""
RESTS = (1.0, 2.0, 5.0, 15.0, 30.0)
"""Seconds that the relay is left alone after each failure in a row; after the last, the run ends."""
_PATIENCE = (0.2, 1.0, 5.0)
"""Seconds between the tries to note an answer that the store would not take."""


@dataclass(slots=True)
class Run:
    """One run of a sender: what ends it, and what came of it.

    most: mails at most, None for all. now and sleep: the clock. told: called after each mail with its ending.
    """

    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    most: int | None = None
    told: Callable[[Claim, Ending], None] = lambda *_: None
    stop: threading.Event = field(default_factory=threading.Event)
    endings: Counter[str] = field(default_factory=Counter)
    why: str | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _begun: int = 0
    _rests: int = 0

    def may_begin(self) -> bool:
        """Whether one more mail may be begun; it is counted."""
        with self._lock:
            if self.stop.is_set() or (self.most is not None and self._begun >= self.most):
                return False
            self._begun += 1
            return True

    def not_begun(self) -> None:
        """Give back what `may_begin` counted, because no row was due."""
        with self._lock:
            self._begun -= 1

    def ended(self, held: Claim, ending: Ending) -> None:
        with self._lock:
            self.endings[ending.state] += 1
            self.told(held, ending)

    def end(self, why: str) -> None:
        """End the run after the mails in hand; the first reason is the one told."""
        with self._lock:
            self.why = self.why or why
        self.stop.set()

    def rest(self, *, needed: bool, why: str) -> None:
        """Leave the relay alone for a while after a failure; each one in a row longer, and the last ends the run."""
        with self._lock:
            self._rests = self._rests + 1 if needed else 0
            turn = self._rests
        if turn > len(RESTS):
            self.end(f"the relay fails again and again: {why}")
        elif turn:
            self.sleep(RESTS[turn - 1])


def prepare(store: Store, issue: int, sender: Sender, *, now: datetime, resend: bool) -> tuple[int, int, int]:
    """Let go of what dead senders held, and queue what is in doubt again where `resend` says so.

    (rows back in the queue, rows in doubt, rows to be sent again).
    """
    back = doubtful = again = 0
    with store.write() as db:
        for other in outbox.holders(db, issue):
            if other != sender.number and senders.is_dead(db, other):
                freed = outbox.recover(db, issue, other, now=now, marks=senders.marks_hold(db, other, sender))
                back, doubtful = back + freed[0], doubtful + freed[1]
        if resend:
            again = sum(outbox.resend(db, issue, one.subscriber, now=now) for one in outbox.doubtful(db, issue))
    return back, doubtful, again


def send(ledger: Ledger, builder: Builder, connect: Callable[[], Transport], run: Run, connections: int = 1) -> None:
    """Send until nothing is due, by one or several connections; the first error of any of them is raised at the end."""
    try:
        if connections == 1:
            _work(ledger, builder, connect, run)
        else:
            _side_by_side(ledger, builder, connect, run, connections)
    except BaseException:
        with contextlib.suppress(ReportgenError):  # what cannot be given back now, the next run lets go of
            ledger.close()
        raise
    ledger.close()


def _side_by_side(
    ledger: Ledger, builder: Builder, connect: Callable[[], Transport], run: Run, connections: int
) -> None:
    errors: list[BaseException] = []

    def work() -> None:
        try:
            _work(ledger, builder, connect, run)
        except BaseException as error:  # noqa: BLE001 - raised again below, by the thread that can be heard
            errors.append(error)
            run.stop.set()

    threads = [threading.Thread(target=work, name=f"connection {n + 1}") for n in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def _work(ledger: Ledger, builder: Builder, connect: Callable[[], Transport], run: Run) -> None:
    transport = connect()
    try:
        while run.may_begin():
            held = ledger.claim()
            if held is None:
                run.not_begun()
                return
            _one(ledger, builder, transport, run, held)
    finally:
        transport.close()


def _one(ledger: Ledger, builder: Builder, transport: Transport, run: Run, held: Claim) -> None:
    """Hand over one mail and note what came of it."""
    message = builder.build(held)
    reply = transport.submit(message, lambda: ledger.mark(held))
    if reply is None:  # somebody took us for dead and let go of the row: it is theirs now
        run.end("the row in hand was taken away; this sender had been taken for dead")
        return
    means = meaning(reply)
    ending = ending_of(reply, means, held, run.now())
    pause = str(reply) if means.pause else None
    _persist(lambda: ledger.finish(held, ending, suppress=means.suppress, pause=pause), run)
    run.ended(held, ending)
    if pause is not None:
        run.end(f"the issue is paused: {pause}")
    else:
        run.rest(needed=means.rest, why=str(reply))


def ending_of(reply: Reply, means: Meaning, held: Claim, now: datetime) -> Ending:
    """The ending of a try; a deferred one with when it is tried again."""
    due = now + pause_after(held.number, at_once=means.rest or means.pause) if means.effect == "deferred" else None
    return Ending(means.effect, reply.stage, str(reply), reply.code, due)


def pause_after(tries: int, *, at_once: bool) -> timedelta:
    """How long a recipient waits after so many tries: 5 minutes, doubled each time, at most 4 hours.

    at_once: the relay was at fault, not the recipient, who waits for that only if it keeps happening.
    """
    if at_once and tries < _TRIES_AT_ONCE:
        return timedelta(0)
    doublings = min(tries - 1, 10)
    return min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)


def _persist(note: Callable[[], bool], run: Run) -> None:
    """Note an answer, with patience for a store that is briefly away; what cannot be noted stays marked: in doubt."""
    for pause in _PATIENCE:
        try:
            note()
        except WriteError:
            run.sleep(pause)
        else:
            return
    note()


@dataclass(frozen=True, slots=True)
class Account:
    """What became of an issue's audience; `open` rows are not ended yet."""

    audience: int
    states: dict[str, int]
    resends: int

    @property
    def open(self) -> int:
        return sum(self.states[state] for state in issues.OPEN)

    @property
    def adds_up(self) -> bool:
        """Whether every recipient is accounted for: nobody lost, nobody counted twice."""
        return self.audience == sum(self.states.values())

    def __str__(self) -> str:
        ended = " + ".join(f"{self.states[state]:,} {state.replace('_', ' ')}" for state in issues.FINAL)
        return f"{self.audience:,} = {ended}" + (f" + {self.open:,} open" if self.open else "")


def account(store: Store, issue: int) -> Account:
    """The accounting of an issue, from one moment's view of the store."""
    with store.read() as db:
        return Account(issues.by_id(db, issue).audience, issues.counts(db, issue), issues.resends(db, issue))
