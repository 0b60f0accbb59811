"""Charts' texts set whole: WeasyPrint sets a picture's text letter by letter, so that each could have its own place.

That is a fifth of the time it takes for an article's pages, and no chart of ours places single letters. A text that
counts as one letter is set at once, with the font's kerning; to all else that WeasyPrint does with it, it is a text.
Should a later WeasyPrint not go through the letters, nothing changes but that time.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

_LETTERED = frozenset({"dx", "dy", "rotate", "letter-spacing", "textLength"})
"""Attributes that place letters, as do several numbers in x or y."""


class Whole(str):
    """A text of one letter, as far as going through its letters goes."""

    __slots__ = ()

    def __iter__(self) -> Iterator[str]:
        yield str(self)


def set_whole(svg: ModuleType) -> None:
    """Makes `weasyprint.svg` take each text at once that has one place."""

    def text(node: Any) -> str | None:  # noqa: ANN401 - WeasyPrint's nodes have no public type
        written: str | None = node._etree_node.text
        placed = (node.attrib.get(name, "").strip() for name in ("x", "y"))
        if not written or _LETTERED & node.attrib.keys() or any(" " in place or "," in place for place in placed):
            return written
        return Whole(written)

    svg.Node.text = property(text, doc=svg.Node.text.__doc__)
