"""The settings as text: their documentation, and a commented file to begin with; both made from `KEYS`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import reduce

from reportgen.config._checks import Key
from reportgen.config._settings import KEYS, Settings

ABOUT: Mapping[str, str] = {
    "source": "Where the data come from.",
    "fetch": "How live data are fetched.",
    "context": "The funds that serve as yardsticks.",
    "sections": "What articles leave out.",
    "output": "What is written, and where.",
    "branding": "Whose publication it is.",
    "mail": "The mail form of an article or a brief.",
    "delivery": "How mail is sent to subscribers.",
    "web": "The pages for subscribers.",
    "bounces": "Mail that comes back.",
    "licence": "The publisher's own rights to data.",
    "schedule": "When the brief is made by itself, and who looks at it first.",
    "site": "The archive on the web.",
    "brief": "The weekly brief.",
}
"""What each table is for; a test holds that none is missing."""
Given = Mapping[str, Mapping[str, object]]


def documentation() -> str:
    """docs/settings.md: every key of every table with its meaning and its default."""
    return "\n".join((*_INTRODUCTION, *(line for table in KEYS for line in _table(table)))).rstrip() + "\n"


_INTRODUCTION = (
    "# Settings",
    "",
    "`reportgen.toml` in the current folder, or the file that `--config` names. `reportgen init` writes one with a",
    "comment at every key. Every mistake in it is reported at once, each with its line. The command line wins over the",
    "file, the file over the defaults. A relative path is relative to the file. Every key may be left out.",
    "",
    "This page is made from the program's own list of keys: `reportgen init --document`.",
    "",
)


def _table(table: str) -> Iterator[str]:
    yield f"## [{table}]"
    yield ""
    yield ABOUT.get(table, "")
    yield ""
    yield "| key | meaning | default |"
    yield "| --- | --- | --- |"
    for name, key in KEYS[table].items():
        default = default_of(key)
        yield f"| `{name}` | {key.meaning} | {'none' if default is None else f'`{default}`'} |"
    yield ""


def beginning(given: Given) -> str:
    """A file with every key: those given are set, all others stand as comments with their defaults."""
    lines = [
        "# Settings of reportgen. A line that begins with # is a comment; take the # away to set its key.",
        "# docs/settings.md tells every key.",
    ]
    for table, keys in KEYS.items():
        lines += ["", f"# {ABOUT.get(table, table)}", f"[{table}]"]
        for name, key in keys.items():
            set_to = given.get(table, {}).get(name)
            default = default_of(key)
            lines.append(f"# {name}: {key.meaning}")
            lines.append(f"{name} = {toml(set_to)}" if set_to is not None else f"# {name} = {default or '...'}")
    return "\n".join(lines) + "\n"


def default_of(key: Key) -> str | None:
    """A key's default as TOML, or None where it has none."""
    value = reduce(getattr, key.field.split("."), Settings()) if _has(key) else None
    return None if value is None else toml(value)


def _has(key: Key) -> bool:
    """Whether the settings hold the key's field as an attribute; a group may keep several keys as one."""
    try:
        reduce(getattr, key.field.split("."), Settings())
    except AttributeError:
        return False
    return True


def toml(value: object) -> str:
    """A value as TOML writes it: texts, truths, numbers, and lists of them."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case tuple() | list() | frozenset():
            return f"[{', '.join(map(toml, value))}]"
        case Mapping():
            return f"{{ {', '.join(f'{name} = {toml(each)}' for name, each in value.items())} }}"
        case _:
            return json.dumps(str(value), ensure_ascii=False)
