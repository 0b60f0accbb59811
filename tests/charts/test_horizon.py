"""The strips: where the latest move stands in the band of its past, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.charts._chart import Absent
from reportgen.charts.horizon import horizon
from reportgen.model import Bar, ChartSpec, Dot, Fact, Label, Measurements, Segment, Snapshot, plain

Complete = Callable[..., Measurements]
CODES = ("1W", "1M", "3M")


def moved(
    ticker: str, code: str, move: float, share: float, past: tuple[float, float, float] = (-0.04, 0.0, 0.04)
) -> list[Fact]:
    details = dict(zip(("low", "median", "high"), past, strict=True))
    return [
        Fact(ticker, "total_return", "fraction", move, code=code),
        Fact(ticker, "move_percentile", "fraction", share, code=code, details=details),
    ]


def spec_of(gathered: Complete, snapshot: Snapshot, *facts: list[Fact]) -> ChartSpec:
    flat = [fact for some in facts for fact in some]
    spec = horizon(gathered(flat, [], tuple(dict.fromkeys(f.subject for f in flat))), snapshot)
    assert isinstance(spec, ChartSpec), spec
    return spec


def told(spec: ChartSpec) -> list[str]:
    return [plain(m.runs) for m in spec.marks if isinstance(m, Label) and m.anchor == "middle"]


def test_the_marker_stands_where_the_move_is_in_its_band(gathered: Complete, snapshot: Snapshot) -> None:
    spec = spec_of(gathered, snapshot, moved("IWM", "1W", 0.02, 0.8), moved("QQQ", "1W", -0.06, 0.01))
    bands = [m for m in spec.marks if isinstance(m, Bar) and m.role == "band"]
    dots = [m for m in spec.marks if isinstance(m, Dot)]
    inside, outside = ((dot.x - band.x) / band.width for dot, band in zip(dots, bands, strict=True))
    assert inside == pytest.approx(0.75, abs=0.005)
    assert outside == pytest.approx(-0.25, abs=0.005)
    medians = [m.x1 for m in spec.marks if isinstance(m, Segment) and m.role == "axis"]
    assert medians == [pytest.approx(band.x + band.width / 2, abs=0.1) for band in bands]


def test_each_move_is_told_with_its_standing(gathered: Complete, snapshot: Snapshot) -> None:
    spec = spec_of(gathered, snapshot, *(moved("IWM", code, 0.02, 0.8) for code in CODES))
    assert told(spec) == ["+2.0%, above 80%"] * 3
    heads = [plain(m.runs) for m in spec.marks if isinstance(m, Label) and m.role == "name"]
    assert heads == ["Latest week", "Latest month", "Latest three months"]
    assert spec.facts == tuple(f"IWM/{m}/{c}" for c in CODES for m in ("total_return", "move_percentile"))
    assert plain(spec.alt).endswith("Latest three months: IWM +2.0%, above 80% of its past moves.")


def test_a_fund_too_young_keeps_its_place_empty(gathered: Complete, snapshot: Snapshot) -> None:
    young = [
        Fact("NEW", "total_return", "fraction", 0.1, code="1W"),
        Fact("NEW", "move_percentile", "fraction", missing="needs 252 past moves, has 90", code="1W"),
    ]
    spec = spec_of(gathered, snapshot, young, moved("QQQ", "1W", -0.01, 0.3))
    assert told(spec) == ["-1.0%, above 30%"]
    assert [m.role for m in spec.marks if isinstance(m, Dot)] == ["fund-2"]
    assert horizon(gathered(young, [], ("NEW",)), snapshot) == Absent(
        "no fund has enough past moves to set its latest against"
    )


@given(st.lists(st.tuples(st.floats(-0.9, 3), st.floats(0.001, 0.5), st.floats(0.001, 2)), min_size=2, max_size=5))
def test_any_moves_stay_inside_the_picture(
    gathered: Complete, snapshot: Snapshot, funds: list[tuple[float, float, float]]
) -> None:
    names = ("AAAAA", "BBB", "CCC", "DDD", "EEE")
    facts = [
        moved(ticker, code, move, 0.5, (-below, 0.0, above))
        for ticker, (move, below, above) in zip(names, funds, strict=False)
        for code in CODES
    ]
    spec = spec_of(gathered, snapshot, *facts)
    for mark in spec.marks:
        if isinstance(mark, Bar):
            assert mark.width >= 0
            assert 0 <= mark.x <= mark.x + mark.width <= spec.width
        elif isinstance(mark, Dot):
            assert 0 <= mark.x <= spec.width
