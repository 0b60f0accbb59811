"""Check: in the finished HTML, every digit a reader can see has a typed origin, and no machine word has slipped out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from reportgen.gate._numerals import has_digit
from reportgen.model import Finding

_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_HIDDEN = frozenset({"style", "script", "template"})
_ORIGINS = frozenset({"data-fact", "data-run", "datetime"})
_SPOKEN = frozenset({"alt", "aria-label"})
_MACHINE_WORDS = re.compile(
    r"\b(NaN|nan|None(?! of\b)|null|undefined|inf|Infinity)\b|\{\{|\}\}|\{%|%\}|\bTODO\b|\bTBD\b|\bXXX\b"
)


_NAME = "data-run=name"
"""A proper name is not ours to judge: a company may be called Infinity."""


class _Reader(HTMLParser):
    """Collects visible texts, each with the mark of the element around it that says where its numbers come from."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.stack: list[tuple[str, str, bool]] = []
        self.texts: list[tuple[int, str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        inherited = self.stack[-1] if self.stack else ("", "", False)
        own = next((f"{name}={text}" for name, text in attrs if name in _ORIGINS), "")
        origin = own or inherited[1]
        for name, text in attrs:
            if name in _SPOKEN and text:
                self.texts.append((self.getpos()[0], text, origin))
        if tag not in _VOID:
            self.stack.append((tag, origin, inherited[2] or tag in _HIDDEN))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.stack.pop()

    def handle_endtag(self, tag: str) -> None:
        while self.stack:
            if self.stack.pop()[0] == tag:
                return

    def handle_data(self, data: str) -> None:
        _, origin, hidden = self.stack[-1] if self.stack else ("", "", False)
        if data.strip() and not hidden:
            self.texts.append((self.getpos()[0], data, origin))


def check(html: str, name: str) -> Iterator[Finding]:
    """A finding for each bare numeral and each machine word in a page's visible text.

    `name` is the page's file name, used to say where. Text inside an element that carries data-fact, data-run or
    datetime has an origin, which the check of runs compares with the facts.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    for line, text, origin in reader.texts:
        place = f"{name}, line {line}"
        if has_digit(text) and not origin:
            fix = "Let the template print typed runs only."
            yield Finding("page numbers", place, f"the number in {_short(text)!r} has no origin", fix)
        if origin != _NAME and (found := _MACHINE_WORDS.search(text)):
            fix = "Mend the rule or template that printed it."
            yield Finding("machine words", place, f"{found[0]!r} stands in {_short(text)!r}", fix)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else f"{text[:57]}..."
