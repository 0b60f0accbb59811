"""`reportgen bounces`: from a mailbox into the store."""

from __future__ import annotations

import json
import mailbox
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reportgen.delivery.signed.keys import read_keys
from tests.delivery.bounces import letters
from tests.delivery.bounces.test_bounces import filled

Run = Callable[..., Any]


@pytest.fixture
def box(run: Run, tmp_path: Path) -> mailbox.Maildir:
    (tmp_path / "reportgen.toml").write_text('[delivery]\nbounce_address = "bounces@example.com"\n')
    run("subscribers", "add", "ann@example.net", "--consent-source", "form")
    run("subscribers", "keys", "--new")
    return mailbox.Maildir(str(tmp_path / "box"), create=True)


def test_a_bounce_suppresses_and_is_told(run: Run, box: mailbox.Maildir, tmp_path: Path) -> None:
    box.add(filled(letters.POSTFIX, ring=read_keys(tmp_path / "mail.keys")))
    box.add(filled(letters.POSTFIX))
    said = run("bounces", "--maildir", "box")
    assert said.code == 0
    assert said.out.splitlines()[:2] == ["     2 mails read", "     1 suppressed: never written to again"]
    assert "forged" in said.out
    assert run("subscribers", "add", "ann@example.net", "--consent-source", "form").code == 6
    box.add(filled(letters.POSTFIX, ring=read_keys(tmp_path / "mail.keys")))
    lines = [json.loads(line) for line in run("bounces", "--maildir", "box", "--json").out.splitlines()]
    assert [line["event"] for line in lines] == ["again", "read"]
    assert (lines[0]["subscriber"], lines[0]["issue"], lines[0]["status"]) == (1, 7, "5.1.1")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ([], 2),
        (["--maildir", "box", "--imap", "imaps://a@b/INBOX"], 2),
        (["--maildir", "absent"], 4),
        (["--imap", "imaps://ann@127.0.0.1:9/INBOX"], 4),
        (["--imap", "imaps://ann@127.0.0.1/IN%22BOX"], 2),
        (["--imap", "http://ann@127.0.0.1/INBOX"], 2),
        (["--imap", "imaps://ann:secret@127.0.0.1/INBOX"], 2),
    ],
)
def test_a_mailbox_that_cannot_be_read_is_told(
    run: Run, box: mailbox.Maildir, monkeypatch: pytest.MonkeyPatch, words: list[str], code: int
) -> None:
    monkeypatch.setenv("REPORTGEN_IMAP_PASSWORD", "x")
    said = run("bounces", *words)
    assert said.code == code
    assert "secret" not in said.err


def test_without_its_password_or_address_no_box_is_read(run: Run, box: mailbox.Maildir, tmp_path: Path) -> None:
    assert run("bounces", "--imap", "imaps://ann@127.0.0.1/INBOX").code == 2
    (tmp_path / "reportgen.toml").write_text("")
    said = run("bounces", "--maildir", "box")
    assert said.code == 2
    assert "bounce_address" in said.err
