"""A corrected article lists what moved: found by composition, and anew by the gate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.compose.corrections import amended
from reportgen.compose.printed import printed
from reportgen.formatting.alike import alike, last_digit
from reportgen.gate import _numerals, corrections
from reportgen.model import Amendment, Article, Day, Fact, Finding, Measurements, Number, Scalar, Section, Table

AT = datetime(2026, 4, 1, 9, 30, tzinfo=UTC)
Saying = Callable[..., Article]

RUNS = (
    Number("QQQ/max_drawdown/5Y", "35.12%"),
    Day(date(2022, 11, 3), "2022-11-03", "QQQ/max_drawdown/5Y"),
    Number("QQQ/net_assets", "$395B"),
    Number("QQQ/largest_sector", "Technology"),
    Number("IWM/max_drawdown/5Y", "n/a"),
    Number("IWM:QQQ/diff.cagr/5Y", "-9.7 pts"),
    Number("QQQ/growth_of_1000/5Y", "$1,834"),
)


def with_facts(saying: Saying, **values: Scalar) -> Article:
    """The article with other facts, by metric of QQQ or of the pair, printed in the same forms."""
    old = saying(*RUNS).measurements
    found = {}
    for id_, fact in old.facts.items():
        changed = values.get(fact.metric.removeprefix("diff.")) if fact.subject == "QQQ" or fact.second else None
        found[id_] = replace(fact, value=changed) if changed is not None else fact
    return with_measured(saying, found)


def with_measured(saying: Saying, facts: Mapping[str, Fact]) -> Article:
    article = saying(*(run for each in RUNS if (run := reprinted(each, facts)) is not None))
    specs = dict(article.measurements.specs)
    specs |= {name.removeprefix("diff."): spec for name, spec in specs.items()}
    return replace(article, measurements=Measurements(article.as_of, article.tickers, facts, {}, specs))


def reprinted(run: Number | Day, facts: Mapping[str, Fact]) -> Number | Day | None:
    fact = facts.get(run.fact or "")
    if fact is None:
        return None
    if isinstance(run, Day):
        day = fact.details["trough"]
        assert isinstance(day, date)
        return replace(run, day=day, text=day.isoformat())
    if fact.missing is not None:
        return replace(run, text="n/a")
    form = "0.00%" if run.text == "n/a" else run.text
    return replace(run, text=fact.value if isinstance(fact.value, str) else alike(form, fact.number))


def corrected(before: Article, after: Article) -> Article:
    amends = Amendment(before.version, before.measurements, printed(before), AT, "A price was wrong.")
    return amended(replace(after, version=before.version + 1), amends)


def rows(article: Article) -> list[tuple[str, str]]:
    (section,) = [each for each in article.sections if each.id == "corrections"]
    tables = [block for block in section.blocks if isinstance(block, Table)]
    return [(row[1].runs[0].text, row[2].runs[0].text) for table in tables for row in table.body]


def findings(article: Article) -> list[Finding]:
    return list(corrections.check(article))


def test_every_number_that_moved_is_listed_and_no_other(saying: Saying) -> None:
    before = with_facts(saying)
    after = with_facts(saying, max_drawdown=-0.3601, cagr=-0.1034, growth_of_1000=1834.4, net_assets=395.4e9)
    made = corrected(before, after)
    assert rows(made) == [("-35.12%", "-36.01%"), ("-9.7 pts", "-10.3 pts")]
    assert made.corrections[-1].changed == 2
    assert findings(made) == []


def test_nothing_moved_is_said(saying: Saying) -> None:
    made = corrected(with_facts(saying), with_facts(saying))
    assert rows(made) == []
    assert findings(made) == []
    (section,) = [each for each in made.sections if each.id == "corrections"]
    assert "No printed number changed." in "".join(run.text for run in section.blocks[0].runs)  # type: ignore[union-attr]


def test_words_dates_and_reasons_move_too(saying: Saying) -> None:
    before = with_facts(saying)
    facts = dict(with_facts(saying, largest_sector="Health Care").measurements.facts)
    facts["QQQ/max_drawdown/5Y"] = replace(facts["QQQ/max_drawdown/5Y"], details={"trough": date(2022, 11, 4)})
    facts["IWM/max_drawdown/5Y"] = replace(facts["IWM/max_drawdown/5Y"], missing=None, value=-0.25)
    facts["QQQ/net_assets"] = replace(facts["QQQ/net_assets"], missing="not stated", value=None)
    made = corrected(before, with_measured(saying, facts))
    assert sorted(rows(made)) == [
        ("$395B", "n/a, not stated"), ("2022-11-03", "2022-11-04"), ("Technology", "Health Care"),
        ("n/a, began 2024-03-01", "-25.00%"),
    ]  # fmt: skip
    assert findings(made) == []


def test_a_fact_that_only_one_version_has_is_told_as_not_measured(saying: Saying) -> None:
    before = with_facts(saying)
    facts = {id_: fact for id_, fact in before.measurements.facts.items() if id_ != "QQQ/net_assets"}
    for old, new, row in (
        (before.measurements.facts, facts, ("$395B", "not measured")),
        (facts, before.measurements.facts, ("not measured", "$395B")),
    ):
        made = corrected(with_measured(saying, old), with_measured(saying, new))
        assert rows(made) == [row]
        assert findings(made) == []


def test_a_second_correction_remembers_the_first(saying: Saying) -> None:
    first = corrected(with_facts(saying), with_facts(saying, max_drawdown=-0.3601))
    amends = Amendment(2, first.measurements, printed(first), AT, "A name was wrong.", first.corrections)
    second = amended(replace(with_facts(saying, max_drawdown=-0.3601), version=3), amends)
    assert [(each.version, each.changed) for each in second.corrections] == [(2, 1), (3, 0)]
    assert rows(second) == []
    assert findings(second) == []


def drop_row(article: Article) -> Article:
    return on_table(article, lambda table: replace(table, body=table.body[1:]))


def add_row(article: Article) -> Article:
    same = Number("QQQ/net_assets", "$395B")

    def more(table: Table) -> Table:
        head, before, after = table.body[0]
        row = (head, replace(before, runs=(replace(same, former=True),)), replace(after, runs=(same,)))
        return replace(table, body=(*table.body, row))

    return on_table(article, more)


def swap_columns(article: Article) -> Article:
    return on_table(article, lambda table: replace(table, body=tuple((a, c, b) for a, b, c in table.body)))


def on_table(article: Article, change: Callable[[Table], Table]) -> Article:
    def changed(section: Section) -> Section:
        blocks = tuple(change(b) if isinstance(b, Table) and section.id == "corrections" else b for b in section.blocks)
        return replace(section, blocks=blocks)

    return replace(article, sections=tuple(map(changed, article.sections)))


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (drop_row, "moved and is not listed"),
        (add_row, "is listed and did not move"),
        (swap_columns, "wrong row or column"),
        (lambda a: replace(a, version=4), "does not follow"),
        (lambda a: replace(a, amends=None), "corrects nothing"),
        (lambda a: replace(a, masthead=replace(a.masthead, lines=())), "does not say that it was corrected"),
        (lambda a: replace(a, corrections=()), "tells of another count"),
    ],
)
def test_the_gate_holds_what_is_not_told(saying: Saying, spoil: Callable[[Article], Article], message: str) -> None:
    made = corrected(with_facts(saying), with_facts(saying, max_drawdown=-0.3601))
    assert any(message in finding.message for finding in findings(spoil(made)))


values = st.floats(-3, 3, allow_nan=False).filter(bool)


@given(old=values, new=values, decimals=st.integers(0, 3), tail=st.sampled_from(["%", "", " points", " pts"]))
def test_composition_and_gate_agree_on_what_moved(old: float, new: float, decimals: int, tail: str) -> None:
    unit = "ratio" if tail == "" else "fraction"
    text = alike(f"{0.0:.{decimals}f}{tail}", old)
    facts = [Fact("QQQ", "cagr", unit, value, code="5Y") for value in (old, new)]  # type: ignore[arg-type]
    id_ = facts[0].id
    if alike(text, old) != alike(text, new):
        return  # listed by composition; whether the gate demands it is its own affair
    assert corrections._tells(text, facts[1], "", facts[0]), f"{text} for {old} and {new} of {id_}"


@given(value=values, like=values, decimals=st.integers(0, 4))
@pytest.mark.parametrize(("tail", "unit"), [("%", "fraction"), (" points", "fraction"), (" basis points", "fraction"),
                                            ("", "ratio"), (" pts", "fraction")])  # fmt: skip
def test_a_number_in_anothers_form_is_read_back_as_itself(
    value: float, like: float, decimals: int, tail: str, unit: str
) -> None:
    text = alike(alike(f"+{0.0:.{decimals}f}{tail}", like), value)
    numeral = _numerals.read(text)
    assert numeral is not None, text
    assert numeral.decimals == decimals
    assert _numerals.agrees(numeral, value) or not numeral.value


def test_forms_are_kept() -> None:
    assert alike("31.91%", -0.3512) == "-35.12%"
    assert alike("+1.20%", 0.005) == "+0.50%"
    assert alike("$395B", 401.2e9) == "$401B"
    assert alike("-$662", 1834.0) == "$1,834"
    assert alike("2.0 points", 0.01) == "1.0 point"
    assert alike("1 basis point", 0.0002) == "2 basis points"
    assert alike("0.00%", -0.000001) == "0.00%"
    assert sorted(["0.1 pts", "n/a", "1 basis point", "0.12%", "12%"], key=last_digit) == [
        "1 basis point", "0.12%", "0.1 pts", "12%", "n/a",
    ]  # fmt: skip
    with pytest.raises(ValueError, match="not one number"):
        alike("n/a", 1.0)
