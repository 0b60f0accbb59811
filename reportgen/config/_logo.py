"""Reads a publisher's logo: a PNG of its necessary chunks, or an SVG of shapes alone. Everything else is refused."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

from reportgen.model.brand import Logo

LARGEST = 100_000
"""Bytes: it travels in every page and every mail."""
_LONGEST_SIDE = 4000
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KEPT = frozenset({b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"sRGB", b"IDAT", b"IEND"})
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_SVG = "{http://www.w3.org/2000/svg}"
_SHAPES = frozenset(
    "svg g defs path rect circle ellipse line polyline polygon linearGradient radialGradient stop clipPath".split()
)
_SILENT = frozenset({"title", "desc", "metadata"})
"""Elements that paint nothing and are left out."""
_ATTRIBUTES = frozenset(
    "id d x y x1 y1 x2 y2 cx cy r rx ry fx fy width height viewBox points transform gradientTransform gradientUnits "
    "spreadMethod offset stop-color stop-opacity fill fill-rule fill-opacity stroke stroke-width stroke-linecap "
    "stroke-linejoin stroke-miterlimit stroke-dasharray stroke-dashoffset stroke-opacity opacity clip-path clip-rule "
    "clipPathUnits preserveAspectRatio version class color".split()
)
_LOCAL = re.compile(r"url\(#[\w.-]+\)")


def read_logo(path: Path, folder: Path) -> Logo | str:
    """The logo in a file, or what is wrong with it. The file must lie in `folder` or below, links followed."""
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            return f"names {path}, which lies outside the settings file's folder"
        content = path.read_bytes()
    except OSError as error:
        return f"names {path}, which cannot be read: {error.strerror}"
    if len(content) > LARGEST:
        return f"names {path}, which has {len(content):,} bytes; a logo may have {LARGEST:,}"
    read = {".png": _png, ".svg": _svg}.get(path.suffix.lower())
    if read is None:
        return f"names {path}, which is neither a PNG nor an SVG by its name"
    try:
        return read(content)
    except ValueError as error:
        return f"names {path}, which {error}"


def _png(content: bytes) -> Logo:
    if not content.startswith(_SIGNATURE):
        raise ValueError("is no PNG")
    chunks = list(_chunks(content))
    if not chunks or chunks[0][0] != b"IHDR" or len(chunks[0][1]) != 13 or chunks[-1][0] != b"IEND":
        raise ValueError("is no whole PNG")
    head = chunks[0][1]
    width, height = (int.from_bytes(head[i : i + 4], "big") for i in (0, 4))
    if not 0 < width <= _LONGEST_SIDE or not 0 < height <= _LONGEST_SIDE:
        raise ValueError(f"is {width} by {height} pixels; a side may have {_LONGEST_SIDE:,}")
    bits = head[8] * _CHANNELS.get(head[9], 4)
    most = height * (2 + (width * bits + 7) // 8) * 2
    unpacked = zlib.decompressobj()
    try:
        size = len(unpacked.decompress(b"".join(data for name, data in chunks if name == b"IDAT"), most))
    except zlib.error as error:
        raise ValueError("holds pixels that cannot be read") from error
    if not size or not unpacked.eof:
        raise ValueError("holds more or fewer pixels than it says")
    kept = b"".join(_chunk(name, data) for name, data in chunks if name in _KEPT)
    return Logo(_SIGNATURE + kept, "image/png", width, height)


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_SIGNATURE)
    while at < len(content):
        length = int.from_bytes(content[at : at + 4], "big")
        name, data = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
        if content[at + 8 + length : at + 12 + length] != _chunk(name, data)[-4:]:
            raise ValueError("is damaged")
        yield name, data
        at += 12 + length
        if name == b"IEND":
            return


def _chunk(name: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")


def _svg(content: bytes) -> Logo:
    if b"\0" in content or re.search(rb"<!(?:DOCTYPE|ENTITY)", content, re.IGNORECASE):
        raise ValueError("declares a document type, which a logo does not need")
    try:
        root = ET.fromstring(content.decode("utf-8"))  # noqa: S314 - no document type, so no entities
    except (ET.ParseError, ValueError) as error:
        raise ValueError(f"is no SVG in UTF-8: {error}") from error
    if root.tag != f"{_SVG}svg":
        raise ValueError("is no SVG")
    clean = _cleaned(root)
    width, height = _size(clean)
    ET.register_namespace("", _SVG[1:-1])
    return Logo(ET.tostring(clean, encoding="utf-8"), "image/svg+xml", width, height)


def _cleaned(element: ET.Element) -> ET.Element:
    """The element with the shapes below it; raises ValueError for what could do more than paint."""
    name = element.tag.removeprefix(_SVG) if isinstance(element.tag, str) else ""
    if name not in _SHAPES:
        raise ValueError(f"holds <{name or 'an instruction'}>; a logo may hold shapes only, letters drawn as paths")
    clean = ET.Element(element.tag)
    for key, value in element.attrib.items():
        if key.startswith(("{", "data-")):
            if value.strip().lower().startswith(("javascript:", "http:", "https:", "data:", "file:", "//")):
                raise ValueError(f"points elsewhere: {key.rpartition('}')[2]}={value[:40]!r}")
            continue  # editors leave notes of their own
        if key not in _ATTRIBUTES or ("url" in value.lower() and not _LOCAL.fullmatch(value.strip())):
            raise ValueError(f"holds the attribute {key}={value[:40]!r}, which a logo may not")
        clean.set(key, value)
    foreign = (child for child in element if isinstance(child.tag, str) and not child.tag.startswith(_SVG))
    skipped = {id(child) for child in foreign} | {
        id(child) for child in element if isinstance(child.tag, str) and child.tag.removeprefix(_SVG) in _SILENT
    }
    clean.extend([_cleaned(child) for child in element if id(child) not in skipped])
    return clean


def _size(root: ET.Element) -> tuple[float, float]:
    box = re.findall(r"-?[\d.]+", root.get("viewBox", ""))
    sides = (
        box[2:4]
        if len(box) == 4
        else [root.get("width", "").removesuffix("px"), root.get("height", "").removesuffix("px")]
    )
    try:
        width, height = (float(side) for side in sides)
    except ValueError:
        width = height = 0.0
    if not 0 < width <= 1e5 or not 0 < height <= 1e5:
        raise ValueError("does not say how large it is: give its svg element a viewBox")
    if "viewBox" not in root.attrib:
        root.set("viewBox", f"0 0 {width:g} {height:g}")
    return width, height
