"""Where returned mail lies: a Maildir, or a box reached by IMAP over a verified connection."""

from __future__ import annotations

import contextlib
import imaplib
import mailbox
import ssl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from reportgen.errors import DataError, NetworkError, UsageError

_PATIENCE = 60.0
"""Seconds to wait for the IMAP server."""
_HERE = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True)
class Returned:
    """One mail of a box, by the box's name for it."""

    name: str
    content: bytes


class Source(Protocol):
    """A mailbox: what is unread in it, and marking as read what has been dealt with."""

    def unread(self) -> Iterator[Returned]:
        """Each mail that is not marked as read."""

    def done(self, mail: Returned, *, recognised: bool) -> None:
        """Mark a mail as read. recognised: whether it was a report, and may be deleted where that was asked for."""


class MaildirSource:
    """A Maildir. delete: whether reports that were dealt with are removed."""

    def __init__(self, folder: Path, *, delete: bool = False) -> None:
        if not all((folder / part).is_dir() for part in ("cur", "new", "tmp")):
            fix = "It has the folders cur, new and tmp."
            raise DataError("is no Maildir.", where=str(folder), fix=fix)
        self._box = mailbox.Maildir(str(folder), factory=None, create=False)
        self._where = str(folder)
        self._delete = delete

    def unread(self) -> Iterator[Returned]:
        for key in sorted(self._box.keys()):
            with contextlib.suppress(KeyError, FileNotFoundError):  # another program has taken it away
                if "S" not in self._box.get_message(key).get_flags():
                    yield Returned(key, self._box.get_bytes(key))

    def done(self, mail: Returned, *, recognised: bool) -> None:
        with contextlib.suppress(KeyError, FileNotFoundError):
            if recognised and self._delete:
                self._box.remove(mail.name)
                return
            message = self._box.get_message(mail.name)
            message.set_subdir("cur")
            message.add_flag("S")
            self._box[mail.name] = message


class ImapSource:
    """A box on an IMAP server: imaps://user@host/INBOX, or imap:// with STARTTLS.

    Certificates are verified; without TLS it speaks to this machine only. Raises UsageError for another URL,
    NetworkError where the server cannot be reached or does not let us in.
    """

    def __init__(self, url: str, password: str, *, ca: Path | None = None, delete: bool = False) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"imap", "imaps"} or not parts.hostname or not parts.username or parts.password:
            fix = 'Write "imaps://user@host/INBOX"; the password is asked for elsewhere.'
            raise UsageError("--imap names no mailbox.", fix=fix)
        self._where = f"{parts.scheme}://{parts.hostname}"
        self._box = unquote(parts.path.lstrip("/")) or "INBOX"
        if not self._box.isprintable() or set(self._box) & set('"\\'):
            raise UsageError("--imap names no mailbox.", fix="Write its name without quotes and backslashes.")
        self._delete = delete
        context = ssl.create_default_context(cafile=str(ca) if ca else None)
        fix = "Look at user, password, box and certificate."
        try:
            self._server = _connected(parts.scheme, parts.hostname, parts.port, context)
        except (OSError, imaplib.IMAP4.error) as error:
            raise NetworkError(f"the server cannot be reached: {error}.", where=self._where, fix=fix) from error
        try:
            self._server.login(unquote(parts.username), password)
            self._expect(self._server.select(f'"{self._box}"'))
        except (OSError, imaplib.IMAP4.error) as error:
            self._server.shutdown()
            raise NetworkError(f"the mailbox cannot be opened: {error}.", where=self._where, fix=fix) from error

    def unread(self) -> Iterator[Returned]:
        try:
            numbers = self._expect(self._server.uid("SEARCH", "UNSEEN"))[0]
            for number in numbers.split() if isinstance(numbers, bytes) else []:
                parts = self._expect(self._server.uid("FETCH", number.decode(), "(BODY.PEEK[])"))
                for part in parts:
                    if isinstance(part, tuple):
                        yield Returned(number.decode(), part[1])
        except (OSError, imaplib.IMAP4.error) as error:
            raise NetworkError(f"the mailbox cannot be read: {error}.", where=self._where) from error

    def done(self, mail: Returned, *, recognised: bool) -> None:
        flags = r"(\Seen \Deleted)" if recognised and self._delete else r"(\Seen)"
        try:
            self._expect(self._server.uid("STORE", mail.name, "+FLAGS.SILENT", flags))
        except (OSError, imaplib.IMAP4.error) as error:
            raise NetworkError(f"a mail cannot be marked as read: {error}.", where=self._where) from error

    def close(self) -> None:
        """Remove what was marked for it, and leave the server."""
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            if self._delete:
                self._server.expunge()
            self._server.logout()

    def _expect(self, answer: tuple[str, Sequence[object]]) -> list[object]:
        status, data = answer
        if status != "OK":
            raise imaplib.IMAP4.error(f"the server says {status}")
        return list(data)


def _connected(scheme: str, host: str, port: int | None, context: ssl.SSLContext) -> imaplib.IMAP4:
    if scheme == "imaps":
        return imaplib.IMAP4_SSL(host, port or 993, ssl_context=context, timeout=_PATIENCE)
    server = imaplib.IMAP4(host, port or 143, timeout=_PATIENCE)
    if "STARTTLS" in server.capabilities and host not in _HERE:
        server.starttls(context)
    elif host not in _HERE:
        server.shutdown()
        raise imaplib.IMAP4.error("the server offers no TLS, and only this machine is spoken to without")
    return server
