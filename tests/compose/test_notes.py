"""What each sentence rests on: one link a sentence, a note each, and no fact printed that its note does not list."""

from __future__ import annotations

import re
from dataclasses import replace

from reportgen.compose import notes
from reportgen.model import (
    Article,
    Bullets,
    Paragraph,
    Parameter,
    Ref,
    Runs,
    Section,
    Statement,
    Text,
    facts_in,
    plain,
    unlinked,
)
from tests.compose.test_compose import EDITION, made, material, table


def prose(article: Article) -> list[Runs]:
    blocks = [block for section in article.sections if not section.appendix for block in section.blocks]
    found = [block.runs for block in blocks if isinstance(block, Paragraph)]
    return found + [runs for block in blocks if isinstance(block, Bullets) for _, runs in block.items]


def section_of(article: Article, name: str) -> Section:
    return next(section for section in article.sections if section.id == name)


def test_links_are_counted_in_reading_order_and_lead_to_notes_in_that_order() -> None:
    article = made("IWM", "QQQ")
    blocks = [block for section in article.sections if not section.appendix for block in section.blocks]
    read: list[Ref] = []
    for block in blocks:
        texts = [block.runs] if isinstance(block, Paragraph) else []
        texts += [runs for _, runs in block.items] if isinstance(block, Bullets) else []
        read += [run for runs in texts for run in runs if isinstance(run, Ref)]
    assert len(read) > 10
    assert [ref.number for ref in read] == list(range(1, len(read) + 1))
    back = [run for row in table(article, "notes").body for run in row[0].runs]
    assert back == [Ref(ref.number, back=True) for ref in read]
    assert [(ref.anchor, ref.target) for ref in read] == [
        (ref.target, ref.anchor) for ref in back if isinstance(ref, Ref)
    ]


def test_every_statement_that_rests_on_facts_has_one_link() -> None:
    for tickers in (("IWM", "QQQ"), ("IWM", "QQQ", "SPY")):
        _, _, commentary = material(*tickers)
        article = made(*tickers)
        shown = [run for runs in prose(article) for run in runs if isinstance(run, Ref)]
        told = [s for name, all_ in commentary.statements.items() if name != "headline" for s in all_ if s.facts]
        assert len(shown) == len(told)


def test_a_note_lists_what_its_sentence_prints_and_what_it_rests_on() -> None:
    _, measured, _ = material("IWM", "QQQ")
    article = made("IWM", "QQQ")
    listed = {row[0].runs[0]: facts_in(row[1].runs) for row in table(article, "notes").body}
    for runs in prose(article):
        begin = 0
        for at, run in enumerate(runs):
            if isinstance(run, Ref):
                assert set(facts_in(runs[begin:at])) <= set(listed[Ref(run.number, back=True)])
                begin = at + 1
    assert all(measured.facts[fact] for facts in listed.values() for fact in facts)


def test_every_metric_of_a_note_has_its_card() -> None:
    article = made("IWM", "QQQ")
    cards = {run.metric for row in table(article, "methods").body for run in row[0].runs if isinstance(run, Parameter)}
    labels = {
        run.metric
        for row in table(article, "notes").body
        for run in row[1].runs
        if isinstance(run, Parameter) and run.name == "label"
    }
    assert labels
    assert labels <= cards


def test_facts_of_one_metric_and_window_stand_together_and_windows_are_told_once() -> None:
    article = made("IWM", "QQQ")
    told = [plain(row[1].runs) for row in table(article, "notes").body]
    assert any(re.search(r"Maximum drawdown, 5 years: [A-Z]+ -[\d.]+%, [A-Z]+ -[\d.]+%", text) for text in told)
    about = section_of(article, "notes").blocks[1]
    assert isinstance(about, Paragraph)
    assert "5 years, 2021-03-26 to 2026-03-27, " in plain(about.runs)
    assert plain(about.runs).count("5 years") == 1


def test_a_statement_without_facts_has_no_note() -> None:
    silent = Statement("a/b", "a", "t", 1, (Text("Nothing."),), ())
    assert notes.numbered([silent]) == {}
    _, measured, _ = material("IWM", "QQQ")
    assert notes.section(measured, ()) is None


def test_text_without_links_is_what_it_was() -> None:
    assert unlinked((Text("A"), Ref(1), Text(" b"))) == (Text("A"), Text(" b"))


def test_sentences_that_are_left_out_have_no_notes() -> None:
    whole = table(made("IWM", "QQQ"), "notes")
    article = made("IWM", "QQQ", edition=replace(EDITION, omitted=("summary",)))
    assert len(table(article, "notes").body) < len(whole.body)
    assert table(article, "notes").body[0][0].runs == (Ref(1, back=True),)
