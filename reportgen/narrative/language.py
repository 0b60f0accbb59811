"""Reads conditions, claims and texts with Jinja's parser and admits the listed nodes only.

Jinja gives the grammar that analysts know from other tools; its evaluation is never used. With a sandbox a typo is
silently None, `10**(10**7)` hangs and a string times 10^9 takes two gigabytes; here neither can be written down.
Condition: and, or, not, comparisons, dotted names, numbers, + - * /, missing(NAME). Text: words without digits,
{{ NAME }}, {{ NAME | filter }}, {% if %} with conditions free of arithmetic.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import get_args

import jinja2
from jinja2 import nodes

from reportgen.model import MetricSpec
from reportgen.narrative.filters import FILTERS, check_output
from reportgen.narrative.names import VERDICTS, UnknownNameError, resolve
from reportgen.narrative.problems import Complaints, nearest
from reportgen.narrative.syntax import (
    Arithmetic,
    Branch,
    ClaimTest,
    Comparison,
    ComparisonSign,
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

_DEPTH = 30
_EXPRESSION_LIMIT = 1_000
_ENVIRONMENT = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)  # noqa: S701  only its parser is used
_ENVIRONMENT.globals.clear()
_ENVIRONMENT.filters.clear()
_ENVIRONMENT.tests.clear()
_ARITHMETIC: Mapping[type[nodes.Node], str] = {nodes.Add: "+", nodes.Sub: "-", nodes.Mul: "*", nodes.Div: "/"}
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


class Language:
    """Turns the sources of one rule into checked trees; what is wrong is added to `complaints`."""

    def __init__(self, catalogue: Mapping[str, MetricSpec], window: str | None, complaints: Complaints) -> None:
        self.catalogue = catalogue
        self.window = window
        self.complaints = complaints

    def expression(self, source: str, line: int, *, wants: str) -> Expression | None:
        """A condition (`wants` "bool") or an amount ("number"). None when something is wrong."""
        node = self._parsed_expression(source, line)
        before = len(self.complaints.problems)
        tree = self._expression(node, line, arithmetic=True) if node is not None else None
        if tree is None or len(self.complaints.problems) > before:
            return None
        kind = self._kind(tree, line)
        if kind not in (wants, "any", None):
            is_now = "not true or false" if wants == "bool" else "not a number"
            self._complain(f"{source!r} is {is_now}", source.split(maxsplit=1)[0] if source.split() else "", line)
        return tree

    def claim(self, source: str, line: int) -> ClaimTest | None:
        """`A.metric > B.metric` or `A.metric > 0`, or with <. None when it is anything else."""
        tree = self._checked(self._parsed_expression(source, line), line)
        match tree:
            case Comparison(left=FactName() as left, rest=((("gt" | "lt") as sign, right),)):
                side = 1 if sign == "gt" else -1
                if isinstance(right, Constant) and right.value == 0:
                    return ClaimTest(left, None, side, source)  # type: ignore[arg-type]
                if isinstance(right, FactName) and (right.metric, right.code) == (left.metric, left.code):
                    if {left.root, right.root} == {"x", "y"} and left.part == right.part:
                        return ClaimTest(left, right, side, source)  # type: ignore[arg-type]
                self._complain("a claim compares the same metric of x and y, or a metric with zero", left.written, line)
            case None:
                pass
            case _:
                self._complain("a claim is A.metric > B.metric or A.metric > 0, or with <", source, line)
        return None

    def text(self, source: str, claim: ClaimTest | None) -> tuple[Piece, ...]:
        """The text's pieces; `source` keeps the file's line numbers."""
        try:
            template = _ENVIRONMENT.parse(source)
        except jinja2.TemplateSyntaxError as problem:
            self.complaints.add(f"the text cannot be read: {problem.message}", (problem.lineno, 1))
            return ()
        except (RecursionError, ValueError):
            self.complaints.add("the text is nested too deeply or holds a number too long to read", (1, 1))
            return ()
        return self._pieces(template.body, claim, 0)

    def _complain(self, message: str, needle: str, line: int) -> None:
        self.complaints.add(message, self.complaints.find(needle, line))

    def _parsed_expression(self, source: str, line: int) -> nodes.Node | None:
        if len(source) > _EXPRESSION_LIMIT or any(mark in source for mark in ("{{", "}}", "{%", "%}", "{#", "#}")):
            self._complain("this is not one expression of reasonable length", "", line)
            return None
        try:
            body = _ENVIRONMENT.parse("{{ " + source + " }}").body
        except jinja2.TemplateSyntaxError as problem:
            self._complain(f"cannot be read: {problem.message}", "", line)
            return None
        except (RecursionError, ValueError):
            self._complain("nested too deeply, or a number too long to read", "", line)
            return None
        match body:
            case [nodes.Output(nodes=[node])] if not isinstance(node, nodes.TemplateData):
                return node
        self._complain("this is not one expression", "", line)
        return None

    def _checked(self, node: nodes.Node | None, line: int) -> Expression | None:
        return self._expression(node, line, arithmetic=True) if node is not None else None

    def _expression(self, node: nodes.Node, line: int, *, arithmetic: bool, depth: int = 0) -> Expression | None:
        if depth > _DEPTH:
            self._complain("nested too deeply", "", line)
            return None

        def inner(child: nodes.Node) -> Expression | None:
            return self._expression(child, line, arithmetic=arithmetic, depth=depth + 1)

        match node:
            case nodes.Const(value=bool() | None | str()):
                self._complain(f"{node.value!r} has no place in a condition", str(node.value), line)
                return None
            case nodes.Const(value=value):
                return Constant(float(value))
            case nodes.Name() | nodes.Getattr():
                return self._name(node, line)
            case nodes.Not(node=child):
                operand = inner(child)
                return Not(operand) if operand is not None else None
            case nodes.And(left=a, right=b) | nodes.Or(left=a, right=b):
                left, right = inner(a), inner(b)
                sign = "and" if isinstance(node, nodes.And) else "or"
                return Logic(sign, left, right) if left is not None and right is not None else None  # type: ignore[arg-type]
            case nodes.Compare():
                return self._comparison(node, line, arithmetic=arithmetic, depth=depth)
            case nodes.Neg(node=child):
                operand = inner(child)
                return Negative(operand) if operand is not None else None
            case nodes.Call(node=nodes.Name(name="missing"), args=[argument], kwargs=[]):
                return self._missing(argument, line)
            case _ if type(node) in _ARITHMETIC:
                if not arithmetic:
                    self._complain("arithmetic belongs into `when`, or into a metric", "", line)
                    return None
                left, right = inner(node.left), inner(node.right)  # type: ignore[attr-defined]
                return Arithmetic(_ARITHMETIC[type(node)], left, right) if left and right else None  # type: ignore[arg-type]
            case _:
                self._refuse(node, line)
                return None

    def _missing(self, argument: nodes.Node, line: int) -> Missing | None:
        name = self._name(argument, line)
        if isinstance(name, FactName):
            return Missing(name)
        if name is not None:
            self._complain("missing(NAME) asks about a fact", "missing", line)
        return None

    def _comparison(self, node: nodes.Compare, line: int, *, arithmetic: bool, depth: int) -> Comparison | None:
        left = self._expression(node.expr, line, arithmetic=arithmetic, depth=depth + 1)
        rest: list[tuple[ComparisonSign, Expression]] = []
        for operand in node.ops:
            side = self._expression(operand.expr, line, arithmetic=arithmetic, depth=depth + 1)
            if operand.op not in get_args(ComparisonSign):
                self._complain(f"{operand.op!r} is not a comparison of this language", "", line)
            elif side is not None:
                rest.append((operand.op, side))  # type: ignore[arg-type]
        if left is None or len(rest) < len(node.ops):
            return None
        tree = Comparison(left, tuple(rest))
        self._warn_of_percent(tree, line)
        return tree

    def _warn_of_percent(self, tree: Comparison, line: int) -> None:
        """A fraction against 20 is nearly always 20% written the wrong way."""
        sides = (tree.left, *(side for _, side in tree.rest))
        fractions = [s for s in sides if isinstance(s, FactName) and s.unit == "fraction"]
        for side in sides:
            value = side.operand if isinstance(side, Negative) else side
            if fractions and isinstance(value, Constant) and abs(value.value) > 1.5:
                name = fractions[0].written
                message = f"{name} is a fraction (0.05 is 5%), compared with {value.value:g}"
                self.complaints.add(message, self.complaints.find(name, line), "warning")

    def _name(self, node: nodes.Node, line: int) -> FactName | PropertyName | VerdictName | None:
        parts = _dotted(node)
        if parts is None:
            self._refuse(node, line)
            return None
        if parts[0] in VERDICTS and len(parts) == 1:
            return VerdictName(parts[0])
        try:
            return resolve(parts, self.window, self.catalogue)
        except UnknownNameError as problem:
            self._complain(str(problem), ".".join(parts), line)
            return None

    def _refuse(self, node: nodes.Node, line: int) -> None:
        what = _NOT_ADMITTED.get(type(node), type(node).__name__.lower())
        self._complain(f"not admitted: {what}", "", line)

    def _kind(self, tree: Expression, line: int) -> str | None:
        """What a tree gives; complains about operands that do not fit and returns None then."""
        match tree:
            case FactName(kind=kind) | PropertyName(kind=kind):
                return kind
            case Constant():
                return "number"
            case Missing() | VerdictName():
                return "bool"
            case Not(operand=operand):
                return self._all("bool", (operand,), line)
            case Logic(left=left, right=right):
                return self._all("bool", (left, right), line)
            case Negative(operand=operand):
                return self._all("number", (operand,), line)
            case Arithmetic(left=left, right=right):
                return self._all("number", (left, right), line)
            case Comparison(left=left, rest=rest):
                kinds = {self._kind(side, line) for side in (left, *(side for _, side in rest))} - {"any"}
                if None in kinds:
                    return None
                if len(kinds) > 1 or kinds == {"bool"}:
                    self._complain(f"compares {' with '.join(sorted(map(str, kinds)))}", "", line)
                    return None
                if kinds == {"text"} and any(sign not in ("eq", "ne") for sign, _ in rest):
                    self._complain("words can only be equal or not", "", line)
                    return None
                return "bool"

    def _all(self, kind: str, operands: tuple[Expression, ...], line: int) -> str | None:
        kinds = [self._kind(operand, line) for operand in operands]
        if None in kinds:
            return None
        if wrong := [k for k in kinds if k not in (kind, "any")]:
            self._complain(f"a {wrong[0]} stands where a {'condition' if kind == 'bool' else kind} is needed", "", line)
            return None
        return kind

    def _pieces(self, body: list[nodes.Node], claim: ClaimTest | None, depth: int) -> tuple[Piece, ...]:
        pieces: list[Piece] = []
        for node in body:
            match node:
                case nodes.Output(nodes=parts):
                    for part in parts:
                        piece = self._piece(part, claim)
                        if piece is not None:
                            self._article_before(pieces, piece)
                            pieces.append(piece)
                case nodes.If() if depth <= _DEPTH:
                    pieces.append(self._branch(node, claim, depth))
                case _:
                    self._refuse(node, node.lineno)
        return tuple(pieces)

    def _article_before(self, pieces: list[Piece], piece: Piece) -> None:
        """ "a 9%" would be wrong for 8%: no sentence may set an article before a number it does not know."""
        if isinstance(piece, Output) and piece.filter is not None and pieces and isinstance(pieces[-1], Words):
            if pieces[-1].text.lower().endswith((" a ", " an ")):
                self.complaints.add("'a' or 'an' stands before a number that decides between them", (piece.line, 1))

    def _branch(self, node: nodes.If, claim: ClaimTest | None, depth: int) -> Branch:
        arms: list[tuple[Expression | None, tuple[Piece, ...]]] = []
        for arm in (node, *node.elif_):
            test = self._expression(arm.test, arm.lineno, arithmetic=False)
            if test is not None and self._kind(test, arm.lineno) not in ("bool", None):
                self._complain("this test is not true or false", "", arm.lineno)
            arms.append((test if test is not None else Constant(0), self._pieces(arm.body, claim, depth + 1)))
        if node.else_:
            arms.append((None, self._pieces(node.else_, claim, depth + 1)))
        return Branch(tuple(arms))

    def _piece(self, node: nodes.Node, claim: ClaimTest | None) -> Piece | None:
        if isinstance(node, nodes.TemplateData):
            return self._words(node)
        line = node.lineno
        filter_name, arguments, inner = None, (), node
        if isinstance(node, nodes.Filter):
            if node.node is None or isinstance(node.node, nodes.Filter):
                self._complain("one filter after one name", node.name, line)
                return None
            filter_name, inner = node.name, node.node
            if filter_name not in FILTERS:
                self._complain(f"unknown filter {filter_name!r}{nearest(filter_name, FILTERS)}", filter_name, line)
                return None
            if node.kwargs or node.dyn_args or node.dyn_kwargs:
                self._complain("a filter's arguments are given by position", filter_name, line)
            if not all(isinstance(a, nodes.Const) and type(a.value) in (str, int) for a in node.args):
                self._complain("a filter's arguments are words or whole numbers", filter_name, line)
                return None
            arguments = tuple(a.value for a in node.args)  # type: ignore[attr-defined]
        name = self._output_name(inner, claim, line)
        if name is None:
            return None
        output = Output(name, filter_name, arguments, line)
        if wrong := check_output(output):
            self._complain(wrong, filter_name or name.written, line)
        return output

    def _output_name(
        self, node: nodes.Node, claim: ClaimTest | None, line: int
    ) -> FactName | PropertyName | SpecName | None:
        parts = _dotted(node)
        if parts is not None and parts[0] == "spec":
            return self._spec_name(parts, claim, line)
        name = self._name(node, line) if parts is not None else self._expression(node, line, arithmetic=False)
        if isinstance(name, FactName | PropertyName):
            return name
        if name is not None:
            self._complain("only a name can be printed", "", line)
        return None

    def _spec_name(self, parts: tuple[str, ...], claim: ClaimTest | None, line: int) -> SpecName | None:
        written = ".".join(parts)
        if claim is None:
            self._complain(f"{written}: the rule has no claim whose definition this could be", written, line)
            return None
        spec = self.catalogue[claim.left.metric.removeprefix("diff.")]
        if len(parts) != 2 or parts[1] not in spec.parameters:
            hint = nearest(parts[-1], spec.parameters)
            self._complain(f"the definition of {spec.name} has no constant {written!r}{hint}", written, line)
            return None
        return SpecName(written, spec.name, parts[1])

    def _words(self, node: nodes.TemplateData) -> Words:
        for number, line in enumerate(node.data.split("\n"), node.lineno):
            for character in line:
                if unicodedata.category(character).startswith("N"):
                    self._complain(f"a digit in the text ({character!r}); numbers come from facts", "", number)
                    break
        return Words(node.data)


def _dotted(node: nodes.Node) -> tuple[str, ...] | None:
    """The parts of a dotted name, or None for any other node."""
    parts: list[str] = []
    while isinstance(node, nodes.Getattr):
        parts.append(node.attr)
        node = node.node
    if not isinstance(node, nodes.Name):
        return None
    return (node.name, *reversed(parts))
