"""Whom a returned mail is about: always by a signed token of ours, never by an address that anybody can write."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from itertools import islice

from reportgen.delivery.bounces.classify import fields_of
from reportgen.delivery.signed.keys import KeyRing
from reportgen.delivery.signed.links import Told, bounced, told
from reportgen.delivery.signed.tokens import Purpose

_ENVELOPE = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-RCPT-To", "To")
_ORIGINAL = ("Return-Path", "X-Original-Return-Path", "Original-Mail-From")
_LINK = re.compile(r"/leave/([A-Za-z0-9_-]{20,200})|subject=([A-Za-z0-9_-]{20,200})")
_ADDRESS = re.compile(r"""[^\s<>,;:"()@]{1,64}@[^\s<>,;:"()@]{1,255}""")
_WORD = re.compile(r"[A-Za-z0-9_-]{20,200}")
_MOST = 50
"""Addresses and tokens that are tried: enough for any real report, and an end for one made to keep us busy."""


@dataclass(frozen=True, slots=True)
class Whose:
    """The subscriber, and the issue where it is known."""

    subscriber: int
    issue: int | None


def whose(mail: Message, ring: KeyRing, mailbox: str, now: datetime) -> Whose | None:
    """Whom a report is about; None where it bears no token of ours, or a forged one."""
    for address in islice(_addresses(mail), _MOST):
        found = bounced(ring, mailbox, address, now)
        if found is not None:
            return Whose(found.subscriber, found.issue)
    for token in islice(_tokens(mail), _MOST):
        said = told(ring, Purpose.LEAVE, token, now)
        if said is not None:
            return Whose(said.subscriber, None)
    return None


def who_leaves(mail: Message, ring: KeyRing, now: datetime) -> Told | None:
    """Who asks to leave by a mail with the token as its subject; None for any other mail, answered by machines too."""
    if str(mail.get("Auto-Submitted", "no")).strip().lower() != "no":
        return None
    for word in _WORD.findall(_unfolded(mail.get("Subject")))[:_MOST]:
        said = told(ring, Purpose.LEAVE, word, now)
        if said is not None:
            return said
    return None


def _addresses(mail: Message) -> Iterator[str]:
    """To whom it came; then, in reports that come to another address of ours, from whom the original went out."""
    yield from _written(mail, _ENVELOPE)
    for fields in fields_of(mail, "message/feedback-report"):
        yield from _written(fields, _ORIGINAL)
    for original in _originals(mail):
        yield from _written(original, _ORIGINAL)


def _written(fields: Message, names: tuple[str, ...]) -> Iterator[str]:
    """The addresses in some of a mail's fields."""
    for name in names:
        for value in fields.get_all(name, []):
            yield from _ADDRESS.findall(_unfolded(value))


def _tokens(mail: Message) -> Iterator[str]:
    """The tokens in the List-Unsubscribe header of the original mail, which a report brings along."""
    for original in _originals(mail):
        for value in original.get_all("List-Unsubscribe", []):
            yield from (link or subject for link, subject in _LINK.findall(_unfolded(value)))


def _originals(mail: Message) -> Iterator[Message]:
    """The mail that a report is about, or its headers."""
    from email.parser import HeaderParser

    for part in mail.walk():
        kind, payload = part.get_content_type(), part.get_payload()
        if kind == "message/rfc822" and isinstance(payload, list):
            yield from (inner for inner in payload if isinstance(inner, Message))
        elif kind in {"text/rfc822-headers", "message/rfc822-headers"} and isinstance(payload, str):
            yield HeaderParser().parsestr(payload)


def _unfolded(value: object) -> str:
    return re.sub(r"\r?\n[ \t]", "", str(value or ""))
