"""What the graded words of an article mean: the scales of words.toml that its sentences used, limits as numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reportgen.formatting import Scale
from reportgen.model import Parameter, Run, Runs, Text
from reportgen.narrative.rules import Rule
from reportgen.narrative.syntax import outputs_in
from reportgen.narrative.words import Words


def meanings(rules: Sequence[Rule], words: Words) -> tuple[tuple[str, Runs], ...]:
    """A row for each scale that the rules grade by, in the order of words.toml: what is measured, and its words."""
    used = {str(o.arguments[0]) for rule in rules for o in outputs_in(rule.text) if o.filter == "graded"}
    return tuple((scale.about, tuple(_steps(scale))) for name, scale in words.scales.items() if name in used)


def _steps(scale: Scale) -> Iterator[Run]:
    for limit, word in scale.steps:
        yield Text(f"“{word}” up to ")
        yield Parameter("words", scale.name, _limit(scale.unit, limit))
        yield Text("; ")
    yield Text(f"“{scale.beyond}” beyond")


def _limit(unit: str, limit: float) -> str:
    if unit == "fraction":
        return f"{100 * limit:.4g} {'point' if limit == 0.01 else 'points'}"
    return f"${limit:,.4g}" if unit == "usd" else f"{limit:,.4g}"
