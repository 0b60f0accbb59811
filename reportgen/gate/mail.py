"""Check: the finished mail, read from its bytes, says what the article says: in its HTML and in its text alike.

A mail may leave out whole sections, when it names them; nothing else may be lost, added or changed. Its numbers carry
no marks of their facts: the article's typed runs are checked as such, and here the words are compared with theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser

from reportgen.gate import _numerals
from reportgen.gate._pieces import squeezed
from reportgen.gate._walk import texts
from reportgen.gate.words import BANNED, MACHINE, short
from reportgen.model import (
    MARKS,
    Article,
    Artifact,
    Block,
    Bullets,
    Figure,
    Finding,
    Paragraph,
    Section,
    Table,
    plain,
    unlinked,
)

_ALWAYS = frozenset("answer summary returns risk week moves changed watch sources corrections disclosures".split())
"""The sections that no mail leaves out."""
_FOOT = "elsewhere"
"""The id of what the mail says about the sections that it leaves out."""
_FIX = "Make the mail again, from typed runs only."
_BRACKETS = str.maketrans("", "", "[]")
_WORD = re.compile(r"\S+")


def check(article: Article, artifact: Artifact) -> Iterator[Finding]:
    """A finding for each difference between a mail and the article that it is to tell."""
    message = message_from_bytes(artifact.content, _class=EmailMessage, policy=default)
    for what in _faults(article, message):
        yield Finding("mail", artifact.name, what, _FIX, file=artifact.name)


def _faults(article: Article, message: EmailMessage) -> Iterator[str]:
    html, text = message.get_body(("html",)), message.get_body(("plain",))
    if not isinstance(html, EmailMessage) or not isinstance(text, EmailMessage):
        yield "it lacks its HTML or its text"
        return
    reader = _Reader({section.id for section in article.sections})
    reader.feed(html.get_content())
    reader.close()
    told = tuple(section for section in article.sections if section.id in reader.found)
    yield from _headers(article, message)
    yield from _left_out(article, told, reader)
    yield from _html(article, told, reader)
    yield from _text(article, told, text.get_content(), reader.found.get(_FOOT, ""))
    yield from _pictures(article, message, reader.sources)


def _headers(article: Article, message: EmailMessage) -> Iterator[str]:
    subject = str(message["Subject"] or "")
    title, headline = plain(article.masthead.title), plain(article.masthead.headline)
    above = f"{title} {headline} {title}: {headline}"
    if not subject.strip() or (lost := _strange(subject, above)):
        yield (
            f"its subject {short(subject)!r} is not the article's"
            if not subject.strip()
            else f"{lost!r} in its subject"
        )
    if not message["Date"] or parsedate_to_datetime(str(message["Date"])).date() != article.issue_date:
        yield "its date is not the issue date"


def _left_out(article: Article, told: tuple[Section, ...], reader: _Reader) -> Iterator[str]:
    """Sections that a mail must tell, and those left out without a word."""
    foot = reader.found.get(_FOOT, "")
    empty = {section.id for section in article.sections if not section.blocks}
    for section in article.sections:
        if section in told:
            continue
        if section.id in _ALWAYS:
            yield f"the section {section.id!r} is left out"
        elif section.id not in empty and _bare(plain(section.heading)) not in foot:
            yield f"the section {section.id!r} is left out without a word"
    rest = foot
    for section in sorted(article.sections, key=lambda each: -len(plain(each.heading))):
        rest = rest.replace(_bare(plain(section.heading)), "")
    if _numerals.has_digit(rest):
        yield "the number at its end has no origin"


def _html(article: Article, told: tuple[Section, ...], reader: _Reader) -> Iterator[str]:
    expected = {"": "".join(map(_bare, _head(article))), **{s.id: "".join(map(_bare, _said(article, s))) for s in told}}
    for id_, whole in expected.items():
        shown = reader.found.get(id_, "")
        if shown != whole:
            at = next(
                (i for i, (a, b) in enumerate(zip(shown, whole, strict=False)) if a != b), min(len(shown), len(whole))
            )
            place = f"section {id_!r}" if id_ else "head"
            yield f"its {place} shows {shown[max(at - 24, 0) : at + 24]!r}, not {whole[max(at - 24, 0) : at + 24]!r}"
    previews = (_bare(plain(article.masthead.headline)), *(whole for id_, whole in expected.items() if id_))
    if not any(reader.hidden in whole for whole in previews):
        yield f"its preview {short(reader.hidden)!r} is not the article's"
    if squeezed(reader.title) != squeezed(plain(article.masthead.title)):
        yield f"it is titled {reader.title!r}"


def _text(article: Article, told: tuple[Section, ...], text: str, foot: str) -> Iterator[str]:
    """Every piece of the article stands in the plain text, and no number that is not the article's."""
    lines = [line.removeprefix("! ") for line in text.splitlines()]
    shown = _bare("".join(lines))
    pieces = [*_head(article), *(piece for section in told for piece in _said(article, section))]
    for piece in pieces:
        if _bare(piece) not in shown:
            yield f"its text lacks {short(piece)!r}"
    if strange := _strange(text, " ".join(pieces) + foot):
        yield f"the number in {strange!r} of its text has no origin"
    for pattern in (MACHINE, BANNED):
        known = {found[0] for _, runs in texts(article) for found in pattern.finditer(plain(runs))}
        for found in pattern.finditer(text):
            if found[0] not in known:
                yield f"{found[0]!r} stands in its text"


def _strange(text: str, known: str) -> str | None:
    """The first word with a digit that is not among those known; a colon behind it makes a label of a column's head."""
    squeezed_known = _bare(known)
    words = (word for word in _WORD.findall(text) if _numerals.has_digit(word) and not word.startswith("https://"))
    return next((word for word in words if _bare(word.removesuffix(":")) not in squeezed_known), None)


def _pictures(article: Article, message: EmailMessage, sources: list[str]) -> Iterator[str]:
    sent = {
        str(part["Content-ID"] or "").strip("<> "): part.get_content()
        for part in message.walk()
        if part.get_content_type() == "image/png"
    }
    if set(sources) != {f"cid:{cid}" for cid in sent}:
        yield "its pictures are not those that its HTML shows"
    painted = [chart.images.get("image/png") for chart in article.charts.values()]
    logo = article.brand.mail_logo
    painted += [logo.content] if logo is not None else []
    if any(content not in painted for content in sent.values()):
        yield "one of its pictures is neither a chart of the article nor the logo"


def _head(article: Article) -> Iterator[str]:
    masthead = article.masthead
    yield plain(article.banner)
    if article.brand.mail_logo is not None:
        yield masthead.publication  # the logo says the same
    yield masthead.publication
    yield plain(masthead.title)
    yield plain(masthead.headline)
    for label, content in masthead.lines:
        yield plain(label)
        yield plain(content)


def _said(article: Article, section: Section) -> Iterator[str]:
    yield plain(section.heading)
    for block in section.blocks:
        yield from _block(article, block)


def _block(article: Article, block: Block) -> Iterator[str]:
    match block:
        case Paragraph(runs=runs, verdict=verdict):
            yield plain(unlinked(runs)) + MARKS.get(verdict, "")
        case Bullets(items=items):
            yield from (plain(title) + plain(unlinked(runs)) for title, runs in items)
        case Table(caption=caption, head=rows, body=body, note=note):
            yield plain(caption)
            yield from (plain(cell.runs) for row in (*rows, *body) for cell in row)
            yield plain(note)
        case Figure(chart=name, caption=caption):
            spec = article.charts[name].spec
            yield spec.spoken
            yield plain(caption)


def _bare(text: str) -> str:
    """A text without spaces and the brackets around verdicts."""
    return squeezed(text).translate(_BRACKETS)


class _Reader(HTMLParser):
    """What a mail's HTML shows, by section: from the heading that has its id on, to the next; alternatives included."""

    def __init__(self, sections: set[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.sections = sections | {_FOOT}
        self.found: dict[str, str] = {"": ""}
        self.sources: list[str] = []
        self.hidden = self.title = ""
        self._now, self._silent = "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if (id_ := attributes.get("id")) in self.sections and id_:
            self._now = id_
            self.found.setdefault(id_, "")
        if tag in ("title", "style") or "display:none" in squeezed(attributes.get("style") or ""):
            self._silent = tag
        if tag == "img":
            self.sources.append(attributes.get("src") or "")
            self.found[self._now] += _bare(attributes.get("alt") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._silent:
            self._silent = ""

    def handle_data(self, data: str) -> None:
        if self._silent == "title":
            self.title += data
        elif self._silent and self._silent != "style":
            self.hidden += _bare(data)
        elif not self._silent:
            self.found[self._now] += _bare(data)
