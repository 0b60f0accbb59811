from __future__ import annotations

import re

import pytest
from fontTools.ttLib import TTFont

from reportgen.render._styles import FACES
from reportgen.render.equipment import font_files, pango_version
from reportgen.resources import template_folders, template_root

FONTS = template_root() / "article" / "fonts"
LIGHT, DARK = "article/base.css", "article/screen.css"
TEXT_ON = {
    "--text": ("--paper", "--panel", "--warn-paper"),
    "--muted": ("--paper", "--panel"),
    "--ink": ("--paper", "--panel"),
    "--accent": ("--paper",),
    "--good": ("--paper",),
    "--bad": ("--paper",),
}


@pytest.mark.parametrize("name", [name for _, _, name in FACES])
def test_fonts_are_renamed_small_and_tabular(name: str) -> None:
    font = TTFont(FONTS / f"{name}.otf")
    assert (FONTS / f"{name}.otf").stat().st_size < 70_000
    for number in (1, 3, 4, 6, 16):
        assert "Source" not in str(font["name"].getDebugName(number))
    assert "Adobe" in font["name"].getDebugName(0)
    widths = {font["hmtx"][font.getBestCmap()[ord(digit)]][0] for digit in "0123456789"}
    assert len(widths) == 1


def test_every_face_draws_every_character_listed() -> None:
    listed = set((FONTS / "characters.txt").read_text(encoding="utf-8").rstrip("\n"))
    assert set("abcXYZ0189$%.,;:!?&()[]/+-−–—‘’“”•·×§†≤≥≈±→…éñüçŠł€£") <= listed
    for _, _, name in FACES:
        assert listed <= set(map(chr, TTFont(FONTS / f"{name}.otf").getBestCmap()))


def test_licenses_travel_with_the_fonts() -> None:
    for family in ("serif", "sans"):
        license_text = (FONTS / f"OFL-{family}.txt").read_text(encoding="utf-8")
        assert "SIL OPEN FONT LICENSE" in license_text
        assert "Reserved Font Name" in license_text


def test_equipment() -> None:
    assert len(font_files(template_folders())) == 2 * len(FACES)
    assert re.fullmatch(r"1\.\d+\.\d+", pango_version())


@pytest.mark.parametrize("sheet", [LIGHT, DARK])
def test_contrast_of_text_is_at_least_four_and_a_half(sheet: str) -> None:
    colors = dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{6});", (template_root() / sheet).read_text()))
    for ink, grounds in TEXT_ON.items():
        for ground in grounds:
            assert _contrast(colors[ink], colors[ground]) >= 4.5, f"{ink} on {ground} in {sheet}"


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
