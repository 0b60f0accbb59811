"""Short signed texts that stand in links and addresses: what they say, nobody else can say.

A token is base64url of: the key's number (1 byte), the minute it was made (4 bytes, 0 for never), what it says, and
16 bytes of HMAC-SHA256 over its purpose and all of that. A token of one purpose says nothing for another. Checking
takes the same work and gives the same answer, whatever is wrong with a token.

Leaving never expires, under any key that there ever was. Other purposes expire, and count under the two newest keys
only: so a leaked key is retired by making two new ones.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from reportgen.delivery.signed.keys import KeyRing, SigningKey

MAC_BYTES = 16
HEAD_BYTES = 5
LONGEST = 600
"""Characters of the longest token that is looked at."""
_NOBODY = b"\0" * 32


class Purpose(StrEnum):
    """What a token is good for."""

    LEAVE = "leave"
    CONFIRM = "confirm"
    PREFERENCES = "preferences"
    RETURN = "return"


LIFETIME: dict[Purpose, timedelta | None] = {
    Purpose.LEAVE: None,
    Purpose.CONFIRM: timedelta(days=7),
    Purpose.PREFERENCES: timedelta(days=90),
    Purpose.RETURN: None,
}
"""How long a token of each purpose counts; None for ever."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a valid token says, and when it was made (None where it never expires)."""

    says: str
    made: datetime | None


def sign(ring: KeyRing, purpose: Purpose, says: str, made: datetime | None = None) -> str:
    """A token that says a short text. The same words at the same minute give the same token.

    made: with its time zone; needed where the purpose expires, and left out where it does not.
    """
    if (made is None) != (LIFETIME[purpose] is None):
        raise ValueError(f"a token to {purpose} needs {'no' if made else 'its'} time")
    return _text(signed(ring.newest, purpose, says, made))


def check(ring: KeyRing, purpose: Purpose, token: str, now: datetime) -> Claim | None:
    """What a token says, or None where it is not one of ours, is for another purpose, or has expired."""
    return opened(ring, purpose, _bytes(token), now)


def signed(key: SigningKey, purpose: Purpose, says: str, made: datetime | None) -> bytes:
    """A token's bytes."""
    minute = 0 if made is None else int(made.timestamp()) // 60
    body = bytes([key.number]) + minute.to_bytes(4, "big") + says.encode()
    return body + _mac(key.secret, purpose, body)


def opened(ring: KeyRing, purpose: Purpose, raw: bytes, now: datetime) -> Claim | None:
    """What a token's bytes say, or None. One HMAC and one comparison, whatever is wrong with them."""
    body, mac = raw[:-MAC_BYTES], raw[-MAC_BYTES:]
    key = ring.find(raw[0]) if len(raw) >= HEAD_BYTES + MAC_BYTES else None
    right = hmac.compare_digest(mac, _mac(key.secret if key else _NOBODY, purpose, body))
    if key is None or not right:
        return None
    minute = int.from_bytes(body[1:HEAD_BYTES], "big")
    made = datetime.fromtimestamp(minute * 60, UTC) if minute else None
    lifetime = LIFETIME[purpose]
    if lifetime is not None and (made is None or not ring.recent(key) or now > made + lifetime):
        return None
    try:
        return Claim(body[HEAD_BYTES:].decode(), made)
    except UnicodeDecodeError:
        return None


def _mac(secret: bytes, purpose: Purpose, body: bytes) -> bytes:
    return hmac.digest(secret, f"reportgen {purpose} 1\0".encode() + body, "sha256")[:MAC_BYTES]


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(token: str) -> bytes:
    """A token's bytes; empty for a text that is not exactly how we write them."""
    if len(token) > LONGEST or not token.isascii():
        return b""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""
    return raw if _text(raw) == token else b""
