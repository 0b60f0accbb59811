"""Check: each format asked for is there, and each file is what its name says."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from reportgen.gate import paper
from reportgen.model import Article, Artifact, Fact, Finding

_MEDIA = {"html": "text/html", "pdf": "application/pdf", "mail": "message/rfc822"}
_FACTS = "facts.json"
_INSIDE = (_FACTS, "manifest.json")
"""The files that also travel inside the PDF."""
_FIX = "Make the files again."


def missing(artifacts: Sequence[Artifact], formats: Sequence[str]) -> Iterator[Finding]:
    """A finding for each format asked for that is not there; without any, one page must be."""
    present = {artifact.media_type for artifact in artifacts if artifact.content.strip()}
    for format_ in formats:
        if _MEDIA.get(format_, format_) not in present:
            yield _finding("article", f"there is no {format_.upper()}")
    if not present & set(_MEDIA.values()):
        yield _finding("article", "there is no page to publish")


def check(article: Article, artifacts: Sequence[Artifact], known: Sequence[Artifact]) -> Iterator[Finding]:
    """A finding for each empty file, facts that are not the article's, and each PDF that lost a text.

    known: all files so far, among them those that a PDF carries.
    """
    beside = {artifact.name: artifact.content for artifact in known if artifact.name in _INSIDE}
    for artifact in artifacts:
        if not artifact.content.strip():
            yield _finding(artifact.name, "the file is empty", artifact.name)
        elif artifact.name == _FACTS:
            yield from _facts(article, artifact)
        elif artifact.media_type == _MEDIA["pdf"]:
            yield from paper.check(article, artifact, beside)


def _finding(where: str, message: str, file: str = "", fact: str = "") -> Finding:
    return Finding("files", where, message, _FIX, file=file, fact=fact)


def _facts(article: Article, artifact: Artifact) -> Iterator[Finding]:
    """The file of facts holds those of the article, and no other."""
    try:
        told = {each["id"]: each for each in json.loads(artifact.content)["facts"]}
    except (ValueError, KeyError, TypeError):
        yield _finding(artifact.name, "the file of facts cannot be read", artifact.name)
        return
    known = article.measurements.facts
    for id_ in told.keys() ^ known.keys():
        yield _finding(artifact.name, f"{id_} is not in the file and in the article alike", artifact.name, id_)
    for id_, fact in known.items():
        if id_ in told and not _is_told(told[id_], fact):
            yield _finding(artifact.name, f"{id_} has another value there", artifact.name, id_)


def _is_told(told: dict[str, object], fact: Fact) -> bool:
    value = fact.value if isinstance(fact.value, int | float | str) or fact.value is None else str(fact.value)
    return told.get("value") == value and told.get("missing") == fact.missing and told.get("unit") == fact.unit
