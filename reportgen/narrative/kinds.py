"""What a checked expression gives, found without evaluating it: a condition must be true or false, and nothing else."""

from __future__ import annotations

from reportgen.narrative.syntax import (
    Arithmetic,
    Comparison,
    Constant,
    Expression,
    FactName,
    Kind,
    Logic,
    Missing,
    Negative,
    Not,
    PropertyName,
    VerdictName,
)


class KindError(Exception):
    """Operands that do not fit; the message says which."""


def kind(tree: Expression) -> Kind:
    """The kind of an expression. Raises KindError where its operands do not fit."""
    match tree:
        case FactName() | PropertyName():
            found = tree.kind
        case Constant():
            found = "number"
        case Missing() | VerdictName():
            found = "bool"
        case Not(operand=operand):
            found = _only("bool", operand)
        case Logic(left=left, right=right):
            found = _only("bool", left, right)
        case Negative(operand=operand):
            found = _only("number", operand)
        case Arithmetic(left=left, right=right):
            found = _only("number", left, right)
        case Comparison():
            found = _comparison(tree)
    return found


def _only(wanted: Kind, *operands: Expression) -> Kind:
    for operand in operands:
        found = kind(operand)
        if found not in (wanted, "any"):
            where = "a condition" if wanted == "bool" else f"a {wanted}"
            raise KindError(f"a {found} stands where {where} is needed")
    return wanted


def _comparison(tree: Comparison) -> Kind:
    found = {kind(side) for side in (tree.left, *(side for _, side in tree.rest))} - {"any"}
    if len(found) > 1:
        raise KindError(f"compares a {' with a '.join(sorted(found))}")
    if found == {"bool"}:
        raise KindError("compares conditions; use and, or, not")
    if found == {"text"} and any(sign not in ("eq", "ne") for sign, _ in tree.rest):
        raise KindError("words can only be equal or not")
    return "bool"
