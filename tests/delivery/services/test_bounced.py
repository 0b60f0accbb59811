"""A real bounce: a reader's host does not know the reader, Postfix reports it, Dovecot shows it, and we believe it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from reportgen.delivery.bounces import Handler, ImapSource, read_bounces
from reportgen.delivery.mail.relay import Relay, RelaySettings
from reportgen.delivery.store import issues, suppression
from reportgen.delivery.store.addresses import address_of
from tests.delivery.mail.conftest import DELIVERY, NOW, make_desk
from tests.delivery.mail.killed import FOREVER
from tests.delivery.mail.mails import RING
from tests.delivery.services import servers

pytestmark = pytest.mark.service

BOX = "bounces@readers.example.net"
GONE, THERE = "ann@gone.example.net", "bob@readers.example.net"
NEXT_HOST = """
transport_maps = inline:{{gone.example.net=smtp:[127.0.0.1]:{port}}}
"""
UNKNOWN = """
127.0.0.1:{port} inet n - n - - smtpd
  -o {{ smtpd_recipient_restrictions = check_recipient_access inline:{{ {{ gone.example.net = 550 5.1.1 User unknown }} }} permit }}
"""  # noqa: E501


@pytest.mark.parametrize("delete", [False, True])
def test_an_unknown_readers_bounce_comes_back_and_suppresses(tmp_path: Path, delete: bool) -> None:
    port = servers.free_port()
    desk = make_desk(tmp_path, [GONE, THERE], delivery=replace(DELIVERY, bounce_address=BOX), expires=FOREVER)
    with servers.postfix(NEXT_HOST.format(port=port), UNKNOWN.format(port=port)) as relay:
        settings = RelaySettings("localhost", relay.port, "starttls", ca=relay.certificate)
        assert desk.send(lambda: Relay(settings)).endings == {"accepted": 2}
        assert relay.wait_for_mails(2, 60) == 2, relay.log.read_text()
        with servers.dovecot(relay.maildir) as imap:
            source = ImapSource(f"imap://all@127.0.0.1:{imap}/INBOX", "secret", delete=delete)
            handler = Handler(desk.store, RING, BOX, soft_limit=5, soft_days=60)
            handled = sorted(read_bounces(source, handler, NOW), key=lambda one: one.outcome)
            source.close()
            again = ImapSource(f"imap://all@127.0.0.1:{imap}/INBOX", "secret")
            assert list(read_bounces(again, handler, NOW)) == []
            again.close()
        assert relay.wait_for_mails(1, 0) == (1 if delete else 2)
    issue_mail, bounce = handled
    assert issue_mail.outcome == "other"
    assert (bounce.outcome, bounce.kind, bounce.status) == ("suppressed", "hard", "5.1.1")
    assert (bounce.subscriber, bounce.issue) == (1, desk.issue.id)
    with desk.store.read() as db:
        assert suppression.reason_of(db, address_of(GONE).hash) == "bounced"
        assert suppression.reason_of(db, address_of(THERE).hash) is None
        assert issues.counts(db, desk.issue.id)["accepted"] == 2
    desk.store.close()
