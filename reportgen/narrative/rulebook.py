"""The rules and the words of some template folders, read once a process and again only when a file has changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from reportgen.model import MetricSpec
from reportgen.narrative.rules import Rule, load_rules
from reportgen.narrative.words import Words, load_words
from reportgen.resources import Signature, signature


@dataclass(frozen=True, slots=True)
class Rulebook:
    """What comments on measurements: the rules in force and the words that numbers must earn."""

    words: Words
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Catalogue:
    """A catalogue as a key, known by its identity: hashing all of it would cost more than it saves."""

    specs: Mapping[str, MetricSpec]

    def __hash__(self) -> int:
        return id(self.specs)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Catalogue) and other.specs is self.specs


def rulebook(folders: tuple[Path, ...], catalogue: Mapping[str, MetricSpec], disabled: tuple[str, ...]) -> Rulebook:
    """The rules of the folders, but for those disabled. Raises TemplateError where a rule or a word list is wrong."""
    return _read(folders, signature(folders), _Catalogue(catalogue), disabled)


@lru_cache(maxsize=4)
def _read(folders: tuple[Path, ...], _: Signature, catalogue: _Catalogue, disabled: tuple[str, ...]) -> Rulebook:
    words = load_words(folders)
    return Rulebook(words, load_rules(folders, catalogue.specs, words, disabled))
