"""What rendering needs of the machine, for those who check it before an article is made."""

from __future__ import annotations

from pathlib import Path

from reportgen.errors import TemplateError
from reportgen.render._styles import FACES
from reportgen.render._weasyprint import library
from reportgen.resources import find


def pango_version() -> str:
    """The version of Pango that sets the PDF's text. Raises DataError, with how to install it, where it is missing."""
    number: int = library().text.ffi.pango.pango_version()
    return f"{number // 10_000}.{number // 100 % 100}.{number % 100}"


def font_files(folders: tuple[Path, ...]) -> tuple[Path, ...]:
    """The font files of the PDF and of the page. Raises TemplateError when one is missing."""
    try:
        return tuple(find(f"article/fonts/{name}.{kind}", folders) for _, _, name in FACES for kind in ("otf", "woff2"))
    except FileNotFoundError as missing:
        raise TemplateError(f"{missing}.", where="fonts", fix="Reinstall the program.") from missing
