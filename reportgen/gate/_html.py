"""Reads a page as a sceptical browser would: each text with its kind and origin, and all that could hide one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from typing import NamedTuple

from reportgen.gate._pieces import FORMER, squeezed, typed

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_SILENT = frozenset({"style", "script", "template"})
_FORBIDDEN = frozenset("script iframe object embed applet video audio form input textarea select base".split())
_DRAWN = frozenset("rect line circle path polyline polygon".split())
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?![.\d])|font-size\s*:\s*0(?![.\d])")
_PLAIN = re.compile(r'<([a-z][a-z0-9]*)((?: [a-z][a-z0-9-]*(?:="[^"<>]*")?)*) ?(/?)>')
_ATTRIBUTE = re.compile(r'([a-z][a-z0-9-]*)(?:="([^"]*)")?')
_RAW = frozenset("script style textarea title xmp iframe noembed noframes noscript plaintext".split())
_PAGE = "page"
"""data-run="page" marks the template's own words, which are no part of the article."""
Attributes = Mapping[str, str]


class Piece(NamedTuple):
    """A text of the page: where, in which section ("" outside), as it is compared and as it reads."""

    line: int
    section: str
    compared: str
    text: str
    kind: str


class Mark(NamedTuple):
    """An attribute that a reader may come to see or hear, or that says where a number comes from."""

    line: int
    tag: str
    attributes: Attributes
    text: str


@dataclass(slots=True)
class _Open:
    tag: str
    section: str
    kind: str
    origin: str
    hidden: bool
    drawn: bool
    line: int
    attributes: Attributes
    texts: list[str] = field(default_factory=list)


class Reader(HTMLParser):
    """The page taken apart. `sections` are the ids that the article's sections have."""

    def __init__(self, sections: frozenset[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.sections = sections
        self.stack: list[_Open] = [_Open("", "", "text", "", False, False, 0, {})]
        self.pieces: list[Piece] = []
        self.marks: list[Mark] = []
        self.styles: list[tuple[int, str]] = []
        self.faults: list[tuple[int, str]] = []
        self.title = ""
        self.metas: list[tuple[int, Attributes]] = []
        self.seen: set[str] = set()

    def parse_starttag(self, i: int) -> int:
        """A start tag as our templates write it, at a third of the cost; any other as the standard library reads it."""
        found = _PLAIN.match(self.rawdata, i)
        if found is None or found[1] in _RAW:
            return super().parse_starttag(i)
        pairs = _ATTRIBUTE.findall(found[2])
        attributes: list[tuple[str, str | None]] = [(n, unescape(v) if "&" in v else v) for n, v in pairs]
        self.lasttag = found[1]
        (self.handle_startendtag if found[3] else self.handle_starttag)(found[1], attributes)
        return found.end()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _DRAWN and self.stack[-1].drawn:
            self.stack.append(self.stack[-1])
            return
        self._begin(tag, {name: text or "" for name, text in attrs})
        if tag in VOID:
            self._end()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _DRAWN and self.stack[-1].drawn:
            return
        self._begin(tag, {name: text or "" for name, text in attrs})
        self._end()

    def _begin(self, tag: str, attributes: Attributes) -> None:
        above, line = self.stack[-1], self.getpos()[0]
        section = attributes.get("id", "")
        section = section if section in self.sections and tag == "section" else above.section
        if section != above.section:
            self.seen.add(section)
        self._judge(tag, attributes, line)
        kind, origin = _origin(tag, attributes, above)
        hidden = above.hidden or tag in _SILENT or "hidden" in attributes
        hidden = hidden or bool(_HIDING.search(attributes.get("style", "")))
        self.stack.append(_Open(tag, section, kind, origin, hidden, above.drawn or tag == "svg", line, attributes))
        if tag == "meta":
            self.metas.append((line, attributes))

    def _judge(self, tag: str, attributes: Attributes, line: int) -> None:
        if tag in _FORBIDDEN:
            self.faults.append((line, f"a <{tag}> has no place on a page"))
        for name, text in attributes.items():
            if name.startswith("on") or text.strip().lower().startswith(("javascript:", "vbscript:")):
                self.faults.append((line, f"the attribute {name} runs a program"))
            if name in ("style", "srcdoc") and "content" in text:
                self.faults.append((line, f"the attribute {name} brings its own content"))

    def handle_endtag(self, tag: str) -> None:
        if self.stack[-1].drawn and tag in _DRAWN:
            self.stack.pop()
            return
        if self.stack[-1].tag == tag:
            self._end()
            return
        line = self.getpos()[0]
        if any(each.tag == tag for each in self.stack):
            while self.stack[-1].tag != tag:
                self.faults.append((self.stack[-1].line, f"a <{self.stack[-1].tag}> is not closed"))
                self._end()
            self._end()
        else:
            self.faults.append((line, f"a </{tag}> closes nothing"))

    def _end(self) -> None:
        closed = self.stack.pop()
        self.marks.append(Mark(closed.line, closed.tag, closed.attributes, "".join(closed.texts)))

    def handle_data(self, data: str) -> None:
        top = self.stack[-1]
        if top.tag == "style":
            self.styles.append((self.getpos()[0], data))
        if top.tag == "title" and not top.drawn:
            self.title += data
            return
        if not data.strip() or top.hidden:
            return
        top.texts.append(data)
        compared = squeezed(data) if top.kind == "text" else typed(top.kind, top.origin, data)
        self.pieces.append(Piece(self.getpos()[0], top.section, "" if top.kind == _PAGE else compared, data, top.kind))

    def handle_comment(self, data: str) -> None:
        if "[if" in data:
            self.faults.append((self.getpos()[0], "a conditional comment hides what some readers see"))

    def finish(self) -> None:
        """Read to the end, and tell what was left open."""
        self.close()
        for left in self.stack[1:]:
            self.faults.append((left.line, f"a <{left.tag}> is not closed"))


def _origin(tag: str, attributes: Attributes, above: _Open) -> tuple[str, str]:
    """The kind and origin of the text in an element: its own, or those of the element around it."""
    drawn = above.drawn
    version = FORMER if "data-former" in attributes else ""
    if tag == "data" or (drawn and "data-fact" in attributes):
        return "number", f"{attributes.get('data-fact', '')}#{attributes.get('data-detail', '')}{version}"
    if tag == "time":
        return "day", f"{attributes.get('datetime', '')}#{attributes.get('data-fact', '')}{version}"
    if attributes.get("data-run") == "ref":
        return "ref", attributes.get("href", "").removeprefix("#")
    if "data-run" in attributes:
        return attributes["data-run"], ""
    classes = attributes.get("class", "").split()
    if tag == "span" and classes[:1] == ["verdict"] and len(classes) > 1:
        return "verdict", classes[1]
    return above.kind, above.origin
