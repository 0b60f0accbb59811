"""Builds one recipient's message from the one that all share: a join of prepared pieces and a few short tokens."""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import format_datetime
from typing import TYPE_CHECKING

from reportgen.delivery.mail.template import HEADERS, MARKS
from reportgen.errors import ReportgenError
from reportgen.headers import check, check_headers

if TYPE_CHECKING:  # so that a letter can be sent without a mail store
    from reportgen.delivery.store.outbox import Claim

_MARK = re.compile(rb"\x00([a-z-]+)\x00")
_TOKEN = re.compile(rb"[\x21-\x7e](?:[\x20-\x7e]{0,300}[\x21-\x7e])?")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message ready for a relay. quoted: its bytes with dots doubled at line starts, without the final dot."""

    sender: str
    recipient: str
    message_id: str
    quoted: bytes

    @property
    def plain(self) -> bytes:
        """The message as the recipient gets it."""
        return self.quoted.replace(b"\r\n..", b"\r\n.")


@dataclass(frozen=True, slots=True)
class Builder:
    """Makes the messages of one issue.

    sender_of: a subscriber's return address; leave_of and lists_of: the tokens to leave and to choose lists by; id_of:
    the Message-ID, the same on every try.
    """

    head: tuple[bytes, ...]
    body: tuple[bytes, ...]
    sender_of: Callable[[int], str]
    leave_of: Callable[[int], str]
    lists_of: Callable[[int], str]
    id_of: Callable[[int], str]

    def build(self, claim: Claim) -> Outgoing:
        """The message of one claim: the same bytes on every try. Raises ReportgenError rather than let a header in."""
        who = claim.subscriber
        message_id = self.id_of(who)
        tokens = {
            b"to": claim.address,
            b"date": format_datetime(claim.dated_at),
            b"message-id": message_id,
            b"leave": self.leave_of(who),
        }
        if b"lists" in self.body:
            tokens[b"lists"] = self.lists_of(who)
        safe = {name: _safe(value) for name, value in tokens.items()}
        head = _filled(self.head, safe)
        check_headers(head + b"\r\n", HEADERS)
        return Outgoing(self.sender_of(who), claim.address, message_id, head + _filled(self.body, safe))


def pieces(template: bytes) -> tuple[bytes, ...]:
    """A template cut at its marks, dots at line starts doubled: text, mark, text, mark, ..., text.

    Raises ReportgenError for a mark that is not known, or bytes that mail may not hold.
    """
    cut = _MARK.split(template)
    unknown = {name.decode() for name in cut[1::2]} - set(MARKS)
    if unknown:
        raise ReportgenError(f"the frozen message holds the unknown mark {min(unknown)!r}.")
    return tuple(part if at % 2 else part.replace(b"\r\n.", b"\r\n..") for at, part in enumerate(cut))


def checked(head: bytes, body: bytes) -> None:
    """Raises ReportgenError unless head and body, with an ordinary recipient's words, are a mail that may be sent."""
    sample = {name.encode(): b"x" * 60 for name in MARKS}
    whole = b"".join(_filled(tuple(_MARK.split(part)), sample) for part in (head, body))
    check(whole, HEADERS)


def message_id(secret: bytes, issue: str, domain: str) -> Callable[[int], str]:
    """Message-IDs by HMAC from (issue, subscriber): the same on every try, and nobody's number can be read from one.

    issue: what names the issue beyond this store, such as its name and the moment it was frozen.
    """

    def id_of(subscriber: int) -> str:
        mac = hmac.digest(secret, f"reportgen message-id 1\0{issue}\0{subscriber}".encode(), "sha256")
        return f"{base64.b32encode(mac[:20]).decode().lower()}@{domain}"

    return id_of


def _filled(cut: tuple[bytes, ...], tokens: Mapping[bytes, bytes]) -> bytes:
    return b"".join([tokens[part] if at % 2 else part for at, part in enumerate(cut)])


def _safe(value: str) -> bytes:
    """A recipient's word as bytes that cannot end a line. Raises ReportgenError for any other."""
    raw = value.encode("ascii", "replace")
    if not value.isascii() or not _TOKEN.fullmatch(raw):
        raise ReportgenError(f"a recipient's own word may not stand in a header: {value!r}.")
    return raw
