"""`reportgen trace`: from a printed number, or a fact's id, back to what it was made from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reportgen.errors import DataError, UsageError

if TYPE_CHECKING:
    from reportgen.model import Fact, Interval, Measurements, MetricSpec, SourceRecord

_FACTS = "facts.json"
_MOST = 12
_PRINTED = re.compile(r'<data (?![^>]* data-former)[^>]*data-fact="([^"]*)"[^>]*>([^<]*)</data>')
"""What the page prints of its own facts; a correction also prints those of the version before."""


@click.command("trace", context_settings={"ignore_unknown_options": True})
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("text")
@click.option("--json", "as_json", is_flag=True, help="Print the facts as JSON.")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def command(file: Path, text: str, *, as_json: bool, debug: bool) -> None:
    """Trace a printed number, or a fact's id, back to its formula and its inputs.

    FILE is an article (HTML or PDF), its folder or its facts.json. TEXT is a number as it is printed, such as "35.12",
    or an id such as QQQ/max_drawdown/5Y.
    """
    del debug  # read by the error handler
    record = _opened(file)
    found = list(_matches(record, text.strip()))
    if not found:
        near = _nearest(record, text.strip())
        raise UsageError(
            f"nothing here is printed as {text!r}.", where=str(file), fix=f"Nearest are {', '.join(near)}."
        )
    if as_json:
        click.echo(json.dumps([_as_json(record, fact, part) for fact, part in found], indent=1, ensure_ascii=False))
        return
    for fact, part in found[:_MOST]:
        click.echo("\n".join(_lines(record, fact, part)))
    if len(found) > _MOST:
        click.echo(f"{len(found) - _MOST} more; name the number as it is printed, or a fact's id.")


@dataclass(frozen=True)
class _Record:
    """The facts of an article, their sources, and what its page prints, by fact."""

    measured: Measurements
    document: Mapping[str, Any]
    sources: Mapping[str, SourceRecord]
    printed: Mapping[str, frozenset[str]]

    def spec(self, fact: Fact) -> MetricSpec | None:
        from reportgen.model import DIFFERENCE

        specs = self.measured.specs
        return specs.get(fact.metric) or specs.get(fact.metric.removeprefix(DIFFERENCE))


def _opened(file: Path) -> _Record:
    """The facts that travel with a file. Raises DataError where they cannot be read."""
    from reportgen.brief.own_facts import catalogue
    from reportgen.model import serial

    try:
        document = json.loads(_facts(file))
        measured = serial.from_json(document, catalogue())
        sources = serial.sources_from_json(document)
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror or error}.", where=str(error.filename or file)) from error
    except (ValueError, KeyError, TypeError) as error:
        fix = "Name an article, its folder or its facts.json."
        raise DataError(f"holds no facts that can be read ({error}).", where=str(file), fix=fix) from error
    page = file if file.suffix == ".html" else (file if file.is_dir() else file.parent) / "article.html"
    return _Record(measured, document, {source.id: source for source in sources}, _printed(page))


def _facts(file: Path) -> bytes:
    """facts.json: the file itself, the one attached to a PDF, or the one beside a page."""
    if file.suffix == ".pdf":
        from reportgen import gate

        inside = gate.attached(file.read_bytes(), _FACTS)
        if inside is None:
            raise ValueError("no facts are attached")
        return inside
    if file.is_dir():
        return (file / _FACTS).read_bytes()
    return (file.with_name(_FACTS) if file.suffix == ".html" else file).read_bytes()


def _printed(page: Path) -> Mapping[str, frozenset[str]]:
    """What a page prints for each fact; nothing where there is no page."""
    found: dict[str, set[str]] = {}
    if page.is_file():
        import html

        for fact, text in _PRINTED.findall(page.read_text(encoding="utf-8", errors="replace")):
            found.setdefault(html.unescape(fact), set()).add(html.unescape(text).strip())
    return {fact: frozenset(texts) for fact, texts in found.items()}


def _matches(record: _Record, text: str) -> Iterator[tuple[Fact, str]]:
    """The facts that a text names or stands for, those that the page prints first."""
    from reportgen import gate

    if text in record.measured.facts:
        yield record.measured.facts[text], "value"
        return
    told = [(fact, part) for fact in record.measured if (part := gate.tells(fact, text, record.spec(fact)))]
    if not any(map(str.isdigit, text)):
        told = [(fact, part) for fact, part in told if part == "value"]
    yield from sorted(told, key=lambda pair: (pair[0].id not in record.printed, pair[1] != "value"))


def _nearest(record: _Record, text: str) -> list[str]:
    """The ids most like a text, or of the facts whose numbers come nearest."""
    digits = re.sub(r"[^0-9.]", "", text)
    if re.fullmatch(r"[-+$−]?[0-9][0-9,]*(?:\.[0-9]+)?\s*[%BM]?[a-z ]*", text) and digits:
        wanted = float(digits)
        numbers = [fact for fact in record.measured if isinstance(fact.value, float) and fact.value]
        scale = {"fraction": 100.0}
        numbers.sort(key=lambda fact: abs(abs(fact.number) * scale.get(fact.unit, 1.0) - wanted))
        return [fact.id for fact in numbers[:3]]
    return get_close_matches(text, record.measured.facts, 3, 0.0)


def _lines(record: _Record, fact: Fact, part: str) -> Iterator[str]:
    """One fact as it is told on a terminal."""
    spec = record.spec(fact)
    yield fact.id
    for name, told in _told(record, fact, spec, part):
        yield f"  {name:<13}{told}"
    for source in _inputs(record, fact):
        dated = f", as of {source.as_of}" if source.as_of else ""
        yield f"  {'input':<13}{source.name} ({source.id}{dated})"
        yield f"  {'':<13}sha256 {source.sha256}"
    yield ""


def _told(record: _Record, fact: Fact, spec: MetricSpec | None, part: str) -> Iterator[tuple[str, str]]:
    if spec is not None:
        yield "measure", spec.label
    yield "value", f"n/a, {fact.missing}" if fact.missing is not None else f"{fact.value} ({fact.unit})"
    if part != "value":
        yield "matched", f"{part} {fact.part(part)}"
    if texts := record.printed.get(fact.id):
        yield "printed as", ", ".join(sorted(texts))
    yield from _made(fact)
    if spec is not None:
        yield "formula", spec.formula
        yield "reference", spec.reference


def _made(fact: Fact) -> Iterator[tuple[str, str]]:
    """Over which window, on which basis, from how many observations a fact was made."""
    if fact.window is not None:
        yield "window", f"{fact.code}, {fact.window.start} to {fact.window.end}"
    yield "basis", fact.basis
    if fact.as_of is not None:
        yield "as of", fact.as_of.isoformat()
    if fact.n is not None:
        yield "observations", f"{fact.n:,}"
    if fact.interval is not None:
        yield "interval", _interval(fact.interval)
    if fact.details:
        yield "details", ", ".join(f"{name} {value}" for name, value in fact.details.items())
    if fact.method:
        yield "method", fact.method


def _interval(bounds: Interval) -> str:
    draws = f", {bounds.draws:,} draws" if bounds.draws else ""
    how = f"{100 * bounds.level:g}% ({bounds.method}{draws}, p = {bounds.p:.4g})"
    return f"{bounds.low:.6g} to {bounds.high:.6g} at {how}"


def _inputs(record: _Record, fact: Fact) -> list[SourceRecord]:
    """The sources that a fact names, by id or by name."""
    return [s for s in record.sources.values() if s.id in fact.sources or s.name in fact.sources]


def _as_json(record: _Record, fact: Fact, part: str) -> dict[str, Any]:
    (told,) = (each for each in record.document["facts"] if each["id"] == fact.id)
    spec = record.spec(fact)
    inputs = [
        {"id": s.id, "name": s.name, "as_of": s.as_of.isoformat() if s.as_of else None, "sha256": s.sha256}
        for s in _inputs(record, fact)
    ]
    printed = sorted(record.printed.get(fact.id, ()))
    formula = spec.formula if spec is not None else None
    return {**told, "matched": part, "printed": printed, "formula": formula, "inputs": inputs}
