"""From a page and its stylesheets to the bytes of a PDF. It knows no article: a process of its own loads little."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path

from reportgen.errors import ReportgenError, TemplateError
from reportgen.render._styles import FAMILIES, font_addresses, print_sheets
from reportgen.render._weasyprint import complaints, fetcher, library, without_collector
from reportgen.resources import template_folders

LOGO = "reportgen:logo"
"""What the publisher's logo is called while the pages are laid out."""
CHARTS = "reportgen:chart/"
"""What a chart is called then, followed by its name."""

SVG = "image/svg+xml"

Picture = tuple[str, bytes]
"""A media type and what it says of the bytes beside it."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that travels inside the PDF."""

    name: str
    description: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is to be laid out: HTML, what travels inside, the date of it all, the standard, the paper, the templates.

    colors: styles that come last. pictures: what the page shows, by the address that it uses.
    """

    page: str
    enclosures: tuple[Enclosure, ...]
    day: date
    variant: str
    page_size: str
    folders: tuple[Path, ...]
    colors: str = ""
    pictures: Mapping[str, Picture] = field(default_factory=dict)


def laid_out(sheet: Sheet) -> bytes:
    """The PDF. Every date inside is the sheet's, so that the same sheet gives the same bytes.

    Raises DataError where Pango is missing, TemplateError where a template or stylesheet is broken.
    """
    library()
    toolbox = toolbox_of(sheet.folders, sheet.page_size)
    with complaints() as heard, without_collector():
        content = _paginated(sheet, toolbox)
    if heard:
        raise TemplateError(f"the PDF cannot be made as designed: {heard[0].rstrip('.')}.", where="templates/article")
    return content


_SPECIMEN = """<!DOCTYPE html><html lang="en"><head><title>Specimen</title></head><body><article class="appendix">
<h1>A <b>1</b></h1><p>a-b <a href="#x">c</a></p><table id="x"><tr><th>d</th><td>1</td></tr></table><img alt="f"
src="reportgen:chart/"></article></body></html>"""
_SKETCH = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" font-family="Report Sans"><path d="M0 0L9 9"/>
<rect width="1" height="1"/><polyline points="0,0 1,1" fill="none" stroke="#000" stroke-dasharray="1"/><circle r="1"/>
<text x="1" y="1">e</text><line x2="1" y2="1"/></svg>"""


def warm_up() -> None:
    """Lays out a small page, so that what the libraries prepare at first use is ready before the first article comes.

    Raises what `laid_out` raises.
    """
    file = Enclosure("specimen", "specimen", b"specimen")
    pictures = {CHARTS: (SVG, _SKETCH)}
    laid_out(Sheet(_SPECIMEN, (file,), date(2000, 1, 1), "ua-1", "A4", template_folders(), pictures=pictures))


class _Toolbox:
    """What is the same for every article: the parsed stylesheets, the fonts and the fetcher."""

    def __init__(self, folders: tuple[Path, ...], page_size: str) -> None:
        self.fonts = library().text.fonts.FontConfiguration()
        self.addresses = font_addresses(folders)
        self.fetcher = fetcher(self.addresses)
        sheets = (*print_sheets(folders), ("page size", f"@page {{ size: {page_size} }}"))
        self.styles = [self.parsed(name, text) for name, text in sheets]

    def parsed(self, name: str, text: str) -> object:
        """A stylesheet, or TemplateError with the line of what does not work on paper."""
        with complaints() as heard:
            sheet = library().CSS(string=text, font_config=self.fonts, url_fetcher=self.fetcher)
        if heard:
            place = _PLACE.search(heard[0])
            where = f"{name}:{place[1]}" if place else name
            raise TemplateError(f"this stylesheet does not work on paper: {heard[0].rstrip('.')}.", where=where)
        return sheet


_PLACE = re.compile(r" at (\d+):\d+")


@lru_cache(maxsize=4)
def toolbox_of(folders: tuple[Path, ...], page_size: str) -> _Toolbox:
    """WeasyPrint with the fonts and stylesheets of these folders, made ready once a process."""
    return _Toolbox(folders, page_size)


def _paginated(sheet: Sheet, toolbox: _Toolbox) -> bytes:
    named = f"pdf/{sheet.variant}"
    styles = [*toolbox.styles, toolbox.parsed("colors", sheet.colors)] if sheet.colors else toolbox.styles
    document = (
        library()
        .HTML(string=sheet.page, url_fetcher=fetcher(toolbox.addresses, sheet.pictures))
        .render(font_config=toolbox.fonts, stylesheets=styles, pdf_variant=named)
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # WeasyPrint leaves closing its color profile to Python
        content: bytes = document.write_pdf(
            pdf_variant=named, attachments=[_attached(file, sheet.day) for file in sheet.enclosures]
        )
    strangers = {font.family for font in document.fonts.values()} - FAMILIES
    if strangers:
        raise ReportgenError(f"the PDF borrows fonts from this machine: {', '.join(sorted(strangers))}.")
    return content


def _attached(file: Enclosure, day: date) -> object:
    moment = datetime.combine(day, time(), tzinfo=UTC)
    return library().Attachment(
        string=file.content,
        name=file.name,
        description=file.description,
        created=moment,
        modified=moment,
        relationship="Data",
    )
