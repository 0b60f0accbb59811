"""The article as a mail: HTML of tables with its pictures, and the same as plain text, too small to be clipped."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from markupsafe import Markup, escape

from reportgen.errors import DataError, ReportgenError, SettingsError
from reportgen.headers import one_line
from reportgen.model import (
    MARKS,
    Article,
    Artifact,
    Block,
    Brand,
    Bullets,
    Cell,
    Figure,
    Paragraph,
    Runs,
    Section,
    Table,
    Tag,
    plain,
    unlinked,
)
from reportgen.render import _mail_html, _mail_text
from reportgen.render._environment import MAIL, fill
from reportgen.render._mail_message import Content, Picture, html_size, printable, subject, written
from reportgen.render._runs import PrintRuns
from reportgen.render._view import kind_of, width_of
from reportgen.resources import template_folders

MEDIA_TYPE = "message/rfc822"
LARGEST_HTML = 80_000
"""Bytes of encoded HTML; Gmail clips near 102,000."""
LEFT_OUT = (
    "chart-data", "methods", "chart-rolling", "chart-horizon", "years", "claims", "contrarian", "same", "flows",
    "second-order", "breadth", "cost", "horizon-weeks", "horizon-months", "horizon-years", "credit", "concentration",
    "tail", "outlook", "own",
)  # fmt: skip
"""The sections that a mail can do without, in the order in which they are left out until it is small enough.

Whole sections only, from the HTML and the text alike. Those of the appendix that are not named here go before all
others, from the back; the answer, the summary, returns, risk, sources, corrections and disclosures always stay.
"""
_KEPT = frozenset({"sources", "corrections", "disclosures"})
_NOTES = "notes"
_LOGO = "logo"
HOUSE_ACCENT, HOUSE_INK = "#16457f", "#14345c"
"""The colors in the mail's stylesheet that a publisher's own replace."""
_COLUMNS_WITH_ROOM = 4
_WEEKDAY = re.compile(r"[A-Z][a-z]+, \d{4}-\d{2}-\d{2}")
_PNG = "image/png"


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail before it is addressed: what it says, and the ids of the sections that it leaves out."""

    content: Content
    omitted: tuple[str, ...]


def render(article: Article, *, link: str | None = None, folders: tuple[Path, ...] | None = None) -> Artifact:
    """The mail, as "article.eml" or "brief.eml", which mail programs open; sender and recipient are placeholders.

    link: where the full article is. folders: where templates are looked for, the user's own first. The same article
    gives the same bytes. Raises what `compose` raises.
    """
    return Artifact(f"{article.stem}.eml", MEDIA_TYPE, written(compose(article, link=link, folders=folders).content))


def compose(
    article: Article, *, link: str | None = None, folders: tuple[Path, ...] | None = None, largest: int = LARGEST_HTML
) -> Mail:
    """What the mail says, with whole sections left out until its HTML takes at most `largest` bytes.

    Raises TemplateError where a template or stylesheet is broken or holds what mail may not hold, ReportgenError where
    the article places a chart that was not painted as PNG, DataError where the mail cannot be made small enough.
    """
    folders = folders or template_folders()
    omitted = [section.id for section in article.sections if section.id == _NOTES]
    for shorter in _ever_shorter(_unlinked(article), omitted):
        pictures = {**_logo(article), **{name: _picture(article, name) for name in _placed(shorter)}}
        headings = [plain(section.heading) for section in article.sections if section.id in omitted]
        names = {**_names(shorter, pictures), "omitted": headings, "link": link}
        html = _mail_html.made(printable(fill("mail.html.j2", folders, names, MAIL)), folders, _colors(article.brand))
        if html_size(html) <= largest:
            text = _plain_lines(printable(fill("mail.txt.j2", folders, names, MAIL)))
            masthead = article.masthead
            content = Content(
                one_line(masthead.publication),
                subject(plain(masthead.title), plain(masthead.headline)),
                article.issue_date,
                text,
                html,
                tuple(pictures.values()),
            )
            return Mail(content, tuple(omitted))
    what = f"the mail takes more than {largest:,} bytes even without the sections that it can do without."
    raise DataError(what, fix="Compare fewer funds, or leave sections out in the settings.")


def _unlinked(article: Article) -> Article:
    """The article without its notes and the links to them: a mail has no room for either."""
    sections = (section for section in article.sections if section.id != _NOTES)
    return replace(article, sections=tuple(replace(s, blocks=tuple(map(_block, s.blocks))) for s in sections))


def _block(block: Block) -> Block:
    match block:
        case Paragraph(runs=runs):
            return replace(block, runs=unlinked(runs))
        case Bullets(items=items):
            return replace(block, items=tuple((title, unlinked(runs)) for title, runs in items))
        case _:
            return block


def _ever_shorter(article: Article, omitted: list[str]) -> Iterator[Article]:
    """The article, and then without one section more each time; their ids are added to `omitted`."""
    yield article
    spare = LEFT_OUT if article.spare is None else article.spare
    appendix = [s.id for s in article.sections if s.appendix and s.id not in _KEPT and s.id not in spare]
    present = {section.id for section in article.sections}
    for id_ in (*reversed(appendix), *(id_ for id_ in spare if id_ in present)):
        omitted.append(id_)
        left = tuple(section for section in article.sections if section.id not in omitted)
        yield replace(article, sections=_without_empty_chapters(left))


def _without_empty_chapters(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """Without headings below which nothing is left."""
    following = (*sections[1:], None)
    return tuple(
        section
        for section, after in zip(sections, following, strict=True)
        if section.blocks or (section.level == 2 and after is not None and after.level == 3)
    )


def _names(article: Article, pictures: dict[str, Picture]) -> dict[str, object]:
    """What both templates are given."""
    source_of: Callable[[str], str] = lambda name: f"cid:{pictures[name].cid}"  # noqa: E731
    return {
        "article": article,
        "runs": _runs,
        "cells": _cell,
        "stays_whole": _stays_whole,
        "marks": MARKS,
        "plain": plain,
        "words": _mail_text.words,
        "kind_of": kind_of,
        "source_of": source_of,
        "logo_source": source_of(_LOGO) if _LOGO in pictures else None,
        "alt_of": lambda name: article.charts[name].spec.spoken,
        "preheader": _preheader(article),
        "wrap": _mail_text.wrap,
        "headed": _mail_text.headed,
        "said": _mail_text.said,
        "aligned": _mail_text.aligned,
    }


def _runs(runs: Runs) -> Markup:
    """Runs for HTML, the mark of a verdict in brackets, which a stylesheet of the mail could not add."""
    return Markup("").join(_marked(run) if isinstance(run, Tag) else _PRINT((run,)) for run in runs)


def _cell(runs: Runs) -> Markup:
    """Runs for a table's cell, where numbers may be broken at a space: on a phone the columns are narrow."""
    return Markup("").join(_marked(run) if isinstance(run, Tag) else escape(run.text) for run in runs)


def _stays_whole(table: Table, cell: Cell) -> bool:
    """Whether a cell is a date or a number that must stay on one line, because its table has room for it on a phone."""
    text, columns = plain(cell.runs), width_of(table)
    if _WEEKDAY.fullmatch(text):
        return columns < _COLUMNS_WITH_ROOM
    return columns <= _COLUMNS_WITH_ROOM and len(text) <= len("2026-03-27") and any(map(str.isdigit, text))


def _marked(mark: Tag) -> Markup:
    return Markup('<span class="verdict {}">[{}]</span>').format(mark.verdict, mark.text)


_PRINT = PrintRuns()


def _preheader(article: Article) -> str:
    """What a list of mails shows behind the subject: the article's first point, or its headline."""
    points = (block.items[0] for section in article.sections for block in section.blocks if isinstance(block, Bullets))
    title, text = next(points, ((), article.masthead.headline))
    return f"{plain(title)} {plain(text)}".strip()


def _placed(article: Article) -> tuple[str, ...]:
    """The charts that the article shows, each once."""
    blocks = (block for section in article.sections for block in section.blocks)
    return tuple(dict.fromkeys(block.chart for block in blocks if isinstance(block, Figure)))


def _picture(article: Article, name: str) -> Picture:
    chart = article.charts.get(name)
    if chart is None or _PNG not in chart.images:
        raise ReportgenError("the article places a chart that was not painted as PNG.", where=f"chart {name}")
    return _sent(name, chart.images[_PNG])


def _sent(name: str, content: bytes) -> Picture:
    return Picture(f"{name}.png", f"{name}.{hashlib.sha256(content).hexdigest()[:16]}@example.invalid", content)


def _logo(article: Article) -> dict[str, Picture]:
    """The publisher's logo. Raises SettingsError where there is one that no mail program shows."""
    brand = article.brand
    if brand.mail_logo is not None:
        return {_LOGO: _sent(_LOGO, brand.mail_logo.content)}
    if brand.logo is not None:
        raise SettingsError("the logo is an SVG, which no mail program shows.", fix="Name a PNG of it as mail_logo.")
    return {}


def _colors(brand: Brand) -> dict[str, str]:
    """The publisher's colors by those of the house that they replace."""
    own = ((HOUSE_ACCENT, brand.accent), (HOUSE_INK, brand.ink))
    return {ours: theirs for ours, theirs in own if theirs is not None}


def _plain_lines(text: str) -> str:
    """The text with no space at a line's end and no two empty lines in a row."""
    kept: list[str] = []
    for line in map(str.rstrip, text.splitlines()):
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).rstrip("\n") + "\n"
