"""A connection to the relay: one step of SMTP after the other, so that it is known how far each mail came.

Encryption is verified: a relay that should speak TLS and does not is an error, never a reason to go on in the open.
smtplib's `sendmail` would hide the step at which a mail was refused, so its parts are used.
"""

from __future__ import annotations

import contextlib
import select
import smtplib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from reportgen.delivery.mail.message import Outgoing
from reportgen.delivery.mail.replies import Reply, Stage
from reportgen.errors import SettingsError

PORTS = {"starttls": 587, "tls": 465, "none": 25}
AFTER_DOT = 600.0
"""Seconds that a relay has to answer the final dot (RFC 5321, 4.5.3.2.6)."""
STEP = 300.0
"""Seconds that it has for every other step."""
_SETUP = (ssl.SSLCertVerificationError, smtplib.SMTPNotSupportedError)
_LOCAL = ("localhost", "127.0.0.1", "::1")

Mark = Callable[[], bool]
"""Notes that the final dot comes next; False when it must not be sent, because the row is no longer ours."""


class Transport(Protocol):
    """Hands over one message and gives the answer; whatever happens on the way is an answer too."""

    def submit(self, message: Outgoing, mark: Mark) -> Reply | None:
        """The relay's answer; None when `mark` forbade to go on."""
        ...

    def close(self) -> None:
        """End politely what is open."""
        ...


@dataclass(frozen=True, slots=True)
class RelaySettings:
    """Where and how mail is submitted. ca: certificates to trust instead of the system's. Waits are in seconds."""

    host: str
    port: int
    tls: Literal["starttls", "tls", "none"]
    user: str | None = None
    password: str | None = None
    ca: Path | None = None
    step: float = STEP
    after_dot: float = AFTER_DOT
    hello: str = "localhost"

    def __post_init__(self) -> None:
        if self.tls == "none" and self.host not in _LOCAL:
            fix = 'Set relay_tls to "starttls" or "tls"; "none" is for a relay on this machine.'
            raise SettingsError(f"mail would go to {self.host} in the open.", fix=fix)
        if self.user is not None and self.password is None:
            fix = "Put it into REPORTGEN_RELAY_PASSWORD, or into a file named by relay_password_file."
            raise SettingsError(f"there is no password for {self.user} at {self.host}.", fix=fix)


class Relay:
    """A connection that is opened when it is needed and again after it broke."""

    def __init__(self, settings: RelaySettings) -> None:
        self._settings = settings
        self._smtp: smtplib.SMTP | None = None
        self._context = None if settings.tls == "none" else _context(settings.ca)

    def submit(self, message: Outgoing, mark: Mark) -> Reply | None:
        """Hand over one message, step by step."""
        steps = _Steps()
        try:
            smtp = self._smtp or self._open(steps)
            return self._converse(smtp, steps, message, mark)
        except smtplib.SMTPResponseException as error:
            self._drop()
            return Reply(steps.at, error.smtp_code, _text(error.smtp_error))
        except (OSError, smtplib.SMTPException, ValueError) as error:  # ValueError: smtplib on an answer that is none
            self._drop()
            return Reply(steps.at, None, _broken(error), setup=isinstance(error, _SETUP))

    def open(self) -> str | None:
        """Connect without sending anything; what went wrong, or None."""
        steps = _Steps()
        try:
            self._open(steps)
        except smtplib.SMTPResponseException as error:
            return str(Reply(steps.at, error.smtp_code, _text(error.smtp_error)))
        except (OSError, smtplib.SMTPException, ValueError) as error:
            return str(Reply(steps.at, None, _broken(error)))
        return None

    def close(self) -> None:
        """Say goodbye, if anybody listens."""
        if self._smtp is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self._smtp.quit()
        self._drop()

    def _open(self, steps: _Steps) -> smtplib.SMTP:
        given = self._settings
        if given.tls == "tls":
            assert self._context is not None
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                given.host, given.port, given.hello, timeout=given.step, context=self._context
            )
        else:
            smtp = smtplib.SMTP(given.host, given.port, given.hello, timeout=given.step)
        self._smtp = smtp
        _socket(smtp).setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        smtp.ehlo_or_helo_if_needed()
        if given.tls == "starttls":
            steps.at = "tls"
            smtp.starttls(context=self._context)
            smtp.ehlo_or_helo_if_needed()
        if given.user is not None:
            steps.at = "login"
            smtp.login(given.user, given.password or "")
        return smtp

    def _converse(self, smtp: smtplib.SMTP, steps: _Steps, message: Outgoing, mark: Mark) -> Reply | None:
        steps.at = "mail"
        code, text = smtp.docmd("MAIL", f"FROM:<{message.sender}>")
        if code != 250:
            return self._refused(smtp, steps.at, code, text)
        steps.at = "rcpt"
        code, text = smtp.docmd("RCPT", f"TO:<{message.recipient}>")
        if code not in (250, 251):
            return self._refused(smtp, steps.at, code, text)
        steps.at = "data"
        code, text = smtp.docmd("DATA")
        if code != 354:
            return self._refused(smtp, steps.at, code, text)
        steps.at = "body"
        line = _socket(smtp)
        line.sendall(message.quoted)
        early = self._early(smtp, line)
        if early is not None:
            return early
        if not mark():
            self._drop()
            return None
        steps.at = "dot"
        line.settimeout(self._settings.after_dot)
        line.sendall(b".\r\n" if message.quoted.endswith(b"\r\n") else b"\r\n.\r\n")
        code, text = smtp.getreply()
        line.settimeout(self._settings.step)
        if code == 421:
            self._drop()
        return Reply("dot", code if code >= 200 else None, _text(text))

    def _refused(self, smtp: smtplib.SMTP, stage: Stage, code: int, text: bytes) -> Reply:
        """An answer that ends this mail but not the connection, which is made ready for the next."""
        if code == 421 or code < 200:
            self._drop()
        else:
            with contextlib.suppress(smtplib.SMTPServerDisconnected):
                smtp.rset()
        return Reply(stage, code if code >= 200 else None, _text(text))

    def _early(self, smtp: smtplib.SMTP, line: socket.socket) -> Reply | None:
        """What the relay says, or that it closed, before the mail has ended: then the dot must not follow.

        Under TLS what has arrived may be no answer but the protocol's own, so nothing is read there.
        """
        if isinstance(line, ssl.SSLSocket) or not select.select([line], [], [], 0)[0]:
            return None
        code, text = smtp.getreply()
        self._drop()
        return Reply("body", code if 400 <= code < 600 else None, _text(text))

    def _drop(self) -> None:
        """Close without a word: in the middle of a body, a word would become part of it."""
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None


def greet(settings: RelaySettings) -> str | None:
    """Connect, encrypt, log in and leave again; what went wrong, or None."""
    relay = Relay(settings)
    try:
        return relay.open()
    finally:
        relay.close()


class _Steps:
    """How far one mail has come."""

    def __init__(self) -> None:
        self.at: Stage = "connect"


def _context(ca: Path | None) -> ssl.SSLContext:
    """Verified TLS 1.2 or newer, with the host's name checked."""
    try:
        context = ssl.create_default_context(cafile=ca)
    except (OSError, ssl.SSLError) as error:
        what = f"relay_ca holds no certificates: {error}."
        raise SettingsError(what, where=str(ca), fix="Name a PEM file.") from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _socket(smtp: smtplib.SMTP) -> socket.socket:
    line = smtp.sock
    if line is None:
        raise smtplib.SMTPServerDisconnected("the connection is closed")
    return line


def _broken(error: Exception) -> str:
    """Why there was no answer, in words."""
    match error:
        case ssl.SSLCertVerificationError():
            return f"the relay's certificate is not to be trusted: {error.verify_message}"
        case smtplib.SMTPNotSupportedError():
            return f"the relay does not offer what is needed: {error}"
        case TimeoutError():
            return "the relay did not answer in time"
        case smtplib.SMTPServerDisconnected() | ConnectionError():
            return f"the connection was closed: {error}"
    return f"{type(error).__name__}: {error}"


def _text(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return "".join(c if c.isprintable() else " " for c in text)
