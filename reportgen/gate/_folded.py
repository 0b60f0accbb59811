"""A text as it can be compared with what a layout made of it."""

from __future__ import annotations

import re
import unicodedata

_SPACE = re.compile(r"[\s\u00ad]")
_HYPHEN = re.compile(r"[-‐‑](?![\d$])")
"""What layout adds or takes: spaces, and hyphens that are no minus."""
_INKLESS = frozenset({"Cc", "Cf", "Mn"})
_FOREIGN = re.compile(r"[^\x00-\u024f\u2010-\u203a€™]")


def folded(text: str) -> str:
    """A text without what fonts, capitals and layout change; letters that our fonts lack become question marks."""
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if unicodedata.category(c) not in _INKLESS)
        text = _FOREIGN.sub("?", text)
    return _HYPHEN.sub("", _SPACE.sub("", text)).casefold()
