"""Statements as paragraphs: neighbors that belong together in one, each tested sentence with its own mark.

Only a common story can be contradicted, because a question without one is told as the data answer it; its mark says so,
lest the sentence that corrects the story be taken for the one contradicted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from reportgen.compose.notes import Numbered, key
from reportgen.model import MARKS, Paragraph, Run, Statement, Tag, Text


def paragraphs(statements: Sequence[Statement], noted: Numbered) -> tuple[Paragraph, ...]:
    """One paragraph for each statement that does not continue the one before, with those that continue it.

    noted: the notes to which the sentences lead.
    """
    groups: list[list[Statement]] = []
    for statement in statements:
        if statement.joins and groups:
            groups[-1].append(statement)
        else:
            groups.append([statement])
    return tuple(_paragraph(group, noted) for group in groups)


def _paragraph(group: Sequence[Statement], noted: Numbered) -> Paragraph:
    kind: Literal["warning", "body"] = "warning" if group[0].topic.startswith("warning") else "body"
    rules = tuple(statement.rule for statement in group)
    facts = tuple(dict.fromkeys(fact for statement in group for fact in statement.facts))
    claims = tuple((statement.claim, statement.verdict) for statement in group if statement.claim is not None)
    runs: list[Run] = []
    for statement in group:
        runs.extend((Text(" "), *statement.runs) if runs else statement.runs)
        runs.extend(note.link if (note := noted.get(key(statement))) is not None else ())
        if statement.verdict in MARKS:
            runs.extend((Text(" "), Tag(statement.verdict, MARKS[statement.verdict])))
    return Paragraph(tuple(runs), kind, rules=rules, facts=facts, claims=claims)
