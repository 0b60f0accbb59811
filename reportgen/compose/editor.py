"""The editor's note: words of a person, in which every number is one that the article prints, or a fact by its id."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import count

from reportgen import formatting
from reportgen.compose.notes import Note
from reportgen.errors import UsageError
from reportgen.formatting import long_date, short_date
from reportgen.model import Day, Measurements, Name, Number, Paragraph, Ref, Run, Runs, Section, Text, facts_in
from reportgen.model.walk import block_runs

SECTION = "editors-note"
_FACT = re.compile(r"\{([^{}\s]+)\}")
_NUMERAL = re.compile(r"[-+\N{MINUS SIGN}]?\$?\d[\d,]*(?:\.\d+)?(?:%|B\b|M\b| basis points?| points?| pts)?")
Printed = Mapping[str, Sequence[Number]]


def section(
    note: str, measured: Measurements, told: Sequence[Section], names: frozenset[str], days: frozenset[date]
) -> tuple[Section, tuple[Note, ...]]:
    """The note as a section, a paragraph for each of its own, and what the numbers of each rest on.

    A numeral becomes the number that the sections told print alike; of several, that of the fund named last before it.
    One that nothing prints stays bare text, for which the gate holds the article. Raises UsageError for the id of a
    fact in braces that was not measured.
    """
    printed = _printed(told)
    paragraphs = [part for part in re.split(r"\n\s*\n", note) if part.strip()]
    texts = [tuple(_runs(" ".join(part.split()), measured, printed, names, days)) for part in paragraphs]
    last = max((run.number for one in told for runs in _prose(one) for run in runs if isinstance(run, Ref)), default=0)
    rests = [tuple(dict.fromkeys(facts_in(runs))) for runs in texts]
    numbers = count(last + 1)
    notes = [Note(next(numbers), facts) if facts else None for facts in rests]
    linked = zip(texts, notes, strict=True)
    blocks = tuple(Paragraph((*runs, *note.link) if note is not None else runs) for runs, note in linked)
    found = tuple(note for note in notes if note is not None)
    return Section(SECTION, (Text("Editor’s note"),), blocks), found


def _printed(told: Sequence[Section]) -> Printed:
    found: dict[str, list[Number]] = {}
    for one in told:
        for runs in _prose(one):
            for run in runs:
                if isinstance(run, Number) and run not in found.setdefault(run.text, []):
                    found[run.text].append(run)
    return found


def _prose(section: Section) -> Iterator[Runs]:
    return (runs for block in section.blocks for runs in block_runs(block))


def _runs(
    text: str, measured: Measurements, printed: Printed, names: frozenset[str], days: frozenset[date]
) -> Iterator[Run]:
    """The text in runs: facts by their ids, names, dates and numerals as what they are, the rest as words."""
    dated = {form: day for day in days for form in (long_date(day), short_date(day))}
    known = sorted((name for name in names if any(map(str.isdigit, name))), key=len, reverse=True)
    literal = "|".join(map(re.escape, (*known, *dated)))
    pattern = re.compile(rf"{_FACT.pattern}|(?P<literal>{literal or '(?!)'})|(?P<numeral>{_NUMERAL.pattern})")
    at = 0
    for match in pattern.finditer(text):
        if match.start() > at:
            yield Text(text[at : match.start()])
        at = match.end()
        if match[1]:
            yield _fact(match[1], measured)
        elif (named := match["literal"]) is not None:
            yield Day(dated[named], named) if named in dated else Name(named)
        else:
            yield _number(match["numeral"], printed, measured.tickers, text[: match.start()])
    if at < len(text):
        yield Text(text[at:])


def _fact(id_: str, measured: Measurements) -> Run:
    fact = measured.facts.get(id_)
    if fact is None or fact.missing is not None:
        told = "was not measured" if fact is None else f"is missing: {fact.missing}"
        raise UsageError(f"The editor's note names the fact {id_}, which {told}.", fix="Take another from facts.json.")
    return formatting.value(measured.reading(fact))


def _number(text: str, printed: Printed, tickers: Sequence[str], before: str) -> Run:
    """The printed number that reads alike; bare text where there is none."""
    alike = printed.get(text, ())
    if not alike:
        return Text(text)
    nearest = max(tickers, key=before.rfind)
    return next((run for run in alike if run.fact.startswith(f"{nearest}/")), alike[0])
