"""Through a real relay into real mailboxes: Postfix takes the mails with STARTTLS, Dovecot gives them back by IMAP."""

from __future__ import annotations

import imaplib
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from reportgen.delivery.mail import doubts
from reportgen.delivery.mail.relay import Relay, RelaySettings
from reportgen.delivery.store import issues, outbox, subscribers
from tests.delivery.mail.conftest import NOW, Desk, make_desk
from tests.delivery.mail.killed import FOREVER
from tests.delivery.mail.mails import PIXEL
from tests.delivery.services import servers
from tests.delivery.services.conftest import MAILS
from tests.delivery.services.servers import Postfix

pytestmark = pytest.mark.service
LEAVES = "reader7@readers.example.net"
_LEAVE = re.compile(
    rb"^List-Unsubscribe: <https://mail\.example\.com/leave/[\w-]+>, <mailto:leave@example\.com\?subject=[\w-]+>\r?$",
    re.MULTILINE,
)


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory, relay_server: Postfix) -> Iterator[Desk]:
    """An issue sent through the relay; one reader leaves in the middle of the run."""
    folder = tmp_path_factory.mktemp("sent")
    addresses = [f"reader{n}@readers.example.net" for n in range(1, MAILS + 1)]
    desk = make_desk(folder, [a for a in addresses if a != LEAVES] + [LEAVES], expires=FOREVER)
    settings = RelaySettings("localhost", relay_server.port, "starttls", ca=relay_server.certificate)
    half = desk.send(lambda: Relay(settings), most=MAILS // 2)
    assert half.endings == {"accepted": MAILS // 2}
    with desk.store.write() as db:
        person = subscribers.find(db, LEAVES)
        assert person is not None
        subscribers.leave(db, person.id, "weekly", now=NOW, how="one-click")
    desk.send(lambda: Relay(settings), connections=2)
    yield desk
    desk.store.close()


def read_back(port: int) -> list[bytes]:
    """Every mail of the mailbox, by IMAP."""
    box = imaplib.IMAP4("127.0.0.1", port)
    box.login("all", "secret")
    box.select("INBOX", readonly=True)
    found: list[bytes] = []
    count = int(box.status("INBOX", "(MESSAGES)")[1][0].split()[-1].rstrip(b")"))
    for first in range(1, count + 1, 200):
        _, rows = box.fetch(f"{first}:{min(first + 199, count)}", "(BODY.PEEK[])")
        found += [row[1] for row in rows if isinstance(row, tuple)]
    box.logout()
    return found


def test_every_mail_arrives_once_and_whole(sent: Desk, relay_server: Postfix) -> None:
    states = sent.account().states
    assert (states["accepted"], states["suppressed"]) == (MAILS - 1, 1)
    assert relay_server.wait_for_mails(MAILS - 1, 60 + MAILS / 50) == MAILS - 1
    with servers.dovecot(relay_server.maildir) as port:
        mails = read_back(port)
    assert len(mails) == MAILS - 1
    parsed = [message_from_bytes(mail, policy=policy.default) for mail in mails]
    assert len({mail["Message-ID"] for mail in parsed}) == MAILS - 1
    assert {mail["To"] for mail in parsed} == {f"reader{n}@readers.example.net" for n in range(1, MAILS + 1)} - {LEAVES}
    for raw, mail in zip(mails, parsed, strict=True):
        assert _LEAVE.search(raw.partition(b"\r\n\r\n")[0]) is not None
        assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw
        text, page = mail.get_body(("plain",)), mail.get_body(("html",))
        assert text is not None
        assert page is not None
        assert "47% of its assets in ten names \u2013 IWM 8%.\r\n.\r\n..dots\r\nFrom here" in text.get_content()
        assert "47% of its assets in ten names, IWM 8% \u2013 at the close" in page.get_content()
        assert [part.get_content() for part in mail.walk() if part.get_content_maintype() == "image"] == [PIXEL]


def test_the_relays_log_resolves_what_is_in_doubt(sent: Desk, relay_server: Postfix) -> None:
    """Two mails are put in doubt: one that the relay took, and one that it never saw."""
    from sqlalchemy import update

    from reportgen.delivery.store.tables import outbox as table

    unseen = MAILS  # the last subscriber has left, so that the relay never saw a mail for it
    with sent.store.write() as db:
        for who in (1, unseen):
            here = (table.c.issue == sent.issue.id) & (table.c.subscriber == who)
            db.execute(update(table).where(here).values(state="in_doubt", dated_at=NOW))
    end = time.monotonic() + 10
    while len(doubts.taken_by_postfix(relay_server.log)) < MAILS - 1 and time.monotonic() < end:
        time.sleep(0.2)
    taken = doubts.taken_by_postfix(relay_server.log)
    assert len(taken) == MAILS - 1
    id_of = sent.builder.id_of
    with sent.store.write() as db:
        done = doubts.resolve(db, sent.issue.id, lambda who: id_of(who) in taken, None, None, now=datetime.now(UTC))
        assert done == {"accepted": 1, "failed": 0, "sent again": 0, "left in doubt": 1}
        assert [held.subscriber for held in outbox.doubtful(db, sent.issue.id)] == [unseen]
        assert issues.counts(db, sent.issue.id)["accepted"] == MAILS - 1


def test_a_relay_with_another_certificate_gets_no_mail(tmp_path: Path, relay_server: Postfix) -> None:
    servers.certificate(tmp_path / "other", "localhost")
    desk = make_desk(tmp_path, ["reader1@readers.example.net"], expires=FOREVER)
    settings = RelaySettings("localhost", relay_server.port, "starttls", ca=tmp_path / "other.crt")
    run = desk.send(lambda: Relay(settings))
    assert run.endings == {"deferred": 1}
    assert run.why is not None
    assert "not to be trusted" in run.why
    assert desk.account().open == 1
    desk.store.close()
