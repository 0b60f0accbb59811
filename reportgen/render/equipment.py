"""What rendering needs of the machine and of the installation, for `reportgen doctor`."""

from __future__ import annotations

from pathlib import Path

from reportgen.errors import DataError
from reportgen.render._styles import FACES
from reportgen.render._weasyprint import library
from reportgen.resources import find


def pango_version() -> str:
    """Pango's version, such as "1.50.12". Raises DataError that says how to install it where it is missing."""
    number: int = library().text.ffi.pango.pango_version()
    return f"{number // 10_000}.{number // 100 % 100}.{number % 100}"


def font_files(folders: tuple[Path, ...]) -> tuple[Path, ...]:
    """The font files of the PDF and of the page. Raises DataError where one is missing or empty."""
    try:
        found = tuple(
            find(f"article/fonts/{name}.{kind}", folders) for _, _, name in FACES for kind in ("otf", "woff2")
        )
    except FileNotFoundError as missing:
        raise DataError(f"a font is missing: {missing}.", fix="Reinstall the program.") from missing
    for path in found:
        if path.stat().st_size == 0:
            raise DataError("this font file is empty.", where=str(path), fix="Reinstall the program.")
    return found
