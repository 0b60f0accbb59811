"""The table [delivery]: the mail store, the relay, who writes, and how the web part is reached."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from reportgen.config._checks import Check, Key, link, list_of, one_of, text

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_HOST = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*|[0-9a-fA-F:]+")
_BASE = re.compile(r"https://[A-Za-z0-9.-]+(?::[0-9]+)?(?:/[-\w.~/%]*)?|http://(?:localhost|127\.0\.0\.1)(?::[0-9]+)?")

TLS = ("starttls", "tls", "none")
RESEND = ("hold", "resend")
PDF = ("none", "attached", "linked")


@dataclass(frozen=True, slots=True)
class Delivery:
    """How issues reach subscribers; what sending needs and has no default is None until it is set."""

    store: str = "sqlite:///mail.db"
    lists: tuple[str, ...] = ("weekly",)
    outbox: Path = Path("outbox")
    relay_host: str | None = None
    relay_port: int | None = None
    relay_tls: Literal["starttls", "tls", "none"] = "starttls"
    relay_user: str | None = None
    relay_password_file: Path | None = None
    relay_ca: Path | None = None
    sender: str | None = None
    sender_name: str | None = None
    reply_to: str | None = None
    bounce_address: str | None = None
    list_id: str | None = None
    base: str | None = None
    archive: str | None = None
    unsubscribe_mailbox: str | None = None
    postal_address: str | None = None
    key_file: Path | None = None
    pdf: Literal["none", "attached", "linked"] = "none"
    pdf_link: str | None = None
    resend: Literal["hold", "resend"] = "hold"
    connections: int = 1
    batch: int = 50
    most_per_run: int | None = None
    expire_hours: int = 72
    test_addresses: tuple[str, ...] = ()


def address(value: object) -> str | None:
    """A bare mail address in ASCII."""
    fits = isinstance(value, str) and _ADDRESS.fullmatch(value)
    return None if fits else 'must be a mail address such as "brief@example.com"'


def list_name(value: object) -> str | None:
    fits = isinstance(value, str) and _NAME.fullmatch(value)
    return None if fits else 'must be a short name in small letters, digits and hyphens, such as "weekly"'


def host(value: object) -> str | None:
    return None if isinstance(value, str) and _HOST.fullmatch(value) else 'must be a host such as "smtp.example.com"'


def base(value: object) -> str | None:
    """The root of the web part, without a query: https, or http on this machine alone."""
    fits = isinstance(value, str) and _BASE.fullmatch(value)
    return None if fits else 'must be an address such as "https://mail.example.com"'


def whole(least: int, most: int) -> Check:
    """A whole number within bounds."""

    def check(value: object) -> str | None:
        fits = isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
        return None if fits else f"must be a whole number from {least} to {most}"

    return check


def names(value: object) -> str | None:
    """A list of at least one list's name."""
    return list_of(list_name, "list names")(value) or (None if value else "must name at least one list")


DELIVERY_KEYS: Mapping[str, Key] = {
    "store": Key("delivery.store", text, 'the mail store: "sqlite:///mail.db" or "postgresql://user@host/database"'),
    "lists": Key("delivery.lists", names, "the lists that can be subscribed to; the first is the default"),
    "outbox": Key("delivery.outbox", text, "where mails are written as .eml files when no relay is set", path=True),
    "relay_host": Key("delivery.relay_host", host, "the host to which mails are submitted"),
    "relay_port": Key("delivery.relay_port", whole(1, 65535), "its port; 587 for starttls, 465 for tls, 25 for none"),
    "relay_tls": Key("delivery.relay_tls", one_of(*TLS), "starttls, tls, or none (on this machine only)"),
    "relay_user": Key("delivery.relay_user", text, "the user name at the relay"),
    "relay_password_file": Key(
        "delivery.relay_password_file", text, "a file that holds the password, unless REPORTGEN_RELAY_PASSWORD does",
        path=True,
    ),
    "relay_ca": Key("delivery.relay_ca", text, "certificates to trust instead of the system's (PEM)", path=True),
    "from": Key("delivery.sender", address, "the address that issues come from"),
    "from_name": Key("delivery.sender_name", text, "the name beside it; the publication's where it is left out"),
    "reply_to": Key("delivery.reply_to", address, "where answers go"),
    "bounce_address": Key(
        "delivery.bounce_address", address, "the envelope's sender; +token is added before the @ for each mail"
    ),
    "list_id": Key("delivery.list_id", host, 'the List-Id, such as "weekly.example.com"'),
    "base": Key("delivery.base", base, "the address of the web part, with https"),
    "archive": Key("delivery.archive", base, "the address of the archive, for List-Archive; base where it is left out"),
    "unsubscribe_mailbox": Key("delivery.unsubscribe_mailbox", address, "the mailbox for unsubscribing by mail"),
    "postal_address": Key("delivery.postal_address", text, "the publisher's postal address, at the end of every mail"),
    "key_file": Key("delivery.key_file", text, "the file of secret keys for tokens and Message-IDs", path=True),
    "pdf": Key("delivery.pdf", one_of(*PDF), "none, attached or linked"),
    "pdf_link": Key("delivery.pdf_link", link, "where the PDF will be, for linked; {as_of} and {slug} are filled in"),
    "resend": Key("delivery.resend", one_of(*RESEND), "what becomes of mails in doubt: hold or resend"),
    "connections": Key("delivery.connections", whole(1, 32), "how many connections to the relay a sender opens"),
    "batch": Key(
        "delivery.batch", whole(1, 1000), "how many mails are claimed at once; see docs/delivery.md"
    ),
    "most_per_run": Key("delivery.most_per_run", whole(1, 10**9), "how many mails one run sends at most"),
    "expire_hours": Key("delivery.expire_hours", whole(1, 24 * 30), "hours after freezing when the unsent expire"),
    "test_addresses": Key("delivery.test_addresses", list_of(address, "mail addresses"), "where test mails may go"),
}  # fmt: skip
