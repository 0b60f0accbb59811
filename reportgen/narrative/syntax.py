"""The checked syntax tree: all that a condition or a text can be once the language has admitted it.

Nothing here can call, loop, import or reach an attribute of a Python object. What the evaluator meets is these nodes
and nothing else, so what a rule can do is what stands on this page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Root = Literal["x", "y", "pair", "market", "article"]
Kind = Literal["number", "text", "date", "bool", "any"]
"""What an expression gives; "any" is a part of a fact, whose type only the fact knows."""

ComparisonSign = Literal["eq", "ne", "lt", "lteq", "gt", "gteq"]
ArithmeticSign = Literal["+", "-", "*", "/"]
LONG = "long"
"""The window code of a rule that wants five years where the funds have them, else the common history."""


@dataclass(frozen=True, slots=True)
class FactName:
    """`x.total_return_1y`, `pair.diff.cagr`, `x.largest_sector.weight`: a fact, or with `part` its key or detail.

    turns: a fact of a pair that changes its sign when the funds change places, as every difference does.
    """

    written: str
    root: Root
    metric: str
    code: str | None
    part: str | None
    turns: bool
    kind: Kind
    unit: str


@dataclass(frozen=True, slots=True)
class PropertyName:
    """`x.ticker`, `x.name`, `market.ticker`, `article.as_of`, `article.next_fomc`: what is known and not measured."""

    written: str
    root: Root
    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class SpecName:
    """`spec.level`: a constant of the definition of the claim's metric."""

    written: str
    metric: str
    name: str
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class VerdictName:
    """`supported`, `contradicted`, `inconclusive`, `untested`, `clear_of_zero`, `barely`: a claim's fate."""

    written: str


@dataclass(frozen=True, slots=True)
class Constant:
    value: float


@dataclass(frozen=True, slots=True)
class Missing:
    """`missing(x.overlap)`: whether a fact or a property has no value."""

    of: FactName | PropertyName


@dataclass(frozen=True, slots=True)
class Not:
    operand: Expression


@dataclass(frozen=True, slots=True)
class Logic:
    sign: Literal["and", "or"]
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Comparison:
    """`left sign right`, and for a chain such as `0 < a < 1` every further sign with its right side."""

    left: Expression
    rest: tuple[tuple[ComparisonSign, Expression], ...]


@dataclass(frozen=True, slots=True)
class Arithmetic:
    sign: ArithmeticSign
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Negative:
    operand: Expression


Operand = FactName | PropertyName | Constant
Expression = (
    FactName | PropertyName | VerdictName | Constant | Missing | Not | Logic | Comparison | Arithmetic | Negative
)


@dataclass(frozen=True, slots=True)
class ClaimTest:
    """`left > right` or `left > 0`: what the data are asked. `side` is +1 for ">" and -1 for "<"."""

    left: FactName
    right: FactName | None
    side: Literal[-1, 1]
    source: str


@dataclass(frozen=True, slots=True)
class Words:
    """Text as typed, without a digit."""

    text: str


@dataclass(frozen=True, slots=True)
class Output:
    """`{{ name }}` or `{{ name | filter(arguments) }}`."""

    name: FactName | PropertyName | SpecName
    filter: str | None
    arguments: tuple[str | int, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Branch:
    """`{% if %}`: the first arm whose test holds is said; the last arm's test may be None (else)."""

    arms: tuple[tuple[Expression | None, tuple[Piece, ...]], ...]


Piece = Words | Output | Branch


def names_in(expression: Expression) -> tuple[FactName | PropertyName, ...]:
    """Every name in an expression, from left to right."""
    match expression:
        case FactName() | PropertyName():
            return (expression,)
        case Missing(of=name):
            return (name,)
        case Not(operand=inner) | Negative(operand=inner):
            return names_in(inner)
        case Logic(left=left, right=right) | Arithmetic(left=left, right=right):
            return names_in(left) + names_in(right)
        case Comparison(left=left, rest=rest):
            return names_in(left) + tuple(n for _, side in rest for n in names_in(side))
        case _:
            return ()


def outputs_in(pieces: tuple[Piece, ...]) -> tuple[Output, ...]:
    """Every output of a text, whichever arm it stands in."""
    found: list[Output] = []
    for piece in pieces:
        if isinstance(piece, Output):
            found.append(piece)
        elif isinstance(piece, Branch):
            for _, arm in piece.arms:
                found.extend(outputs_in(arm))
    return tuple(found)


def tests_in(pieces: tuple[Piece, ...]) -> tuple[Expression, ...]:
    """Every test of a text's branches."""
    found: list[Expression] = []
    for piece in pieces:
        if isinstance(piece, Branch):
            for test, arm in piece.arms:
                if test is not None:
                    found.append(test)
                found.extend(tests_in(arm))
    return tuple(found)


def verdicts_named(pieces: tuple[Piece, ...]) -> frozenset[str]:
    """Which verdicts the text asks for by name."""

    def inside(expression: Expression) -> frozenset[str]:
        match expression:
            case VerdictName(written=written):
                return frozenset({written})
            case Not(operand=inner):
                return inside(inner)
            case Logic(left=left, right=right):
                return inside(left) | inside(right)
            case _:
                return frozenset()

    return frozenset().union(*(inside(test) for test in tests_in(pieces)))


def asks_missing(expression: Expression) -> bool:
    """Whether an expression asks if a fact is missing."""
    match expression:
        case Missing():
            return True
        case Not(operand=inner):
            return asks_missing(inner)
        case Logic(left=left, right=right):
            return asks_missing(left) or asks_missing(right)
        case _:
            return False
