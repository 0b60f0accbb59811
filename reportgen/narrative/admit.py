"""Turns Jinja's nodes of an expression into the checked tree, and refuses every node that is not listed here."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from jinja2 import nodes

from reportgen.model import MetricSpec
from reportgen.narrative.names import VERDICTS, UnknownNameError, resolve
from reportgen.narrative.problems import Complaints
from reportgen.narrative.syntax import (
    Arithmetic,
    ArithmeticSign,
    Comparison,
    ComparisonSign,
    Constant,
    Expression,
    FactName,
    Logic,
    Missing,
    Negative,
    Not,
    PropertyName,
    VerdictName,
)

DEPTH = 30
_ARITHMETIC: Mapping[type[nodes.Node], ArithmeticSign] = {
    nodes.Add: "+", nodes.Sub: "-", nodes.Mul: "*", nodes.Div: "/",
}  # fmt: skip
_NOT_ADMITTED: Mapping[type[nodes.Node], str] = {
    nodes.Call: "a call; missing(NAME) is the only one",
    nodes.Getitem: "a subscript",
    nodes.Pow: "a power",
    nodes.FloorDiv: "a floor division",
    nodes.Mod: "a remainder",
    nodes.For: "a loop",
    nodes.Assign: "set",
    nodes.AssignBlock: "set",
    nodes.Include: "include",
    nodes.Import: "import",
    nodes.FromImport: "import",
    nodes.Extends: "extends",
    nodes.Macro: "a macro",
    nodes.Block: "a block",
    nodes.Test: "a test with 'is'",
    nodes.CondExpr: "an inline if; use {% if %}",
    nodes.Concat: "joining with ~",
    nodes.Filter: "a filter here",
}


class RefusedError(Exception):
    """An expression that is not admitted; the complaint has been made."""


@dataclass(frozen=True, slots=True)
class Admission:
    """What names mean here, where complaints go, and whether arithmetic may be written (not in texts)."""

    catalogue: Mapping[str, MetricSpec]
    window: str | None
    complaints: Complaints
    line: int
    arithmetic: bool = True

    def expression(self, node: nodes.Node, depth: int = 0) -> Expression:
        """The checked tree of a node. Raises RefusedError after complaining."""
        if depth > DEPTH:
            raise self.refusal("nested too deeply")
        if type(node) in _ARITHMETIC:
            return self._arithmetic(node, depth)
        admit = _ADMITTED.get(type(node))
        if admit is None:
            raise self.refusal_of(node)
        return admit(self, node, depth)

    def name(self, node: nodes.Node) -> FactName | PropertyName | VerdictName:
        """The name that a node spells. Raises RefusedError after complaining."""
        parts = dotted(node)
        if parts is None:
            raise self.refusal_of(node)
        if parts[0] in VERDICTS and len(parts) == 1:
            return VerdictName(parts[0])
        try:
            return resolve(parts, self.window, self.catalogue)
        except UnknownNameError as problem:
            raise self.refusal(str(problem), ".".join(parts)) from None

    def refusal(self, message: str, needle: str = "") -> RefusedError:
        """Complains, and gives the error to raise."""
        self.complaints.add(message, self.complaints.find(needle, self.line))
        return RefusedError(message)

    def refusal_of(self, node: nodes.Node) -> RefusedError:
        return self.refusal(f"not admitted: {_NOT_ADMITTED.get(type(node), type(node).__name__.lower())}")

    def _constant(self, node: nodes.Const, _: int) -> Expression:
        if isinstance(node.value, bool | str) or node.value is None:
            raise self.refusal(f"{node.value!r} has no place in a condition")
        try:
            value = float(node.value)
        except OverflowError:
            value = math.inf
        if not math.isfinite(value):
            raise self.refusal("a number too long to read")
        return Constant(value)

    def _any_name(self, node: nodes.Node, _: int) -> Expression:
        return self.name(node)

    def _not(self, node: nodes.Not, depth: int) -> Expression:
        return Not(self.expression(node.node, depth + 1))

    def _negative(self, node: nodes.Neg, depth: int) -> Expression:
        return Negative(self.expression(node.node, depth + 1))

    def _logic(self, node: nodes.And | nodes.Or, depth: int) -> Expression:
        sign: Literal["and", "or"] = "and" if isinstance(node, nodes.And) else "or"
        return Logic(sign, self.expression(node.left, depth + 1), self.expression(node.right, depth + 1))

    def _arithmetic(self, node: Any, depth: int) -> Expression:  # noqa: ANN401  one of four classes without a common type
        if not self.arithmetic:
            raise self.refusal("arithmetic belongs into `when`, or into a metric")
        sign = _ARITHMETIC[type(node)]
        return Arithmetic(sign, self.expression(node.left, depth + 1), self.expression(node.right, depth + 1))

    def _call(self, node: nodes.Call, _: int) -> Expression:
        match node:
            case nodes.Call(node=nodes.Name(name="missing"), args=[argument], kwargs=[], dyn_args=None):
                name = self.name(argument)
                if isinstance(name, FactName | PropertyName):
                    return Missing(name)
        raise self.refusal_of(node)

    def _comparison(self, node: nodes.Compare, depth: int) -> Expression:
        left = self.expression(node.expr, depth + 1)
        rest: list[tuple[ComparisonSign, Expression]] = []
        for operand in node.ops:
            if operand.op not in get_args(ComparisonSign):
                raise self.refusal(f"{operand.op!r} is not a comparison of this language")
            rest.append((operand.op, self.expression(operand.expr, depth + 1)))  # type: ignore[arg-type]
        tree = Comparison(left, tuple(rest))
        self._warn_of_percent(tree)
        return tree

    def _warn_of_percent(self, tree: Comparison) -> None:
        """A fraction against 20 is nearly always 20% written the wrong way."""
        sides = (tree.left, *(side for _, side in tree.rest))
        fractions = [side for side in sides if isinstance(side, FactName) and side.unit == "fraction"]
        for side in sides:
            value = side.operand if isinstance(side, Negative) else side
            if fractions and isinstance(value, Constant) and abs(value.value) > 1.5:
                name = fractions[0].written
                message = f"{name} is a fraction (0.05 is 5%), compared with {value.value:g}"
                self.complaints.add(message, self.complaints.find(name, self.line), "warning")


_ADMITTED: Mapping[type[nodes.Node], Callable[[Admission, Any, int], Expression]] = {
    nodes.Const: Admission._constant,
    nodes.Name: Admission._any_name,
    nodes.Getattr: Admission._any_name,
    nodes.Not: Admission._not,
    nodes.Neg: Admission._negative,
    nodes.And: Admission._logic,
    nodes.Or: Admission._logic,
    nodes.Compare: Admission._comparison,
    nodes.Call: Admission._call,
}


def dotted(node: nodes.Node) -> tuple[str, ...] | None:
    """The parts of a dotted name, or None for any other node."""
    parts: list[str] = []
    while isinstance(node, nodes.Getattr):
        parts.append(node.attr)
        node = node.node
    return (node.name, *reversed(parts)) if isinstance(node, nodes.Name) else None
