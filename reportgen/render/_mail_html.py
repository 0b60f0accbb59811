"""Makes a mail's HTML out of the template's: styles inlined, classes dropped, ASCII only, no line over 900 bytes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from reportgen.errors import TemplateError
from reportgen.render import _mail_lint
from reportgen.render._styles import read

if TYPE_CHECKING:
    import css_inline

_LONGEST_LINE = 900
"""RFC 5322 allows 998 bytes; a line within the limit needs no encoding that would lengthen it."""
_NO_COLORS: Mapping[str, str] = MappingProxyType({})
_VOID = frozenset({"meta", "br", "img"})
_PIECES = re.compile(r"<[^>]*>|[^<]+")


def made(page: str, folders: tuple[Path, ...], colors: Mapping[str, str] = _NO_COLORS) -> str:
    """The HTML to send. colors: what stands in the styles in place of colors of ours.

    Raises TemplateError where the template or its styles hold what mail may not hold.
    """
    import css_inline

    try:
        inlined = _inliner(_recolored(read("email/mail.css", folders), colors)).inline(page)
    except (css_inline.InlineError, ValueError) as mistake:
        raise TemplateError(f"the mail's styles cannot be inlined: {mistake}.", where="templates/email") from mistake
    writer = _Writer()
    writer.feed(inlined)
    writer.close()
    sheet = " ".join(read("email/head.css", folders).split())
    html = "".join(writer.written).replace("</head>", f"<style>{sheet}</style></head>", 1)
    _mail_lint.check(html)
    return "".join(_folded(line) for line in html.splitlines() if line.strip())


def _recolored(styles: str, colors: Mapping[str, str]) -> str:
    for ours, theirs in colors.items():
        styles = styles.replace(ours, theirs)
    return styles


@lru_cache(maxsize=4)
def _inliner(styles: str) -> css_inline.CSSInliner:
    import css_inline

    return css_inline.CSSInliner(extra_css=styles, load_remote_stylesheets=False, minify_css=True)


class _Writer(HTMLParser):
    """Writes HTML anew: without classes, which only the inlining needed, every other character escaped to ASCII."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.written: list[str] = ["<!DOCTYPE html>\n"]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = "".join(f' {name}="{_ascii(value or "")}"' for name, value in attrs if name != "class")
        self.written.append(f"<{tag}{kept}>")

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            self.written.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.written.append(_ascii(data, quote=False))

    def handle_comment(self, data: str) -> None:
        self.written.append(f"<!--{_ascii(data)}-->")


def _ascii(text: str, *, quote: bool = True) -> str:
    return escape(text, quote=quote).encode("ascii", "xmlcharrefreplace").decode("ascii")


def _folded(line: str) -> str:
    """A line, broken at spaces between words where it is too long; never inside a tag."""
    lines, length = [""], 0
    for piece in _PIECES.findall(line.strip()):
        words = [piece] if piece.startswith("<") else re.split(r"(?<= )", piece)
        for word in words:
            if length + len(word) > _LONGEST_LINE and lines[-1].endswith(" "):
                lines.append("")
                length = 0
            lines[-1] += word
            length += len(word)
    return "\n".join(map(str.rstrip, lines)) + "\n"
