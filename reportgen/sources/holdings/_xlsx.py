"""The first sheet of a workbook as rows of text, with the standard library: no formulas, no styles, no dates."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from reportgen.sources._raw import RawFile

# A fund's workbook unpacks to some megabytes; more is not one, or is made to fill the memory.
_LARGEST = 64 * 1024 * 1024
_MOST_ROWS, _MOST_COLUMNS = 200_000, 256
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_CELL = re.compile(r"([A-Z]{1,3})\d+")


def is_workbook(raw: RawFile) -> bool:
    """Whether the content is a ZIP archive, as workbooks are."""
    return raw.content.startswith(b"PK\x03\x04")


def first_sheet(raw: RawFile) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Each row with its number; cells stand at their column's place. Raises DataError for what is no workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw.content)) as archive:
            names = sorted(name for name in archive.namelist() if name.startswith("xl/worksheets/sheet"))
            if not names:
                raise raw.error("The archive holds no worksheet.", fix="Save the table as .xlsx or .csv.")
            strings = _shared_strings(raw, archive)
            sheet = parse_xml(raw, _unpacked(raw, archive, names[0]))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
        raise raw.error("The workbook is broken.", fix="Download it again.") from None
    for count, row in enumerate(sheet.iter(f"{_MAIN}row"), start=1):
        if count > _MOST_ROWS:
            raise raw.error("The sheet has more rows than any fund has holdings.", fix="Check what it is.")
        number = row.get("r", "")
        yield int(number) if number.isdigit() else count, tuple(_cells(row, strings))


def parse_xml(raw: RawFile, content: bytes) -> ET.Element:
    """The root of an XML document. Raises DataError for broken XML, and for any that declares entities."""
    content = content.lstrip()
    # Zero bytes mean another encoding, in which the words would go unseen.
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"\0" in content:
        raise raw.error("The XML declares entities, which no holdings file needs.", fix="Download it again.")
    try:
        return ET.fromstring(content)  # noqa: S314 - entities, the danger meant, are refused above
    except (ET.ParseError, LookupError, ValueError) as error:  # the latter two over an encoding that nobody knows
        raise raw.error(f"The XML is broken: {error}.", fix="Download it again.") from None


def _unpacked(raw: RawFile, archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > _LARGEST:
        raise raw.error("The workbook unpacks to more than any fund's holdings.", fix="Check what it is.")
    with archive.open(name) as part:
        content = part.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise raw.error("The workbook unpacks to more than any fund's holdings.", fix="Check what it is.")
    return content


def _shared_strings(raw: RawFile, archive: zipfile.ZipFile) -> tuple[str, ...]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return ()
    root = parse_xml(raw, _unpacked(raw, archive, "xl/sharedStrings.xml"))
    return tuple("".join(t.text or "" for t in item.iter(f"{_MAIN}t")) for item in root.iter(f"{_MAIN}si"))


def _cells(row: ET.Element, strings: tuple[str, ...]) -> list[str]:
    cells: list[str] = []
    for cell in row.iter(f"{_MAIN}c"):
        match = _CELL.fullmatch(cell.get("r", ""))
        position = _position(match[1]) if match else len(cells)
        if position >= _MOST_COLUMNS:
            break
        cells += [""] * (position + 1 - len(cells))
        cells[position] = _text(cell, strings)
    return cells


def _position(letters: str) -> int:
    position = 0
    for letter in letters:
        position = 26 * position + ord(letter) - ord("A") + 1
    return position - 1


def _text(cell: ET.Element, strings: tuple[str, ...]) -> str:
    if cell.get("t") == "inlineStr":
        return "".join(t.text or "" for t in cell.iter(f"{_MAIN}t")).strip()
    value = cell.findtext(f"{_MAIN}v") or ""
    if cell.get("t") == "s":
        return strings[int(value)].strip() if value.isdigit() and int(value) < len(strings) else ""
    return value.strip()
