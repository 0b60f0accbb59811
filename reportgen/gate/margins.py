"""Check: what stands beside the text of a PDF's pages, its running heads and page numbers, is what the article says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from reportgen.gate import _numerals
from reportgen.gate._folded import folded
from reportgen.model import Article, plain

_NUMBER = r"(?:page)?[0-9]{1,4}(?:(?:of|/)[0-9]{1,4})?"
_COUNTED = re.compile(r"(?:page)?([0-9]{1,4})(?:(?:of|/)([0-9]{1,4}))?")
_BETWEEN = r"[·•|–—:,]"
_AS_OF = "Data as of"
_SHOWN = 40


def differences(article: Article, pages: Sequence[Sequence[str]]) -> Iterator[str]:
    """What is wrong beside the text, page by page: pieces that the article does not say, pieces twice, page numbers
    that do not count, and from the second page on a missing title or as-of.
    """
    pieces = _pieces(article)
    told = [_told(folded("".join(page)), pieces) for page in pages]
    for number, (page, parts) in enumerate(zip(pages, told, strict=True), 1):
        if parts is None:
            shown = "".join(page)[:_SHOWN]
            yield f"beside the text of page {number} stands {shown!r}, which the article does not say"
            continue
        yield from _wrong(parts, number, len(pages))
    yield from _missing(article, told)


def _pieces(article: Article) -> tuple[str, ...]:
    """All that may stand there, the longest first."""
    head, day = article.masthead, article.as_of
    known = {folded(plain(head.title)), folded(plain(head.headline)), folded(head.publication)}
    known |= {folded(plain(article.banner)), *(folded(plain(section.heading)) for section in article.sections)}
    known |= {folded(f"{words}{shown}") for words in ("", _AS_OF) for shown in (day.isoformat(), _long(article))}
    return tuple(sorted(known - {""}, key=len, reverse=True))


def _long(article: Article) -> str:
    return _numerals.long_form(article.as_of)


def _told(text: str, pieces: Sequence[str]) -> list[str] | None:
    """The pieces that a page's text consists of; None where it holds something else. Where two could stand, such as a
    date and a number, or a page number and a short name, the longer one is meant.
    """
    long, short = ([re.escape(p) for p in pieces if (len(p) > len("page")) is is_long] for is_long in (True, False))
    one = "|".join((*long, _NUMBER, *short, _BETWEEN))
    if not re.fullmatch(f"(?:{one})*", text):
        return None
    return [found for found in re.findall(one, text) if not re.fullmatch(_BETWEEN, found)]


def _wrong(parts: Sequence[str], number: int, count: int) -> Iterator[str]:
    """Twice the same piece, no page number, or one that does not count."""
    twice = [part for part in dict.fromkeys(parts) if parts.count(part) > 1]
    if twice:
        yield f"beside the text of page {number} stands {twice[0][:_SHOWN]!r} twice"
    numbers = [found for part in parts if (found := _COUNTED.fullmatch(part)) is not None]
    if [int(found[1]) for found in numbers] != [number] or any(found[2] not in (None, str(count)) for found in numbers):
        yield f"page {number} of {count} has no such number"


def _missing(article: Article, told: Sequence[list[str] | None]) -> Iterator[str]:
    """From the second page on: the title, the as-of, and every other piece that most of these pages show."""
    title, day = folded(plain(article.masthead.title)), (article.as_of.isoformat(), folded(_long(article)))
    later = [(number, parts) for number, parts in enumerate(told, 1) if number > 1 and parts is not None]
    shown = list(chain.from_iterable(dict.fromkeys(parts) for _, parts in later))
    usual = {part for part in shown if shown.count(part) * 2 > len(later) and not _COUNTED.fullmatch(part)}
    for number, parts in later:
        if not any(part.endswith(day) for part in parts):
            yield f"page {number} does not say of which day its data are"
        for piece in sorted(({title} | usual) - set(parts)):
            if not piece.endswith(day):
                yield f"page {number} lacks {piece[:_SHOWN]!r} beside its text"
