"""The sentences that every article carries (disclosures.toml), a publisher's own before the shipped ones."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from reportgen import resources
from reportgen.errors import TemplateError

FILE = "disclosures.toml"


@dataclass(frozen=True, slots=True)
class Sentences:
    """What the file says, a text a field; the file's comments tell where each is printed."""

    automated: str
    brief: str
    legend: str
    advice: str
    limits: str
    noted: str
    sample: str


def load_sentences(folders: Sequence[Path]) -> Sentences:
    """The sentences of the folders' files, an earlier folder's before a later one's, each by itself.

    Raises TemplateError for a file that is no table of texts, a sentence that no article has, and one with a digit: a
    number that is no fact may not be printed.
    """
    found: dict[str, str] = {}
    for folder in folders:
        path = folder / FILE
        if path.is_file():
            found = {**dict(_read(path)), **found}
    return Sentences(**found)


@cache
def shipped_sentences() -> Sentences:
    """The sentences as they are shipped."""
    return load_sentences(resources.template_folders())


def _read(path: Path) -> Iterator[tuple[str, str]]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:  # TOML's and Unicode's errors are ValueErrors
        raise TemplateError(f"is not valid TOML: {error}.", where=str(path), fix="Mend that line.") from error
    known = [field.name for field in fields(Sentences)]
    for name, text in table.items():
        if name not in known:
            raise TemplateError(f"has no sentence {name!r}.", where=str(path), fix=f"Known are {', '.join(known)}.")
        if not isinstance(text, str) or not text.strip() or not text.isprintable():
            raise TemplateError(f"{name} must be a text of one line.", where=str(path), fix="Put it in quotes.")
        if any(character.isdigit() for character in text):
            raise TemplateError(f"{name} holds a digit.", where=str(path), fix="Write the number as a word.")
        yield name, text.strip()
