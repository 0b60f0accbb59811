"""The article as one HTML file that needs no other: styles, fonts and charts are inside, and no script."""

from __future__ import annotations

from pathlib import Path

from markupsafe import Markup

from reportgen.model import Article, Artifact
from reportgen.render._brand import brand_styles
from reportgen.render._environment import fill
from reportgen.render._runs import PageRuns
from reportgen.render._styles import page_styles
from reportgen.render._view import cards_of, context, svg_of
from reportgen.resources import template_folders


def _drawing(article: Article, name: str) -> Markup:
    """A chart, twice where it has a form for phones: the stylesheet shows the one that fits."""
    wide = svg_of(article.charts, name)
    if article.charts[name].narrow is None:
        return Markup(wide)  # noqa: S704
    narrow = svg_of(article.charts, name, narrow=True)
    return Markup(f'<div class="wide">{wide}</div><div class="narrow">{narrow}</div>')  # noqa: S704


def render(article: Article, *, folders: tuple[Path, ...] | None = None) -> Artifact:
    """The page, as "article.html" or "brief.html".

    folders: where templates are looked for, the user's own first (by default the shipped ones only). The same article
    gives the same bytes. Raises TemplateError where a template or stylesheet is broken, ReportgenError where the
    article prints a fact or places a chart that does not exist.
    """
    folders = folders or template_folders()
    runs = PageRuns(article, cards_of(article))
    names = context(article, runs, lambda name: _drawing(article, name))
    styles = f"{page_styles(folders)}\n{brand_styles(article.brand)}".rstrip()
    address = article.brand.logo.address if article.brand.logo is not None else None
    page = fill("screen.html.j2", folders, {**names, "screen": True, "styles": Markup(styles), "logo_address": address})  # noqa: S704
    return Artifact(f"{article.stem}.html", "text/html", page.encode("utf-8"))
