"""A mail as bytes: few headers, each written by hand in ASCII; parts and boundaries that depend on the content alone.

No text of a fund, a file or a setting can start a header: controls are taken out before, and the finished bytes are
read again after.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from reportgen.errors import ReportgenError

_PLACEHOLDERS = ("publisher@example.invalid", "subscriber@example.invalid")
_LONG_LINES = SMTP.clone(max_line_length=998, cte_type="7bit")
_ENCODED_LINES = SMTP.clone(max_line_length=76, cte_type="7bit")
_LONGEST_SUBJECT = 250
_LONGEST_NAME = 100
_HEADERS = frozenset("from to subject date message-id mime-version content-type".split())
_PART_HEADERS = frozenset("content-type content-transfer-encoding content-id content-disposition".split())
_HEADER = re.compile(rb"([A-Za-z-]+):[ \t][\x20-\x7e]*(?:\r\n[ \t]+[\x21-\x7e][\x20-\x7e]*)*\r\n|\Z")
_TYPOGRAPHIC = str.maketrans(
    {"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-", "\u00a0": " ", "…": "..."}
)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that travels with the mail; `cid` is what the HTML calls it by."""

    name: str
    cid: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Content:
    """What a mail says, before it is addressed."""

    publication: str
    subject: str
    day: date
    text: str
    html: str
    pictures: tuple[Picture, ...]

    @property
    def digest(self) -> str:
        """A hash of everything in it."""
        parts = (self.publication, self.subject, self.day.isoformat(), self.text, self.html)
        whole = hashlib.sha256()
        for part in (*map(str.encode, parts), *(picture.content for picture in self.pictures)):
            whole.update(len(part).to_bytes(8, "big") + part)
        return whole.hexdigest()


def clean(text: str) -> str:
    """One line of text without controls, format characters (text direction among them) and half characters."""
    spaced = " ".join(text.split())
    return " ".join("".join(c for c in spaced if unicodedata.category(c) not in _INVISIBLE).split())


_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def printable(text: str) -> str:
    """A text of many lines without controls and half characters, which no mail can carry."""
    return "".join(c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs"))


def subject(title: str, headline: str) -> str:
    """The subject: title and headline, or the title alone where both are too long for one."""
    alone = clean(title).translate(_TYPOGRAPHIC)
    both = f"{alone}{' ' if alone.endswith(('?', '!', '.')) else ': '}{clean(headline).translate(_TYPOGRAPHIC)}"
    if len(both) <= _LONGEST_SUBJECT:
        return both
    return alone if len(alone) <= _LONGEST_SUBJECT else f"{alone[: _LONGEST_SUBJECT - 3].rstrip()}..."


def written(content: Content) -> bytes:
    """The mail as it would be handed to a relay, lines ended by CR LF; sender and recipient are placeholders.

    Raises ReportgenError where the bytes are not what a mail may be.
    """
    digest = content.digest
    name = content.publication.replace("\\", "").replace('"', "'")[:_LONGEST_NAME]
    sender, recipient = _PLACEHOLDERS
    headers = (
        f"From: {_phrase(name)} <{sender}>",
        f"To: {recipient}",
        f"Subject: {_encoded(content.subject, 'Subject')}",
        f"Date: {format_datetime(datetime.combine(content.day, time(12), tzinfo=UTC))}",
        f"Message-ID: <{digest[:40]}@example.invalid>",
    )
    head = "".join(f"{header}\r\n" for header in headers).encode("ascii")
    whole = head + _body(content, digest).as_bytes(policy=_LONG_LINES)
    check(whole)
    return whole


def _phrase(name: str) -> str:
    return f'"{name}"' if _is_literal(name) else _encoded(name, "From")


def _is_literal(text: str) -> bool:
    """Whether a header may hold the text as it is; one that looks encoded would be decoded by who reads it."""
    return text.isascii() and "=?" not in text


def _encoded(text: str, header: str) -> str:
    charset = "us-ascii" if _is_literal(text) else "utf-8"
    return Header(text, charset, maxlinelen=76, header_name=header).encode(linesep="\r\n")


def _body(content: Content, digest: str) -> EmailMessage:
    message = EmailMessage(policy=_LONG_LINES)
    message["MIME-Version"] = "1.0"
    message.make_alternative(boundary=f"=_alternative_{digest[:32]}")
    message.attach(_part(content.text, "plain"))
    related = EmailMessage(policy=_LONG_LINES)
    related.make_related(boundary=f"=_related_{digest[:32]}")
    related.set_param("type", "text/html")
    related.attach(_part(content.html, "html"))
    for picture in content.pictures:
        part = EmailMessage(policy=_ENCODED_LINES)
        part.set_content(
            picture.content, "image", "png", disposition="inline", filename=picture.name, cid=f"<{picture.cid}>"
        )
        del part["MIME-Version"]
        related.attach(part)
    message.attach(related)
    return message


def _part(text: str, subtype: str) -> EmailMessage:
    """A text as a part: as it is where it is ASCII in lines that mail may have, else quoted-printable."""
    as_is = text.isascii() and all(len(line) <= 998 for line in text.splitlines())
    part = EmailMessage(policy=_LONG_LINES if as_is else _ENCODED_LINES)
    part.set_content(text, subtype, cte="7bit" if as_is else "quoted-printable")
    del part["MIME-Version"]
    return part


def html_size(html: str) -> int:
    """How many bytes the HTML takes in the mail, encoded."""
    return len(_part(html, "html").as_bytes())


def check(whole: bytes) -> None:
    """Raises ReportgenError unless the bytes are ASCII lines of a mail with none but the headers we write."""
    bare = re.search(rb"(?<!\r)\n|\r(?!\n)|[\x00\x80-\xff]", whole)
    if bare:
        raise ReportgenError(f"the mail holds the byte {bare[0]!r} at {bare.start()}, which mail may not.")
    if any(len(line) > 998 for line in whole.split(b"\r\n")):
        raise ReportgenError("the mail holds a line of more than 998 bytes.")
    _check_headers(whole, _HEADERS)
    for boundary in set(re.findall(rb'boundary="([^"]+)"', whole)):
        for part in whole.split(b"\r\n--" + boundary + b"\r\n")[1:]:
            _check_headers(part, _PART_HEADERS)


def _check_headers(block: bytes, allowed: frozenset[str]) -> None:
    seen: list[str] = []
    at = 0
    while not block.startswith(b"\r\n", at):
        found = _HEADER.match(block, at)
        name = found[1].decode("ascii").lower() if found and found[1] else ""
        if found is None or name not in allowed or name in seen:
            raise ReportgenError(f"the mail has a header that we do not write: {block[at : at + 40]!r}.")
        seen.append(name)
        at = found.end()
