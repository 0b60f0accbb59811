"""A mail as bytes: few headers, and parts and boundaries that depend on the content alone.

No text of a fund, a file or a setting can start a header: `reportgen.headers` writes them and reads the finished bytes
again.
"""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from reportgen.headers import LONGEST_LINE, LONGEST_TEXT, check, encoded, mailbox, one_line

_PLACEHOLDERS = ("publisher@example.invalid", "subscriber@example.invalid")
_LONG_LINES = SMTP.clone(max_line_length=LONGEST_LINE, cte_type="7bit")
_ENCODED_LINES = SMTP.clone(max_line_length=76, cte_type="7bit")
HEADERS = frozenset("from to subject date message-id mime-version content-type".split())
"""The headers that the mail form has, and no others."""
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


def printable(text: str) -> str:
    """A text of many lines without controls and half characters, which no mail can carry."""
    return "".join(c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs"))


def subject(title: str, headline: str) -> str:
    """The subject: title and headline, or the title alone where both are too long for one."""
    alone = one_line(title).translate(_TYPOGRAPHIC)
    both = f"{alone}{' ' if alone.endswith(('?', '!', '.')) else ': '}{one_line(headline).translate(_TYPOGRAPHIC)}"
    if len(both) <= LONGEST_TEXT:
        return both
    return alone if len(alone) <= LONGEST_TEXT else f"{alone[: LONGEST_TEXT - 3].rstrip()}..."


def written(content: Content) -> bytes:
    """The mail as it would be handed to a relay, lines ended by CR LF; sender and recipient are placeholders.

    Raises ReportgenError where the bytes are not what a mail may be.
    """
    digest = content.digest
    sender, recipient = _PLACEHOLDERS
    lines = (
        mailbox("From", content.publication, sender),
        f"To: {recipient}\r\n",
        encoded("Subject", content.subject),
        f"Date: {format_datetime(datetime.combine(content.day, time(12), tzinfo=UTC))}\r\n",
        f"Message-ID: <{digest[:40]}@example.invalid>\r\n",
    )
    head = "".join(lines).encode("ascii")
    whole = head + _body(content, digest).as_bytes(policy=_LONG_LINES)
    check(whole, HEADERS)
    return whole


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
    as_is = text.isascii() and all(len(line) <= LONGEST_LINE for line in text.splitlines())
    part = EmailMessage(policy=_LONG_LINES if as_is else _ENCODED_LINES)
    part.set_content(text, subtype, cte="7bit" if as_is else "quoted-printable")
    del part["MIME-Version"]
    return part


def html_size(html: str) -> int:
    """How many bytes the HTML takes in the mail, encoded."""
    return len(_part(html, "html").as_bytes())
