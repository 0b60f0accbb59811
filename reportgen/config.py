"""reportgen.toml as frozen settings. Every mistake in the file is reported at once, each with its line.

The keys, their types and what they mean stand once, in `KEYS`; the documentation and the checks read them from there.
The command line wins over the file, the file over the defaults.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal, NamedTuple

from reportgen.errors import SettingsError
from reportgen.model import ContextFunds

FILE_NAME = "reportgen.toml"
FORMATS = ("html", "pdf", "mail")
DEFAULT_FORMATS = ("html", "pdf")
PAGE_SIZES = ("A4", "Letter")
SOURCES = ("files", "sample", "yahoo")
SECTIONS = (
    "answer", "summary", "own", "returns", "risk", "concentration", "breadth", "credit", "second-order", "flows",
    "cost", "horizon-weeks", "horizon-months", "horizon-years", "tail", "contrarian", "same", "outlook",
)  # fmt: skip
"""The sections that settings may leave out; those that the law or the house demands are not among them."""
TICKER = re.compile(r"\^?[A-Z0-9][A-Z0-9.\-]{0,14}")
_LINK = re.compile(r"https://[A-Za-z0-9.-]+(?::[0-9]+)?(?:/(?:[-\w.~/%?=&#]|\{as_of\}|\{slug\})*)?", re.ASCII)

NO_CONFLICT = "The publisher has not declared a position in the funds named here."


@dataclass(frozen=True, slots=True)
class Settings:
    """What a publisher decides; every field has a default, so that no file is needed."""

    source: Literal["files", "sample", "yahoo"] = "yahoo"
    data: Path | None = None
    context: ContextFunds = field(default_factory=ContextFunds)
    output: Path = Path("output")
    formats: tuple[str, ...] = DEFAULT_FORMATS
    page: Literal["A4", "Letter"] = "A4"
    omitted_sections: tuple[str, ...] = ()
    disabled_rules: tuple[str, ...] = ()
    templates: Path | None = None
    publication: str = "reportgen"
    conflict: str = NO_CONFLICT
    link: str | None = None


class Key(NamedTuple):
    """One key of the file: where its value goes, what it must be, and what it means."""

    field: str
    check: Callable[[Any], str | None]
    meaning: str


def _text(value: object) -> str | None:
    if not isinstance(value, str) or not value.strip():
        return "must be a text in quotes"
    return None if value.isprintable() else "holds a character that cannot be printed"


def _link(value: object) -> str | None:
    fits = isinstance(value, str) and _LINK.fullmatch(value)
    return None if fits else 'must be an address such as "https://example.com/{as_of}/{slug}/article.html"'


def _one_of(*choices: str) -> Callable[[Any], str | None]:
    def check(value: object) -> str | None:
        return None if value in choices else f"must be one of {', '.join(choices)}"

    return check


def _ticker(value: object) -> str | None:
    return None if isinstance(value, str) and TICKER.fullmatch(value) else 'must be a ticker in capitals, such as "SPY"'


def _list_of(check: Callable[[Any], str | None], what: str) -> Callable[[Any], str | None]:
    def check_all(value: object) -> str | None:
        if not isinstance(value, list):
            return f"must be a list of {what}"
        wrong = [item for item in value if check(item) is not None]
        return f"holds {wrong[0]!r}, which {check(wrong[0])}" if wrong else None

    return check_all


def _some_of(*choices: str) -> Callable[[Any], str | None]:
    def check(value: object) -> str | None:
        wrong = _list_of(_one_of(*choices), "formats")(value)
        return wrong or (None if value else "names none; leave it out for html and pdf")

    return check


KEYS: Mapping[str, Mapping[str, Key]] = {
    "source": {
        "kind": Key("source", _one_of(*SOURCES), "where data come from: files, sample or yahoo"),
        "data": Key("data", _text, "the folder of price files, for kind files; relative to the settings file"),
    },
    "context": {
        "benchmark": Key("benchmark", _ticker, "one benchmark for every fund, instead of one by asset class"),
        "equity_benchmark": Key("equity_benchmark", _ticker, "the benchmark of equity funds"),
        "bond_benchmark": Key("bond_benchmark", _ticker, "the benchmark of bond funds"),
        "credit": Key("credit", _ticker, "the high-yield fund that stands for credit"),
        "rates": Key("rates", _ticker, "the Treasury fund that stands for rates"),
        "investment_grade": Key("investment_grade", _ticker, "the investment-grade bond fund"),
        "long_rates": Key("long_rates", _ticker, "the long Treasury fund"),
        "technology": Key("technology", _ticker, "the technology sector fund"),
        "companions": Key("companions", _list_of(_ticker, "tickers"), "the funds watched for second-order effects"),
    },
    "sections": {
        "omit": Key("omitted_sections", _list_of(_one_of(*SECTIONS), "section names"), "sections to leave out"),
        "disable_rules": Key("disabled_rules", _list_of(_text, "rule names"), "commentary rules to switch off"),
    },
    "output": {
        "folder": Key("output", _text, "where articles are written; relative to the settings file"),
        "formats": Key("formats", _some_of(*FORMATS), "html, pdf, mail: one or several"),
        "page": Key("page", _one_of(*PAGE_SIZES), "the PDF's paper: A4 or Letter"),
    },
    "branding": {
        "publication": Key("publication", _text, "the publication's name, in the masthead"),
        "conflict_of_interest": Key("conflict", _text, "the sentence about the publisher's own positions"),
        "templates": Key("templates", _text, "a folder of your own templates, which win file by file"),
    },
    "mail": {
        "link": Key("link", _link, "where the full article will be, for the mail; {as_of} and {slug} are filled in"),
    },
}

_PATHS = ("data", "output", "templates")
_CONTEXT_FIELDS = frozenset(item.name for item in fields(ContextFunds))


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
    mistakes = sorted(_mistakes(document, source))
    if mistakes:
        listing = "\n".join(f"{path}:{line}: {what}" for line, what in mistakes)
        raise SettingsError(listing)
    return _existing(_settings(document, path.parent), path)


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


def _existing(settings: Settings, path: Path) -> Settings:
    """The settings, once the folder of templates that they name is there."""
    if settings.templates is not None and not settings.templates.is_dir():
        raise SettingsError(f"templates names {settings.templates}, which is no folder.", where=str(path))
    return settings


def _settings(document: Mapping[str, Mapping[str, Any]], folder: Path) -> Settings:
    values: dict[str, Any] = {}
    context: dict[str, Any] = {}
    for table, content in document.items():
        for key, value in content.items():
            name = KEYS[table][key].field
            frozen = tuple(value) if isinstance(value, list) else folder / value if name in _PATHS else value
            (context if name in _CONTEXT_FIELDS else values)[name] = frozen
    return replace(Settings(), **values, context=replace(ContextFunds(), **context))
