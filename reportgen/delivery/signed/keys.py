"""The file of signing keys: one a line, the newest last. The newest signs; older ones still vouch for what they signed.

    # number  secret (32 bytes, base64url)                 made on
    1         2Jb0...                                      2026-01-05

Losing the file breaks every unsubscribe link that was ever mailed: keep a copy of it where the database's is kept.
"""

from __future__ import annotations

import base64
import binascii
import os
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from reportgen.errors import SettingsError, WriteError

SECRET_BYTES = 32
MOST = 255
"""Keys that a file can hold: a token names its key in one byte."""
_HEAD = "# Signing keys, the newest last: number, secret, date. Never delete a line: old unsubscribe links need it.\n"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One key. number: 1 to 255, named in every token; made: the day it was made."""

    number: int
    secret: bytes
    made: date

    def __repr__(self) -> str:
        return f"SigningKey({self.number}, {self.made.isoformat()})"


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Every key there ever was, the newest last; never empty."""

    keys: tuple[SigningKey, ...]

    @property
    def newest(self) -> SigningKey:
        return self.keys[-1]

    def find(self, number: int) -> SigningKey | None:
        """The key of a number, or None."""
        return next((key for key in self.keys if key.number == number), None)

    def recent(self, key: SigningKey) -> bool:
        """Whether a key is the newest or the one before it; others vouch for leaving and for bounces only."""
        return key in self.keys[-2:]


def read_keys(path: Path) -> KeyRing:
    """The keys of a file. Raises SettingsError where it cannot be read, is open to others, or holds a wrong line."""
    try:
        text = path.read_text(encoding="ascii")
        mode = path.stat().st_mode
    except FileNotFoundError as error:
        fix = "Make it with: reportgen subscribers keys --new"
        raise SettingsError("there are no signing keys.", where=str(path), fix=fix) from error
    except (OSError, UnicodeError) as error:
        raise SettingsError(f"cannot be read: {error}.", where=str(path), fix="Mend the file or its rights.") from error
    if os.name != "nt" and mode & 0o077:
        fix = f"Run: chmod 600 {path}"
        raise SettingsError("other users of this machine can read the signing keys.", where=str(path), fix=fix)
    lines = enumerate(text.splitlines(), start=1)
    keys = tuple(_key(line, f"{path}:{number}") for number, line in lines if line.strip() and line[0] != "#")
    numbers = [key.number for key in keys]
    if not keys or numbers != sorted(set(numbers)):
        fix = "Restore the file from its copy."
        raise SettingsError("key numbers must rise from line to line.", where=str(path), fix=fix)
    return KeyRing(keys)


def add_key(path: Path, secret: bytes, made: date) -> KeyRing:
    """Add a key to the file, or make the file; the old ones stay. The secret is 32 random bytes.

    Raises WriteError where it cannot be written, with the former file in place.
    """
    if len(secret) != SECRET_BYTES:
        raise ValueError(f"a secret has {SECRET_BYTES} bytes")
    old = read_keys(path).keys if path.exists() else ()
    number = old[-1].number + 1 if old else 1
    if number > MOST:
        raise WriteError(f"the file is full: it holds {MOST} keys.", where=str(path))
    ring = KeyRing((*old, SigningKey(number, secret, made)))
    _write(path, _HEAD + "".join(_line(key) for key in ring.keys))
    return ring


def _line(key: SigningKey) -> str:
    return f"{key.number} {base64.urlsafe_b64encode(key.secret).decode()} {key.made.isoformat()}\n"


def _key(line: str, where: str) -> SigningKey:
    try:
        number, secret, made = line.split()
        key = SigningKey(int(number), base64.b64decode(secret, altchars=b"-_", validate=True), date.fromisoformat(made))
    except (ValueError, binascii.Error) as error:
        raise SettingsError("is no key: number, secret, date.", where=where, fix="Restore the file.") from error
    if not 1 <= key.number <= MOST or len(key.secret) != SECRET_BYTES:
        raise SettingsError("is no key of 32 bytes, numbered 1 to 255.", where=where, fix="Restore the file.")
    return key


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # readable by its owner only
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except OSError as error:
        raise WriteError(f"cannot be written: {error.strerror or error}.", where=str(path)) from error
