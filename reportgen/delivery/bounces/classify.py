"""What a returned mail reports: a delivery status (RFC 3464), a complaint (RFC 5965), or what flufl.bounce makes of it.

hard       the mailbox is not there: 5.1.x about the recipient, 5.2.1, 5.4.4, or words to that effect
soft       it is there, and did not take this mail: full, too slow, retried in vain
blocked    the host refuses us (5.7.x): a matter of the sender's name, and no mark against the subscriber
complaint  the reader called it spam
delayed    still being tried; a later report says how it ended
other      none of these: an answer from a person or an absent one
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from typing import Literal

Kind = Literal["hard", "soft", "blocked", "complaint", "delayed", "other"]
"""Kinds, the gravest first where one mail reports on several recipients."""
_GRAVITY: tuple[Kind, ...] = ("complaint", "hard", "soft", "blocked", "delayed", "other")
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_ABOUT_SENDER = {("1", "7"), ("1", "8")}
_VAGUE = {("0", "0"), ("5", "0")}
_GONE_BESIDES = {("2", "1"), ("4", "4")}
_NOBODY = re.compile(
    r"user unknown|unknown (?:user|recipient|account|mailbox)|no such (?:user|recipient|mailbox|account|address)|"
    r"(?:user|mailbox|recipient|account|address)[^.\n]{0,60}"
    r"(?:does(?: not|n't) exist|not found|unknown|disabled|inactive)|"
    r"invalid (?:recipient|mailbox|user)|recipient (?:address )?rejected: (?:user|undeliverable)|unrouteable address|"
    r"host (?:or domain name )?not found|domain does not exist|recipientnotfound",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    r"spam|blacklist|blocklist|block list|\bdnsbl\b|reputation|dmarc|\bspf\b|\bdkim\b|authenticat|policy|unsolicited",
    re.IGNORECASE,
)
_NO_COMPLAINT = {"not-spam"}
_BROKEN = (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError)
"""What flufl.bounce and the standard library raise on mail that is malformed on purpose."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a mail reports. status: such as "5.1.1", where it is told; told: the remote host's words, shortened."""

    kind: Kind
    status: str | None = None
    told: str = ""


def classify(mail: Message) -> Report:
    """What a mail reports; "other" for whatever is not understood."""
    reports = list(_reports(mail))
    if not reports:
        return _by_words(mail)
    return min(reports, key=lambda report: _GRAVITY.index(report.kind))


def by_status(action: str, status: str | None, told: str) -> Report:
    """What one recipient's fields mean, by RFC 3463's codes first and the remote host's words second."""
    words = " ".join(told.split())[:300]
    if action != "failed":
        return Report("delayed" if action == "delayed" else "other", status, words)
    code = _code(status, told)
    if code is None:
        return Report(_worded(words), status, words)
    return Report(_coded(*code, words), ".".join(code), words)


def _coded(major: str, subject: str, detail: str, words: str) -> Kind:
    """What a code of a failed delivery means; a code that says nothing about the recipient leaves it to the words."""
    if subject == "7":
        return "blocked"
    if major != "5":
        return "soft"
    if (subject, detail) in _VAGUE or (subject, detail) in _ABOUT_SENDER:
        return _worded(words)
    return "hard" if subject == "1" or (subject, detail) in _GONE_BESIDES else "soft"


def fields_of(mail: Message, part_type: str) -> Iterator[Message]:
    """The groups of fields in the parts of one type, such as message/delivery-status: one a recipient, and a first."""
    for part in mail.walk():
        if part.get_content_type() != part_type:
            continue
        payload = part.get_payload()
        if isinstance(payload, list):
            yield from (group for group in payload if isinstance(group, Message))
        elif isinstance(payload, str):
            yield from _groups(payload)


def _reports(mail: Message) -> Iterator[Report]:
    for fields in fields_of(mail, "message/feedback-report"):
        kind = str(fields.get("Feedback-Type", "")).strip().lower()
        if kind:
            yield Report("other" if kind in _NO_COMPLAINT else "complaint", None, kind[:60])
    for fields in fields_of(mail, "message/delivery-status"):
        action = str(fields.get("Action", "")).strip().lower().partition(" ")[0]
        if action:
            yield by_status(action, _text(fields, "Status"), _text(fields, "Diagnostic-Code") or "")


def _groups(text: str) -> Iterator[Message]:
    """Groups of fields that the parser has left as text, because their part was encoded."""
    from email.parser import HeaderParser

    for group in re.split(r"\r?\n[ \t]*\r?\n", text):
        yield HeaderParser().parsestr(group.strip() + "\n\n")


def _text(fields: Message, name: str) -> str | None:
    value = fields.get(name)
    return None if value is None else str(value).strip()


def _code(status: str | None, told: str) -> tuple[str, str, str] | None:
    """The code of the status field; the one in the host's words where the field says no more than 5.0.0 or nothing."""
    by_field = _STATUS.search(status or "")
    by_words = _STATUS.search(told)
    vague = by_field is None or (by_field[2], by_field[3]) == ("0", "0")
    found = by_words if vague and by_words is not None else by_field
    return None if found is None else (found[1], found[2], found[3])


def _worded(words: str) -> Kind:
    """What a host's words mean where its code says nothing."""
    if _NOBODY.search(words):
        return "hard"
    return "blocked" if _REFUSED.search(words) else "soft"


def _by_words(mail: Message) -> Report:
    """What flufl.bounce makes of a mail that is no proper report."""
    from flufl.bounce import all_failures

    logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)  # it tells of each malformed mail, with a traceback
    try:
        temporary, permanent = all_failures(mail)
    except _BROKEN:
        return Report("other")
    if permanent:
        return Report("hard")
    return Report("soft" if temporary else "other")
