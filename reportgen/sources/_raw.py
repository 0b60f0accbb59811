"""A file as bytes with its hash, and as text; what is not the table it claims to be is named."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from reportgen.errors import DataError
from reportgen.resources import leads_out

# The largest real file, a fund's 15,000 holdings, has 4 MB; anything far beyond that is not ours to read.
_LARGEST = 256 * 1024 * 1024
_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_HTML = re.compile(r"<(!doctype|html|head|body|script|\?xml[^>]*>\s*<html)\b", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]*>\s*([^<]{1,80}?)\s*</title>", re.IGNORECASE)


@dataclass(frozen=True)
class RawFile:
    """The content of one file. `name` is its path below the data folder: what issues and sources call it."""

    path: Path
    name: str
    content: bytes

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @cached_property
    def text(self) -> str:
        """The content as text. Raises DataError for bytes that are no text."""
        for mark, encoding in _BYTE_ORDER_MARKS:
            if self.content.startswith(mark):
                return self._decoded(encoding)
        try:
            self.content.decode("utf-8")
        except UnicodeDecodeError:
            return self._decoded("cp1252")
        return self._decoded("utf-8")

    def _decoded(self, encoding: str) -> str:
        try:
            text = self.content.decode(encoding)
        except UnicodeDecodeError:
            raise self.error("The file is not text in a known encoding.", fix="Save it as UTF-8.") from None
        if "\0" in text:
            raise self.error("The file is binary, not a table in text.", fix="Export it as CSV.")
        # Old spreadsheets end lines with a carriage return alone.
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def error(self, what: str, *, line: int | None = None, fix: str | None = None) -> DataError:
        """A DataError that names this file and, if known, the line."""
        return DataError(what, where=self.name if line is None else f"{self.name}:{line}", fix=fix)


def read_raw(path: Path, root: Path | None = None) -> RawFile:
    """The file at `path`, named by its path below `root`.

    Raises DataError when it cannot be read, is empty, or is a link out of `root`: whoever packed a folder of data must
    not be able to have other files of ours read and printed.
    """
    name = path.relative_to(root).as_posix() if root is not None and path.is_relative_to(root) else path.name
    if root is not None and leads_out(path, root):
        fix = "Copy the file itself there, or name the folder that holds it."
        raise DataError("The file is a link that leads out of the data folder.", where=name, fix=fix)
    try:
        if path.stat().st_size > _LARGEST:
            raise DataError("The file is far larger than any table of daily data.", where=name, fix="Check what it is.")
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"The file cannot be read: {error.strerror}.", where=name) from None
    if not content.strip():
        raise DataError("The file is empty.", where=name, fix="Download it again or remove it.")
    return RawFile(path, name, content)


def refuse_markup(raw: RawFile) -> None:
    """Raises DataError, saying what was found, when a file that should be a table is a web page or JSON."""
    head = raw.text[:4096].lstrip()
    if _HTML.match(head):
        title = _TITLE.search(raw.text[:65536])
        called = f' titled "{title.group(1)}"' if title else ""
        raise raw.error(
            f"The file is an HTML page{called}, not a table.", fix="Download the data themselves and save them again."
        )
    if head.startswith(("{", "[")):
        raise raw.error("The file is JSON, not a table.", fix="Export it as CSV.")
