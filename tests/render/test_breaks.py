"""Where pages break: over many lengths of text, no heading is left alone and nothing is torn."""

from __future__ import annotations

import dataclasses
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from reportgen.model import Article, Block, Bullets, Cell, Figure, Paragraph, Section, Table, Text
from reportgen.render import pdf

pytestmark = pytest.mark.slow

WORDS = "Words that fill a line and say no more than that. "
LETTERS = "abcdefgh"


def paragraph(start: str) -> Paragraph:
    return Paragraph((Text(f"{start} {WORDS * 8}"),))


def table(start: str, *, compact: bool = False) -> Table:
    head = (Cell((Text("What"),), header=True), Cell((Text("How much"),), header=True, numeric=True))
    names = (start, *["Row"] * 5, f"End{start}")
    rows = [(Cell((Text(name),), header=True), Cell((Text("much"),))) for name in names]
    return Table(f"t-{start.lower()}", (Text("Caption"),), (head,), tuple(rows), compact=compact)


def opening(letter: str, start: str) -> tuple[Block, ...]:
    """What follows a heading: each kind of block in turn."""
    kinds: dict[str, Block] = {"b": Bullets((((), (Text(f"{start} {WORDS}"),)),)), "c": table(start), "f": table(start)}
    first: Block = kinds.get(letter, paragraph(start))
    return (first, Figure("growth", (Text("Chart"),))) if letter == "d" else (first, paragraph("More"))


def lengthened(article: Article, lines: int) -> Article:
    """Eight headed sections after a filling of so many lines: one empty before a part, three in the appendix."""
    sections = [Section("fill", (Text("Filling"),), (Paragraph((Text(WORDS * 2 * lines),)),))]
    for letter in LETTERS:
        heading, start = (Text(f"Head{letter} of this"),), f"Start{letter}"
        if letter == "e":
            sections.append(Section("over", heading, ()))
            sections.append(Section("e", (Text("Part of it"),), (paragraph(start),), level=3))
        elif letter in "fgh":
            sections.append(Section(letter, heading, opening(letter, start), appendix=True))
        else:
            sections.append(Section(letter, heading, opening(letter, start)))
    return dataclasses.replace(article, sections=tuple(sections))


def positions(content: bytes, folder: Path) -> dict[str, tuple[int, float, float]]:
    """Page, left edge and top of each word that marks a heading, a start or a table's end."""
    file = folder / "x.pdf"
    file.write_bytes(content)
    done = subprocess.run(["pdftotext", "-bbox", str(file), "-"], capture_output=True, text=True, check=True)
    found = {}
    for number, page in enumerate(done.stdout.split("<page ")[1:]):
        for x, y, word in re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)".*?>(\w+)</word>', page):
            if re.fullmatch(r"(Head|Start|EndStart)[a-h]", word):
                found[word] = (number, float(x), float(y))
    return found


@pytest.mark.parametrize("lines", range(8, 56, 3))
def test_no_heading_is_left_alone_and_no_table_torn(article: Article, lines: int, tmp_path: Path) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("needs pdftotext, of poppler-utils")
    found = positions(pdf.render(lengthened(article, lines)).content, tmp_path)
    for letter in LETTERS:
        heading, start = found[f"Head{letter}"], found[f"Start{letter}"]
        assert heading[0] == start[0], f"heading {letter} stands on another page than its text"
        assert heading[1] < start[1], f"heading {letter} stands in the rail"
        assert abs(heading[2] - start[2]) < 40, f"heading {letter} stands beside its text"
    assert found["Startc"][0] == found["EndStartc"][0]
