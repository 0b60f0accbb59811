"""What else can happen around a run: a second sender, a full disk, pausing and cancelling, doubts resolved."""

from __future__ import annotations

import random
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from reportgen.delivery.mail import doubts
from reportgen.delivery.mail.files import Files
from reportgen.delivery.mail.ledger import StoreLedger
from reportgen.delivery.mail.sending import FIRST_PAUSE, LONGEST_PAUSE, pause_after
from reportgen.delivery.store import claims, issues, open_store, outbox, senders
from reportgen.errors import DataError, UsageError, WriteError
from tests.conftest import drawn_seed
from tests.delivery.mail.conftest import NOW, Desk, make_desk, readers, relay_at
from tests.delivery.mail.smtp_server import Server, times


def test_of_two_senders_one_works_and_the_other_says_so(desk: Desk, relay: Server) -> None:
    other = open_store(str(desk.store.url))
    with senders.sending(desk.store, "first", now=NOW):
        with pytest.raises(UsageError, match="another sender"), senders.sending(other, "second", now=NOW):
            pytest.fail("two senders at once")
        with other.read() as db:  # whoever only looks is not kept waiting
            assert issues.counts(db, desk.issue.id)["queued"] == 3
    with senders.sending(other, "second", now=NOW):
        pass
    other.close()


def test_several_connections_send_each_mail_once(tmp_path: Path, relay: Server) -> None:
    desk = make_desk(tmp_path, readers(40))
    assert desk.send(relay_at(relay), connections=4).endings == {"accepted": 40}
    assert len(relay.dialogues) == 4
    assert len(set(relay.taken())) == 40 == len(relay.taken())
    desk.store.close()


def test_an_error_of_one_connection_is_told(tmp_path: Path, relay: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = make_desk(tmp_path, readers(10))
    real = StoreLedger.mark

    def fail(self: StoreLedger, held: outbox.Claim) -> bool:
        if held.subscriber == 5:
            raise WriteError("the disk is full.")
        return real(self, held)

    monkeypatch.setattr(StoreLedger, "mark", fail)
    with pytest.raises(WriteError, match="full"):
        desk.send(relay_at(relay), connections=2)
    monkeypatch.undo()
    desk.send(relay_at(relay))
    assert desk.account().states["accepted"] == 10
    assert len(set(relay.taken())) == len(relay.taken()) == 10
    desk.store.close()


def test_a_full_disk_on_our_side_loses_and_doubles_nothing(tmp_path: Path, relay: Server) -> None:
    """SQLite may take no more pages: the store refuses to write, as on a full disk."""
    desk = make_desk(tmp_path, readers(60))
    with desk.store.read() as db:
        pages = int(db.exec_driver_sql("PRAGMA page_count").scalar_one())
    from sqlalchemy import event

    def limit(connection: object, _: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}").close()  # type: ignore[attr-defined]

    event.listen(desk.store.engine, "connect", limit)
    desk.store.engine.dispose()
    with pytest.raises(WriteError, match="full"):
        desk.send(relay_at(relay))
    taken = len(relay.taken())
    event.remove(desk.store.engine, "connect", limit)
    desk.store.engine.dispose()
    desk.send(relay_at(relay))
    total = desk.account()
    assert total.open == 0
    assert total.states["accepted"] + total.states["in_doubt"] == 60
    assert len(set(relay.taken())) == len(relay.taken())
    assert taken < 60
    desk.store.close()


def test_a_folder_that_cannot_be_written_loses_nothing(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("", encoding="utf-8")
    with pytest.raises(WriteError, match="cannot be written"):
        desk.send(lambda: Files(tmp_path / "out"))
    assert desk.send(lambda: Files(tmp_path / "mails")).endings == {"accepted": 3}
    assert len(list((tmp_path / "mails").iterdir())) == 3


def test_pausing_and_resuming_at_random_loses_and_doubles_nothing(tmp_path: Path, relay: Server) -> None:
    desk = make_desk(tmp_path, readers(60))
    draw, done = random.Random(drawn_seed()), threading.Event()

    def meddle() -> None:
        while not done.wait(draw.uniform(0, 0.02)):
            with desk.store.write() as db:
                issues.pause(db, desk.issue.id, "for a moment", now=NOW)
            done.wait(draw.uniform(0, 0.02))
            with desk.store.write() as db:
                issues.resume(db, desk.issue.id, now=NOW)

    thread = threading.Thread(target=meddle)
    thread.start()
    for _ in range(200):
        desk.send(relay_at(relay))
        if not desk.account().open:
            break
    done.set()
    thread.join()
    with desk.store.write() as db:
        issues.resume(db, desk.issue.id, now=NOW)
    desk.send(relay_at(relay))
    assert desk.account().states["accepted"] == 60 == len(relay.taken())


def test_cancelling_in_the_middle_of_a_run_ends_it(desk: Desk, relay: Server) -> None:
    def cancel(_: object) -> None:
        with desk.store.write() as db:
            issues.cancel(db, desk.issue.id, "a wrong number", now=NOW)

    relay.script["dot"] = cancel
    assert desk.send(relay_at(relay)).endings == {"accepted": 1}
    states = desk.account().states
    assert (states["accepted"], states["expired"]) == (1, 2)
    with desk.store.write() as db:
        assert issues.cancel(db, desk.issue.id, "again", now=NOW) is None
        assert not issues.resume(db, desk.issue.id, now=NOW)


def test_only_listed_edges_are_moved_along(desk: Desk) -> None:
    with desk.store.write() as db:
        old: outbox.State
        for old in ("accepted", "failed", "expired", "suppressed"):
            with pytest.raises(ValueError, match="cannot go"):
                outbox.move(db, desk.issue.id, 1, old, "queued", now=NOW)
        assert not outbox.move(db, desk.issue.id, 1, "in_doubt", "accepted", now=NOW)
        (held,) = claims.claim(db, desk.issue.id, 1, now=NOW)
        with pytest.raises(ValueError, match="cannot go"):
            outbox.finish(db, held, outbox.Ending("queued", "dot", "x"), now=NOW)
        assert outbox.mark(db, held, now=NOW)
        assert not outbox.mark(db, held, now=NOW)
        ending = outbox.Ending("accepted", "dot", "dot: 250 ok", 250)
        assert outbox.finish(db, held, ending, now=NOW)
        assert not outbox.finish(db, held, ending, now=NOW)


@pytest.mark.parametrize("word", ["accepted", "failed", "resend", None])
def test_doubts_are_resolved_by_log_or_word(desk: Desk, relay: Server, word: doubts.Word | None) -> None:
    relay.script["after"] = times(2, "close")
    desk.send(relay_at(relay))
    id_of = desk.builder.id_of
    with desk.store.write() as db:
        first, _ = outbox.doubtful(db, desk.issue.id)
        taken = {id_of(first.subscriber)}
        done = doubts.resolve(db, desk.issue.id, lambda who: id_of(who) in taken, word, None, now=NOW)
    assert sum(done.values()) == 2
    states = desk.account().states
    assert states["accepted"] == 2 + (word == "accepted")
    assert (states["failed"], states["deferred"], states["in_doubt"]) == (
        word == "failed", word == "resend", word is None,
    )  # fmt: skip
    with desk.store.write() as db, pytest.raises(DataError, match="no mail in doubt"):
        doubts.resolve(db, desk.issue.id, lambda _: False, word, "stranger@example.net", now=NOW)


def test_the_log_of_postfix_shows_what_was_taken(tmp_path: Path) -> None:
    log = tmp_path / "mail.log"
    log.write_text(
        "Nov 26 12:00:00 relay postfix/cleanup[12]: 4AB: message-id=<taken@example.com>\n"
        "Nov 26 12:00:00 relay postfix/qmgr[11]: 4AB: from=<b@example.com>, size=900, nrcpt=1 (queue active)\n"
        "Nov 26 12:00:01 relay postfix/cleanup[12]: 5CD: message-id=<broken@example.com>\n"
        "Nov 26 12:00:02 relay postfix/smtpd[13]: lost connection after DATA (900 bytes) from localhost\n",
        encoding="utf-8",
    )
    assert doubts.taken_by_postfix(log) == {"taken@example.com"}
    with pytest.raises(DataError, match="cannot be read"):
        doubts.taken_by_postfix(tmp_path)


def test_pauses_grow_and_end(desk: Desk, relay: Server) -> None:
    pauses = [pause_after(tries, at_once=False) for tries in range(1, 20)]
    assert pauses[0] == FIRST_PAUSE
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE
    assert [pause_after(n, at_once=True) for n in (1, 2, 3)] == [timedelta(0), timedelta(0), FIRST_PAUSE * 4]
    relay.script["rcpt"] = "450 4.2.1 busy"
    for _ in range(30):
        desk.send(relay_at(relay))
        desk.clock.now += LONGEST_PAUSE
    assert desk.account().states["expired"] == 3


def test_cancelling_at_random_sends_nothing_more_and_loses_nobody(tmp_path: Path, relay: Server) -> None:
    draw = random.Random(drawn_seed())
    for turn in range(4):
        desk = make_desk(tmp_path / str(turn), readers(60))
        before = len(relay.taken())

        def cancel(desk: Desk = desk) -> None:
            with desk.store.write() as db:
                issues.cancel(db, desk.issue.id, "a wrong number", now=NOW)

        timer = threading.Timer(draw.uniform(0, 0.2), cancel)
        timer.start()
        desk.send(relay_at(relay), connections=3)
        timer.join()
        cancel()
        desk.send(relay_at(relay))
        states = desk.account().states
        assert states["accepted"] == len(relay.taken()) - before
        assert states["accepted"] + states["expired"] == 60
        desk.store.close()
