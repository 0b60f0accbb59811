"""Mail addresses: one way to write each, and the hash by which a suppressed one is known after its erasure."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from reportgen.errors import DataError

_LONGEST = 254


class Address(NamedTuple):
    """An address in three forms.

    written: what mail is sent to, in ASCII; an international domain in its A-labels. key: the same for every way to
    write one mailbox, small letters throughout. hash: SHA-256 of the key, in hex.
    """

    written: str
    key: str
    hash: str


def address_of(text: str) -> Address:
    """Read an address as a person wrote it; spaces around it do not count.

    Raises DataError for anything else than one address, and for letters beyond ASCII before the @, which many relays
    cannot carry.
    """
    from email_validator import EmailNotValidError, validate_email

    stripped = text.strip()
    try:
        found = validate_email(
            stripped, check_deliverability=False, globally_deliverable=False, allow_smtputf8=False, strict=True
        )
    except EmailNotValidError as error:
        raise DataError(f"{stripped!r} is no mail address: {error}", fix="Write it like name@example.com.") from error
    written = f"{found.ascii_local_part}@{found.ascii_domain}"
    if len(written) > _LONGEST:
        raise DataError(f"{stripped!r} is longer than {_LONGEST} characters.", fix="Write it like name@example.com.")
    key = written.lower()
    return Address(written, key, hash_of(key))


def hash_of(key: str) -> str:
    """What `suppression` knows an address by. It hides the address from readers, not from who guesses it."""
    return hashlib.sha256(b"reportgen suppression\0" + key.encode()).hexdigest()
