"""Evaluates checked trees: conditions to a bool, amounts to a number, texts to typed runs, and never to a string."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from reportgen.model import FactList, Name, Parameter, Reading, Run, Runs, Scalar, Text
from reportgen.narrative.filters import FILTERS
from reportgen.narrative.scene import Scene, UnavailableError
from reportgen.narrative.syntax import (
    Arithmetic,
    Branch,
    Comparison,
    Constant,
    Expression,
    FactName,
    Logic,
    Missing,
    Negative,
    Not,
    Output,
    Piece,
    PropertyName,
    SpecName,
    VerdictName,
    Words,
)
from reportgen.narrative.words import Words as WordList

_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq, "ne": operator.ne,
    "lt": operator.lt, "lteq": operator.le, "gt": operator.gt, "gteq": operator.ge,
}  # fmt: skip
_SAME = 1e-9
"""Numbers closer than that, relatively, are the same: 0.0008 - 0.0006 exceeds 0.0002 in binary fractions only."""
_CALCULATE: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
}  # fmt: skip


NO_CLAIM: frozenset[str] = frozenset()


def holds(expression: Expression, scene: Scene, claim: frozenset[str] = NO_CLAIM) -> bool:
    """Whether a condition is true; `claim` holds what is true of the rule's claim.

    Raises UnavailableError where a fact it needs is missing.
    """
    match expression:
        case Missing(of=name):
            truth = scene.is_missing(name)
        case VerdictName(written=written):
            truth = written in claim
        case Not(operand=operand):
            truth = not holds(operand, scene, claim)
        case Logic(sign="and", left=left, right=right):
            truth = holds(left, scene, claim) and holds(right, scene, claim)
        case Logic(left=left, right=right):
            truth = holds(left, scene, claim) or holds(right, scene, claim)
        case Comparison():
            truth = _in_order(expression, scene)
        case _:
            raise UnavailableError("the condition is not true or false")
    return truth


def _in_order(comparison: Comparison, scene: Scene) -> bool:
    left = value_of(comparison.left, scene)
    for sign, side in comparison.rest:
        right = value_of(side, scene)
        if not _compare(sign, left, right):
            return False
        left = right
    return True


def amount(expression: Expression, scene: Scene) -> float:
    """An arithmetic expression's value, finite. Raises UnavailableError, also for a division by zero."""
    match expression:
        case Constant(value=value):
            return value
        case Negative(operand=operand):
            return -amount(operand, scene)
        case Arithmetic(sign=sign, left=left, right=right):
            return _finite(sign, amount(left, scene), amount(right, scene))
        case FactName() | PropertyName():
            found = scene.value(expression)
            if isinstance(found, bool) or not isinstance(found, int | float):
                raise UnavailableError(f"{expression.written} is not a number: {found!r}")
            return float(found)
        case _:
            raise UnavailableError("not an amount")


def render(pieces: tuple[Piece, ...], scene: Scene, words: WordList, claim: frozenset[str]) -> Runs:
    """A text's runs, white space joined. Raises UnavailableError where a fact it prints is missing."""
    return tidy(_runs(pieces, scene, words, claim))


def _finite(sign: str, left: float, right: float) -> float:
    try:
        result = _CALCULATE[sign](left, right)
    except ZeroDivisionError:
        raise UnavailableError("the condition divides by zero") from None
    if not math.isfinite(result):
        raise UnavailableError("the condition's arithmetic overflows")
    return result


def value_of(expression: Expression, scene: Scene) -> Scalar:
    """An operand's value: a number, a word or a date. Raises UnavailableError."""
    return scene.value(expression) if isinstance(expression, FactName | PropertyName) else amount(expression, scene)


def _compare(sign: str, left: Scalar, right: Scalar) -> bool:
    comparable = (int | float, str, date)
    if not any(isinstance(left, kind) and isinstance(right, kind) for kind in comparable):
        raise UnavailableError(f"{left!r} and {right!r} cannot be compared")
    if isinstance(left, int | float) and isinstance(right, int | float) and math.isclose(left, right, rel_tol=_SAME):
        right = left
    return _COMPARE[sign](left, right)


def _runs(pieces: tuple[Piece, ...], scene: Scene, words: WordList, claim: frozenset[str]) -> list[Run]:
    runs: list[Run] = []
    for piece in pieces:
        match piece:
            case Words(text=text):
                runs.append(Text(text.replace("'", "’")))
            case Output():
                runs.extend(_output(piece, scene, words))
            case Branch(arms=arms):
                for test, arm in arms:
                    if test is None or holds(test, scene, claim):
                        runs.extend(_runs(arm, scene, words, claim))
                        break
    return runs


def _output(output: Output, scene: Scene, words: WordList) -> tuple[Run, ...]:
    match output.name:
        case PropertyName() as name:
            return (scene.run(name),)
        case SpecName(metric=metric, name=constant):
            return (_parameter(scene, metric, constant),)
        case FactName() as name:
            assert output.filter is not None
            return _filtered(output, name, scene, words)


def _filtered(output: Output, name: FactName, scene: Scene, words: WordList) -> tuple[Run, ...]:
    used = FILTERS[output.filter or ""]
    subject: Reading | FactList = scene.family(name) if used.takes_list else scene.reading(name)
    arguments: list[object] = list(output.arguments)
    if output.filter == "graded":
        arguments[0] = words.scales[str(arguments[0])]
    try:
        result = used.function(subject, *arguments)
    except (TypeError, KeyError) as problem:
        raise UnavailableError(f"{name.written}: {problem}") from problem
    return result if isinstance(result, tuple) else (result,)


def _parameter(scene: Scene, metric: str, constant: str) -> Parameter:
    spec = scene.setting.measurements.specs[metric]
    value = spec.parameters[constant]
    is_fraction = isinstance(value, float) and 0 < value < 1
    return Parameter(metric, constant, f"{100 * value:g}%" if is_fraction else f"{value}")  # type: ignore[operator]


def tidy(runs: list[Run]) -> Runs:
    """Joins neighbouring words and leaves one space where there were several; none at the ends or before a comma."""
    tidied: list[Run] = []
    for run in runs:
        if not isinstance(run, Text):
            tidied.append(run)
            continue
        text = re.sub(r"\s+", " ", run.text)
        if tidied and isinstance(tidied[-1], Text):
            text = re.sub(r" +", " ", tidied.pop().text + text)
        if text:
            tidied.append(Text(re.sub(r" ([.,;:])", r"\1", text)))
    if tidied and isinstance(tidied[0], Text):
        tidied[0] = Text(tidied[0].text.lstrip())
    if tidied and isinstance(tidied[-1], Text):
        tidied[-1] = Text(tidied[-1].text.rstrip())
    return tuple(run for run in tidied if not isinstance(run, Text) or run.text)


def is_empty(runs: Runs) -> bool:
    """Whether nothing but names and spaces was said."""
    return not any(run.text.strip() for run in runs if not isinstance(run, Name))
