"""Addresses to which mail comes back: each names its issue and subscriber, and is signed, so that nobody can forge it.

    bounces@example.com  ->  bounces+<token>@example.com

The token is in lower-case base32, because some hosts change the case of an address on its way; it is at most 64
characters with its mailbox, which is what SMTP allows before the @.
"""

from __future__ import annotations

import base64
import binascii
from datetime import datetime

from reportgen.delivery.signed.keys import KeyRing
from reportgen.delivery.signed.tokens import Purpose, opened, signed
from reportgen.errors import SettingsError

LONGEST_LOCAL = 64


def return_address(ring: KeyRing, mailbox: str, says: str) -> str:
    """The envelope's sender of one mail; `says` names its issue and subscriber. Raises SettingsError when too long."""
    box, _, domain = mailbox.rpartition("@")
    token = base64.b32encode(signed(ring.newest, Purpose.RETURN, says, None)).decode().rstrip("=").lower()
    local = f"{box}+{token}"
    if len(local) > LONGEST_LOCAL:
        what = f"the mailbox {mailbox} is too long: with its token it takes {len(local)} characters before the @."
        raise SettingsError(what, fix=f"Name one that is {len(local) - LONGEST_LOCAL} characters shorter.")
    return f"{local}@{domain}"


def read_return(ring: KeyRing, mailbox: str, address: str, now: datetime) -> str | None:
    """What the token in an address says; None where the address is not one of ours, or forged."""
    local, _, domain = address.strip().strip("<>").rpartition("@")
    box, _, own = mailbox.rpartition("@")
    head, plus, token = local.partition("+")
    if not plus or head.lower() != box.lower() or domain.lower() != own.lower():
        return None
    claim = opened(ring, Purpose.RETURN, _bytes(token), now)
    return claim.says if claim is not None else None


def _bytes(token: str) -> bytes:
    upper = token.upper()
    try:
        raw = base64.b32decode(upper + "=" * (-len(upper) % 8))
    except (binascii.Error, ValueError):
        return b""
    return raw if base64.b32encode(raw).decode().rstrip("=") == upper else b""
