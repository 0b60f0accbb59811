"""What an issue says, read from the mail file that its folder holds: subject, text, HTML, pictures."""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

from reportgen.errors import DataError
from reportgen.headers import one_line

_FIX = "Make the issue again with --format html,pdf,mail."


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that travels with a mail: a picture that the HTML shows by its content-id, or an attached PDF."""

    name: str
    media_type: str
    content: bytes
    cid: str | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """What a mail says, before it is addressed."""

    subject: str
    text: str
    html: str
    pictures: tuple[Enclosure, ...]
    attached: tuple[Enclosure, ...] = ()


def read_mail(raw: bytes, where: str) -> Content:
    """The content of a mail file of ours: alternative(text, related(HTML, pictures)); its headers count for nothing
    but the subject.

    Raises DataError for a file that is not such a mail, or whose HTML shows a picture that it does not hold.
    """
    message = message_from_bytes(raw, policy=policy.default)
    texts = [part for part in message.walk() if part.get_content_type() == "text/plain"]
    pages = [part for part in message.walk() if part.get_content_type() == "text/html"]
    subject = one_line(str(message.get("Subject", "")))
    if not subject or len(texts) != 1 or len(pages) != 1:
        raise DataError("is not a mail with a subject, one text and one page of HTML.", where=where, fix=_FIX)
    pictures = tuple(_picture(part, where) for part in message.walk() if part.get_content_maintype() == "image")
    html = str(pages[0].get_content())
    missing = set(_cids(html)) ^ {picture.cid for picture in pictures}
    if missing:
        what = f"its pictures and its HTML do not agree on {min(map(str, missing))}."
        raise DataError(what, where=where, fix=_FIX)
    return Content(subject, _lines(str(texts[0].get_content())), _lines(html), pictures)


def _picture(part: EmailMessage, where: str) -> Enclosure:
    cid = str(part.get("Content-ID", "")).strip("<> ")
    content = part.get_content()
    if not cid or not isinstance(content, bytes):
        raise DataError("holds a picture without a content-id.", where=where, fix=_FIX)
    return Enclosure(part.get_filename() or f"{cid}.png", part.get_content_type(), content, cid)


def _cids(html: str) -> list[str]:
    return [piece.partition('"')[0] for piece in html.split('"cid:')[1:]]


def _lines(text: str) -> str:
    return "\n".join(text.splitlines()).rstrip("\n") + "\n"
