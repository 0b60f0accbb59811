"""Reads the PDFs that this program writes: their text in the order of their structure, and the files inside.

Only what such files hold is understood: objects in the clear or in object streams, compressed with Flate, texts in
hexadecimal by fonts that carry their own map to Unicode, a tree of tags. Everything else raises ValueError.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from functools import cached_property

_OBJECT = re.compile(rb"(?:^|[\r\n])(\d+) 0 obj\s")
_STREAM = re.compile(rb"stream\r?\n|endobj")
_LENGTH = re.compile(rb"/Length (\d+)(?! \d+ R)")
_REFERENCE = re.compile(rb"(\d+) 0 R")
_KIDS = re.compile(rb"/K ?(\[.*?\](?=\s*[/>])|\d+ 0 R|\d+)", re.DOTALL)
_KID = re.compile(rb"/MCID (\d+)|(\d+) 0 R|(\d+)")
_TAG = re.compile(rb"/S ?/(\w+)")
_IS_PAGE = re.compile(rb"/Type ?/Page\b")
_PAGE = re.compile(rb"/Pg (\d+) 0 R")
_FONTS = re.compile(rb"/Font ?(<<.*?>>|\d+ 0 R)", re.DOTALL)
_FORMS = re.compile(rb"/XObject ?(<<.*?>>|\d+ 0 R)", re.DOTALL)
_FONT = re.compile(rb"/([^\s/<>\[\]()]+) (\d+) 0 R")
_TOKEN = re.compile(
    rb"/MCID (\d+)|(/Artifact\b)|/([^\s/<>\[\]()]+) [-\d.]+ Tf|(\[[^\]]*\]\s*TJ|<[0-9a-fA-F\s]*>\s*Tj)"
    rb"|\b(BMC|BDC|EMC)\b|/([^\s/<>\[\]()]+) Do\b"
)
_HEX = re.compile(rb"<([0-9a-fA-F\s]*)>")
_RANGE = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")
_MARGIN = -1
"""Stands for the mark of what is painted without one."""
_MOST_NESTED = 200
CMap = dict[int, str]


class Document:
    """A PDF of ours. Raises ValueError where the bytes are no such file."""

    def __init__(self, content: bytes) -> None:
        if not content.startswith(b"%PDF-"):
            raise ValueError("it does not begin as a PDF does")
        self._objects: dict[int, tuple[bytes, bytes]] = {}
        try:
            self._read(content)
        except (zlib.error, IndexError, KeyError) as error:
            raise ValueError(f"its objects cannot be read: {error}") from error
        if not self._objects:
            raise ValueError("it holds no objects")
        self._maps: dict[int, CMap] = {}
        self._shown: dict[int, dict[int, str]] = {}
        self._told: set[tuple[int, int]] = set()

    def _read(self, content: bytes) -> None:
        at = 0
        while (found := _OBJECT.search(content, at)) is not None:
            end = _STREAM.search(content, found.end())
            if end is None:
                raise ValueError("an object has no end")
            head, body, at = content[found.end() : end.start()], b"", end.end()
            if end[0] != b"endobj":
                length = _LENGTH.search(head)
                if length is None:
                    raise ValueError("a stream has no length")
                body = content[at : at + int(length[1])]
                at += int(length[1])
            self._objects[int(found[1])] = (head, body)
        for head, body in [each for each in self._objects.values() if b"/ObjStm" in each[0]]:
            self._unpack(head, zlib.decompress(body))

    def _unpack(self, head: bytes, packed: bytes) -> None:
        first = _number(rb"/First (\d+)", head)
        table = [int(each) for each in packed[:first].split()]
        starts = [first + offset for offset in table[1::2]] + [len(packed)]
        for number, begin, end in zip(table[::2], starts, starts[1:], strict=False):
            self._objects[number] = (packed[begin:end], b"")

    def _stream(self, number: int) -> bytes:
        head, body = self._objects[number]
        return zlib.decompress(body) if b"/FlateDecode" in head else body

    def texts(self) -> Sequence[tuple[str, str]]:
        """Each tagged text with the name of the tag around it that is not a span, in the order of the tags.

        Raises ValueError where the file has no tags.
        """
        return self._tagged

    @cached_property
    def _tagged(self) -> tuple[tuple[str, str], ...]:
        return tuple(self._walk())

    def _walk(self) -> Iterator[tuple[str, str]]:
        roots = [head for head, _ in self._objects.values() if b"/StructTreeRoot" in head and b"/Type" in head]
        tree = next((head for head in roots if b"/ParentTree" in head), None)
        if tree is None:
            raise ValueError("it has no structure")
        try:
            yield from self._below(tree, "Document", None, 0)
        except (zlib.error, KeyError) as error:
            raise ValueError(f"its text cannot be read: {error}") from error

    def _below(self, head: bytes, tag: str, page: int | None, depth: int) -> Iterator[tuple[str, str]]:
        if depth > _MOST_NESTED:
            raise ValueError("its structure has no end")
        own = _PAGE.search(head)
        page = int(own[1]) if own else page
        kids = _KIDS.search(head)
        for found in _KID.finditer(kids[1]) if kids else ():
            content, reference, plain = found.groups()
            if reference is not None:
                below = self._objects[int(reference)][0]
                name = _TAG.search(below)
                named = name[1].decode("ascii") if name else tag
                yield from self._below(below, tag if named in ("Span", "Link", "NonStruct") else named, page, depth + 1)
            elif page is not None:
                mark = int(content or plain)
                self._told.add((page, mark))
                yield tag, self._page(page).get(mark, "")

    def margins(self) -> list[tuple[str, ...]]:
        """What stands on each page without a tag, piece by piece: running heads, page numbers, what nobody meant."""
        self.texts()
        pages = sorted(number for number, (head, _) in self._objects.items() if _IS_PAGE.search(head))
        return [
            tuple(text for mark, text in self._page(page).items() if (page, mark) not in self._told and text.strip())
            for page in pages
        ]

    def _page(self, number: int) -> dict[int, str]:
        """The texts of a page by their marks; what has none under one of their own."""
        if number not in self._shown:
            head = self._objects[number][0]
            contents = re.search(rb"/Contents (\[.*?\]|\d+ 0 R)", head, re.DOTALL)
            parts = _REFERENCE.findall(contents[1]) if contents else []
            code = b"\n".join(self._stream(int(each)) for each in parts)
            found: dict[int, list[str]] = {}
            self._mark(code, head, found, [None])
            self._shown[number] = {mark: "".join(texts) for mark, texts in found.items()}
        return self._shown[number]

    def _mark(self, code: bytes, head: bytes, found: dict[int, list[str]], stack: list[int | None]) -> None:
        """Collect the texts of a stream, and of the forms that it paints, under the innermost mark."""
        if len(stack) > _MOST_NESTED:
            raise ValueError("its forms have no end")
        fonts, forms = self._named(_FONTS, head), self._named(_FORMS, head)
        pending: int | None = None
        characters: CMap = {}
        for mark, artifact, font, shown, bracket, form in _TOKEN.findall(code):
            if mark:
                pending = int(mark)
            elif artifact:
                pending = _MARGIN
            elif font:
                characters = self._map(fonts[font]) if font in fonts else {}
            elif bracket:
                _nest(stack, pending, ends=bracket == b"EMC")
                pending = None
            elif form in forms and b"/Form" in self._objects[forms[form]][0]:
                self._mark(self._stream(forms[form]), self._objects[forms[form]][0], found, [*stack, stack[-1]])
            elif shown:
                innermost = _MARGIN if stack[-1] is None else stack[-1]
                found.setdefault(innermost, []).append(_decoded(shown, characters))

    def _named(self, kind: re.Pattern[bytes], head: bytes) -> dict[bytes, int]:
        """The fonts, or the forms, that a page or form may use, by the names it gives them."""
        resources = re.search(rb"/Resources (\d+) 0 R", head)
        held = self._objects[int(resources[1])][0] if resources else head
        listing = kind.search(held)
        if listing is None:
            return {}
        listed = listing[1]
        if not listed.startswith(b"<<"):
            listed = self._objects[int(listed.split()[0])][0]
        return {name: int(number) for name, number in _FONT.findall(listed)}

    def _map(self, font: int) -> CMap:
        if font not in self._maps:
            to_unicode = re.search(rb"/ToUnicode (\d+) 0 R", self._objects[font][0])
            self._maps[font] = _characters(self._stream(int(to_unicode[1]))) if to_unicode else {}
        return self._maps[font]

    def attachment(self, name: str) -> bytes | None:
        """The bytes of a file inside, by its name; None where there is none."""
        for head, _ in list(self._objects.values()):
            if b"/Filespec" in head and name in _names(head):
                embedded = re.search(rb"/EF ?<<.*?/U?F (\d+) 0 R", head, re.DOTALL)
                return self._stream(int(embedded[1])) if embedded else None
        return None


def _nest(stack: list[int | None], pending: int | None, *, ends: bool) -> None:
    """Open or close a mark; one that is closed too often is no concern of ours."""
    if not ends:
        stack.append(pending)
    elif len(stack) > 1:
        stack.pop()


def _number(pattern: bytes, head: bytes) -> int:
    found = re.search(pattern, head)
    if found is None:
        raise ValueError("an object says not what it holds")
    return int(found[1])


def _characters(cmap: bytes) -> CMap:
    found: CMap = {}
    for section in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for code, text in re.findall(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]*)>", section):
            found[int(code, 16)] = _utf16(text)
    for section in re.findall(rb"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        for low, high, text in _RANGE.findall(section):
            first = int(text, 16)
            for offset in range(int(high, 16) - int(low, 16) + 1):
                found[int(low, 16) + offset] = chr(first + offset)
    return found


def _utf16(digits: bytes) -> str:
    return bytes.fromhex(digits.decode("ascii")).decode("utf-16-be", "replace")


def _decoded(shown: bytes, characters: CMap) -> str:
    codes = b"".join(_HEX.findall(shown)).replace(b"\n", b"").replace(b" ", b"")
    return "".join(characters.get(int(codes[i : i + 4], 16), "\ufffd") for i in range(0, len(codes), 4))


def _names(head: bytes) -> set[str]:
    """The file names of a file specification: literal strings, or hexadecimal ones in UTF-16."""
    plain = {each.decode("latin-1") for each in re.findall(rb"/U?F ?\(([^)]*)\)", head)}
    coded = {bytes.fromhex(each.decode("ascii")) for each in re.findall(rb"/U?F ?<([0-9a-fA-F]+)>", head)}
    return plain | {each.decode("utf-16", "replace").lstrip("\ufeff") for each in coded}
