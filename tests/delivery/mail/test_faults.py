"""What a relay can do wrong, at each step, and what becomes of the mail: over real SMTP on loopback."""

from __future__ import annotations

import smtplib
import socket
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from reportgen.delivery.mail.replies import meaning
from reportgen.delivery.mail.sending import RESTS
from reportgen.delivery.store import outbox, subscribers, suppression
from tests.delivery.mail.conftest import DELIVERY, NOW, Desk, make_desk, readers, relay_at
from tests.delivery.mail.smtp_server import Server, by_recipient, times

STEPS = ("mail", "rcpt", "data", "dot")
FIRST = "reader1@example.net"


def suppressed(desk: Desk) -> list[str | None]:
    with desk.store.read() as db:
        return [
            person.address
            for person, _ in subscribers.everyone(db)
            if person.hash and suppression.reason_of(db, person.hash)
        ]


def test_every_mail_is_accepted_once(desk: Desk, relay: Server) -> None:
    run = desk.send(relay_at(relay))
    assert run.endings == {"accepted": 3}
    assert desk.account().states["accepted"] == 3
    assert len(relay.taken()) == len(set(relay.taken())) == 3
    assert len(relay.dialogues) == 1
    assert desk.send(relay_at(relay)).endings == {}
    assert len(relay.taken()) == 3


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("answer", ["450 4.2.1 mailbox busy", "452 4.2.2 full", "451 4.7.1 greylisted", "450 busy"])
def test_a_temporary_refusal_defers_one_recipient(desk: Desk, relay: Server, step: str, answer: str) -> None:
    relay.script[step] = times(1, answer)
    run = desk.send(relay_at(relay))
    assert run.endings == {"deferred": 1, "accepted": 2}
    assert len(relay.dialogues) == 1
    assert desk.clock.slept == []
    desk.clock.now = NOW + timedelta(minutes=4)
    assert desk.send(relay_at(relay)).endings == {}
    desk.clock.now = NOW + timedelta(minutes=6)
    assert desk.send(relay_at(relay)).endings == {"accepted": 1}
    assert desk.account().states["accepted"] == 3
    assert suppressed(desk) == []


@pytest.mark.parametrize("step", ["greet", *STEPS])
def test_a_421_rests_the_relay_and_blames_nobody(desk: Desk, relay: Server, step: str) -> None:
    relay.script[step] = times(1, "421 4.3.2 too busy")
    run = desk.send(relay_at(relay))
    assert run.endings == {"deferred": 1, "accepted": 3}
    assert desk.clock.slept == [RESTS[0]]
    assert desk.account().states["accepted"] == 3
    assert len(relay.taken()) == 3


def test_a_relay_that_is_always_busy_ends_the_run(desk: Desk, relay: Server) -> None:
    relay.script["greet"] = "421 4.3.2 too busy"
    run = desk.send(relay_at(relay))
    assert desk.clock.slept == list(RESTS)
    assert run.why is not None
    assert "again and again" in run.why
    assert desk.account().open == 3


def test_an_unknown_mailbox_fails_and_is_suppressed(desk: Desk, relay: Server) -> None:
    relay.script["rcpt"] = by_recipient({FIRST: "550 5.1.1 no such user"})
    run = desk.send(relay_at(relay))
    assert run.endings == {"failed": 1, "accepted": 2}
    assert suppressed(desk) == [FIRST]


@pytest.mark.parametrize("answer", ["550 no", "552 5.2.2 mailbox full", "550 5.2.1 disabled", "554 5.4.4 no route"])
def test_another_lasting_refusal_fails_and_suppresses_nobody(desk: Desk, relay: Server, answer: str) -> None:
    relay.script["rcpt"] = by_recipient({FIRST: answer})
    run = desk.send(relay_at(relay))
    assert run.endings == {"failed": 1, "accepted": 2}
    assert suppressed(desk) == []


@pytest.mark.parametrize("step", ["data", "dot"])
@pytest.mark.parametrize("answer", ["550 no", "552 5.2.2 mailbox full", "554 transaction failed"])
def test_a_lasting_refusal_of_the_mail_itself_fails_one_recipient(
    desk: Desk, relay: Server, step: str, answer: str
) -> None:
    relay.script[step] = by_recipient({FIRST: answer})
    run = desk.send(relay_at(relay))
    assert run.endings == {"failed": 1, "accepted": 2}
    assert desk.send(relay_at(relay), resend=True).endings == {}
    assert len(relay.taken()) == 2
    assert suppressed(desk) == []


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("mail", "550 5.7.1 we do not know you"), ("mail", "550 5.1.8 bad sender"), ("mail", "550 no"),
        ("rcpt", "550 5.7.1 relaying denied"), ("rcpt", "550 5.1.7 bad sender"), ("rcpt", "530 5.7.0 log in first"),
        ("data", "554 5.7.1 no"), ("dot", "550 5.7.26 not authenticated by SPF or DKIM"), ("dot", "552 5.3.4 too big"),
        ("dot", "554 5.6.0 bad content"), ("greet", "554 5.7.1 blocked"), ("dot", "550 5.1.1 too late for that"),
    ],
)  # fmt: skip
def test_a_refusal_of_us_pauses_the_issue_and_blames_no_recipient(
    desk: Desk, relay: Server, step: str, answer: str
) -> None:
    relay.script[step] = answer
    run = desk.send(relay_at(relay))
    assert run.endings == {"deferred": 1}
    assert desk.state().state == "paused"
    assert answer[4:] in (desk.state().reason or "")
    assert desk.account().open == 3
    assert suppressed(desk) == []
    assert desk.send(relay_at(relay)).endings == {}


@pytest.mark.parametrize("how", ["close", "reset"])
@pytest.mark.parametrize("step", ["greet", "mail", "rcpt", "data"])
def test_a_connection_lost_before_the_dot_is_tried_again(desk: Desk, relay: Server, step: str, how: str) -> None:
    relay.script[step] = times(1, how)
    run = desk.send(relay_at(relay))
    assert run.endings["accepted"] == 3
    assert run.endings["in_doubt"] == 0
    assert len(relay.taken()) == 3


@pytest.mark.parametrize("how", ["close", "reset"])
def test_a_connection_lost_in_the_middle_of_a_body_is_tried_again(tmp_path: Path, relay: Server, how: str) -> None:
    attached = replace(DELIVERY, pdf="attached")
    desk = make_desk(tmp_path, readers(2), delivery=attached, files={"article.pdf": "x" * 12_000_000})
    relay.script["body"] = times(1, how)
    run = desk.send(relay_at(relay))
    assert run.endings == {"deferred": 1, "accepted": 2}
    assert len(relay.taken()) == 2
    desk.store.close()


def test_an_answer_before_the_mail_has_ended_keeps_the_dot_back(relay: Server) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        client, line = relay_at(relay)(), smtplib.SMTP()
        line.sock = ours
        assert client._early(line, ours) is None
        theirs.sendall(b"421 4.3.2 shutting down\r\n")
        early = client._early(line, ours)
        assert early is not None
        assert (early.stage, early.code, meaning(early).effect) == ("body", 421, "deferred")
        theirs.close()
        with pytest.raises(smtplib.SMTPServerDisconnected):
            client._early(line, ours)


@pytest.mark.parametrize("step", ["dot", "after"])
@pytest.mark.parametrize("how", ["close", "reset", "silence", "999 what", "gibberish", "354 more", "251 elsewhere"])
def test_no_answer_after_the_dot_is_a_doubt_and_never_a_failure(desk: Desk, relay: Server, step: str, how: str) -> None:
    if step == "after" and how not in ("close", "reset", "silence"):
        step = "dot"
    relay.script[step] = times(1, how)
    run = desk.send(relay_at(relay, after_dot=0.5))
    assert run.endings == {"in_doubt": 1, "accepted": 2}
    assert desk.send(relay_at(relay)).endings == {}  # under "hold" it stays
    assert desk.account().states["in_doubt"] == 1


def test_a_mail_in_doubt_is_sent_again_with_the_same_bytes(desk: Desk, relay: Server) -> None:
    relay.script["after"] = times(1, "close")
    desk.send(relay_at(relay))
    first = dict(relay.mails)
    assert desk.account().states["in_doubt"] == 1
    desk.clock.now = NOW + timedelta(hours=5)
    assert desk.send(relay_at(relay), resend=True).endings == {"accepted": 1}
    assert relay.mails == first
    assert len(relay.taken()) == 4
    assert len(set(relay.taken())) == 3
    assert desk.account().resends == 1


def test_what_is_not_sent_in_time_expires(desk: Desk, relay: Server) -> None:
    desk.clock.now = NOW + timedelta(hours=72)
    assert desk.send(relay_at(relay)).endings == {}
    assert desk.account().states["expired"] == 3
    assert relay.taken() == []


def test_who_leaves_in_the_middle_of_a_run_gets_nothing_more(desk: Desk, relay: Server) -> None:
    def leave(dialogue: object) -> None:
        with desk.store.write() as db:
            person = subscribers.find(db, "reader3@example.net")
            assert person is not None
            subscribers.leave(db, person.id, "weekly", now=NOW, how="one-click")

    relay.script["dot"] = leave
    assert desk.send(relay_at(relay)).endings == {"accepted": 2}
    assert desk.account().states["suppressed"] == 1
    assert [recipient for recipient, _ in relay.taken()] == [FIRST, "reader2@example.net"]


def test_who_is_erased_in_the_middle_of_a_run_gets_nothing_more(desk: Desk, relay: Server) -> None:
    def erase(dialogue: object) -> None:
        with desk.store.write() as db:
            person = subscribers.find(db, "reader2@example.net")
            if person is not None:
                subscribers.erase(db, person.id, now=NOW)

    relay.script["dot"] = erase
    desk.send(relay_at(relay))
    assert desk.account().states == dict.fromkeys(desk.account().states, 0) | {"accepted": 2, "suppressed": 1}


def test_a_row_taken_away_before_the_dot_is_not_sent(desk: Desk, relay: Server) -> None:
    def take_away(dialogue: object) -> None:
        with desk.store.write() as db:
            (holder,) = outbox.holders(db, desk.issue.id)
            outbox.recover(db, desk.issue.id, holder, now=NOW)

    relay.script["data"] = take_away
    run = desk.send(relay_at(relay))
    assert run.why is not None
    assert relay.taken() == []
    assert desk.account().open == 3


def test_an_answer_counts_even_for_a_row_that_others_took_to_be_in_doubt(desk: Desk, relay: Server) -> None:
    desk.batch = 1

    def take_away(dialogue: object) -> None:
        with desk.store.write() as db:
            for holder in outbox.holders(db, desk.issue.id):
                outbox.recover(db, desk.issue.id, holder, now=NOW)

    relay.script["dot"] = take_away
    desk.send(relay_at(relay))
    assert desk.account().states["accepted"] == 3
    assert len(relay.taken()) == 3
