"""The message that all recipients of an issue share, as bytes with marks where each one's own words go.

A mark is its name between two NUL bytes, which no mail may hold otherwise. In quoted-printable text a mark stands on a
line of its own, between soft breaks, so that what replaces it can neither be split nor make a line too long.
"""

from __future__ import annotations

import base64
import hashlib
import html as markup
import quopri
from collections.abc import Iterator
from dataclasses import dataclass

from reportgen import headers as written
from reportgen.delivery.mail.content import Content, Enclosure
from reportgen.errors import DataError

MARKS = ("to", "date", "message-id", "leave", "lists")
"""What differs from one recipient to the next; "leave" and "lists" are the tokens at the end of links."""
HEADERS = frozenset(
    (
        "from to subject date message-id reply-to list-id list-unsubscribe list-unsubscribe-post list-archive "
        "precedence mime-version content-type"
    ).split()
)
"""The headers that a mail has, and no others."""
_QUOTED_LINE = 76
LARGEST_HTML = 82_000
"""Bytes of encoded HTML: 80,000 for the issue's own and 2,000 for what delivery adds at its end."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes, and what stands at the end of every mail.

    leave: the start of the link to leave by, before its token; leave_mail: the mailbox to leave by writing to, if any.
    lists: the start of the link to choose lists by; None where there is only one.
    archive and list_id go into the headers; postal is the publisher's address, pdf a link; both may be None.
    """

    name: str
    address: str
    reply_to: str | None
    list_id: str
    list_title: str
    archive: str | None
    postal: str | None
    pdf: str | None
    leave: str
    leave_mail: str | None
    lists: str | None = None


def mark(name: str) -> str:
    """The mark of a name."""
    return f"\0{name}\0"


def headers(content: Content, sender: Sender) -> bytes:
    """The header lines, with marks, up to the first of the body's own."""
    leave = f"<{sender.leave}{mark('leave')}>"
    if sender.leave_mail:
        leave += f", <mailto:{sender.leave_mail}?subject={mark('leave')}>"
    lines = [
        written.mailbox("From", sender.name, sender.address),
        f"To: {mark('to')}\r\n",
        *([f"Reply-To: {sender.reply_to}\r\n"] if sender.reply_to else []),
        written.encoded("Subject", content.subject),
        f"Date: {mark('date')}\r\n",
        f"Message-ID: <{mark('message-id')}>\r\n",
        f"List-Id: <{sender.list_id}>\r\n",
        f"List-Unsubscribe: {leave}\r\n",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
        *([f"List-Archive: <{sender.archive}>\r\n"] if sender.archive else []),
        "Precedence: list\r\n",
    ]
    return "".join(lines).encode("ascii")


def body(content: Content, sender: Sender) -> bytes:
    """The body with its MIME headers: the same content gives the same bytes.

    Raises DataError where the HTML with its end is larger than mail programs show whole.
    """
    digest = _digest(content, sender)
    page = _quoted(_with_end(content.html, sender))
    if len(page) > LARGEST_HTML:
        what = f"its HTML takes {len(page):,} bytes encoded; more than {LARGEST_HTML:,} would be clipped."
        raise DataError(what, fix="Leave sections out in the settings, and make the issue again.")
    related = _multipart(
        f"=_related_{digest}",
        [_text("html", page), *map(_enclosed, content.pictures)],
    )
    alternative = _multipart(
        f"=_alternative_{digest}",
        [_text("plain", _quoted(content.text + _text_end(sender))), _typed("related", f"=_related_{digest}", related)],
    )
    if not content.attached:
        return b"MIME-Version: 1.0\r\n" + _typed("alternative", f"=_alternative_{digest}", alternative)
    inner = _typed("alternative", f"=_alternative_{digest}", alternative)
    mixed = _multipart(f"=_mixed_{digest}", [inner, *map(_enclosed, content.attached)])
    return b"MIME-Version: 1.0\r\n" + _typed("mixed", f"=_mixed_{digest}", mixed)


def _digest(content: Content, sender: Sender) -> str:
    parts = (content.subject, content.text, content.html, _text_end(sender))
    whole = hashlib.sha256()
    for part in (*map(str.encode, parts), *(e.content for e in (*content.pictures, *content.attached))):
        whole.update(len(part).to_bytes(8, "big") + part)
    return whole.hexdigest()[:32]


def _typed(kind: str, boundary: str, content: bytes) -> bytes:
    return f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode() + content


def _multipart(boundary: str, parts: list[bytes]) -> bytes:
    dashes = b"--" + boundary.encode()
    return b"".join(dashes + b"\r\n" + part + b"\r\n" for part in parts) + dashes + b"--\r\n"


def _text(subtype: str, quoted: bytes) -> bytes:
    kind = f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    return kind.encode() + quoted


def _enclosed(file: Enclosure) -> bytes:
    name = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "_" for c in file.name)
    kind = [
        f'Content-Type: {file.media_type}; name="{name}"',
        "Content-Transfer-Encoding: base64",
        f'Content-Disposition: {"inline" if file.cid else "attachment"}; filename="{name}"',
        *([f"Content-ID: <{file.cid}>"] if file.cid else []),
    ]
    encoded = base64.encodebytes(file.content).replace(b"\n", b"\r\n")
    return "\r\n".join(kind).encode("ascii") + b"\r\n\r\n" + encoded


def _quoted(text: str) -> bytes:
    """Quoted-printable, lines ended by CR LF, every mark on a line of its own."""
    pieces = text.split("\0")
    done = [quopri.encodestring(piece.encode(), quotetabs=False) for piece in pieces[::2]]
    whole = done[0]
    for name, following in zip(pieces[1::2], done[1:], strict=True):
        whole = _with_room(whole) + b"=\n\0" + name.encode() + b"\0=\n" + following
    return whole.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _with_room(quoted: bytes) -> bytes:
    """The text with room for one more character on its last line, which may have the 76 that a line can hold."""
    start = quoted.rfind(b"\n") + 1
    if len(quoted) - start < _QUOTED_LINE:
        return quoted
    cut = start + _QUOTED_LINE // 2
    while b"=" in quoted[cut - 2 : cut]:  # not within an escape such as =3D
        cut -= 1
    return quoted[:cut] + b"=\n" + quoted[cut:]


def _text_end(sender: Sender) -> str:
    lines = [
        "",
        "--------",
        f"You receive this because you confirmed your subscription to {written.one_line(sender.list_title)}.",
        "To leave it:",
        f"{sender.leave}{mark('leave')}",
        *(["To choose what you receive:", f"{sender.lists}{mark('lists')}"] if sender.lists else []),
        *([f"The same as a PDF: {sender.pdf}"] if sender.pdf else []),
        *([written.one_line(sender.postal)] if sender.postal else []),
    ]
    return "\n".join(lines) + "\n"


def _with_end(html: str, sender: Sender) -> str:
    """The HTML with the end that every mail has: why it comes, how to leave, who sends it."""
    before, tag, after = html.rpartition("</body>")
    if not tag:
        raise DataError("its HTML has no end of a body.", fix="Make the issue again with --format html,pdf,mail.")
    return f"{before}{''.join(_html_end(sender))}{tag}{after}"


def _html_end(sender: Sender) -> Iterator[str]:
    style = "margin:0 0 8px;font-family:Arial, sans-serif;font-size:12px;line-height:1.5;color:#555c66"
    cell = "width:100%;max-width:600px;background-color:#ffffff"
    plain = '<table role="presentation" cellpadding="0" cellspacing="0" border="0"'
    yield f'{plain} width="100%" bgcolor="#eef1f5"><tbody><tr><td align="center" style="padding:0 0 12px">\n'
    yield f'{plain} width="600" bgcolor="#ffffff" style="{cell}"><tbody><tr><td id="end" style="padding:16px 20px">\n'
    title = markup.escape(written.one_line(sender.list_title))
    yield f'<p style="{style}">You receive this because you confirmed your subscription to {title}. '
    yield f'<a href="{markup.escape(sender.leave)}{mark("leave")}" style="color:#16457f">Unsubscribe</a></p>\n'
    if sender.lists:
        link = f'<a href="{markup.escape(sender.lists)}{mark("lists")}" style="color:#16457f">'
        yield f'<p style="{style}">{link}Choose what you receive</a></p>\n'
    if sender.pdf:
        link = f'<a href="{markup.escape(sender.pdf)}" style="color:#16457f">The same as a PDF</a>'
        yield f'<p style="{style}">{link}</p>\n'
    if sender.postal:
        yield f'<p style="{style}">{markup.escape(written.one_line(sender.postal))}</p>\n'
    yield "</td></tr></tbody></table>\n</td></tr></tbody></table>\n"
