"""Makes the small fonts in templates/article/fonts from the full ones; run it only when the set of characters changes.

    pip install "fonttools[woff]" font-source-serif-pro font-source-sans-pro
    python tools/subset_fonts.py

Source Serif Pro and Source Sans Pro are under the SIL Open Font License, whose reserved name "Source" a changed
version must not bear: the subsets are called Report Serif and Report Sans and keep the copyright and license records.
Hinting is dropped, kerning, ligatures and figure styles stay. The default figures of both families are tabular and
lining. The same input gives the same bytes.
"""

from __future__ import annotations

import importlib
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parent.parent / "templates" / "article" / "fonts"

WEB = (
    *range(0x20, 0x7F),
    *range(0xA0, 0x100),
    *map(ord, "\u2009\u202f‐‑‒–—‘’‚“”„†‡•…‰′″‹›€™←↑→↓−√∞≈≠≤≥■◆▲▼✓"),
)
"""What a page carries with it; a browser draws the rest from its own fonts."""
PRINT = (
    *WEB,
    *range(0x100, 0x180),
    *range(0x218, 0x21C),  # Romanian
    *map(ord, "ˆˇ˘˙˚˛˜˝⁄ΔΣΩαβγδμρσ"),
)
"""What the PDF may print: it must never borrow a font from the system."""
FEATURES = ["kern", "liga", "mark", "ccmp", "locl", "tnum", "pnum", "lnum", "case"]
STAND_INS = {0x2009: 0x20, 0x202F: 0xA0, 0x2010: 0x2D, 0x2011: 0x2D}
"""Characters the originals lack, drawn as another one."""
NAMES = {"family": 1, "style": 2, "unique": 3, "full": 4, "postscript": 6, "typographic": 16, "substyle": 17}


@dataclass(frozen=True)
class Face:
    """One font file: from which package and file, and what it is called here."""

    package: str
    source: str
    family: str
    style: str
    target: str


FACES = (
    Face("font_source_serif_pro", "SourceSerifPro-Regular.otf", "Report Serif", "Regular", "report-serif-regular"),
    Face("font_source_serif_pro", "SourceSerifPro-Semibold.otf", "Report Serif", "Semibold", "report-serif-semibold"),
    Face("font_source_sans_pro", "SourceSansPro-Regular.otf", "Report Sans", "Regular", "report-sans-regular"),
    Face("font_source_sans_pro", "SourceSansPro-Semibold.otf", "Report Sans", "Semibold", "report-sans-semibold"),
)


def files(package: str) -> Path:
    """The folder of a font package's files."""
    module = importlib.import_module(package)
    return Path(str(module.__file__)).parent / "files"


def rename(font: TTFont, face: Face) -> None:
    """Gives the font its own name, in the name table and in the outlines' table."""
    postscript = f"{face.family.replace(' ', '')}-{face.style}"
    full = f"{face.family} {face.style}"
    new = {
        "family": face.family if face.style == "Regular" else full,
        "style": "Regular",
        "unique": f"{postscript};subset",
        "full": full,
        "postscript": postscript,
        "typographic": face.family,
        "substyle": face.style,
    }
    for role, number in NAMES.items():
        font["name"].setName(new[role], number, 3, 1, 0x409)
    outlines = font["CFF "].cff
    outlines.fontNames = [postscript]
    outlines.topDictIndex[0].FullName = full
    outlines.topDictIndex[0].FamilyName = face.family


def add_stand_ins(font: TTFont) -> None:
    """Draws a missing space or hyphen as the plain one."""
    for table in font["cmap"].tables:
        if table.isUnicode():
            for code, like in STAND_INS.items():
                if code not in table.cmap and like in table.cmap:
                    table.cmap[code] = table.cmap[like]


def shrink(face: Face, characters: tuple[int, ...], target: Path) -> set[int]:
    """Writes one subset, compressed where the name ends in .woff2; gives the characters it holds."""
    options = subset.Options()
    options.layout_features = FEATURES
    options.name_IDs = [0, 13, 14, *NAMES.values()]
    options.name_languages = [0x409]
    options.hinting = False
    options.drop_tables = [*options.drop_tables, "DSIG", "BASE"]
    font = TTFont(files(face.package) / face.source, recalcTimestamp=False)
    add_stand_ins(font)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    rename(font, face)
    font.flavor = "woff2" if target.suffix == ".woff2" else None
    font.save(target, reorderTables=font.flavor is None)
    sys.stdout.write(f"{target.name}: {target.stat().st_size:,} bytes\n")
    return set(font.getBestCmap())


def main() -> int:
    FONTS.mkdir(parents=True, exist_ok=True)
    for face in FACES:
        shrink(face, WEB, FONTS / f"{face.target}.woff2")
    held = [shrink(face, PRINT, FONTS / f"{face.target}.otf") for face in FACES]
    for package in dict.fromkeys(face.package for face in FACES):
        shutil.copyfile(files(package) / "LICENSE.txt", FONTS / f"OFL-{package.split('_')[2]}.txt")
    everywhere = sorted(set.intersection(*held))
    (FONTS / "characters.txt").write_text("".join(map(chr, everywhere)) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
