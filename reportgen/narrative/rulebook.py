"""The rules and the words of some template folders, read once a process and again only when a file has changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from reportgen.model import MetricSpec
from reportgen.narrative.rules import FOLDER, Rule, load_rules
from reportgen.narrative.words import Words, load_words
from reportgen.resources import Signature, signature
from reportgen.same import Same


@dataclass(frozen=True, slots=True)
class Rulebook:
    """What comments on measurements: the rules in force and the words that numbers must earn."""

    words: Words
    rules: tuple[Rule, ...]


def rulebook(
    folders: tuple[Path, ...],
    catalogue: Mapping[str, MetricSpec],
    disabled: tuple[str, ...] = (),
    book: str = FOLDER,
) -> Rulebook:
    """A book's rules in the folders, but for those disabled.

    Raises TemplateError where a rule or a word list is wrong.
    """
    return _read(folders, signature(folders), Same(catalogue), disabled, book)


@lru_cache(maxsize=4)
def _read(
    folders: tuple[Path, ...],
    _: Signature,
    catalogue: Same[Mapping[str, MetricSpec]],
    disabled: tuple[str, ...],
    book: str,
) -> Rulebook:
    words = load_words(folders)
    return Rulebook(words, load_rules(folders, catalogue.value, words, disabled, book))
