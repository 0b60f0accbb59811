"""What HTML for mail may hold: a list of tags, attributes and style properties that mail programs show alike.

Nothing outside the list goes out, so that a template of the user's cannot send what half of the readers would not see.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser

from reportgen.errors import TemplateError

_CELL = frozenset("align valign width scope bgcolor colspan nowrap".split())
ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "html": frozenset({"lang"}),
    "head": frozenset(),
    "meta": frozenset({"charset", "name", "content"}),
    "title": frozenset(),
    "style": frozenset(),
    "body": frozenset({"bgcolor"}),
    "div": frozenset(),
    "table": frozenset("role width cellpadding cellspacing border align bgcolor".split()),
    "tbody": frozenset(),
    "tr": frozenset(),
    "td": _CELL,
    "th": _CELL,
    "h1": frozenset(),
    "h2": frozenset(),
    "h3": frozenset(),
    "p": frozenset(),
    "ul": frozenset(),
    "li": frozenset(),
    "a": frozenset({"href"}),
    "strong": frozenset(),
    "em": frozenset(),
    "span": frozenset(),
    "br": frozenset(),
    "img": frozenset({"src", "alt", "width", "height"}),
}
"""The tags, each with its attributes beside id, class and style."""
_EVERYWHERE = frozenset({"id", "class", "style"})
PROPERTIES = frozenset(
    "margin margin-top margin-right margin-bottom margin-left padding padding-top padding-right padding-bottom "
    "padding-left border border-top border-right border-bottom border-left border-color border-collapse "
    "background-color color font-family font-size font-weight font-style line-height text-align text-decoration "
    "vertical-align white-space width max-width height max-height overflow display".split()
)
_DISPLAYS = frozenset({"none", "block", "inline", "inline-block"})
_MEDIA = ("(max-width: 620px)", "(prefers-color-scheme: dark)")
_VALUE = re.compile(r"[-\w#.,%\s\"'!]*")
"""A value without any function: neither url() nor var(), calc() or expression()."""
_LINKS = ("https://", "http://", "mailto:", "#")
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
_FIX = "Mail programs do not all show it: use tables, plain styles and pictures sent along."


def check(html: str) -> None:
    """Raises TemplateError that names everything in the HTML that mail may not hold."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    if reader.faults:
        listing = "; ".join(dict.fromkeys(reader.faults))
        raise TemplateError(
            f"the mail holds what is not allowed in mail: {listing}.", where="templates/email", fix=_FIX
        )


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_style = tag == "style"
        if tag not in ATTRIBUTES:
            self.faults.append(f"<{tag}>")
            return
        for name, value in attrs:
            self.faults += _attribute(tag, name, value or "")
        if tag == "img" and not dict(attrs).get("alt"):
            self.faults.append("<img> without alt")

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        self._in_style = False

    def handle_data(self, data: str) -> None:
        if self._in_style:
            self.faults += _sheet(data)

    def handle_comment(self, data: str) -> None:  # noqa: ARG002
        self.faults.append("a comment")

    def unknown_decl(self, data: str) -> None:
        self.faults.append(f"<![{data}]>")


def _attribute(tag: str, name: str, value: str) -> Iterator[str]:
    if name not in ATTRIBUTES[tag] | _EVERYWHERE:
        yield f"{name} on <{tag}>"
    elif name == "style":
        yield from _declarations(value)
    elif name == "src" and not value.startswith("cid:"):
        yield f"a picture from {value[:30]!r}"
    elif name == "href" and not value.startswith(_LINKS):
        yield f"a link to {value[:30]!r}"


def _declarations(text: str) -> Iterator[str]:
    for declaration in filter(str.strip, text.split(";")):
        name, _, value = (part.strip().lower() for part in declaration.partition(":"))
        if name not in PROPERTIES:
            yield f"the style {name}"
        elif not _VALUE.fullmatch(value) or (name == "display" and value not in _DISPLAYS):
            yield f"the style {name}: {value[:40]}"


def _sheet(text: str) -> Iterator[str]:
    """Faults of a stylesheet in the head: plain rules, bare or within one of the two media queries we use."""
    rest = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    for selector, body in _RULE.findall(rest):
        yield from _declarations(body)
        if "@" in selector and not any(f"@media {media}" in selector for media in _MEDIA):
            yield f"the rule {' '.join(selector.split())[:40]}"
    left = _RULE.sub("", rest)
    for media in re.findall(r"@[^{;]*", left):
        if media.removeprefix("@media ").strip() not in _MEDIA:
            yield f"the rule {media.strip()[:40]}"
