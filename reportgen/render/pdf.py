"""The article as a PDF for paper and screen readers: tagged, with bookmarks, our own fonts and the files behind it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Literal

from markupsafe import Markup

from reportgen.model import Article, Artifact, Figure
from reportgen.render._brand import brand_styles
from reportgen.render._environment import fill
from reportgen.render._glyphs import printable
from reportgen.render._layout import CHARTS, LOGO, SVG, Enclosure, Picture, Sheet, laid_out, toolbox_of
from reportgen.render._runs import PrintRuns
from reportgen.render._view import cards_of, context, svg_of
from reportgen.render.press import Press
from reportgen.resources import template_folders

PageSize = Literal["A4", "Letter"]
Variant = Literal["ua-1", "a-3a"]
"""PDF/UA-1 for readers, or PDF/A-3a for archives, which brings its own color profile. Both are tagged alike."""

_DESCRIPTIONS = {
    "facts.json": "Every number of this article, with its window, source and method",
    "manifest.json": "What this article was made from, and by which versions",
}
_FOR_BROWSERS = re.compile(r'</?tspan(?: data-[a-z]+="[^"]*")*>| (?:class|data-[a-z]+)="[^"]*"')
_FONT = re.compile(r'(<svg\b[^>]*?)\sfont-family="[^"]*"')


def render(
    article: Article,
    *,
    page_size: PageSize = "A4",
    variant: Variant = "ua-1",
    attachments: Sequence[Artifact] = (),
    folders: tuple[Path, ...] | None = None,
) -> Artifact:
    """The pages, as "article.pdf" or "brief.pdf".

    attachments: files that travel inside, such as facts.json and manifest.json. folders: where templates are looked
    for, the user's own first. Every date inside is the issue date, so that the same article gives the same bytes.
    Raises DataError where Pango is missing, TemplateError where a template or stylesheet is broken.
    """
    return begin(article, page_size=page_size, variant=variant, attachments=attachments, folders=folders)()


def begin(
    article: Article,
    *,
    page_size: PageSize = "A4",
    variant: Variant = "ua-1",
    attachments: Sequence[Artifact] = (),
    folders: tuple[Path, ...] | None = None,
    press: Press | None = None,
) -> Callable[[], Artifact]:
    """As `render`, in two steps: the pages are handed to the press, and the call given back waits for them.

    press: a second process; without one, the call lays out in this one.
    """
    folders = folders or template_folders()
    pictures = _pictures(article)
    names = context(article, PrintRuns(cards_of(article)), lambda name: _placed(article, name))
    sheet = Sheet(
        printable(
            fill(
                "print.html.j2", folders, {**names, "screen": False, "logo_address": LOGO if LOGO in pictures else None}
            )
        ),
        tuple(Enclosure(a.name, _DESCRIPTIONS.get(a.name, a.name), a.content) for a in attachments),
        article.issue_date,
        variant,
        page_size,
        folders,
        brand_styles(article.brand, paper=True),
        pictures,
    )
    pages = press.begin(sheet) if press is not None else partial(laid_out, sheet)
    return lambda: Artifact(f"{article.stem}.pdf", "application/pdf", pages())


def prepare(page_size: PageSize = "A4", folders: tuple[Path, ...] | None = None) -> None:
    """Loads WeasyPrint, the fonts and the stylesheets ahead of time, while others still measure and draw.

    Raises what `render` would raise where Pango is missing or a stylesheet is broken.
    """
    toolbox_of(folders or template_folders(), page_size)


def _pictures(article: Article) -> dict[str, Picture]:
    """The logo and the charts, by the addresses that the page uses for them."""
    logo = article.brand.logo
    shown = {LOGO: (logo.media_type, logo.content)} if logo is not None else {}
    figures = (block.chart for section in article.sections for block in section.blocks if isinstance(block, Figure))
    drawings = ((name, _drawing(svg_of(article.charts, name))) for name in figures)
    return shown | {CHARTS + name: (SVG, drawing.encode()) for name, drawing in drawings}


def _drawing(svg: str) -> str:
    """A chart in our own font, without what only a browser makes use of: WeasyPrint would read it for nothing."""
    return printable(_FONT.sub(r'\1 font-family="Report Sans"', _FOR_BROWSERS.sub("", svg), count=1))


def _placed(article: Article, name: str) -> Markup:
    """Where a chart stands on the page. It comes as a file, because an element would be parsed and styled in vain."""
    return Markup('<img src="{}" alt="{}">').format(CHARTS + name, article.charts[name].spec.spoken)
