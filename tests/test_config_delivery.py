"""The table [delivery] of reportgen.toml."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.config import read_settings
from reportgen.errors import SettingsError

WHOLE = """
[delivery]
store = "postgresql://mail@db.example.com/mail"
lists = ["weekly", "monthly"]
outbox = "mails"
relay_host = "smtp.example.com"
relay_port = 465
relay_tls = "tls"
relay_user = "brief"
relay_password_file = "secret/password"
relay_ca = "secret/ca.pem"
from = "brief@example.com"
from_name = "The Friday Brief"
reply_to = "editor@example.com"
bounce_address = "bounces@example.com"
list_id = "weekly.example.com"
base = "https://mail.example.com"
archive = "https://example.com/archive"
unsubscribe_mailbox = "leave@example.com"
postal_address = "1 Main Street, Springfield"
key_file = "secret/keys"
pdf = "linked"
pdf_link = "https://example.com/{as_of}/{slug}/article.pdf"
resend = "resend"
connections = 4
most_per_run = 5000
expire_hours = 48
test_addresses = ["me@example.com"]
"""


def read(folder: Path, text: str) -> Path:
    path = folder / "reportgen.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_key_of_delivery_reaches_its_field(tmp_path: Path) -> None:
    delivery = read_settings(read(tmp_path, WHOLE)).delivery
    assert delivery.store == "postgresql://mail@db.example.com/mail"
    assert delivery.lists == ("weekly", "monthly")
    assert delivery.outbox == tmp_path / "mails"
    assert (delivery.relay_host, delivery.relay_port, delivery.relay_tls) == ("smtp.example.com", 465, "tls")
    assert (delivery.relay_user, delivery.relay_password_file) == ("brief", tmp_path / "secret/password")
    assert delivery.relay_ca == tmp_path / "secret/ca.pem"
    assert (delivery.sender, delivery.sender_name) == ("brief@example.com", "The Friday Brief")
    assert (delivery.reply_to, delivery.bounce_address) == ("editor@example.com", "bounces@example.com")
    assert (delivery.list_id, delivery.unsubscribe_mailbox) == ("weekly.example.com", "leave@example.com")
    assert (delivery.base, delivery.archive) == ("https://mail.example.com", "https://example.com/archive")
    assert delivery.postal_address == "1 Main Street, Springfield"
    assert delivery.key_file == tmp_path / "secret/keys"
    assert (delivery.pdf, delivery.pdf_link) == ("linked", "https://example.com/{as_of}/{slug}/article.pdf")
    assert (delivery.resend, delivery.connections, delivery.most_per_run) == ("resend", 4, 5000)
    assert (delivery.expire_hours, delivery.test_addresses) == (48, ("me@example.com",))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('from = "Brief <brief@example.com>"', "must be a mail address"),
        ('from = "brief@example.com\\r\\nBcc: all@example.com"', "must be a mail address"),
        ('relay_host = "smtp.example.com:25"', "must be a host"),
        ('relay_tls = "maybe"', "must be one of starttls, tls, none"),
        ("relay_port = 70000", "from 1 to 65535"),
        ("connections = true", "from 1 to 32"),
        ('base = "http://mail.example.com"', "must be an address"),
        ('lists = ["Weekly"]', "short name"),
        ("lists = []", "at least one list"),
        ('list_id = "weekly>\\nX: y"', "must be a host"),
        ('test_addresses = ["me"]', "must be a mail address"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, line: str, told: str) -> None:
    with pytest.raises(SettingsError, match=told) as caught:
        read_settings(read(tmp_path, f"[delivery]\n{line}\n"))
    assert "reportgen.toml:2: " in str(caught.value)
