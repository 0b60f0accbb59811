"""The table of claims: what was claimed, how large the effect is, within which interval, and what the data say."""

from __future__ import annotations

from reportgen import formatting
from reportgen.compose import _cells as cells
from reportgen.compose.body import Material
from reportgen.formatting.claims import bounds, effect, sentence
from reportgen.model import Cell, Claim, Measurements, Name, Ordinal, Runs, Section, Table, Text, Verdict

FALSE_DISCOVERY = (
    "A claim is supported, or contradicted, when its interval lies wholly on one side of zero and its p-value, "
    "adjusted for the number of claims tested in this article by the procedure of Benjamini and Hochberg, is at most "
    "one in ten. Otherwise it is not settled by the data, which is not the same as being wrong. Where a common story "
    "says whom to expect ahead, the claim is the story; any other claim is told in the direction of the data, "
    "and both directions are tested."
)
_VERDICTS = {"supported": "supported", "contradicted": "contradicted", "inconclusive": "not settled"}


def section(material: Material) -> Section | None:
    """The claims tested, each fact once, as a picture and a table; None where no claim could be tested."""
    shown = material.commentary.tested()
    if not shown:
        return None
    rows = tuple(_row(material.measured, *tested) for tested in shown.values())
    heads = tuple(map(cells.head, ("Claim", "Window", "Effect", "Interval", "Days", "Verdict")))
    caption = cells.text("What was claimed, and what the data say")
    table = Table("claims", caption, (heads,), rows, (Text(FALSE_DISCOVERY), *_rest(material, len(shown))))
    return Section("claims", cells.text("Claims checked"), (*material.figure("claims"), table))


def _rest(material: Material, shown: int) -> Runs:
    """How many claims were tested beside those shown: they count in every p-value above."""
    tested = len(material.commentary.claims)
    if tested <= shown:
        return ()
    settled = sum(one.verdict != "inconclusive" for one in material.commentary.claims[shown:])
    every, rest, clear = (Ordinal(count, f"{count:,}") for count in (tested, tested - shown, settled))
    words = "In all ", " claims were tested; the ", " not shown, of which ", " are settled, stand in the file of facts."
    return (Text(f" {words[0]}"), every, Text(words[1]), rest, Text(words[2]), clear, Text(words[3]))


def _row(measured: Measurements, claim: Claim, verdict: Verdict) -> tuple[Cell, ...]:
    """One claim; its effect is told in the claim's own direction, so that a positive one speaks for it."""
    fact = measured.facts[claim.fact]
    reading = measured.reading(fact)
    return (
        Cell((Name(sentence(claim)),), header=True),
        Cell(cells.window_name(fact.code) if fact.code else ()),
        Cell((effect(reading, claim),), numeric=True),
        Cell(bounds(reading, claim), numeric=True),
        Cell((formatting.observations(reading),), numeric=True),
        Cell(cells.text(_VERDICTS[verdict])),
    )
