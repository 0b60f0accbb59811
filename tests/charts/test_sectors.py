from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.charts._chart import Absent
from reportgen.charts.sectors import sectors
from reportgen.model import Bar, ChartSpec, Fact, Label, Measurements, Snapshot, plain

Complete = Callable[..., Measurements]
Weights = Mapping[str, float]


def weights(ticker: str, by_sector: Weights, taxonomy: str = "GICS") -> list[Fact]:
    details = {"taxonomy": taxonomy}
    return [
        Fact(ticker, "sector_weight", "fraction", weight, key=sector, details=details)
        for sector, weight in by_sector.items()
    ]


def spec_of(gathered: Complete, snapshot: Snapshot, **funds: Weights) -> ChartSpec:
    facts = [fact for ticker, by_sector in funds.items() for fact in weights(ticker, by_sector)]
    spec = sectors(gathered(facts, [], tuple(funds)), snapshot)
    assert isinstance(spec, ChartSpec), spec
    return spec


def test_the_heaviest_sector_of_any_fund_stands_first(complete: Complete, snapshot: Snapshot) -> None:
    spec = sectors(complete(), snapshot)
    assert isinstance(spec, ChartSpec)
    rows = [plain(m.runs) for m in spec.marks if isinstance(m, Label) and m.role == "name"]
    assert rows[:4] == ["Technology", "Industrials", "Health Care", "Financials"]
    assert plain(spec.title) == "Largest sectors by weight (GICS): IWM and QQQ"


def test_each_bar_is_as_long_as_its_weight_and_says_it(gathered: Complete, snapshot: Snapshot) -> None:
    spec = spec_of(gathered, snapshot, AAA={"Energy": 0.4, "Utilities": 0.1}, BBB={"Energy": 0.2})
    bars = [m for m in spec.marks if isinstance(m, Bar)]
    unit = bars[0].width / 0.4
    assert [bar.width / unit for bar in bars] == pytest.approx([0.4, 0.2, 0.1], abs=0.001)
    texts = [plain(m.runs) for m in spec.marks if isinstance(m, Label) and m.role.startswith("fund")]
    assert texts == ["AAA 40.0%", "BBB 20.0%", "AAA 10.0%"]
    assert spec.facts == ("AAA/sector_weight[Energy]", "BBB/sector_weight[Energy]", "AAA/sector_weight[Utilities]")


def test_a_sector_that_a_fund_lacks_has_no_bar_and_no_zero(gathered: Complete, snapshot: Snapshot) -> None:
    spec = spec_of(gathered, snapshot, AAA={"Energy": 0.4}, BBB={"Utilities": 0.2})
    assert sum(isinstance(m, Bar) for m in spec.marks) == 2
    assert "BBB/sector_weight[Energy]" not in spec.facts


def apart(gathered: Complete, snapshot: Snapshot, *funds: tuple[str, str, Weights]) -> ChartSpec:
    facts = [fact for ticker, taxonomy, by_sector in funds for fact in weights(ticker, by_sector, taxonomy)]
    spec = sectors(gathered(facts, [], tuple(ticker for ticker, _, _ in funds)), snapshot)
    assert isinstance(spec, ChartSpec), spec
    return spec


def test_different_taxonomies_get_a_panel_each(gathered: Complete, snapshot: Snapshot) -> None:
    spec = apart(
        gathered,
        snapshot,
        ("AAA", "GICS", {"Energy": 0.4, "Financials": 0.2}),
        ("BBB", "Morningstar", {"Technology": 0.8, "Energy": 0.1}),
    )
    notes = [plain(m.runs) for m in spec.marks if isinstance(m, Label) and m.role == "note"]
    assert notes[:2] == ["by GICS sectors", "by Morningstar sectors"]
    rows = [(m.x < spec.width / 2, plain(m.runs)) for m in spec.marks if isinstance(m, Label) and m.role == "name"]
    assert rows == [(True, "Energy"), (True, "Financials"), (False, "Technology"), (False, "Energy")]
    widths = [m.width for m in spec.marks if isinstance(m, Bar)]
    assert [width / widths[2] for width in widths] == pytest.approx([0.5, 0.25, 1.0, 0.125], abs=0.003)
    assert plain(spec.alt) == (
        "Bar charts of each fund’s largest sectors by weight, by different taxonomies. "
        "AAA: Energy 40.0% and Financials 20.0% (by GICS sectors). "
        "BBB: Technology 80.0% and Energy 10.0% (by Morningstar sectors)."
    )


def test_two_funds_are_needed(gathered: Complete, snapshot: Snapshot) -> None:
    facts = weights("AAA", {"Energy": 0.4})
    assert sectors(gathered(facts, [], ("AAA", "TLT")), snapshot) == Absent("no sector weights are known of TLT")


def test_the_alternative_text_names_the_funds_without_sectors(gathered: Complete, snapshot: Snapshot) -> None:
    spec = sectors(
        gathered(weights("AAA", {"Energy": 0.4}) + weights("BBB", {"Energy": 0.2}), [], ("AAA", "TLT", "BBB")), snapshot
    )
    assert isinstance(spec, ChartSpec)
    assert plain(spec.alt) == (
        "Bar chart of the funds' largest sectors by weight. AAA: Energy 40.0%. BBB: Energy 20.0%. "
        "Energy is the largest sector of both. No sector weights are known of TLT."
    )


words = st.text(st.characters(codec="utf-8", categories=("L", "Nd", "Zs")), min_size=1, max_size=60)
shares = st.dictionaries(words, st.floats(-0.2, 1.2).map(lambda v: round(v, 6)), min_size=1, max_size=12)


@given(st.lists(shares, min_size=2, max_size=5))
def test_any_weights_make_a_chart_of_bounded_size(gathered: Complete, snapshot: Snapshot, funds: list[Weights]) -> None:
    names = ("AAA", "BBB", "CCC", "DDD", "EEE")
    spec = spec_of(gathered, snapshot, **dict(zip(names, funds, strict=False)))
    assert spec.height <= 400
    bars = [m for m in spec.marks if isinstance(m, Bar)]
    assert all(bar.width >= 0 and bar.x >= 0 and bar.x + bar.width <= spec.width for bar in bars)
    tops = sorted(bar.y for bar in bars)
    assert all(b - a >= bars[0].height for a, b in itertools.pairwise(tops))


@given(st.lists(shares, min_size=2, max_size=5))
def test_panels_of_any_weights_stay_apart(gathered: Complete, snapshot: Snapshot, funds: list[Weights]) -> None:
    names = ("AAA", "BBB", "CCC", "DDD", "EEE")
    spec = apart(gathered, snapshot, *((n, f"T{n}", w) for n, w in zip(names, funds, strict=False)))
    assert spec.height <= 460
    for i, role in enumerate(f"fund-{n}" for n in range(1, len(funds) + 1)):
        bars = [m for m in spec.marks if isinstance(m, Bar) and m.role == role]
        edge = 0.0 if i % 2 == 0 else spec.width / 2
        assert all(edge <= bar.x <= bar.x + bar.width <= edge + spec.width / 2 for bar in bars)
