"""Check: the PDF holds the article's words and numbers in their order, section by section: nothing lost in layout."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from reportgen.gate import _pieces, margins
from reportgen.gate._folded import folded
from reportgen.gate._pdf import Document
from reportgen.model import MARKS, Article, Artifact, Finding, Table

_TYPED = re.compile(r"⟦([^|]*)\|[^|]*\|([^⟧]*)⟧")
_FIX = "Mend the templates or stylesheets of the PDF."
_CONTEXT = 24
_NONE: Mapping[str, bytes] = MappingProxyType({})
_ANCHOR = 40


def check(article: Article, artifact: Artifact, beside: Mapping[str, bytes] = _NONE) -> Iterator[Finding]:
    """A finding for a PDF that cannot be read, for each section that it does not show as the article has it, and for
    each file inside that is not as it is beside it. beside: files by name.
    """
    try:
        document = Document(artifact.content)
        shown = folded("".join(text for _, text in document.texts()))
        beside_it = document.margins()
        inside = {name: document.attachment(name) for name in beside}
    except ValueError as error:
        yield _finding(artifact, f"the PDF cannot be read: {error}")
        return
    for name, content in inside.items():
        if content is not None and content != beside[name]:
            yield _finding(artifact, f"the {name} inside is not the one beside it")
    found = (*_differences(article, shown), *margins.differences(article, beside_it))
    yield from (_finding(artifact, message) for message in found)


def _finding(artifact: Artifact, message: str) -> Finding:
    return Finding("paper", artifact.name, message, _FIX, file=artifact.name)


def _differences(article: Article, shown: str) -> Iterator[str]:
    parts = [("head", "".join(text for _, text in _pieces.head(article))), *_pieces.parts(article)]
    bracketed = any(f"[{folded(mark)}]" in shown for mark in MARKS.values())
    expected = [(name, folded(_TYPED.sub(_bracketed if bracketed else _printed, text))) for name, text in parts]
    heads = _repeated(article)
    at = 0
    for index, (name, text) in enumerate(expected):
        end = _follow(shown, at, text, heads)
        if isinstance(end, int):
            at = end
            continue
        yield f"the section {name!r} shows {end[0]!r} where the article says {end[1]!r}"
        found = _next(shown, at, expected[index + 1 :])
        if found is None:
            return
        at = found
    if at < len(shown):
        yield f"the PDF ends with {shown[at : at + _ANCHOR]!r}, which the article does not say"


def _printed(found: re.Match[str]) -> str:
    """What of a run is printed: its text; an alternative text is not."""
    return "" if found[1] == "alt" else found[2]


def _bracketed(found: re.Match[str]) -> str:
    """The same where the stylesheet sets marks of verdicts in brackets: all of them, or none."""
    return f"[{found[2]}]" if found[1] == "verdict" else _printed(found)


def _repeated(article: Article) -> tuple[str, ...]:
    """The heads of tables, which a new page repeats; the longest first."""
    tables = [block for section in article.sections for block in section.blocks if isinstance(block, Table)]
    heads = {
        folded(_TYPED.sub(_printed, "".join(_pieces.runs_of(cell.runs) for row in table.head for cell in row)))
        for table in tables
    }
    return tuple(sorted(heads - {""}, key=len, reverse=True))


def _follow(shown: str, at: int, text: str, heads: Sequence[str]) -> int | tuple[str, str]:
    """Where a section's text ends in what is shown, or what stands there instead of what."""
    while not shown.startswith(text, at):
        same = _pieces.alike(shown[at : at + len(text)], text)
        skip = _skip(shown, at, text, same, heads)
        if skip is None:
            begin = max(same - _CONTEXT, 0)
            return shown[at + begin : at + same + _CONTEXT], text[begin : same + _CONTEXT]
        taken, length = skip
        text, at = text[taken:], at + taken + length
    return at + len(text)


def _skip(shown: str, at: int, text: str, same: int, heads: Sequence[str]) -> tuple[int, int] | None:
    """A table's head that a new page repeats near the first difference: how much of the text stands before it, and its
    length. The head may begin as the text goes on.
    """
    for head in heads:
        for taken in range(same, max(same - len(head), -1), -1):
            if shown.startswith(head, at + taken) and shown.startswith(text[taken : taken + 3], at + taken + len(head)):
                return taken, len(head)
    return None


def _next(shown: str, at: int, rest: Sequence[tuple[str, str]]) -> int | None:
    """Where the next section that can be found begins."""
    for _, text in rest[:1]:
        found = shown.find(text[:_ANCHOR], at)
        return found if found >= 0 and text else None
    return None
