"""Words that numbers must earn (words.toml), and who is listed behind which fund (issuers.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reportgen import resources
from reportgen.errors import TemplateError
from reportgen.formatting import Scale

_SCALE_KEYS = {"about", "unit", "steps", "beyond"}
_JOINING = "joining"
_UNITS = {"fraction", "ratio", "count", "score", "usd"}


@dataclass(frozen=True, slots=True)
class Joining:
    """Words that open a sentence whose neighbor favors the same fund, or the other one; "" joins by nothing."""

    agree: str = ""
    differ: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """The scales of words.toml by name, the words that join neighboring sentences, and the issuers' listed parents: the
    words of an issuer's name in lower case, with a ticker or None for a private house.
    """

    scales: Mapping[str, Scale]
    issuers: Mapping[str, str | None] = field(default_factory=dict)
    joining: Joining = Joining()

    def scale(self, name: str) -> Scale | None:
        return self.scales.get(name)


def load_words(folders: Sequence[Path] | None = None) -> Words:
    """Reads both tables, a folder's own scales before the shipped ones. Raises TemplateError with file and line."""
    folders = folders or resources.template_folders()
    joining, scales = Joining(), dict[str, Scale]()
    for folder in reversed(folders):
        path = folder / "words.toml"
        if path.is_file():
            tables = _read(path)
            joining = _joining(path, tables.pop(_JOINING)) if _JOINING in tables else joining
            scales |= {name: _scale(path, name, table) for name, table in tables.items()}
    issuers_path = resources.find("issuers.toml", folders)
    issuers = {name.lower(): _parent(issuers_path, name, ticker) for name, ticker in _read(issuers_path).items()}
    return Words(scales, issuers, joining)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise TemplateError(str(problem), where=str(path), fix="Correct the table.") from problem


def _scale(path: Path, name: str, table: object) -> Scale:
    def wrong(what: str) -> TemplateError:
        return TemplateError(f"[{name}] {what}", where=str(path), fix="See the comment at the top of the file.")

    if not isinstance(table, dict) or set(table) != _SCALE_KEYS:
        raise wrong(f"needs the keys {', '.join(sorted(_SCALE_KEYS))} and no others.")
    steps = table["steps"]
    if table["unit"] not in _UNITS:
        raise wrong(f"has the unit {table['unit']!r}, not one of {', '.join(sorted(_UNITS))}.")
    if not isinstance(steps, list) or not all(_is_step(step) for step in steps):
        raise wrong("steps must be pairs of a limit and a word, such as [0.02, 'slightly'].")
    limits = [float(limit) for limit, _ in steps]
    if limits != sorted(set(limits)):
        raise wrong("the limits of its steps must rise.")
    if any(character.isdigit() for _, word in steps for character in word):
        raise wrong("a word must not hold a digit.")
    pairs = tuple((float(limit), word) for limit, word in steps)
    return Scale(name, table["unit"], table["about"], pairs, table["beyond"])


def _joining(path: Path, table: object) -> Joining:
    keys = {"agree", "differ"}
    if not isinstance(table, dict) or not set(table) <= keys or not all(isinstance(w, str) for w in table.values()):
        raise TemplateError(f"[{_JOINING}] holds a word for {' and '.join(sorted(keys))}.", where=str(path))
    return Joining(**table)


def _is_step(step: object) -> bool:
    match step:
        case [int() | float() as limit, str()]:
            return not isinstance(limit, bool) and limit >= 0
    return False


def _parent(path: Path, name: str, ticker: object) -> str | None:
    if not isinstance(ticker, str):
        raise TemplateError(f"{name}: the parent must be a ticker, or '' for a private house.", where=str(path))
    return ticker or None
