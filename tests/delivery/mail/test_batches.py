"""Rows claimed some at a time: each is looked at again before its mail, and given back where that never begins."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import Connection, select

from reportgen.delivery.mail.ledger import StoreLedger
from reportgen.delivery.mail.sending import prepare
from reportgen.delivery.signed.links import Links, told
from reportgen.delivery.signed.tokens import Purpose
from reportgen.delivery.store import claims, issues, outbox, senders, subscribers, suppression
from reportgen.delivery.store.senders import Sender
from reportgen.delivery.store.tables import attempt, event
from reportgen.delivery.store.tables import outbox as table
from reportgen.delivery.web.members import StoreMembers
from tests.delivery.mail.conftest import NOW, Desk, make_desk, readers, relay_at
from tests.delivery.mail.mails import RING as MAIL_RING
from tests.delivery.mail.smtp_server import Dialogue, Server
from tests.delivery.mail.test_message import CLAIM
from tests.delivery.web.conftest import RING as WEB_RING
from tests.delivery.web.conftest import build

FOURTH = "reader4@example.net"
"""The first of a batch of four: the first mail is claimed alone, then two, then these."""


class Kept(NamedTuple):
    state: str
    tries: int
    sender: int | None
    dated: bool
    reply: str | None


@pytest.fixture
def twelve(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path, readers(12))
    yield made
    made.store.close()


def row(desk: Desk, who: int) -> Kept:
    columns = (table.c.state, table.c.tries, table.c.sender, table.c.dated_at, table.c.reply)
    with desk.store.read() as db:
        found = db.execute(select(*columns).where(table.c.subscriber == who)).one()
    return Kept(found.state, found.tries, found.sender, found.dated_at is not None, found.reply)


def at_the_fourth(desk: Desk, relay: Server, then: Callable[[Connection], object]) -> None:
    """Let something happen while the fourth mail is handed over."""

    def act(dialogue: Dialogue) -> None:
        if dialogue.recipient == FOURTH:
            with desk.store.write() as db:
                then(db)

    relay.script["dot"] = act


def suppress(db: Connection) -> None:
    person = subscribers.find(db, "reader6@example.net")
    assert person is not None
    assert person.hash is not None
    suppression.suppress(db, person.hash, "complained", now=NOW)


@pytest.mark.parametrize(
    ("then", "reply"),
    [
        (lambda db: subscribers.leave(db, 6, "weekly", now=NOW, how="one-click"), "left the list"),
        (lambda db: subscribers.erase(db, 6, now=NOW), "erased"),
        (suppress, "complained"),
    ],
)
def test_who_leaves_while_his_row_is_claimed_gets_nothing(
    twelve: Desk, relay: Server, then: Callable[[Connection], object], reply: str
) -> None:
    at_the_fourth(twelve, relay, then)
    assert twelve.send(relay_at(relay)).endings == {"accepted": 11}
    assert row(twelve, 6)[:2] == ("suppressed", 1)
    assert row(twelve, 6).reply == reply
    assert "reader6@example.net" not in {recipient for recipient, _ in relay.taken()}
    twelve.account()


def test_a_pause_gives_the_rest_of_the_batch_back_as_it_was(twelve: Desk, relay: Server) -> None:
    at_the_fourth(twelve, relay, lambda db: issues.pause(db, twelve.issue.id, "for a moment", now=NOW))
    assert twelve.send(relay_at(relay)).endings == {"accepted": 4}
    assert {row(twelve, who) for who in range(5, 13)} == {Kept("queued", 0, None, dated=False, reply=None)}
    with twelve.store.write() as db:
        issues.resume(db, twelve.issue.id, now=NOW)
    relay.script.clear()
    twelve.clock.now += timedelta(hours=1)
    assert twelve.send(relay_at(relay)).endings == {"accepted": 8}
    assert b"Date: Fri, 27 Mar 2026 22:00:00" in relay.mails["reader5@example.net"]


def test_a_cancelled_issue_expires_what_is_claimed(twelve: Desk, relay: Server) -> None:
    at_the_fourth(twelve, relay, lambda db: issues.cancel(db, twelve.issue.id, "a wrong number", now=NOW))
    assert twelve.send(relay_at(relay)).endings == {"accepted": 4}
    assert {row(twelve, who).state for who in range(5, 13)} == {"expired"}


def test_what_expires_while_it_is_claimed_is_not_sent(twelve: Desk, relay: Server) -> None:
    def pass_time(_: Connection) -> None:
        twelve.clock.now += timedelta(hours=80)

    at_the_fourth(twelve, relay, pass_time)
    assert twelve.send(relay_at(relay)).endings == {"accepted": 4}
    assert {row(twelve, who).state for who in range(5, 13)} == {"expired"}


def test_a_limit_gives_back_what_it_does_not_begin(twelve: Desk, relay: Server) -> None:
    assert twelve.send(relay_at(relay), most=5).endings == {"accepted": 5}
    assert row(twelve, 6) == Kept("queued", 0, None, dated=False, reply=None)
    assert twelve.send(relay_at(relay), connections=3).endings == {"accepted": 7}
    assert len(set(relay.taken())) == len(relay.taken()) == 12


def test_a_deferred_row_that_is_given_back_keeps_its_date_and_its_tries(twelve: Desk) -> None:
    with twelve.store.write() as db:
        (held,) = claims.claim(db, twelve.issue.id, 1, now=NOW)
        outbox.finish(db, held, outbox.Ending("deferred", "rcpt", "450 later", 450, NOW), now=NOW)
    with twelve.store.write() as db:
        again = claims.claim(db, twelve.issue.id, 2, now=NOW + timedelta(minutes=1), most=3)
        assert [each.number for each in again] == [2, 1, 1]
        assert again[0].dated_at == held.dated_at
        claims.release(db, again, now=NOW)
    assert row(twelve, 1)[:4] == ("deferred", 1, None, True)
    assert row(twelve, 2)[:4] == ("queued", 0, None, False)


def test_what_others_have_taken_is_neither_given_back_nor_withdrawn(twelve: Desk) -> None:
    with twelve.store.write() as db:
        held = claims.claim(db, twelve.issue.id, 1, now=NOW, most=3)
        assert outbox.recover(db, twelve.issue.id, 1, now=NOW) == (3, 0)
        theirs = claims.claim(db, twelve.issue.id, 2, now=NOW, most=3)
        claims.release(db, held, now=NOW)
        subscribers.leave(db, held[0].subscriber, "weekly", now=NOW, how="page")
        claims.look_again(db, held[0], now=NOW)
    assert {row(twelve, each.subscriber)[:3] for each in theirs} == {("sending", 2, 2)}


def test_batches_grow_while_the_relay_is_quick_and_shrink_when_it_is_slow(twelve: Desk) -> None:
    ledger = StoreLedger(twelve.store, twelve.issue.id, Sender(1, "b"), twelve.clock, 4)
    sizes = []
    for pause in (0.1, 0.1, 0.1, 2, 2, 2):
        held = ledger.claim()
        assert held is not None
        sizes.append(1 + len(ledger._held))
        while ledger._held:
            ledger.claim()
        twelve.clock.now += timedelta(seconds=pause)
        ledger.close()
        with twelve.store.write() as db:
            outbox.recover(db, twelve.issue.id, 1, now=twelve.clock.now)
    assert sizes == [1, 2, 4, 4, 2, 1]


def test_a_batch_of_one_is_one(tmp_path: Path, relay: Server) -> None:
    desk = make_desk(tmp_path, readers(5))
    desk.batch = 1
    ledger = desk.ledger(Sender(1, "b"))
    for _ in range(4):
        assert ledger.claim() is not None
        assert not ledger._held
    desk.store.close()


@pytest.mark.parametrize(("boot", "doubtful"), [("this start of the machine", 1), ("another start", 4), (None, 4)])
def test_marks_count_only_in_the_same_start_of_the_machine(twelve: Desk, boot: str | None, doubtful: int) -> None:
    """A sender that held four rows, one of them marked, is gone."""
    start = "this start of the machine"
    with senders.sending(twelve.store, "first", now=NOW, boot=start) as first, twelve.store.write() as db:
        held = claims.claim(db, twelve.issue.id, first.number, now=NOW, most=4)
        assert outbox.mark(db, held[2], now=NOW)
    with senders.sending(twelve.store, "second", now=NOW, boot=boot) as second:
        assert prepare(twelve.store, twelve.issue.id, second, now=NOW, resend=False) == (4 - doubtful, doubtful, 0)
    assert twelve.account().states["in_doubt"] == doubtful
    with twelve.store.read() as db:
        told = db.execute(select(attempt.c.outcome, attempt.c.stage).order_by(attempt.c.subscriber)).all()
    assert ("in_doubt", "dot") in told
    assert len(told) == 4


def test_a_careful_senders_marks_count_always(twelve: Desk) -> None:
    """Where nothing tells one start of the machine from the next, each mark has waited for the disk."""
    with senders.sending(twelve.store, "first", now=NOW) as first:
        assert first.careful
        with twelve.store.write() as db:
            claims.claim(db, twelve.issue.id, first.number, now=NOW, most=4)
    with senders.sending(twelve.store, "second", now=NOW, boot="a start") as second:
        assert prepare(twelve.store, twelve.issue.id, second, now=NOW, resend=False) == (4, 0, 0)


def test_a_run_ends_with_a_commit_that_waits_for_the_disk(twelve: Desk, relay: Server) -> None:
    twelve.send(relay_at(relay))
    with twelve.store.read() as db:
        assert "rested" in db.execute(select(event.c.kind)).scalars().all()


def test_a_one_click_post_in_the_middle_of_a_send_counts(twelve: Desk, relay: Server, tmp_path: Path) -> None:
    """A mail provider posts to the web part while the reader's row is claimed by a sender at work."""
    house = build(tmp_path, StoreMembers(twelve.store))
    claim = replace(CLAIM, issue=twelve.issue.id, subscriber=6)
    found = re.search(rb"List-Unsubscribe: <https://[^/]+(/leave/[\w-]+)>", twelve.builder.build(claim).plain)
    assert found is not None
    path = told_by(found[1].decode())
    statuses = []

    def act(dialogue: Dialogue) -> None:
        if dialogue.recipient == FOURTH:
            statuses.append(house.client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code)

    relay.script["dot"] = act
    assert twelve.send(relay_at(relay)).endings == {"accepted": 11}
    assert statuses == [200]
    assert row(twelve, 6).reply == "left the list"
    assert "reader6@example.net" not in {recipient for recipient, _ in relay.taken()}


def told_by(path: str) -> str:
    """The same link, signed with the key of the web part's tests: two rings, one form."""
    said = told(MAIL_RING, Purpose.LEAVE, path.rpartition("/")[2], NOW)
    assert said is not None
    return Links("", WEB_RING).leave(said.subscriber, said.lists[0])
