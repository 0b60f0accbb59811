"""Facts told in a line: "Maximum drawdown, 5 years: IWM -31.91%, QQQ -35.12%"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reportgen import formatting
from reportgen.compose import _cells as cells
from reportgen.model import DIFFERENCE, Day, Fact, Measurements, Name, Reading, Run, Runs, Text

Usual = Mapping[str | None, int]
"""How many observations a fact over a window usually rests on, by the window's code: such counts go without saying."""


def told(measured: Measurements, ids: Sequence[str], usual: Usual | None = None) -> Runs:
    """The facts by what they are, those of one metric and window together.

    usual: given, each group also tells its basis where that is price, its own date where it has one, and how many
    observations it rests on where that is not the usual number. Raises KeyError for a fact that was not measured.
    """
    runs: list[Run] = []
    for facts in _groups([measured.facts[id_] for id_ in ids]):
        first = facts[0]
        metric = first.metric.removeprefix(DIFFERENCE)
        label = cells.label_of(measured, metric if metric in measured.specs else first.metric)
        shared = _who(first) if _by_key(facts) else (Name(first.key),) if first.key is not None else ()
        window = cells.window_name(first.code) if first.code else ()
        about = [each for each in (window, shared) if each]
        runs += [*((Text("; "),) if runs else ()), *label, *(run for each in about for run in (Text(", "), *each))]
        runs += [Text(": "), *_listed([_one(measured, fact, by_key=_by_key(facts)) for fact in facts])]
        runs += _grounds(measured, facts, usual) if usual is not None else ()
    return tuple(runs)


def _groups(facts: Sequence[Fact]) -> list[list[Fact]]:
    """The facts of one metric and window together; where they have keys, those of one key, or else of one fund."""
    found: dict[tuple[str, str | None], list[Fact]] = {}
    for fact in facts:
        found.setdefault((fact.metric.removeprefix(DIFFERENCE), fact.code), []).append(fact)
    groups: list[list[Fact]] = []
    for together in found.values():
        parts: dict[object, list[Fact]] = {}
        few = len({fact.key for fact in together}) < len({(fact.subject, fact.second) for fact in together})
        for fact in together:
            parts.setdefault(fact.key if few or fact.key is None else (fact.subject, fact.second), []).append(fact)
        groups += parts.values()
    return groups


def _by_key(facts: Sequence[Fact]) -> bool:
    """Whether a group's facts are told by their keys, because they are of one fund or pair."""
    return facts[0].key is not None and len({(fact.subject, fact.second) for fact in facts}) == 1


def _one(measured: Measurements, fact: Fact, *, by_key: bool) -> Runs:
    """A fact after its key or its funds."""
    named: Runs = (Name(fact.key),) if by_key and fact.key is not None else _who(fact)
    return (*named, *((Text(" "),) if named else ()), shown(measured.reading(fact)))


def _who(fact: Fact) -> Runs:
    if fact.subject == "article":
        return ()
    if fact.second is None:
        return (Name(fact.subject),)
    if fact.metric.startswith(DIFFERENCE):
        return (Name(f"{fact.subject} less {fact.second}"),)
    return (Name(fact.subject), Text(" and "), Name(fact.second))


def shown(reading: Reading) -> Run:
    """A fact as tables show it; a difference of rates in points."""
    if reading.fact.missing is None and reading.fact.metric.startswith(DIFFERENCE) and reading.fact.unit == "fraction":
        return formatting.signed_points(reading)
    return formatting.value(reading)


def _grounds(measured: Measurements, facts: Sequence[Fact], usual: Usual) -> Runs:
    """Basis, date and observations, each where all the facts agree on it and it says something."""
    grounds: list[Runs] = []
    if {fact.basis for fact in facts} == {"price"}:
        grounds.append((Text("price basis"),))
    days = {fact.as_of for fact in facts}
    if len(days) == 1 and (day := facts[0].as_of) is not None and day != measured.as_of:
        grounds.append((Text("as of "), Day(day, formatting.short_date(day), facts[0].id)))
    counts = {fact.n for fact in facts}
    if len(counts) == 1 and facts[0].n and facts[0].missing is None and facts[0].n != usual.get(facts[0].code):
        grounds.append((formatting.observations(measured.reading(facts[0])), Text(" observations")))
    return (Text(" ("), *_listed(grounds), Text(")")) if grounds else ()


def _listed(parts: Sequence[Runs]) -> Runs:
    return tuple(run for i, part in enumerate(parts) for run in ((Text(", "), *part) if i else part))
