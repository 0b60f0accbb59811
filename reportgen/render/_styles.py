"""Stylesheets and fonts: read once a process, the page's fonts embedded, the PDF's named by file."""

from __future__ import annotations

import base64
from functools import lru_cache
from pathlib import Path

from reportgen.errors import TemplateError
from reportgen.resources import find, merged

FACES = (
    ("Report Serif", 400, "report-serif-regular"),
    ("Report Serif", 600, "report-serif-semibold"),
    ("Report Sans", 400, "report-sans-regular"),
    ("Report Sans", 600, "report-sans-semibold"),
)
"""Family, weight and file of each face. Few, because every further one slows the layout of the PDF."""

FAMILIES = frozenset(family for family, _, _ in FACES)
_CHARTS = "charts/*.css"
"""The charts' colors on dark pages; on paper they keep those they were painted with."""


def read(name: str, folders: tuple[Path, ...]) -> str:
    """A stylesheet's text. Raises TemplateError when it is in none of the folders."""
    try:
        return find(name, folders).read_text(encoding="utf-8")
    except FileNotFoundError as missing:
        raise TemplateError(f"{missing}.", where=name, fix="Reinstall the program.") from missing
    except UnicodeDecodeError as mistake:
        raise TemplateError("this stylesheet is not UTF-8.", where=name, fix="Save it as UTF-8.") from mistake


@lru_cache(maxsize=8)
def page_styles(folders: tuple[Path, ...]) -> str:
    """All that the page's <style> holds: embedded fonts, shared styles, styles of the screen."""
    charts = (path.read_text(encoding="utf-8") for _, path in merged(_CHARTS, folders))
    sheets = (read("article/base.css", folders), *charts, read("article/screen.css", folders))
    return "\n".join((_embedded_faces(folders), *sheets)).strip()


def print_sheets(folders: tuple[Path, ...]) -> tuple[tuple[str, str], ...]:
    """The PDF's stylesheets as (name, text), fonts named by their files' addresses."""
    names = ("article/base.css", "article/print.css")
    return (("fonts", _linked_faces(folders)), *((name, read(name, folders)) for name in names))


def _embedded_faces(folders: tuple[Path, ...]) -> str:
    return "\n".join(
        _face(
            family, weight, f"data:font/woff2;base64,{_base64(find(f'article/fonts/{name}.woff2', folders))}", "woff2"
        )
        for family, weight, name in FACES
    )


def _linked_faces(folders: tuple[Path, ...]) -> str:
    return "\n".join(_face(family, weight, _address(name, folders), "opentype") for family, weight, name in FACES)


def linked(pattern: str, form: str) -> str:
    """The faces of fonts that lie beside a page, where `pattern` ("fonts/{}.woff2") says."""
    return "\n".join(_face(family, weight, pattern.format(name), form) for family, weight, name in FACES)


def font_addresses(folders: tuple[Path, ...]) -> frozenset[str]:
    """The addresses of the PDF's font files: all that laying out may open."""
    return frozenset(_address(name, folders) for _, _, name in FACES)


def _address(name: str, folders: tuple[Path, ...]) -> str:
    return find(f"article/fonts/{name}.otf", folders).resolve().as_uri()


def _face(family: str, weight: int, url: str, form: str) -> str:
    return (
        f'@font-face{{font-family:"{family}";font-weight:{weight};font-style:normal;font-display:swap;'
        f'src:url({url}) format("{form}")}}'
    )


def _base64(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode("ascii")
