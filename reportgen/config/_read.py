"""Reads reportgen.toml. Every mistake in the file is reported at once, each with its line."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from reportgen.config._branding import loaded, mistakes
from reportgen.config._settings import KEYS, Settings
from reportgen.errors import SettingsError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

FILE_NAME = "reportgen.toml"
S = TypeVar("S", bound="DataclassInstance")


def read_settings(path: Path) -> Settings:
    """The settings in a file.

    Raises SettingsError with every mistake, one a line, as "file:line: what is wrong". A relative path in the file
    is relative to the file.
    """
    try:
        source = path.read_text(encoding="utf-8-sig")
        document = tomllib.loads(source)
    except OSError as error:
        raise SettingsError(f"cannot be read: {error.strerror}.", where=str(path), fix="Name another file.") from error
    except (ValueError, RecursionError) as error:  # TOML's and Unicode's errors are ValueErrors
        raise SettingsError(f"is not valid TOML: {error}.", where=str(path), fix="Mend that line.") from error
    found = sorted(_mistakes(document, source))
    if found:
        listing = "\n".join(f"{path}:{line}: {what}" for line, what in found)
        raise SettingsError(listing)
    settings = _existing(_settings(document, path.parent), path)
    return _branded(settings, path.parent, lambda key: f"{path}:{_line_of(source, 'branding', key)}: {key}")


def applied(tables: Mapping[str, Mapping[str, Any]], folder: Path) -> Settings:
    """The settings of tables that were read already; a relative path in them is relative to `folder`.

    Raises SettingsError with every mistake.
    """
    found = sorted(what for _, what in _mistakes(tables, ""))
    if found:
        raise SettingsError("\n".join(found))
    return _branded(_settings(tables, folder), folder, lambda key: f"[branding] {key}")


def find_settings(folder: Path) -> Settings:
    """The settings of a folder: its reportgen.toml, or the defaults where it has none."""
    path = folder / FILE_NAME
    return read_settings(path) if path.is_file() else Settings()


def settings_of(named: Path | None) -> Settings:
    """The settings of the file named, or of the current folder where none is named."""
    return read_settings(named) if named is not None else find_settings(Path())


def _mistakes(document: Mapping[str, Any], source: str) -> Iterator[tuple[int, str]]:
    for table, content in document.items():
        if table not in KEYS:
            yield _line_of(source, table, None), f"unknown table [{table}]{_nearest(table, KEYS)}"
            continue
        if not isinstance(content, dict):
            yield _line_of(source, None, table), f"{table} must be a table: write [{table}] on a line of its own"
            continue
        for key, value in content.items():
            line = _line_of(source, table, key)
            if key not in KEYS[table]:
                yield line, f"unknown key {key!r} in [{table}]{_nearest(key, KEYS[table])}"
            elif wrong := KEYS[table][key].check(value):
                yield line, f"{key} {wrong}"


def _nearest(name: str, known: Mapping[str, object]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {close[0]!r}?" if close else f"; known are {', '.join(known)}"


def _line_of(source: str, table: str | None, key: str | None) -> int:
    """The line of a key in a table (or of the table's own header), for messages; one when it is written unusually."""
    current: str | None = None
    for number, line in enumerate(source.splitlines(), start=1):
        header = re.match(r"\s*\[\s*([^\]]+?)\s*\]", line)
        if header:
            current = header[1].strip("\"'")
            if key is None and current == table:
                return number
        elif key is not None and current == table and re.match(rf"""\s*["']?{re.escape(key)}["']?\s*[.=]""", line):
            return number
    return 1


def _branded(settings: Settings, folder: Path, place: Callable[[str], str]) -> Settings:
    """The settings with their pictures read. place: where a key stands, for messages."""
    if wrong := list(mistakes(settings.branding, folder)):
        raise SettingsError("\n".join(f"{place(key)} {what}" for key, what in wrong))
    return replace(settings, branding=loaded(settings.branding, folder))


def _existing(settings: Settings, path: Path) -> Settings:
    """The settings, once the folder of templates that they name is there."""
    if settings.templates is not None and not settings.templates.is_dir():
        raise SettingsError(f"templates names {settings.templates}, which is no folder.", where=str(path))
    return settings


def _settings(document: Mapping[str, Mapping[str, Any]], folder: Path) -> Settings:
    settings = Settings()
    for table, content in document.items():
        for name, value in content.items():
            key = KEYS[table][name]
            settings = _with(settings, key.field, folder / value if key.path else _frozen(value))
    return settings


def _frozen(value: object) -> object:
    if isinstance(value, list):
        return tuple(map(_frozen, value))
    return value.strip() if isinstance(value, str) else value


def _with(settings: S, field: str, value: object) -> S:
    """The settings with a field set; a dotted one lies in a group."""
    group, dot, rest = field.partition(".")
    return replace(settings, **{group: _with(getattr(settings, group), rest, value) if dot else value})
