"""The gate holds what must not be published, and clears what may."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen import gate
from reportgen.errors import Issue
from reportgen.formatting import percent, points
from reportgen.gate import _numerals, dates
from reportgen.model import (
    Article,
    Cell,
    Claim,
    Day,
    Fact,
    MetricSpec,
    Name,
    Number,
    Ordinal,
    Paragraph,
    Parameter,
    Reading,
    Run,
    Section,
    Table,
    Tag,
    Text,
)
from reportgen.pipeline import Made

Saying = Callable[..., Article]
DRAWDOWN = "QQQ/max_drawdown/5Y"


def findings(article: Article) -> list[str]:
    """What is wrong with an article, its missing files apart."""
    return [f"{f.check}: {f.message}" for f in gate.check(article, []).findings if f.check != "files"]


def test_a_sound_article_is_cleared_and_counted(sound: Article) -> None:
    assert findings(sound) == []
    assert gate.check(sound, []).checked["texts"] > 5


def test_an_article_without_a_page_is_held(sound: Article) -> None:
    assert [f.message for f in gate.check(sound, [], formats=("pdf",)).findings] == [
        "there is no PDF",
        "there is no page to publish",
    ]


@pytest.mark.parametrize(
    ("fact", "text", "detail"),
    [
        (DRAWDOWN, "-35.12%", None),
        (DRAWDOWN, "35.1%", None),
        (DRAWDOWN, "1,256", "n"),
        ("QQQ/net_assets", "$395B", None),
        ("QQQ/holdings_count", "1,942", None),
        ("IWM/max_drawdown/5Y", "n/a, began 2024-03-01", None),
        ("QQQ/largest_sector", "Technology", None),
        ("QQQ/growth_of_1000/5Y", "$1,834", None),
        ("IWM:QQQ/correlation/5Y", "0.83", None),
        ("IWM:QQQ/diff.cagr/5Y", "9.7 points", None),
        ("IWM:QQQ/diff.cagr/5Y", "-9.7 pts", None),
        ("IWM:QQQ/diff.expense_ratio", "1 basis point", None),
    ],
)
def test_a_number_that_is_its_fact_passes(saying: Saying, fact: str, text: str, detail: str | None) -> None:
    assert findings(saying(Number(fact, text, detail))) == []


WRONG: list[tuple[str, str, str | None]] = [
    (DRAWDOWN, text, None)
    for text in (
        "-35.13%", "0", "-0", "0%", "-0.35", "$0.35", "35.12% trillion", "35.12%%", "+35.12%", "-35.12%\n99", "",
        "nan%",
        "a certain gain, not the -35.12%", "35.12% of all investors", "35 of 100", "-3,512 basis points", "-३५.१२%",
    )
]  # fmt: skip
WRONG += [
    (DRAWDOWN, "-0.35", "trough"),
    (DRAWDOWN, "1,255", "n"),
    (DRAWDOWN, "1,256%", "n"),
    ("QQQ/net_assets", "$395M", None),
    ("QQQ/net_assets", "$395 B", None),
    ("QQQ/net_assets", "395,123M", None),
    ("QQQ/holdings_count", "1,943", None),
    ("QQQ/holdings_count", "-1,942", None),
    ("QQQ/holdings_count", "$1,942", None),
    ("QQQ/holdings_count", "194,200%", None),
    ("QQQ/growth_of_1000/5Y", "183,400%", None),
    ("QQQ/growth_of_1000/5Y", "$1,8,3,4", None),
    ("QQQ/growth_of_1000/5Y", "1,834", None),
    ("QQQ/total_return/5Y", "$1", None),
    ("QQQ/total_return/5Y", "1", None),
    ("IWM:QQQ/correlation/5Y", "1", None),
    ("IWM:QQQ/correlation/5Y", "83%", None),
    ("IWM/max_drawdown/5Y", "-31.91%", None),
    ("QQQ/largest_sector", "Financials", None),
    ("IWM:QQQ/diff.cagr/5Y", "9.7 basis points", None),
    ("IWM:QQQ/diff.cagr/5Y", "+9.7 pts", None),
    ("IWM:QQQ/diff.expense_ratio", "1 basis points", None),
    ("QQQ/never_measured", "1", None),
]


@pytest.mark.parametrize(("fact", "text", "detail"), WRONG)
def test_a_number_that_is_not_its_fact_is_found(saying: Saying, fact: str, text: str, detail: str | None) -> None:
    assert [f.split(":")[0] for f in findings(saying(Number(fact, text, detail)))] == ["numbers"]


@pytest.mark.parametrize(
    "run",
    [
        Text("fell 12% in 2022"),
        Text("gained ½ of it"),
        Text("gained Ⅻ percent"),
        Text("gained 五十 percent"),
        Text("gained ５０ percent"),
        Text("gained ninety percent"),
        Text("gained ∞ percent"),
        Text("cost ten dollars"),
        Name("QQQ gained 500%"),
        Ordinal(1, "500%"),
        Parameter("expected_shortfall_95", "level", "99%"),
        Parameter("max_drawdown", "level", "99%"),
        Parameter("max_drawdown", "nosuch", "77%"),
        Parameter("max_drawdown", "label", "max drawdown, 9 years"),
        Parameter("max_drawdown", "formula", "another formula"),
        Parameter("window", "5Y", "10 years"),
        Tag("inconclusive", "supported by the data"),
        Day(date(1999, 1, 1), "January 1, 1999"),
        Day(date(1999, 1, 1), "January 1, 1999", DRAWDOWN),
        Day(date(2022, 11, 3), "November 4, 2022"),
    ],
)
def test_a_run_that_is_not_what_it_says_is_found(saying: Saying, run: Run) -> None:
    assert [f.split(":")[0] for f in findings(saying(run))][:1] == ["numbers"]


@pytest.mark.parametrize(
    "run",
    [
        Name("Russell 2000"),
        Name("IWM, QQQ"),
        Ordinal(1_200, "1,200"),
        Parameter("max_drawdown", "label", "max drawdown"),
        Parameter("max_drawdown", "level", "5%"),
        Parameter("window", "CY2022", "2022"),
        Day(date(2022, 11, 3), "2022-11-03"),
        Day(date(2022, 11, 3), "November 3, 2022", DRAWDOWN),
        Text("A thousand dollars became more; none of them fell by one percent."),
    ],
)
def test_a_run_that_is_what_it_says_passes(saying: Saying, run: Run) -> None:
    assert findings(saying(run)) == []


@pytest.mark.parametrize(
    ("words", "check"),
    [
        ("shares will outperform", "banned words"),
        ("a price target", "banned words"),
        ("Buy the fund", "banned words"),
        ("guaranteed income", "banned words"),
        ("the value is NAN", "machine words"),
        ("the value is none", "machine words"),
        ("{{ x.ticker }} rose", "machine words"),
        ("it fell the the most", "words"),
        ("followed by.", "words"),
        ("it fell .", "words"),
        ("it fell (again.", "words"),
        ("“it fell.", "words"),
    ],
)
def test_words_that_no_article_may_use_are_found(saying: Saying, words: str, check: str) -> None:
    assert check in [f.split(":")[0] for f in findings(saying(Text(words)))]


def test_a_company_may_be_called_what_no_sentence_may_say(sound: Article, saying: Saying) -> None:
    named = replace(saying(Name("Best Buy")), names=sound.names | {"Best Buy"})
    assert findings(named) == []


def test_numbers_are_told_of_their_own_fund(saying: Saying) -> None:
    growth = Number("IWM/growth_of_1000/5Y", "$1,172")
    assert findings(saying(growth, Text(" for "), Name("IWM"), Text("."))) == []
    assert findings(saying(Name("IWM"), Text(" became "), growth, Text("."))) == []
    for wrong in ((growth, Text(" for "), Name("QQQ"), Text(".")), (Name("QQQ"), Text(" became "), growth, Text("."))):
        assert [f.split(":")[0] for f in findings(saying(*wrong))] == ["funds"]


def test_a_window_told_after_a_number_is_the_numbers(saying: Saying) -> None:
    growth = Number("IWM/growth_of_1000/5Y", "$1,172")
    assert findings(saying(growth, Text(" over five years."))) == []
    assert [f.split(":")[0] for f in findings(saying(growth, Text(" over three years.")))] == ["windows"]


def table(*cells: Cell, head: str = "QQQ") -> Section:
    heads = (Cell((Text("Window"),), header=True), Cell((Name(head),), header=True))
    return Section("more", (Text("More"),), (Table("t", (Text("Table"),), (heads,), (cells,)),))


@pytest.mark.parametrize(
    ("code", "fact", "text", "check"),
    [
        ("5Y", DRAWDOWN, "-35.12%", None),
        ("5Y", DRAWDOWN, "35.12%", "numbers"),
        ("3Y", DRAWDOWN, "-35.12%", "windows"),
        ("5Y", "IWM/growth_of_1000/5Y", "$1,172", "funds"),
    ],
)
def test_a_table_keeps_its_rows_and_columns(sound: Article, code: str, fact: str, text: str, check: str | None) -> None:
    words = {"5Y": "5 years", "3Y": "3 years"}[code]
    row = (Cell((Parameter("window", code, words),), header=True), Cell((Number(fact, text),), numeric=True))
    found = findings(replace(sound, sections=(*sound.sections, table(*row))))
    assert [f.split(":")[0] for f in found] == ([check] if check else [])


def test_a_verdict_is_what_the_evidence_bears(sound: Article, measured: object) -> None:
    from reportgen.model import Interval

    fact = Fact(
        "IWM", "diff.beta", "ratio", 0.5, second="QQQ", code="5Y", interval=Interval(0.2, 0.8, 0.95, "hac", None, 0.01)
    )
    specs = {**sound.measurements.specs, "diff.beta": next(iter(sound.measurements.specs.values()))}
    held = replace(sound.measurements, facts={**sound.measurements.facts, fact.id: fact}, specs=specs)
    for verdict, passes in (("supported", True), ("contradicted", False), ("inconclusive", False)):
        claim = Claim(fact.id, 1, "IWM’s beta is above QQQ’s", 0.02)
        marks = {"supported": "supported", "contradicted": "contradicted", "inconclusive": "not settled"}
        tag = Tag(verdict, f"{marks[verdict]} by the data")  # type: ignore[arg-type]
        said = Paragraph((Text("So it is. "), tag), facts=(fact.id,), claims=((claim, verdict),))  # type: ignore[arg-type]
        article = replace(sound, measurements=held, sections=(*sound.sections, Section("v", (Text("V"),), (said,))))
        assert (findings(article) == []) is passes


def test_every_required_block_is_missed(sound: Article) -> None:
    bare = replace(sound, sections=())
    told = "\n".join(findings(bare))
    for missing in ("rules wrote", "legend", "investment advice", "conflict-of-interest", "'sources'", "'disclosures'"):
        assert missing in told


def test_a_legend_must_say_what_it_is_for_and_stand_next_to_its_table(sound: Article) -> None:
    section = sound.sections[0]
    apart = replace(section, blocks=(section.blocks[0], sound.sections[2].blocks[0], section.blocks[1]))
    assert any("next to" in f for f in findings(replace(sound, sections=(apart, *sound.sections[1:]))))
    turned = Paragraph((Text("Past performance is the best promise of future results."),), "legend")
    twisted = replace(section, blocks=(section.blocks[0], turned))
    assert any("legend is missing" in f for f in findings(replace(sound, sections=(twisted, *sound.sections[1:]))))


def test_simulated_data_are_marked(sound: Article) -> None:
    assert any("simulated" in f for f in findings(replace(sound, simulated=True)))
    banner = (Text("Simulated sample data. They describe no real fund."),)
    assert findings(replace(sound, simulated=True, banner=banner)) == []
    assert findings(replace(sound, banner=banner))


def test_the_head_is_told_and_known(sound: Article) -> None:
    head = sound.masthead
    assert findings(replace(sound, masthead=replace(head, headline=()))) == ["words: there is no headline"]
    assert findings(replace(sound, masthead=replace(head, publication="Up 900%")))
    assert findings(replace(sound, keywords=("900%",)))
    assert findings(replace(sound, slug="qqq-up-900"))


def test_the_as_of_agrees_everywhere(sound: Article) -> None:
    assert any("figures are of" in f for f in findings(replace(sound, as_of=date(2026, 3, 26))))
    lines = (((Text("Data as of"),), (Day(date(2022, 11, 3), "November 3, 2022"),)),)
    assert any("does not say" in f for f in findings(replace(sound, masthead=replace(sound.masthead, lines=lines))))


@pytest.mark.parametrize(("age", "passes"), [(-100, True), (-101, False), (45, True), (46, False)])
def test_facts_of_a_far_day_are_held(sound: Article, saying: Saying, age: int, passes: bool) -> None:
    day = date.fromordinal(sound.as_of.toordinal() + age)
    fact = Fact("QQQ", "net_assets", "usd", 395e9, as_of=day, basis="stated by the provider")
    article = saying(Number(fact.id, "$395B"))
    facts = {**sound.measurements.facts, fact.id: fact}
    dated = replace(article, measurements=replace(article.measurements, facts=facts))
    assert (findings(dated) == []) is passes


def test_a_grave_issue_in_the_data_holds_and_a_slight_one_does_not(sound: Article) -> None:
    grave = Issue("error", "stale", "IWM", "IWM ends before the as-of")
    slight = Issue("warning", "gap", "IWM", "a session is missing")
    assert [f.check for f in gate.check(sound, [], [grave]).findings] == ["data", "files"]
    assert [f.check for f in gate.check(sound, [], [slight]).findings] == ["files"]


def test_the_notice_lists_each_finding_with_file_line_and_fact(saying: Saying) -> None:
    clearance = gate.check(saying(Number(DRAWDOWN, "-99.99%")), [])
    text, page = gate.notice(clearance, "iwm-vs-qqq")
    for artifact in (text, page):
        assert artifact.content.decode().count("-99.99%") == 1
    assert f"<td>{DRAWDOWN}</td>" in page.content.decode()


@given(st.floats(-5, 5), st.integers(0, 4))
def test_whatever_the_formatter_prints_reads_back(value: float, decimals: int) -> None:
    spec = MetricSpec("m", "M", "fraction", decimals, "s", "f", "r")
    reading = Reading(Fact("A", "m", "fraction", value), spec)
    for run in (percent(reading), points(reading, decimals)):
        numeral = _numerals.read(run.text)
        assert numeral is not None
        assert _numerals.fault(numeral, value, "fraction", spec) is None


@given(st.floats(-5, 5), st.integers(1, 4), st.floats(1.01, 50))
def test_a_number_moved_by_more_than_half_a_digit_is_refused(value: float, decimals: int, by: float) -> None:
    spec = MetricSpec("m", "M", "fraction", decimals, "s", "f", "r")
    run = percent(Reading(Fact("A", "m", "fraction", value), spec))
    numeral = _numerals.read(run.text)
    assert numeral is not None
    moved = value + (1 if value >= 0 else -1) * 2 * by * numeral.half_digit
    assert not _numerals.agrees(numeral, moved)


def test_whole_basis_points_are_fine_enough() -> None:
    numeral = _numerals.read("1 basis point")
    assert numeral is not None
    assert _numerals.fault(numeral, 0.000145, "fraction", None) is None
    assert _numerals.fault(numeral, 0.000155, "fraction", None) is not None


def test_a_day_that_no_source_of_its_kind_has_is_told(finished: Made) -> None:
    (section,) = [section for section in finished.article.sections if section.id == "sources"]
    (table,) = [block for block in section.blocks if isinstance(block, Table)]
    assert [f for f in dates.check(finished.article) if "sources" in f.where] == []
    other = next(day for day in sorted(finished.article.days) if day.year == 2025)
    row = tuple(
        replace(
            cell, runs=tuple(replace(r, day=other, text=str(other)) if isinstance(r, Day) else r for r in cell.runs)
        )
        for cell in table.body[0]
    )
    wrong = replace(section, blocks=(replace(table, body=(row, *table.body[1:])),))
    sections = tuple(wrong if each is section else each for each in finished.article.sections)
    found = [f.message for f in dates.check(replace(finished.article, sections=sections))]
    assert found == [f"no prices are of {other}"]
