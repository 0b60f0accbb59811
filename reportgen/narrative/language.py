"""Reads conditions, claims and texts with Jinja's parser and admits the listed nodes only.

Jinja gives the grammar that analysts know from other tools; its evaluation is never used. With a sandbox a typo is
silently None, `10**(10**7)` hangs and a string times 10^9 takes two gigabytes; here none of these can be written down.
Condition: and, or, not, comparisons, dotted names, numbers, + - * /, missing(NAME). Text: words without digits,
{{ NAME }}, {{ NAME | filter }}, {% if %} with conditions free of arithmetic.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping

import jinja2
from jinja2 import nodes
from jinja2.parser import Parser

from reportgen.model import MetricSpec
from reportgen.narrative.admit import DEPTH, Admission, RefusedError, dotted
from reportgen.narrative.filters import FILTERS, check_output
from reportgen.narrative.kinds import KindError, kind
from reportgen.narrative.problems import Complaints, nearest
from reportgen.narrative.syntax import (
    Branch,
    ClaimTest,
    Comparison,
    Constant,
    Expression,
    FactName,
    Output,
    Piece,
    PropertyName,
    SpecName,
    Words,
)

_EXPRESSION_LIMIT = 1_000
_MARKS = ("{{", "}}", "{%", "%}", "{#", "#}")
# Only the parser is used, so nothing is rendered that could need escaping.
_ENVIRONMENT = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)  # noqa: S701
for _names in (_ENVIRONMENT.globals, _ENVIRONMENT.filters, _ENVIRONMENT.tests):
    _names.clear()


class Language:
    """Turns the sources of one rule into checked trees; what is wrong is added to `complaints`."""

    def __init__(self, catalogue: Mapping[str, MetricSpec], window: str | None, complaints: Complaints) -> None:
        self.catalogue = catalogue
        self.window = window
        self.complaints = complaints

    def expression(self, source: str, line: int, *, wants: str) -> Expression | None:
        """A condition (`wants` "bool") or an amount ("number"). None when something is wrong."""
        try:
            return self._of_kind(self._admission(line).expression(self._parsed(source, line)), wants, line)
        except RefusedError:
            return None

    def claim(self, source: str, line: int) -> ClaimTest | None:
        """`A.metric > B.metric` or `A.metric > 0`, or with <. None when it is anything else."""
        try:
            tree = self._admission(line).expression(self._parsed(source, line))
        except RefusedError:
            return None
        match tree:
            case Comparison(left=FactName() as left) if self._untestable(left, line):
                return None
            case Comparison(left=FactName() as left, rest=((("gt" | "lt") as sign, right),)):
                if isinstance(right, Constant) and right.value == 0:
                    return ClaimTest(left, None, 1 if sign == "gt" else -1, source)
                if isinstance(right, FactName) and _are_twins(left, right):
                    return ClaimTest(left, right, 1 if sign == "gt" else -1, source)
        message = "a claim is x.metric > y.metric (the same metric of both) or A.metric > 0, or with <"
        self.complaints.add(message, (line, 1))
        return None

    def _untestable(self, name: FactName, line: int) -> bool:
        """Complains about a claim on a metric without a valid interval, such as a drawdown.

        In a catalogue in which nothing is resampled yet, claims wait: they are read, and remain untested.
        """
        spec = self.catalogue[name.metric.removeprefix("diff.")]
        if spec.interval != "none" or all(other.interval != "bootstrap" for other in self.catalogue.values()):
            return False
        message = f"no claim may test {spec.name}: it carries no interval"
        self.complaints.add(message, self.complaints.find(name.written, line))
        return True

    def text(self, source: str, claim: ClaimTest | None) -> tuple[Piece, ...]:
        """The text's pieces; `source` keeps the file's line numbers."""
        try:
            template = _tree(source)
        except jinja2.TemplateSyntaxError as problem:
            self.complaints.add(f"the text cannot be read: {problem.message}", (problem.lineno, 1))
            return ()
        except (RecursionError, ValueError):
            self.complaints.add("the text is nested too deeply or holds a number too long to read", (1, 1))
            return ()
        return tuple(self._pieces(template.body, claim, 0))

    def _admission(self, line: int, *, arithmetic: bool = True) -> Admission:
        return Admission(self.catalogue, self.window, self.complaints, line, arithmetic)

    def _of_kind(self, tree: Expression, wants: str, line: int) -> Expression:
        try:
            found = kind(tree)
        except KindError as problem:
            raise self._admission(line).refusal(str(problem)) from None
        if found not in (wants, "any"):
            raise self._admission(line).refusal(f"gives a {found}, not a {'condition' if wants == 'bool' else wants}")
        return tree

    def _parsed(self, source: str, line: int) -> nodes.Node:
        refusal = self._admission(line).refusal
        if len(source) > _EXPRESSION_LIMIT or any(mark in source for mark in _MARKS):
            raise refusal("this is not one expression of reasonable length")
        try:
            body = _tree("{{ " + source + " }}").body
        except jinja2.TemplateSyntaxError as problem:
            raise refusal(f"cannot be read: {problem.message}") from None
        except (RecursionError, ValueError):
            raise refusal("nested too deeply, or a number too long to read") from None
        match body:
            case [nodes.Output(nodes=[node])] if not isinstance(node, nodes.TemplateData):
                return node
        raise refusal("this is not one expression")

    def _pieces(self, body: list[nodes.Node], claim: ClaimTest | None, depth: int) -> Iterator[Piece]:
        before: Piece | None = None
        for node in body:
            parts = node.nodes if isinstance(node, nodes.Output) else [node]
            for part in parts:
                try:
                    piece = self._piece(part, claim, depth)
                except RefusedError:
                    continue
                self._check_article(before, piece)
                before = piece
                yield piece

    def _piece(self, node: nodes.Node, claim: ClaimTest | None, depth: int) -> Piece:
        if isinstance(node, nodes.TemplateData):
            return self._words(node)
        if isinstance(node, nodes.If) and depth <= DEPTH:
            return self._branch(node, claim, depth)
        if isinstance(node, nodes.Stmt):
            raise self._admission(node.lineno).refusal_of(node)
        return self._output(node, claim)

    def _check_article(self, before: Piece | None, piece: Piece) -> None:
        """Complains about "a {{ number }}": it would read "a 9%" one week and "a 8%" the next."""
        is_number = isinstance(piece, Output) and piece.filter is not None
        if is_number and isinstance(before, Words) and before.text.lower().endswith((" a ", " an ", "\na ", "\nan ")):
            message = "'a' or 'an' stands before a number that decides between them"
            self.complaints.add(message, (piece.line, 1))  # type: ignore[union-attr]

    def _branch(self, node: nodes.If, claim: ClaimTest | None, depth: int) -> Branch:
        arms: list[tuple[Expression | None, tuple[Piece, ...]]] = []
        for arm in (node, *node.elif_):
            test: Expression | None = None
            try:
                admission = self._admission(arm.lineno, arithmetic=False)
                test = self._of_kind(admission.expression(arm.test), "bool", arm.lineno)
            except RefusedError:
                pass  # the complaint keeps the rule from being used; its arms are still read for more of them
            arms.append((test, tuple(self._pieces(arm.body, claim, depth + 1))))
        if node.else_:
            arms.append((None, tuple(self._pieces(node.else_, claim, depth + 1))))
        return Branch(tuple(arms))

    def _output(self, node: nodes.Node, claim: ClaimTest | None) -> Output:
        admission = self._admission(node.lineno, arithmetic=False)
        filter_name: str | None = None
        arguments: tuple[str | int, ...] = ()
        inner = node
        if isinstance(node, nodes.Filter):
            filter_name, arguments = node.name, _arguments(node, admission)
            if node.node is None or isinstance(node.node, nodes.Filter):
                raise admission.refusal("one filter after one name", node.name)
            inner = node.node
        output = Output(self._output_name(inner, claim, admission), filter_name, arguments, node.lineno)
        if wrong := check_output(output):
            raise admission.refusal(wrong, filter_name or output.name.written)
        return output

    def _output_name(
        self, node: nodes.Node, claim: ClaimTest | None, admission: Admission
    ) -> FactName | PropertyName | SpecName:
        parts = dotted(node)
        if parts is not None and parts[0] == "spec":
            return self._spec_name(parts, claim, admission)
        tree = admission.expression(node)
        if isinstance(tree, FactName | PropertyName):
            return tree
        raise admission.refusal("only a name can be printed")

    def _spec_name(self, parts: tuple[str, ...], claim: ClaimTest | None, admission: Admission) -> SpecName:
        written = ".".join(parts)
        if claim is None:
            raise admission.refusal(f"{written}: the rule has no claim whose definition this could be", written)
        spec = self.catalogue[claim.left.metric.removeprefix("diff.")]
        if len(parts) != 2 or parts[1] not in spec.parameters:
            hint = nearest(parts[-1], spec.parameters)
            raise admission.refusal(f"the definition of {spec.name} has no constant {parts[-1]!r}{hint}", written)
        return SpecName(written, spec.name, parts[1])

    def _words(self, node: nodes.TemplateData) -> Words:
        for number, line in enumerate(node.data.split("\n"), node.lineno):
            digit = next((c for c in line if unicodedata.category(c).startswith("N")), None)
            if digit is not None:
                message = f"a digit in the text ({digit!r}); numbers come from facts, or are written as words"
                self.complaints.add(message, self.complaints.find(line.strip()[:20], number))
            foreign = next((c for c in line if _is_disguised(c)), None)
            if foreign is not None:
                message = f"{unicodedata.name(foreign, repr(foreign))} in the text; it only looks like what it is not"
                self.complaints.add(message, (number, 1))
        return Words(node.data)


def _tree(source: str) -> nodes.Template:
    """Jinja's syntax tree. Its environment would do the same, but answers a mistake by running code of its own."""
    return Parser(_ENVIRONMENT, source).parse()


def _is_disguised(character: str) -> bool:
    """Whether a character is a letter of another alphabet, or is not seen at all: both get words past every check."""
    if character.isascii():
        return not character.isprintable() and character != "\t"
    if character.isalpha():
        return not unicodedata.name(character, "").startswith("LATIN ")
    return unicodedata.category(character) in {"Cc", "Cf", "Co", "Cs", "Mn"}


def _are_twins(left: FactName, right: FactName) -> bool:
    """Whether two names are the same metric of x and of y."""
    same = (left.metric, left.code, left.part) == (right.metric, right.code, right.part)
    return same and {left.root, right.root} == {"x", "y"}


def _arguments(node: nodes.Filter, admission: Admission) -> tuple[str | int, ...]:
    if node.name not in FILTERS:
        raise admission.refusal(f"unknown filter {node.name!r}{nearest(node.name, FILTERS)}", node.name)
    if node.kwargs or node.dyn_args or node.dyn_kwargs:
        raise admission.refusal("a filter's arguments are given by position", node.name)
    values: list[str | int] = []
    for argument in node.args:
        if not isinstance(argument, nodes.Const) or type(argument.value) not in (str, int):
            raise admission.refusal("a filter's arguments are words or whole numbers", node.name)
        values.append(argument.value)
    return tuple(values)
