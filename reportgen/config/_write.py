"""Settings as the tables of a file, and back: how an issue remembers what it was made with."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import reduce
from pathlib import Path

from reportgen.config._checks import Key
from reportgen.config._read import applied
from reportgen.config._settings import KEYS, Settings

Tables = Mapping[str, Mapping[str, object]]
MAKING = ("source", "context", "sections", "output", "branding", "licence", "brief")
"""The tables that decide what an issue says. How it is sent is none of them, nor are secrets of any kind."""


def as_tables(settings: Settings, base: Path) -> Tables:
    """What differs from the defaults, by table and key; paths are written relative to `base`, the output folder."""
    default = Settings()
    found: dict[str, dict[str, object]] = {}
    for table in MAKING:
        for name, key in KEYS.get(table, {}).items():
            value = _value(settings, key)
            if key.field != "output" and value != _value(default, key):
                found.setdefault(table, {})[name] = _plain(value, base)
    if settings.link is not None:
        found["mail"] = {"link": settings.link}
    return found


def from_tables(tables: Tables, base: Path) -> Settings:
    """The settings of tables written by `as_tables`.

    Raises SettingsError with every entry that this version does not know or accept.
    """
    return applied(tables, base)


def _value(settings: Settings, key: Key) -> object:
    return reduce(getattr, key.field.split("."), settings)


def _plain(value: object, base: Path) -> object:
    match value:
        case Path():
            return _relative(value, base)
        case tuple():
            return [_plain(each, base) for each in value]
        case _:
            return value


def _relative(path: Path, base: Path) -> str:
    try:
        return Path(os.path.relpath(path, base)).as_posix()
    except ValueError:  # on Windows, two drives have no path between them
        return path.resolve().as_posix()
