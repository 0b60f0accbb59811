"""What sending costs: building a message, claiming a row, and whole runs against Debian's smtp-source, into one sink.

Run: python -m benchmarks.mail [--mails 2000], or python -m benchmarks.mail --whole 100000
smtp-source (C) and reportgen send messages of the same size into the same smtp-sink on loopback, by one and by four
connections, one after the other in each of three rounds; the ratio is that of the best rounds. Without durable commits
the ledger is kept in memory; with them it is the mail store in SQLite on the disk of temporary files, which is waited
for once a batch. Aims: 0.6 of smtp-source without durable commits, 0.2 with; a message built in under 0.3 ms; a claim
among 100,000 rows in under 5 ms; the same memory for 100,000 recipients as for 1,000. The last two are only measured.
--whole sends an issue to so many recipients, to a relay that takes all at once, and tells the peak memory on the way.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from reportgen.delivery.mail.freezing import builder
from reportgen.delivery.mail.ledger import BATCH, Ledger, StoreLedger
from reportgen.delivery.mail.message import Builder, Outgoing
from reportgen.delivery.mail.relay import Mark, Relay, RelaySettings
from reportgen.delivery.mail.replies import Reply
from reportgen.delivery.mail.sending import Run, send
from reportgen.delivery.store import claims, issues
from reportgen.delivery.store.events import record
from reportgen.delivery.store.outbox import Claim, Ending
from reportgen.delivery.store.senders import Sender
from tests.delivery.mail.conftest import Desk, make_desk, readers
from tests.delivery.mail.mails import RING, eml

SIZE = 94_000
"""Bytes of a message: the size of an article's text and HTML without pictures."""
ROUNDS = 3
FOREVER = timedelta(days=36_500)
CLAIMS = 200


class Memory:
    """A ledger without a store: so many rows, each claimed once."""

    def __init__(self, count: int) -> None:
        self._left = count
        self._lock = threading.Lock()
        self._now = datetime.now(UTC).replace(microsecond=0)

    def claim(self) -> Claim | None:
        with self._lock:
            self._left -= 1
            left = self._left
        return Claim(1, left + 1, f"reader{left}@example.net", 1, self._now) if left >= 0 else None

    def mark(self, held: Claim) -> bool:
        return held.number == 1

    def finish(self, held: Claim, ending: Ending, *, suppress: bool = False, pause: str | None = None) -> bool:
        return self.mark(held) and ending.state == "accepted" and not suppress and pause is None

    def close(self) -> None:
        """Nothing is held."""


@contextmanager
def sink() -> Iterator[int]:
    """Debian's smtp-sink on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        user = ["-u", "nobody"] if os.geteuid() == 0 else []
        process = subprocess.Popen([program("smtp-sink"), *user, f"127.0.0.1:{port}", "1000"], cwd=folder)
        try:
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except OSError:
                    time.sleep(0.05)
            yield port
        finally:
            process.terminate()
            process.wait()


def program(name: str) -> str:
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        sys.exit(f"{name} is missing: install Debian's package postfix")
    return found


def by_source(port: int, mails: int, connections: int) -> float:
    """Mails a second by smtp-source."""
    command = [program("smtp-source"), "-d", "-s", str(connections), "-m", str(mails), "-l", str(SIZE), "-f"]
    begun = time.perf_counter()
    subprocess.run([*command, "brief@example.com", "-t", "reader@example.net", f"127.0.0.1:{port}"], check=True)
    return mails / (time.perf_counter() - begun)


def by_us(port: int, mails: int, connections: int, ledger: Ledger, make: Builder) -> float:
    """Mails a second by the sending loop."""
    run = Run(lambda: datetime.now(UTC), time.sleep)
    given = RelaySettings("127.0.0.1", port, "none")
    begun = time.perf_counter()
    send(ledger, make, lambda: Relay(given), run, connections)
    taken = time.perf_counter() - begun
    assert run.endings == {"accepted": mails}, run
    return mails / taken


def desk_of(folder: Path, recipients: int) -> Desk:
    """A store with so many recipients and an issue of the benchmark's size."""
    folder.mkdir(parents=True)
    return make_desk(folder, readers(recipients), expires=FOREVER, files={"article.eml": large()})


def large() -> str:
    """A mail file whose message has about SIZE bytes."""
    paragraph = "<p>QQQ keeps 47% of its assets in ten names, IWM 8%. Both fell together in the worst months.</p>\n"
    picture = '<img src="cid:growth@example.invalid">'
    html = f"<!DOCTYPE html><html><head></head><body>{paragraph * 700}{picture}</body></html>"
    return eml(html=html, text="QQQ keeps 47% of its assets in ten names, IWM 8%.\n" * 300)


def maker(desk: Desk) -> Builder:
    with desk.store.read() as db:
        return builder(desk.issue, issues.content(db, desk.issue.id), RING)


def seconds(work: Callable[[], object], times: int, clock: Callable[[], float] = time.perf_counter) -> float:
    """Seconds that one piece of work takes, of so many; by the processor's clock where no disk is waited for."""
    begun = clock()
    for _ in range(times):
        work()
    return (clock() - begun) / times


def runs(folder: Path, port: int, mails: int) -> None:
    """The table of rates."""
    print("connections  smtp-source      no durable commits        durable commits")
    for connections in (1, 4):
        rates: dict[str, list[float]] = {"source": [], "memory": [], "store": []}
        for turn in range(ROUNDS):
            desk = desk_of(folder / f"{connections}-{turn}", mails // 4)
            make = maker(desk)
            rates["source"].append(by_source(port, mails, connections))
            rates["memory"].append(by_us(port, mails, connections, Memory(mails), make))
            ledger = StoreLedger(desk.store, desk.issue.id, Sender(1, "now"), lambda: datetime.now(UTC))
            rates["store"].append(by_us(port, mails // 4, connections, ledger, make))
            desk.store.close()
        source, memory, store = (max(rates[name]) for name in ("source", "memory", "store"))
        print(
            f"{connections:>11} {source:>10,.0f}/s {memory:>10,.0f}/s = {memory / source:.2f} of it"
            f" {store:>10,.0f}/s = {store / source:.2f} of it"
        )


def pieces(folder: Path) -> None:
    """Building, claiming and committing, each by itself; memory for few and many recipients."""
    desk = desk_of(folder / "pieces", 1_000)
    make = maker(desk)
    claim = Claim(desk.issue.id, 1, "reader1@example.net", 1, datetime.now(UTC).replace(microsecond=0))
    size = len(make.build(claim).quoted)
    taken = seconds(lambda: make.build(claim), 2000, time.process_time)
    print(f"building a message of {size:,} bytes       {1000 * taken:8.3f} ms")
    few = peak_of_claims(desk)
    with desk.store.write() as db:
        fill(db, desk, 100_000)
    many = peak_of_claims(desk)
    taken = seconds(lambda: claimed(desk), CLAIMS)
    print(f"a claim among 100,000 rows, committed     {1000 * taken:8.3f} ms")
    taken = seconds(lambda: claimed(desk, BATCH), CLAIMS // 4)
    print(f"a batch of {BATCH} rows, committed                 {1000 * taken:8.3f} ms")
    taken = seconds(lambda: noted(desk, durable=True), CLAIMS)
    print(f"a commit that waits for the disk          {1000 * taken:8.3f} ms")
    taken = seconds(lambda: noted(desk, durable=False), CLAIMS)
    print(f"a commit that does not                    {1000 * taken:8.3f} ms")
    print(f"peak memory after {CLAIMS} claims             {few:8.1f} MB of 1,000, {many:.1f} MB of 100,000 recipients")
    desk.store.close()


def fill(db: object, desk: Desk, count: int) -> None:
    """Bring an issue to so many recipients, by SQL alone: adding them one by one takes minutes."""
    from sqlalchemy import Connection

    assert isinstance(db, Connection)
    rows = "WITH RECURSIVE n(i) AS (SELECT 1001 UNION ALL SELECT i + 1 FROM n WHERE i < :count) "
    address = "'reader' || i || '@example.net'"
    when = "'2026-03-27 21:00:00.000000'"
    for table, columns in (
        ("subscriber (id, address, key, hash, created_at, source)", f"i, {address}, {address}, 'h' || i, {when}, 'x'"),
        ("subscription (subscriber, list, state, requested_at)", f"i, 'weekly', 'confirmed', {when}"),
        ("outbox (issue, subscriber, state, due_at, changed_at)", f"{desk.issue.id}, i, 'queued', {when}, {when}"),
    ):
        db.execute(text(f"INSERT INTO {table} {rows} SELECT {columns} FROM n"), {"count": count})


def claimed(desk: Desk, most: int = 1) -> Claim:
    with desk.store.write() as db:
        return claims.claim(db, desk.issue.id, 1, now=datetime.now(UTC), most=most)[0]


def noted(desk: Desk, *, durable: bool) -> None:
    """One small change, committed."""
    with desk.store.write(durable=durable) as db:
        record(db, "measured", now=datetime.now(UTC), issue=desk.issue.id)


class Nowhere:
    """A relay that takes everything at once."""

    def submit(self, message: Outgoing, mark: Mark) -> Reply | None:
        return Reply("dot", 250, f"taken, {len(message.quoted)} bytes") if mark() else None

    def close(self) -> None:
        """Nothing is open."""


def whole(folder: Path, recipients: int) -> None:
    """Send a whole issue, and tell the peak memory after each tenth."""
    desk = desk_of(folder / "whole", 1_000)
    with desk.store.write() as db:
        fill(db, desk, recipients)
    done = 0

    def told(*_: object) -> None:
        nonlocal done
        done += 1
        if done % (recipients // 10) == 0:
            print(f"{done:>10,} mails, peak memory {peak():.1f} MB", flush=True)

    run = Run(lambda: datetime.now(UTC), time.sleep, told=told)
    ledger = StoreLedger(desk.store, desk.issue.id, Sender(1, "now"), lambda: datetime.now(UTC))
    begun = time.perf_counter()
    send(ledger, maker(desk), Nowhere, run)
    print(f"{run.endings['accepted'] / (time.perf_counter() - begun):,.0f} a second, without a relay")
    desk.store.close()


def peak() -> float:
    """The process's peak memory in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def peak_of_claims(desk: Desk) -> float:
    """The process's peak memory in MB, once some rows have been claimed and their messages built."""
    make = maker(desk)
    for _ in range(CLAIMS):
        held = claimed(desk)
        make.build(replace(held, number=1))
    return peak()


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="what sending costs")
    parser.add_argument("--mails", type=int, default=2000)
    parser.add_argument("--whole", type=int, metavar="RECIPIENTS")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if asked.whole:
            whole(Path(folder), asked.whole)
            return
        pieces(Path(folder))
        with sink() as port:
            runs(Path(folder), port, asked.mails)


if __name__ == "__main__":
    main()
