"""Damages files as the world does: bytes, lines, cells, numbers, dates, JSON values, the insides of workbooks."""

from __future__ import annotations

import io
import json
import random
import re
import zipfile
import zlib
from collections.abc import Callable

_TOKENS = (
    b"NaN", b"nan", b"inf", b"-inf", b"1e999", b"-1e999", b"9" * 40, b"9" * 5000, b"0", b"-1", b"-0.0", b"1e-320", b"",
    b"null", b"None", b"true", b"\x00", b"\xef\xbb\xbf", b"\xff\xfe", b"\xe2\x80\xae", b"\xc2\xa0", b'"', b'"""', b",",
    b";", b"\t", b"\r", b"\n\n", b"<html><title>Sign in</title>", b"{", b"[" * 2000, b"}", b"<!DOCTYPE x>", b"&amp;",
    b"1,234", b"1.234,5", b"(5)", b"12%", b"$3", b"0001-01-01", b"9999-12-31", b"2026-02-30", b"13/13/2025",
    b"1/2/2025", b"\xd9\xa1\xd9\xa2", b"1_000", b"0x10", b"1e5", b"../../etc/passwd", b"=1+1", b"\xf0\x9f\x92\xa9",
)  # fmt: skip
_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?")
_DAY = re.compile(rb"\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{4}")


def mutant(content: bytes, draw: random.Random) -> bytes:
    """The content after one to four kinds of damage."""
    for _ in range(draw.randint(1, 4)):
        content = draw.choice(_DAMAGE)(content, draw)
    return content


def _flip(content: bytes, draw: random.Random) -> bytes:
    damaged = bytearray(content)
    for _ in range(draw.randint(1, 8)):
        if damaged:
            damaged[draw.randrange(len(damaged))] = draw.randrange(256)
    return bytes(damaged)


def _span(content: bytes, draw: random.Random) -> tuple[int, int]:
    start = draw.randrange(len(content) + 1)
    return start, min(len(content), start + int(draw.expovariate(0.02)))


def _cut(content: bytes, draw: random.Random) -> bytes:
    start, end = _span(content, draw)
    return content[:start] + content[end:]


def _repeat(content: bytes, draw: random.Random) -> bytes:
    start, end = _span(content, draw)
    return content[:end] + content[start:end] * draw.randint(1, 3) + content[end:]


def _insert(content: bytes, draw: random.Random) -> bytes:
    at = draw.randrange(len(content) + 1)
    return content[:at] + draw.choice(_TOKENS) + content[at:]


def _truncate(content: bytes, draw: random.Random) -> bytes:
    return content[: draw.randrange(len(content) + 1)]


def _lines(content: bytes, draw: random.Random) -> bytes:
    """Lines swapped, left out, doubled, reversed or moved."""
    lines = content.split(b"\n")
    if len(lines) < 3:
        return content
    i, j = draw.randrange(len(lines)), draw.randrange(len(lines))
    match draw.randrange(5):
        case 0:
            lines[i], lines[j] = lines[j], lines[i]
        case 1:
            del lines[i]
        case 2:
            lines.insert(j, lines[i])
        case 3:
            lines[min(i, j) : max(i, j)] = lines[min(i, j) : max(i, j)][::-1]
        case _:
            lines.append(lines.pop(i))
    return b"\n".join(lines)


def _replace(pattern: re.Pattern[bytes]) -> Callable[[bytes, random.Random], bytes]:
    def damage(content: bytes, draw: random.Random) -> bytes:
        found = list(pattern.finditer(content))
        if not found:
            return content
        match = draw.choice(found)
        other = draw.choice(found)[0] if draw.random() < 0.4 else draw.choice(_TOKENS)
        return content[: match.start()] + other + content[match.end() :]

    return damage


def _scale(content: bytes, draw: random.Random) -> bytes:
    """One number a hundred times as large, or one column of a table."""
    found = list(_NUMBER.finditer(content))
    if not found:
        return content
    match = draw.choice(found)
    grown = repr(float(match[0][:300]) * draw.choice((100, 0.01, -1, 1e6))).encode()
    return content[: match.start()] + grown + content[match.end() :]


def _columns(content: bytes, draw: random.Random) -> bytes:
    """Two cells of every line change places, or one is left out."""
    i, j, drop = draw.randrange(6), draw.randrange(6), draw.random() < 0.3
    lines = []
    for line in content.split(b"\n"):
        cells = line.split(b",")
        if len(cells) > max(i, j):
            cells[i], cells[j] = cells[j], cells[i]
            if drop:
                del cells[i]
        lines.append(b",".join(cells))
    return b"\n".join(lines)


def _encode(content: bytes, draw: random.Random) -> bytes:
    text = content.decode("utf-8", "replace")
    return text.encode(draw.choice(("utf-16", "utf-8-sig", "cp1252", "utf-32")), "replace")


def _delimit(content: bytes, draw: random.Random) -> bytes:
    return content.replace(draw.choice((b",", b"\n", b'"')), draw.choice((b";", b"\t", b"\r\n", b"\r", b"|", b"")))


def _value(content: bytes, draw: random.Random) -> bytes:
    """One value somewhere in a JSON document becomes another kind of value."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return content
    node, depth = document, 0
    while depth < 6 and isinstance(node, dict | list) and node:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        key = draw.choice(keys)
        inner = node[key]
        if not isinstance(inner, dict | list) or draw.random() < 0.2:
            node[key] = draw.choice((None, True, -1, 0, 1e308, "x", "", [], {}, [[]], 10**400, "2026-01-01", 5e-324))
            break
        node, depth = inner, depth + 1
    return json.dumps(document).encode()


def _inside(content: bytes, draw: random.Random) -> bytes:
    """One part of a workbook is damaged and packed again."""
    if not content.startswith(b"PK\x03\x04"):
        return content
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, OSError, RuntimeError, EOFError):
        return content
    if not parts:
        return content
    name = draw.choice(sorted(parts))
    parts[name] = draw.choice((_flip, _cut, _insert, _scale, _replace(_NUMBER)))(parts[name], draw)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, inner in parts.items():
            archive.writestr(part, inner)
    return packed.getvalue()


_DAMAGE: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _flip, _cut, _repeat, _insert, _truncate, _lines, _lines, _replace(_NUMBER), _replace(_DAY), _scale, _columns,
    _encode, _delimit, _value, _inside, _inside,
)  # fmt: skip
