"""`reportgen doctor --delivery`: one table over names, relay, keys and leaving."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reportgen.delivery.web.members import StoreMembers
from tests.delivery.test_checkup import KEY_2048

Run = Callable[..., Any]
SETTINGS = """
[delivery]
from = "brief@example.com"
base = "https://mail.example.com"
bounce_address = "bounces@example.com"
unsubscribe_mailbox = "leave@example.com"
postal_address = "1 Main Street, Springfield"
"""
DNS = {
    "example.com": {"TXT": ["v=spf1 ip4:192.0.2.1 -all"], "MX": ["10 mx.example.com."]},
    "_dmarc.example.com": {"TXT": ["v=DMARC1; p=reject; rua=mailto:dmarc@example.com"]},
    "s1._domainkey.example.com": {"TXT": [f"v=DKIM1; k=rsa; p={KEY_2048}"]},
}
WORDS = ("doctor", "--delivery", "--dns", "dns.json", "--selector", "s1")


@pytest.fixture
def place(run: Run, tmp_path: Path) -> Path:
    (tmp_path / "reportgen.toml").write_text(SETTINGS)
    (tmp_path / "dns.json").write_text(json.dumps(DNS))
    run("subscribers", "keys", "--new")
    run("subscribers", "add", "ann@example.net", "--consent-source", "form")
    return tmp_path


def test_a_set_up_that_is_well(run: Run, place: Path) -> None:
    said = run(*WORDS)
    assert said.code == 0
    assert "BAD" not in said.out
    assert "tip  relay      none is set" in said.out
    levels = {answer["what"]: answer["level"] for answer in json.loads(run(*WORDS, "--json").out)}
    assert {"SPF", "DKIM", "DMARC", "alignment", "bounces", "leaving", "relay", "store", "keys", "one click"} <= set(
        levels
    )
    assert levels.pop("relay") == "advice"
    assert set(levels.values()) == {"ok"}
    assert "1 confirmed" in run("subscribers", "lists").out


def test_everything_that_is_missing_is_told_at_once(run: Run, tmp_path: Path) -> None:
    (tmp_path / "dns.json").write_text("{}")
    (tmp_path / "reportgen.toml").write_text(
        '[delivery]\nfrom = "brief@example.com"\nrelay_host = "127.0.0.1"\nrelay_port = 9\n'
    )
    said = run("doctor", "--delivery", "--dns", "dns.json")
    assert said.code == 2
    bad = {line.split()[1] for line in said.out.splitlines() if line.startswith("BAD")}
    assert bad == {"SPF", "DMARC", "bounces", "leaving", "relay", "store", "keys"}


def test_an_application_in_which_nobody_can_leave_is_found(
    run: Run, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(StoreMembers, "leave", lambda *_: None)
    said = run(*WORDS)
    assert said.code == 2
    assert "BAD  one click" in said.out
