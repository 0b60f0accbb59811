"""The article as a PDF for paper and screen readers: tagged, with bookmarks, our own fonts and the files behind it."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from datetime import UTC, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Literal

from markupsafe import Markup

from reportgen.errors import ReportgenError, TemplateError
from reportgen.model import Article, Artifact
from reportgen.render._environment import fill
from reportgen.render._glyphs import printable
from reportgen.render._runs import PrintRuns
from reportgen.render._styles import FAMILIES, font_addresses, print_sheets
from reportgen.render._view import cards_of, context, svg_of
from reportgen.render._weasyprint import complaints, fetcher, library, without_collector
from reportgen.resources import template_folders

PageSize = Literal["A4", "Letter"]
Variant = Literal["ua-1", "a-3a"]
"""PDF/UA-1 for readers, or PDF/A-3a for archives, which brings its own color profile. Both are tagged alike."""

_DESCRIPTIONS = {
    "facts.json": "Every number of this article, with its window, source and method",
    "manifest.json": "What this article was made from, and by which versions",
}
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
    folders = folders or template_folders()
    library()
    names = context(article, PrintRuns(cards_of(article)), lambda name: _drawing(svg_of(article.charts, name)))
    page = printable(fill("print.html.j2", folders, {**names, "screen": False}))
    with complaints() as heard, without_collector():
        content = _paginated(page, article, _toolbox(folders, page_size), variant, attachments)
    if heard:
        raise TemplateError(f"the PDF cannot be made as designed: {heard[0].rstrip('.')}.", where="templates/article")
    return Artifact(f"{article.stem}.pdf", "application/pdf", content)


def prepare(page_size: PageSize = "A4", folders: tuple[Path, ...] | None = None) -> None:
    """Loads WeasyPrint, the fonts and the stylesheets ahead of time, while others still measure and draw.

    Raises what `render` would raise where Pango is missing or a stylesheet is broken.
    """
    _toolbox(folders or template_folders(), page_size)


def _drawing(svg: str) -> Markup:
    """A chart in our own font: WeasyPrint styles a picture by what stands in it, not by the page's stylesheet."""
    return Markup(_FONT.sub(r'\1 font-family="Report Sans"', svg, count=1))  # noqa: S704


class _Toolbox:
    """What is the same for every article: the parsed stylesheets, the fonts and the fetcher."""

    def __init__(self, folders: tuple[Path, ...], page_size: PageSize) -> None:
        self.fonts = library().text.fonts.FontConfiguration()
        self.fetcher = fetcher(font_addresses(folders))
        sheets = (*print_sheets(folders), ("page size", f"@page {{ size: {page_size} }}"))
        self.styles = [self._parsed(name, text) for name, text in sheets]

    def _parsed(self, name: str, text: str) -> object:
        with complaints() as heard:
            sheet = library().CSS(string=text, font_config=self.fonts, url_fetcher=self.fetcher)
        if heard:
            place = _PLACE.search(heard[0])
            where = f"{name}:{place[1]}" if place else name
            raise TemplateError(f"this stylesheet does not work on paper: {heard[0].rstrip('.')}.", where=where)
        return sheet


_PLACE = re.compile(r" at (\d+):\d+")


@lru_cache(maxsize=4)
def _toolbox(folders: tuple[Path, ...], page_size: PageSize) -> _Toolbox:
    return _Toolbox(folders, page_size)


def _paginated(
    page: str, article: Article, toolbox: _Toolbox, variant: Variant, attachments: Sequence[Artifact]
) -> bytes:
    named = f"pdf/{variant}"
    document = (
        library()
        .HTML(string=page, url_fetcher=toolbox.fetcher)
        .render(font_config=toolbox.fonts, stylesheets=toolbox.styles, pdf_variant=named)
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # WeasyPrint leaves closing its color profile to Python
        content: bytes = document.write_pdf(
            pdf_variant=named, attachments=[_attached(file, article) for file in attachments]
        )
    strangers = {font.family for font in document.fonts.values()} - FAMILIES
    if strangers:
        raise ReportgenError(f"the PDF borrows fonts from this machine: {', '.join(sorted(strangers))}.")
    return content


def _attached(file: Artifact, article: Article) -> object:
    day = datetime.combine(article.issue_date, time(), tzinfo=UTC)
    return library().Attachment(
        string=file.content,
        name=file.name,
        description=_DESCRIPTIONS.get(file.name, file.name),
        created=day,
        modified=day,
        relationship="Data",
    )
