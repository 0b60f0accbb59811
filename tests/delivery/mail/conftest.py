"""What the tests of sending share: an issue in a folder, a store with subscribers, a scripted relay."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reportgen.config import Delivery
from reportgen.delivery.folders import issues as folders
from reportgen.delivery.mail.freezing import builder, draft
from reportgen.delivery.mail.ledger import BATCH, StoreLedger
from reportgen.delivery.mail.message import Builder
from reportgen.delivery.mail.relay import Relay, RelaySettings, Transport
from reportgen.delivery.mail.sending import Account, Run, account, prepare, send
from reportgen.delivery.store import Store, issues, open_store, senders, subscribers
from reportgen.delivery.store.issues import Issue
from reportgen.delivery.store.senders import Sender
from tests.delivery.conftest import write_issue
from tests.delivery.mail.mails import RING, eml
from tests.delivery.mail.smtp_server import Server, running

BOOT = "this start of the machine"
NOW = datetime(2026, 3, 27, 21, 0, tzinfo=UTC)
DELIVERY = Delivery(
    sender="brief@example.com",
    sender_name="The Friday Brief",
    base="https://mail.example.com",
    key_file=Path("keys"),
    bounce_address="bounces@example.com",
    unsubscribe_mailbox="leave@example.com",
    postal_address="1 Main Street, Springfield",
)


@dataclass
class Clock:
    """A clock that moves when it is told to, and when somebody sleeps."""

    now: datetime = NOW
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)


@dataclass
class Desk:
    """A store with a frozen issue, and a way to send it."""

    store: Store
    issue: Issue
    clock: Clock
    batch: int = BATCH
    boot: str | None = BOOT

    @property
    def builder(self) -> Builder:
        with self.store.read() as db:
            return builder(self.issue, issues.content(db, self.issue.id), RING)

    def ledger(self, sender: Sender) -> StoreLedger:
        return StoreLedger(self.store, self.issue.id, sender, self.clock, self.batch)

    def send(
        self, connect: Callable[[], Transport], *, resend: bool = False, most: int | None = None, connections: int = 1
    ) -> Run:
        """One run of a sender."""
        run = Run(self.clock, self.clock.sleep, most)
        with senders.sending(self.store, "test", now=self.clock.now, boot=self.boot) as sender:
            prepare(self.store, self.issue.id, sender, now=self.clock.now, resend=resend)
            send(self.ledger(sender), self.builder, connect, run, connections)
        return run

    def account(self) -> Account:
        found = account(self.store, self.issue.id)
        assert found.adds_up, str(found)
        return found

    def state(self) -> Issue:
        with self.store.read() as db:
            return issues.by_id(db, self.issue.id)


def relay_at(server: Server, **changed: object) -> Callable[[], Relay]:
    """Connects to a scripted server, with short waits."""
    given: dict[str, object] = {"tls": "none", "step": 5.0, "after_dot": 5.0, **changed}
    return lambda: Relay(RelaySettings("127.0.0.1", server.port, **given))  # type: ignore[arg-type]


def readers(count: int) -> list[str]:
    return [f"reader{n}@example.net" for n in range(1, count + 1)]


def make_desk(
    folder: Path,
    addresses: list[str],
    *,
    url: str | None = None,
    delivery: Delivery = DELIVERY,
    files: Mapping[str, str] | None = None,
    expires: timedelta | None = None,
) -> Desk:
    """A desk with so many confirmed subscribers and an issue frozen for them."""
    store = open_store(url or f"sqlite:///{folder / 'mail.db'}")
    with store.write() as db:
        for address in addresses:
            subscribers.add(db, address, "weekly", now=NOW, source="import", confirmed=True)
    place = write_issue(folder / "output", files={"article.eml": eml(), **(files or {})})
    wanted = draft(place, folders.read(place), delivery, RING, list_name="weekly", now=NOW)
    if expires is not None:
        wanted = replace(wanted, expires_at=NOW + expires)
    with store.write() as db:
        issue = issues.freeze(db, wanted, now=NOW)
    return Desk(store, issue, Clock())


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk with three subscribers: reader1, reader2 and reader3."""
    made = make_desk(tmp_path, readers(3))
    yield made
    made.store.close()


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[Server]:
    """A scripted server that takes everything, until a test tells it otherwise."""
    with running(Server(tmp_path / "taken.log", keep=True)) as server:
        yield server
