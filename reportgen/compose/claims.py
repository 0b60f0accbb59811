"""The table of claims: what was claimed, how large the effect is, within which interval, and what the data say."""

from __future__ import annotations

from dataclasses import replace

from reportgen import formatting
from reportgen.compose import _cells as cells
from reportgen.compose.body import Material
from reportgen.model import Cell, Measurements, Name, Number, Reading, Section, Statement, Table, Text

FALSE_DISCOVERY = (
    "A claim is supported, or contradicted, when its interval lies wholly on one side of zero and its p-value, "
    "adjusted for the number of claims tested in this article by the procedure of Benjamini and Hochberg, is at most "
    "one in ten. Otherwise it is not settled by the data, which is not the same as being wrong."
)
_VERDICTS = {"supported": "supported", "contradicted": "contradicted", "inconclusive": "not settled"}


def section(material: Material) -> Section | None:
    """The claims tested, each fact once; None where no claim could be tested."""
    tested = {
        statement.claim.fact: statement
        for statements in material.commentary.statements.values()
        for statement in statements
        if statement.claim is not None and statement.verdict != "descriptive"
    }
    rows = tuple(_row(material.measured, statement) for statement in tested.values())
    if not rows:
        return None
    heads = tuple(map(cells.head, ("Claim", "Window", "Effect", "Interval", "Days", "Verdict")))
    caption = cells.text("What was claimed, and what the data say")
    table = Table("claims", caption, (heads,), rows, cells.text(FALSE_DISCOVERY))
    return Section("claims", cells.text("Claims checked"), (table,))


def _row(measured: Measurements, statement: Statement) -> tuple[Cell, ...]:
    """One claim; its effect is told in the claim's own direction, so that a positive one speaks for it."""
    claim = statement.claim
    assert claim is not None
    fact = measured.facts[claim.fact]
    spec = measured.spec(fact)

    def part(detail: str) -> Number:
        name = f"reversed.{detail}".removesuffix(".") if claim.side < 0 else detail
        amount = fact.part(name or None)
        assert isinstance(amount, float | int)
        return Number(fact.id, _signed(Reading(replace(fact, value=float(amount)), spec)), name or None)

    interval = (part("interval.low"), Text(" to "), part("interval.high")) if fact.interval is not None else ()
    return (
        Cell((Name(claim.text),), header=True),
        Cell(cells.window_name(fact.code) if fact.code else ()),
        Cell((part(""),), numeric=True),
        Cell(interval, numeric=True),
        Cell((formatting.observations(measured.reading(fact)),), numeric=True),
        Cell(cells.text(_VERDICTS[statement.verdict])),
    )


def _signed(reading: Reading) -> str:
    """An effect with its sign, differences of fractions in points."""
    if reading.fact.unit == "fraction":
        return formatting.signed_points(reading).text
    text = formatting.ratio(reading).text
    return text if text.startswith("-") else f"+{text}"
