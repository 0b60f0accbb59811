"""Takes a letter to the relay, or into the outbox folder where no relay is set."""

from __future__ import annotations

import os
import smtplib
import ssl
import tempfile
from email.message import EmailMessage
from pathlib import Path

from reportgen.config import Delivery
from reportgen.delivery.web.desk import Post
from reportgen.errors import NetworkError, WriteError

_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_PATIENCE = 30.0
"""Seconds to wait for the relay."""


def post_of(delivery: Delivery, password: str | None) -> Post:
    """How letters go out by the settings. password: the relay's, or None where it asks for none."""
    if delivery.relay_host is None:
        return lambda letter: into_folder(delivery.outbox, letter)
    return lambda letter: to_relay(delivery, password, letter)


def into_folder(folder: Path, letter: EmailMessage) -> None:
    """Write a letter as a .eml file, whole or not at all. Raises WriteError."""
    name = str(letter["Message-ID"]).strip("<>").partition("@")[0]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor, new = tempfile.mkstemp(dir=folder, prefix=".letter.")
        with os.fdopen(descriptor, "wb") as file:
            file.write(letter.as_bytes())
        Path(new).replace(folder / f"letter-{name}.eml")
    except OSError as error:
        raise WriteError(f"a letter cannot be written: {error.strerror}.", where=str(folder)) from error


def to_relay(delivery: Delivery, password: str | None, letter: EmailMessage) -> None:
    """Submit a letter, by a connection whose certificate is verified unless the relay is this machine's.

    Raises NetworkError, without the address, where the relay does not take it.
    """
    host = delivery.relay_host or ""
    port = delivery.relay_port or _PORTS[delivery.relay_tls]
    context = ssl.create_default_context(cafile=str(delivery.relay_ca) if delivery.relay_ca else None)
    try:
        with _connected(host, port, delivery.relay_tls, context) as relay:
            if delivery.relay_user is not None:
                relay.login(delivery.relay_user, password or "")
            relay.send_message(letter)
    except smtplib.SMTPRecipientsRefused as error:
        raise NetworkError("the relay refused a recipient.", where=f"{host}:{port}") from error
    except (OSError, smtplib.SMTPException) as error:
        raise NetworkError(f"the relay took no letter: {type(error).__name__}.", where=f"{host}:{port}") from error


def _connected(host: str, port: int, tls: str, context: ssl.SSLContext) -> smtplib.SMTP:
    if tls == "tls":
        return smtplib.SMTP_SSL(host, port, timeout=_PATIENCE, context=context)
    relay = smtplib.SMTP(host, port, timeout=_PATIENCE)
    if tls == "starttls":
        relay.starttls(context=context)
    return relay
