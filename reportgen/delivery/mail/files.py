"""Where no relay is set: every message as an .eml file, which mail programs open."""

from __future__ import annotations

import contextlib
import os
import threading
from pathlib import Path

from reportgen.delivery.mail.message import Outgoing
from reportgen.delivery.mail.relay import Mark
from reportgen.delivery.mail.replies import Reply
from reportgen.errors import WriteError


class Files:
    """Writes messages into a folder, one a file, named by Message-ID: the same message again is the same file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def submit(self, message: Outgoing, mark: Mark) -> Reply | None:
        """Write one file whole or not at all. Raises WriteError where that cannot be."""
        path = self._folder / f"{message.message_id.partition('@')[0]}.eml"
        return Reply("dot", 250, f"written to {path.name}") if write(path, message.plain, mark) else None

    def close(self) -> None:
        """Nothing is open."""


def write(path: Path, content: bytes, mark: Mark) -> bool:
    """Write a file whole or not at all; False, and no file, when `mark` forbids it. Raises WriteError."""
    new = path.with_name(f".{path.name}.new-{os.getpid()}-{threading.get_ident()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with new.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if not mark():
            return False
        new.replace(path)
    except OSError as error:
        fix = "Free space or mend the folder's permissions, then send again: nothing is lost."
        raise WriteError(f"cannot be written: {error.strerror}.", where=str(path), fix=fix) from error
    finally:
        with contextlib.suppress(OSError):
            new.unlink(missing_ok=True)
    return True
