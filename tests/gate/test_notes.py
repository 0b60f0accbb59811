"""The gate's judgement of links and notes."""

from __future__ import annotations

import dataclasses

import pytest

from reportgen.gate import notes
from reportgen.model import Article, Cell, Number, Paragraph, Ref, Runs, Section, Table, Text

FACT, OTHER = "QQQ/beta/5Y", "IWM/beta/5Y"
NUMBER = Number(FACT, "1.2")
BOTH: Runs = (NUMBER, Text("."), Ref(1))


def article_of(base: Article, prose: Runs, *rows: tuple[Runs, Runs]) -> Article:
    table = Table("notes", (), (), tuple((Cell(number, header=True), Cell(facts)) for number, facts in rows))
    body = Section("risk", (Text("Risk"),), (Paragraph(prose),))
    blocks = (table,) if rows else ()
    return dataclasses.replace(base, sections=(body, Section("notes", (Text("Notes"),), blocks, appendix=True)))


def messages(article: Article) -> list[str]:
    return [finding.message for finding in notes.check(article)]


BACK: Runs = (Ref(1, back=True),)


@pytest.mark.parametrize(
    ("prose", "rows", "expected"),
    [
        (BOTH, [(BACK, (NUMBER,))], []),
        ((NUMBER, Text(".")), [], []),
        (BOTH, [(BACK, (Number(OTHER, "1.1"),))], [f"the note 1 does not list {FACT}"]),
        (BOTH, [], [f"the note 1 does not list {FACT}", "the note 1 is missing"]),
        ((*BOTH, *BOTH), [(BACK, (NUMBER,))], ["the note 1 has 2 links"]),
        ((Text("Nothing."),), [(BACK, (NUMBER,))], ["the note 1 has 0 links"]),
        ((*BOTH, Text(" And "), NUMBER), [(BACK, (NUMBER,))], [f"no link leads to the note of {FACT}"]),
    ],
)
def test_links_and_notes(sound: Article, prose: Runs, rows: list[tuple[Runs, Runs]], expected: list[str]) -> None:
    assert messages(article_of(sound, prose, *rows)) == expected
