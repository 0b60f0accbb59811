"""Which characters our fonts can draw. The PDF must not borrow a font from the machine it is made on."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from reportgen.resources import template_root

_MISSING = "?"
_INKLESS = frozenset({"Cc", "Cf", "Mn"})
"""Control and format characters and loose marks."""


@lru_cache(maxsize=1)
def _foreign() -> re.Pattern[str]:
    """Matches one character that some face lacks. The list is written together with the fonts."""
    drawn = (template_root() / "article" / "fonts" / "characters.txt").read_text(encoding="utf-8").rstrip("\n")
    return re.compile(f"[^{re.escape(drawn)}\n\t\u00ad]")


@lru_cache(maxsize=512)
def _nearest(character: str) -> str:
    """The same letter without its marks, or a question mark: "ǎ" becomes "a". What has no ink is dropped."""
    if unicodedata.category(character) in _INKLESS:
        return ""
    plain = "".join(c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c))
    return plain if plain and not _foreign().search(plain) else _MISSING


def printable(text: str) -> str:
    """The text with each character that our fonts lack replaced by the nearest one they have."""
    composed = unicodedata.normalize("NFC", text)
    return _foreign().sub(lambda found: _nearest(found[0]), composed)
