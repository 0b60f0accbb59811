"""Check: the finished HTML shows the article, section by section: nothing lost, nothing added, nothing hidden."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from reportgen.gate import _numerals, _pieces
from reportgen.gate._html import Attributes, Piece, Reader
from reportgen.gate.runs import days_of, known_names
from reportgen.gate.words import BANNED, MACHINE, short
from reportgen.model import DIFFERENCE, Article, Fact, Finding, plain

_HIDDEN_NAMES = ("title", "alt", "aria-label", "aria-description", "placeholder", "summary", "label", "data-as-of")
_CONTENT = re.compile(r"content\s*:\s*([^;}]*)")
_QUOTED = re.compile(r"\"([^\"]*)\"|'([^']*)'")
_WORD = re.compile(r"\w+")
_HOVER_WORDS = frozenset("less and to as of source sources observations observation for".split())
"""The words between a number's facts in what is shown over it."""
_TAG = re.compile(r"⟦[^⟧]*⟧")
_FIX = "Let the template print typed runs only."
_TECHNICAL = frozenset({"viewport", "color-scheme", "theme-color", "generator"})


def check(article: Article, html: str, name: str) -> Iterator[Finding]:
    """A finding for each difference between a page and the article that it is to show. `name` is the file's name."""
    reader = Reader(frozenset(section.id for section in article.sections))
    reader.feed(html)
    reader.finish()

    def finding(check_name: str, line: int, message: str, fact: str = "") -> Finding:
        return Finding(check_name, f"{name}, line {line}", message, _FIX, file=name, line=line or None, fact=fact)

    for line, message in reader.faults:
        yield finding("page markup", line, message)
    for piece in reader.pieces:
        for check_name, message in _words(piece):
            yield finding(check_name, piece.line, message)
    found = (
        *_differences(article, reader),
        *_attributes(article, reader),
        *_links(reader),
        *_images(article, reader),
        *_styles(reader),
    )
    for line, message, fact in found:
        yield finding("page", line, message, fact)


def _words(piece: Piece) -> Iterator[tuple[str, str]]:
    if piece.kind in ("text", "page"):
        if _numerals.has_digit(piece.text):
            yield "page numbers", f"the number in {short(piece.text)!r} has no origin"
        for pattern, check_name in ((MACHINE, "machine words"), (BANNED, "banned words")):
            if found := pattern.search(piece.text):
                yield check_name, f"{found[0]!r} stands in {short(piece.text)!r}"


def _differences(article: Article, reader: Reader) -> Iterator[tuple[int, str, str]]:
    """Where the page's text departs from the article's."""
    found: dict[str, list[Piece]] = defaultdict(list)
    for piece in reader.pieces:
        found[piece.section].append(piece)
    for id_, expected in _pieces.parts(article, narrow=True):
        shown = "".join(piece.compared for piece in found[id_])
        if id_ not in reader.seen:
            yield 0, f"the section {id_!r} is missing", ""
        elif shown != expected:
            yield _where_differs(id_, found[id_], shown, expected)
    yield from _above(article, found[""])


def _where_differs(id_: str, pieces: list[Piece], shown: str, expected: str) -> tuple[int, str, str]:
    """The line, and what stands there instead of what, at the first difference of a section."""
    same = _pieces.alike(shown, expected)
    line, fact, at = (pieces[-1].line if pieces else 0), "", 0
    for piece in pieces:
        at += len(piece.compared)
        if at > same:
            line = piece.line
            fact = piece.compared.split("|")[1].split("#")[0] if piece.kind == "number" else ""
            break
    begin = max(shown.rfind("⟦", 0, same), same - 24, 0)
    ours, theirs = expected[begin : same + 40], shown[begin : same + 40]
    return line, f"the section {id_!r} shows {theirs!r} where the article says {ours!r}", fact


def _above(article: Article, pieces: list[Piece]) -> Iterator[tuple[int, str, str]]:
    """What must stand above the sections does, and no run stands there that the article does not have."""
    shown = "".join(piece.compared for piece in pieces)
    known = set()
    for name, expected in _pieces.head(article):
        known |= set(_TAG.findall(expected))
        if expected not in shown:
            yield 0, f"the {name} is not shown as the article has it", ""
    for section in article.sections:
        known |= set(_TAG.findall(_pieces.runs_of(section.heading)))
    for piece in pieces:
        if piece.kind not in ("text", "page") and piece.compared not in known:
            yield piece.line, f"{piece.text.strip()!r} is no part of the article", ""


def _attributes(article: Article, reader: Reader) -> Iterator[tuple[int, str, str]]:
    """What attributes say: the values behind numbers, what is shown over them, and what only some readers get."""
    title = plain(article.masthead.title)
    if _pieces.squeezed(reader.title) != _pieces.squeezed(title):
        yield 0, f"the page is titled {reader.title.strip()!r}, not {title!r}", ""
    yield from _hidden(article, reader)
    for mark in reader.marks:
        fact = _fact_of(article, mark.attributes)
        if mark.tag == "data" and not _is_value(fact, mark.attributes):
            yield mark.line, f"{mark.text!r} carries a value that is not its fact's", fact.id if fact else ""
        if mark.tag not in ("data", "meta") and "value" in mark.attributes:
            yield mark.line, f"a <{mark.tag}> carries a value", ""
    for line, attributes in reader.metas:
        if not _is_meta(article, attributes):
            yield line, f"the meta element {attributes.get('name', '')!r} says {attributes.get('content', '')!r}", ""


def _images(article: Article, reader: Reader) -> Iterator[tuple[int, str, str]]:
    """The only picture of a page that is no drawing is the publisher's logo, and it says whose it is."""
    logo = article.brand.logo
    for mark in reader.marks:
        if mark.tag in ("img", "image", "source", "picture") or mark.attributes.get("srcset"):
            known = logo is not None and mark.attributes.get("src") == logo.address
            if mark.tag != "img" or not known or "srcset" in mark.attributes:
                yield mark.line, f"the picture {mark.attributes.get('src', '')[:40]!r} is not the publisher's logo", ""
            elif mark.attributes.get("alt") != article.masthead.publication:
                yield mark.line, f"the logo says {mark.attributes.get('alt', '')!r}, not the publication's name", ""


def _links(reader: Reader) -> Iterator[tuple[int, str, str]]:
    """Links lead to something on the page itself, and no two things share a name."""
    named = Counter(name for mark in reader.marks if (name := mark.attributes.get("id")))
    for mark in reader.marks:
        target = mark.attributes.get("href", "")
        if "href" in mark.attributes and (target[:1] != "#" or target[1:] not in named):
            yield mark.line, f"the link to {target!r} leads to nothing on this page", ""
    for name, times in named.items():
        if times > 1:
            yield 0, f"{times} parts of the page are called {name!r}", ""


def _hidden(article: Article, reader: Reader) -> Iterator[tuple[int, str, str]]:
    """Numbers in texts that are shown on hovering, or read aloud."""
    names = known_names(article)
    judged: dict[tuple[str, str], bool] = {}
    for mark in reader.marks:
        fact = _fact_of(article, mark.attributes)
        for name in _HIDDEN_NAMES:
            text = mark.attributes.get(name, "")
            if not text or (fact is None and not _numerals.has_digit(text)):
                continue
            key = (f"{fact.id}{mark.attributes.get('data-former')}" if fact else "", text)
            if key not in judged:
                judged[key] = _is_honest(article, text, fact, names)
            if not judged[key]:
                yield mark.line, f"what {name}={short(text)!r} says has no origin", fact.id if fact else ""


def _fact_of(article: Article, attributes: Attributes) -> Fact | None:
    """The fact that an element names: the article's own, or that of the version which it corrects."""
    return article.facts_of(former="data-former" in attributes).get(attributes.get("data-fact", ""))


def _is_value(fact: Fact | None, attributes: Attributes) -> bool:
    """Whether the machine-readable value of a number is the fact's, to twelve significant digits."""
    if fact is None:
        return False
    try:
        value = fact.part(attributes.get("data-detail") or None)
    except (KeyError, AttributeError, TypeError):
        return False
    text = attributes.get("value", "")
    if value is None:
        return not text
    if isinstance(value, int | float):
        try:
            return abs(float(text) - value) <= abs(value) * 1e-11
        except ValueError:
            return False
    return text == str(value)


def _is_honest(article: Article, text: str, fact: Fact | None, names: frozenset[str]) -> bool:
    """Whether a text that is not printed says what its fact says: whose it is, its window, dates, count and sources.

    A text of no fact may say what it likes, in words.
    """
    if text in names:
        return True
    allowed: set[str] = {_numerals.long_form(article.as_of), article.as_of.isoformat(), *article.tickers}
    if fact is not None:
        names_of_metric = (fact.metric, fact.metric.removeprefix(DIFFERENCE))
        specs = [spec for each in names_of_metric if (spec := article.measurements.specs.get(each)) is not None]
        allowed |= {day.isoformat() for day in days_of(fact)} | set(fact.sources)
        allowed |= {fact.subject, fact.second or "", fact.key or "", fact.code or ""}
        allowed |= {spec.label for spec in specs}
        allowed.add(f"{fact.n:,} observations" if fact.n else "")
    for each in sorted(allowed - {""}, key=len, reverse=True):
        text = text.replace(each, " ")
    if fact is None:
        return not _numerals.has_digit(text)
    return set(_WORD.findall(text.replace(fact.basis, " "))) <= _HOVER_WORDS


def _is_meta(article: Article, attributes: Attributes) -> bool:
    name, content = attributes.get("name", ""), attributes.get("content", "")
    expected = {
        "description": plain(article.masthead.headline),
        "author": article.masthead.publication,
        "keywords": ", ".join(article.keywords),
        "dcterms.created": article.issue_date.isoformat(),
        "dcterms.modified": article.issue_date.isoformat(),
    }
    if "http-equiv" in attributes:
        return False
    if name in expected:
        return content == expected[name]
    return name in _TECHNICAL or not _numerals.has_digit(content)


def _styles(reader: Reader) -> Iterator[tuple[int, str, str]]:
    """Words and numbers that a stylesheet would print."""
    for line, sheet in reader.styles:
        for found in _CONTENT.finditer(sheet):
            quoted = ["".join(pair) for pair in _QUOTED.findall(found[1])]
            if any(map(str.isalnum, "".join(quoted))) or "counter(" in found[1] or "\\" in found[1]:
                yield line + sheet.count("\n", 0, found.start()), f"the stylesheet prints {found[1].strip()!r}", ""
        if "@import" in sheet or re.search(r"url\(\s*['\"]?(?!data:)[a-z]+:", sheet):
            yield line, "the stylesheet fetches something from elsewhere", ""
