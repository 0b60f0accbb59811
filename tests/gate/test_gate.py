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
from reportgen.gate import _numerals
from reportgen.model import Article, Artifact, Day, Fact, MetricSpec, Name, Number, Parameter, Reading, Text

Saying = Callable[..., Article]


def findings(article: Article, html: str = "") -> list[str]:
    pages = [Artifact("article.html", "text/html", html.encode())] if html else []
    return [f"{f.check}: {f.message}" for f in gate.check(article, pages).findings]


def test_a_sound_article_is_cleared_and_counted(sound: Article) -> None:
    clearance = gate.check(sound, [])
    assert clearance.cleared
    assert clearance.checked["texts"] > 5


@pytest.mark.parametrize(
    ("fact", "text", "detail"),
    [
        ("QQQ/max_drawdown/5Y", "-35.12%", None),
        ("QQQ/max_drawdown/5Y", "35.1%", None),
        ("QQQ/max_drawdown/5Y", "1,256", "n"),
        ("QQQ/net_assets", "$395B", None),
        ("QQQ/holdings_count", "1,942", None),
        ("IWM/max_drawdown/5Y", "n/a, began 2024-03-01", None),
        ("QQQ/largest_sector", "Technology", None),
        ("IWM:QQQ/diff.cagr/5Y", "9.7 points", None),
        ("IWM:QQQ/diff.cagr/5Y", "-9.7 pts", None),
        ("IWM:QQQ/diff.expense_ratio", "1 basis point", None),
    ],
)
def test_a_number_that_is_its_fact_passes(saying: Saying, fact: str, text: str, detail: str | None) -> None:
    assert findings(saying(Number(fact, text, detail))) == []


@pytest.mark.parametrize(
    ("fact", "text", "detail"),
    [
        ("QQQ/max_drawdown/5Y", "-35.13%", None),
        ("QQQ/max_drawdown/5Y", "-0.35", "trough"),
        ("QQQ/max_drawdown/5Y", "1,255", "n"),
        ("QQQ/max_drawdown/5Y", "35 of 100", None),
        ("QQQ/net_assets", "$395M", None),
        ("QQQ/holdings_count", "1,943", None),
        ("IWM/max_drawdown/5Y", "-31.91%", None),
        ("QQQ/largest_sector", "Financials", None),
        ("IWM:QQQ/diff.cagr/5Y", "9.7 basis points", None),
        ("QQQ/never_measured", "1", None),
        ("QQQ/max_drawdown/5Y", "nan%", None),
    ],
)
def test_a_number_that_is_not_its_fact_is_found(saying: Saying, fact: str, text: str, detail: str | None) -> None:
    assert [f.split(":")[0] for f in findings(saying(Number(fact, text, detail)))] == ["numbers"]


def test_a_rise_may_not_be_printed_as_a_fall(saying: Saying) -> None:
    assert findings(saying(Number("QQQ/holdings_count", "-1,942")))


def test_bare_digits_are_found_in_text_and_allowed_in_names(saying: Saying) -> None:
    assert findings(saying(Name("Russell 2000"))) == []
    assert findings(saying(Text("fell 12% in 2022")))


def test_a_date_must_be_the_day_it_stands_for(saying: Saying) -> None:
    day = date(2022, 11, 3)
    assert findings(saying(Day(day, "November 3, 2022"), Day(day, "2022-11-03"))) == []
    assert findings(saying(Day(day, "November 4, 2022")))


def test_a_label_must_be_the_metrics_own(saying: Saying) -> None:
    assert findings(saying(Parameter("max_drawdown", "label", "max drawdown"))) == []
    assert findings(saying(Parameter("max_drawdown", "label", "max drawdown, 9 years")))


@pytest.mark.parametrize("words", ["shares will outperform", "a price target", "Buy the fund", "guaranteed income"])
def test_banned_words_are_found_unless_a_company_bears_them(saying: Saying, words: str) -> None:
    assert findings(saying(Text(words)))[0].startswith("banned words")
    assert findings(saying(Name(words))) == []


def test_every_required_block_is_missed(sound: Article) -> None:
    bare = replace(sound, sections=())
    told = "\n".join(findings(bare))
    for missing in ("rules wrote", "legend", "investment advice", "conflict-of-interest", "'sources'", "'disclosures'"):
        assert missing in told


def test_the_legend_must_stand_next_to_its_table(sound: Article) -> None:
    section = sound.sections[0]
    apart = replace(section, blocks=(section.blocks[0], sound.sections[2].blocks[0], section.blocks[1]))
    assert any("next to" in f for f in findings(replace(sound, sections=(apart, *sound.sections[1:]))))


def test_a_grave_issue_in_the_data_holds_and_a_slight_one_does_not(sound: Article) -> None:
    grave = Issue("error", "stale", "IWM", "IWM ends before the as-of")
    slight = Issue("warning", "gap", "IWM", "a session is missing")
    assert not gate.check(sound, [], [grave]).cleared
    assert gate.check(sound, [], [slight]).cleared


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>fell 12%</p>", "page numbers"),
        ("<p>fell <data data-fact='a/b'>12%</data></p>", None),
        ("<p><time datetime='2022-11-03'>November 3, 2022</time></p>", None),
        ("<svg><text><tspan data-run='tick'>1,000</tspan></text></svg>", None),
        ("<svg><title>Growth of 1000</title></svg>", "page numbers"),
        ("<style>p { margin: 12px }</style><p>words</p>", None),
        ("<img alt='up 12%'>", "page numbers"),
        ("<p>the fund returned nan</p>", "machine words"),
        ("<p>None of them fell</p>", None),
        ("<p>returned None</p>", "machine words"),
        ("<p>{{ x.ticker }}</p>", "machine words"),
        ("<p><span data-run='name'>Infinity Corp 7</span></p>", None),
        ("<br><p>one<br>two</p><p>3</p>", "page numbers"),
    ],
)
def test_a_page_is_read_as_a_reader_sees_it(sound: Article, html: str, found: str | None) -> None:
    assert [f.split(":")[0] for f in findings(sound, html)] == ([found] if found else [])


@given(st.floats(-5, 5), st.integers(0, 4))
def test_whatever_the_formatter_prints_reads_back(value: float, decimals: int) -> None:
    spec = MetricSpec("m", "M", "fraction", decimals, "s", "f", "r")
    reading = Reading(Fact("A", "m", "fraction", value), spec)
    for run in (percent(reading), points(reading, decimals)):
        numeral = _numerals.read(run.text)
        assert numeral is not None
        assert _numerals.agrees(numeral, value)


@given(st.floats(-5, 5), st.integers(1, 4), st.floats(1.01, 50))
def test_a_number_moved_by_more_than_half_a_digit_is_refused(value: float, decimals: int, by: float) -> None:
    spec = MetricSpec("m", "M", "fraction", decimals, "s", "f", "r")
    run = percent(Reading(Fact("A", "m", "fraction", value), spec))
    numeral = _numerals.read(run.text)
    assert numeral is not None
    moved = value + (1 if value >= 0 else -1) * 2 * by * numeral.half_digit
    assert not _numerals.agrees(numeral, moved)
