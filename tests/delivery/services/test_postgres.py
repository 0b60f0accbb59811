"""The mail store in PostgreSQL: one schema, several senders side by side, and a server that dies under them."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

from reportgen.delivery.store import Store, claims, issues, open_store, senders, subscribers, suppression
from reportgen.delivery.store.addresses import address_of
from reportgen.delivery.store.issues import Draft
from reportgen.delivery.store.migrations import upgrade
from reportgen.delivery.store.tables import metadata
from reportgen.errors import UsageError
from tests.delivery.mail.conftest import NOW, Desk, make_desk, readers
from tests.delivery.mail.killed import FOREVER, Job, begun, ended, launch, start, truth
from tests.delivery.mail.smtp_server import Server, running, slowly
from tests.delivery.services.conftest import ROWS
from tests.delivery.services.servers import Postgres

pytestmark = pytest.mark.service


def job_at(folder: Path, url: str, count: int, server: Server) -> Job:
    desk = make_desk(folder, readers(count), url=url, expires=FOREVER)
    desk.store.close()
    return Job(url, desk.issue.id, server.port)


def test_the_steps_lead_to_the_tables_of_the_program(database: str) -> None:
    def shape() -> dict[str, object]:
        seen = inspect(engine)
        return {
            table: (
                {(c["name"], str(c["type"]), bool(c["nullable"])) for c in seen.get_columns(table)},
                {(i["name"], tuple(i["column_names"])) for i in seen.get_indexes(table)},
                tuple(seen.get_pk_constraint(table)["constrained_columns"]),
                {(tuple(f["constrained_columns"]), f["referred_table"]) for f in seen.get_foreign_keys(table)},
            )
            for table in seen.get_table_names()
        }

    engine = create_engine(database.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as db:
        upgrade(db)
    by_steps = shape()
    metadata.drop_all(engine)
    metadata.create_all(engine)
    assert shape() == by_steps
    engine.dispose()


def test_two_programs_add_and_suppress_the_same_at_one_moment(database: str) -> None:
    """The second waits at the unique key for the first's commit, and then finds what that one left."""
    store = open_store(database)
    hash_ = address_of("ada@example.net").hash

    def second() -> tuple[int, bool]:
        with store.write() as db:
            there = subscribers.add(db, "Ada@example.net", "weekly", now=NOW, source="web")
            return there.subscriber, suppression.suppress(db, hash_, "bounced", now=NOW)

    with ThreadPoolExecutor(1) as pool:
        with store.write() as db:
            first = subscribers.add(db, "ada@example.net", "weekly", now=NOW, source="import")
            assert suppression.suppress(db, hash_, "refused", now=NOW)
            other = pool.submit(second)
            while not waits_for_a_lock(store):
                assert not other.done()
                time.sleep(0.02)
        assert other.result(timeout=20) == (first.subscriber, False)
    with store.read() as db:
        assert len(list(subscribers.everyone(db))) == 1
        assert suppression.reason_of(db, hash_) == "refused"
    store.close()


def test_of_two_programs_that_freeze_the_same_at_one_moment_one_is_told(tmp_path: Path, database: str) -> None:
    desk = make_desk(tmp_path, readers(3), url=database)
    draft = drafted(desk, "2026-04-03/x:weekly")

    def second() -> None:
        with desk.store.write() as db:
            issues.freeze(db, draft, now=NOW)

    with ThreadPoolExecutor(1) as pool:
        with desk.store.write() as db:
            issues.freeze(db, draft, now=NOW)
            other = pool.submit(second)
            while not waits_for_a_lock(desk.store):
                assert not other.done()
                time.sleep(0.02)
        with pytest.raises(UsageError, match="frozen already"):
            other.result(timeout=20)
    with desk.store.read() as db:
        assert issues.counts(db, issues.find(db, draft.name).id)["queued"] == 3
    desk.store.close()


def drafted(desk: Desk, name: str) -> Draft:
    """The desk's issue as a draft under another name."""
    with desk.store.read() as db:
        head, body = issues.content(db, desk.issue.id)
    issue = desk.issue
    return Draft(name, issue.list, issue.subject, head, body, issue.terms, issue.expires_at)


def waits_for_a_lock(store: Store) -> bool:
    with store.read() as db:
        waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        return bool(db.execute(waiting).scalar())


def test_four_senders_send_each_mail_once(tmp_path: Path, database: str) -> None:
    with running(Server(tmp_path / "taken.log", sync=False)) as server:
        job = job_at(tmp_path, database, ROWS, server)
        processes = [begun(each) for each in [launch(job) for _ in range(4)]]
        done = []
        for process in processes:
            assert process.stdout is not None
            done.append(json.loads(process.stdout.readline()))
            assert ended(process) == 0
        seen = truth(database, job.issue, server)
    assert (seen.lost, seen.doubled, seen.doubtful, seen.account.open) == (0, 0, 0, 0)
    shares = [each.get("accepted", 0) for each in done]
    assert sum(shares) == ROWS == seen.account.states["accepted"]
    assert sum(share > ROWS / 20 for share in shares) >= 2  # they worked side by side


def test_a_sender_that_died_is_told_from_one_that_works(tmp_path: Path, database: str) -> None:
    with running(Server(tmp_path / "taken.log", sync=False)) as server:
        server.script["dot"] = slowly(0.01)  # so that neither is done before the other has begun
        job = job_at(tmp_path, database, ROWS // 4, server)
        first, second = (begun(each) for each in [launch(job), launch(job)])
        first.kill()
        assert ended(first) == -signal.SIGKILL
        server.script.clear()
        third = start(job)  # it lets go of what the first held, and leaves the second alone
        assert ended(second) == ended(third) == 0
        ended(start(job))
        seen = truth(database, job.issue, server)
    assert (seen.lost, seen.doubled, seen.account.open) == (0, 0, 0)
    assert seen.doubtful <= 1


def test_a_server_killed_during_claims_loses_and_doubles_nothing(
    tmp_path: Path, database: str, cluster: Postgres
) -> None:
    with running(Server(tmp_path / "taken.log", sync=False)) as server:
        job = job_at(tmp_path, database, ROWS // 2, server)
        for _ in range(2):
            processes = [start(job) for _ in range(2)]
            time.sleep(0.5)
            cluster.stop("immediate")
            codes = Counter(_code(process) for process in processes)
            assert set(codes) <= {0, 1}
            cluster.start()
        for _ in range(2):
            assert ended(start(job)) == 0
        seen = truth(database, job.issue, server)
    assert seen.account.adds_up
    assert (seen.lost, seen.doubled, seen.account.open) == (0, 0, 0)
    assert seen.doubtful <= 6


def test_a_copy_of_a_database_is_known(database: str, cluster: Postgres) -> None:
    store = open_store(database)
    with store.write() as db:
        senders.check_home(db, store, "machine")
    with store.write() as db:
        senders.check_home(db, store, "another machine")  # several may send from one database
    store.close()
    cluster.sql("DROP DATABASE IF EXISTS copy")
    cluster.sql("CREATE DATABASE copy TEMPLATE mail")
    copy = open_store(database.removesuffix("/mail") + "/copy")
    with copy.write() as db, pytest.raises(UsageError, match="is a copy"):
        senders.check_home(db, copy, "machine")
    with copy.write() as db:
        senders.adopt(db, copy, "machine", now=NOW)
        senders.check_home(db, copy, "machine")
    copy.close()


def test_subscribers_and_claims_work_alike(tmp_path: Path, database: str) -> None:
    desk = make_desk(tmp_path, ["Ada@example.net", "ada@EXAMPLE.net", "bob@example.net"], url=database)
    assert desk.issue.audience == 2
    with desk.store.write() as db:
        bob = subscribers.find(db, "BOB@example.net")
        assert bob is not None
        subscribers.leave(db, bob.id, "weekly", now=NOW, how="page")
        (held,) = claims.claim(db, desk.issue.id, 1, now=NOW)
        assert held.address == "Ada@example.net"
        assert claims.claim(db, desk.issue.id, 1, now=NOW + timedelta(hours=1)) == ()
        assert issues.counts(db, desk.issue.id)["suppressed"] == 1
    desk.store.close()


def _code(process: subprocess.Popen[str]) -> int:
    process.communicate(timeout=120)
    return process.returncode
