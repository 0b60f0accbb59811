"""Header lines of a mail: written by hand in ASCII, and read again in the finished bytes.

Nothing that a reader, a file or a setting brings can start a header of its own: controls are taken out before, and
`check` refuses bytes that hold a header, or a line, that is not ours.
"""

from __future__ import annotations

import re
import unicodedata
from email.header import Header

from reportgen.errors import ReportgenError

_PART_HEADERS = frozenset("content-type content-transfer-encoding content-id content-disposition".split())
LONGEST_LINE = 998
LONGEST_TEXT = 250
"""Characters of a text in a header; what is longer is cut."""
_HEADER = re.compile(rb"([A-Za-z-]+):[ \t][\x20-\x7e]*(?:\r\n[ \t]+[\x21-\x7e][\x20-\x7e]*)*\r\n|\Z")
_BAD_BYTE = re.compile(rb"(?<!\r)\n|\r(?!\n)|[\x00\x80-\xff]")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def one_line(text: str) -> str:
    """A text without line breaks, controls, format characters (text direction among them) and half characters."""
    spaced = " ".join(text.split())
    return " ".join("".join(c for c in spaced if unicodedata.category(c) not in _INVISIBLE).split())


def encoded(name: str, text: str) -> str:
    """A header line "Name: text", folded below 76 columns; what is not plain ASCII becomes encoded words."""
    clean = one_line(text)
    clean = clean if len(clean) <= LONGEST_TEXT else f"{clean[: LONGEST_TEXT - 3].rstrip()}..."
    charset = "us-ascii" if _is_literal(clean) else "utf-8"
    folded = Header(clean, charset, maxlinelen=76, header_name=name).encode(linesep="\r\n")
    return f"{name}: {folded}\r\n"


def mailbox(name: str, display: str, address: str) -> str:
    """A header line "Name: "display" <address>"."""
    clean = one_line(display).replace("\\", "").replace('"', "'")[:100]
    phrase = f'"{clean}"' if _is_literal(clean) else Header(clean, "utf-8", header_name=name).encode(linesep="\r\n")
    return f"{name}: {phrase} <{address}>\r\n"


def check(whole: bytes, allowed: frozenset[str]) -> None:
    """Raises ReportgenError unless the bytes are ASCII lines of a mail with none but the allowed headers."""
    bad = _BAD_BYTE.search(whole)
    if bad:
        raise ReportgenError(f"the mail holds the byte {bad[0]!r} at {bad.start()}, which mail may not.")
    if any(len(line) > LONGEST_LINE for line in whole.split(b"\r\n")):
        raise ReportgenError(f"the mail holds a line of more than {LONGEST_LINE} bytes.")
    check_headers(whole, allowed)
    for boundary in set(re.findall(rb'boundary="([^"]+)"', whole)):
        for part in whole.split(b"\r\n--" + boundary + b"\r\n")[1:]:
            check_headers(part, _PART_HEADERS)


def check_headers(block: bytes, allowed: frozenset[str]) -> None:
    """Raises ReportgenError unless the lines before the first empty one are allowed headers, each once."""
    seen: list[str] = []
    at = 0
    while not block.startswith(b"\r\n", at):
        found = _HEADER.match(block, at)
        name = found[1].decode("ascii").lower() if found and found[1] else ""
        if found is None or name not in allowed or name in seen:
            raise ReportgenError(f"the mail has a header that we do not write: {block[at : at + 40]!r}.")
        seen.append(name)
        at = found.end()


def _is_literal(text: str) -> bool:
    """Whether a header may hold the text as it is; one that looks encoded would be decoded by who reads it."""
    return text.isascii() and "=?" not in text
