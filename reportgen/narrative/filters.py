"""What the filters of `formatting` take and give, read from their signatures; the language has no others."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, get_type_hints

from reportgen import formatting
from reportgen.model import FactList, Reading
from reportgen.narrative.syntax import FactName, Output

_SIGNED = frozenset({"percent", "signed_percent", "dollars", "ratio", "value", "count", "big_dollars"})
"""Filters that print a sign. A difference is told as x against y, so its sign is said in words and not by these."""


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter: whether it takes a list of facts, and the types and least number of its further arguments."""

    function: Callable[..., Any]
    takes_list: bool
    arguments: tuple[type, ...]
    required: int


def _discover() -> Mapping[str, Filter]:
    found: dict[str, Filter] = {}
    for name, function in vars(formatting).items():
        if not inspect.isfunction(function):
            continue
        hints = get_type_hints(function)
        parameters = list(inspect.signature(function).parameters.values())
        first, *further = parameters
        if hints[first.name] not in (Reading, FactList):
            continue
        kinds = tuple(_plain_type(hints[p.name]) for p in further)
        required = sum(p.default is inspect.Parameter.empty for p in further)
        found[name] = Filter(function, hints[first.name] is FactList, kinds, required)
    return found


def _plain_type(hint: Any) -> type:  # noqa: ANN401  a type hint can be anything
    if hint in (str, formatting.Scale):
        return hint  # type: ignore[no-any-return]
    return int


FILTERS = _discover()


def check_output(output: Output) -> str | None:
    """What is wrong with `{{ name | filter(arguments) }}`, or None."""
    name = output.name
    if output.filter is None:
        return _check_bare(output)
    if not isinstance(name, FactName):
        return f"{name.written} is printed as it is, without a filter"
    known = FILTERS[output.filter]
    if name.part is not None and known.takes_list:
        return f"{output.filter} takes a list; {name.written} is one of its parts"
    if name.turns and output.filter in _SIGNED:
        return (
            f"{output.filter} prints a sign; say a difference's direction in words (points, ratio_size, dollars_size)"
        )
    return _check_arguments(output, known)


def _check_bare(output: Output) -> str | None:
    name = output.name
    if isinstance(name, FactName):
        return f"{name.written} needs a filter that says how it is printed, such as percent, ratio or count"
    if name.kind == "number":
        return f"{name.written} is a setting, not a fact: it cannot be printed"
    return None


def _check_arguments(output: Output, known: Filter) -> str | None:
    if not known.required <= len(output.arguments) <= len(known.arguments):
        return f"{output.filter} takes {known.required} to {len(known.arguments)} arguments"
    for given, wanted in zip(output.arguments, known.arguments, strict=False):
        if not isinstance(given, str if wanted is formatting.Scale else wanted):
            return f"{output.filter} cannot take {given!r}"
    return None
