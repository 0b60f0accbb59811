"""The forest plot: what stands where, in which order, and told in which direction."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from datetime import date
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen import charts
from reportgen.charts._chart import Absent
from reportgen.charts.claims import claims
from reportgen.model import (
    ChartSpec,
    Claim,
    Commentary,
    Dot,
    Fact,
    Interval,
    Label,
    Measurements,
    Segment,
    Snapshot,
    Statement,
    Text,
    Verdict,
    Window,
    facts_in,
    plain,
)

Complete = Callable[..., Measurements]
FIVE_YEARS = Window("5Y", date(2021, 3, 26), date(2026, 3, 27))
Side = Literal[-1, 1]
Told = tuple[Fact, Side, Verdict]


def fact(key: str, value: float, low: float, high: float, metric: str = "diff.total_return") -> Fact:
    interval = Interval(low, high, 0.95, "hac", None, 0.01)
    return Fact(
        "IWM", metric, "fraction", value, second="QQQ", key=key, code="5Y", window=FIVE_YEARS, n=1256, interval=interval
    )


def commentary(*told: Told) -> Commentary:
    statements = tuple(
        Statement(f"r{i}", "own", "t", 1, (Text("x"),), (f.id,), v, Claim(f.id, side, f"QQQ’s {f.key} is above IWM’s"))
        for i, (f, side, v) in enumerate(told)
    )
    return Commentary({"own": statements}, ())


def spec_of(gathered: Complete, *told: Told) -> ChartSpec:
    spec = claims(gathered([f for f, _, _ in told], [], ("IWM", "QQQ")), commentary(*told))
    assert isinstance(spec, ChartSpec), spec
    return spec


def words(spec: ChartSpec, role: str) -> list[str]:
    return [plain(m.runs) for m in spec.marks if isinstance(m, Label) and m.role == role]


def dots(spec: ChartSpec) -> list[Dot]:
    return [m for m in spec.marks if isinstance(m, Dot) and m.role != "paper"]


def test_effects_stand_at_their_size_over_half_their_interval(gathered: Complete) -> None:
    spec = spec_of(
        gathered,
        (fact("wide", 0.30, 0.20, 0.40), 1, "supported"),
        (fact("narrow", 0.002, 0.001, 0.003), 1, "supported"),
    )
    zero = next(m.x1 for m in spec.marks if isinstance(m, Segment) and m.role == "zero")
    wide, narrow = (dot.x - zero for dot in dots(spec))
    assert wide / narrow == pytest.approx(3.0 / 2.0, abs=0.01)
    lengths = {m.x2 - m.x1 for m in spec.marks if isinstance(m, Segment) and m.role == "supported" and m.x1 != m.x2}
    assert max(lengths) - min(lengths) < 0.3


def test_a_claim_of_less_is_told_the_other_way_round(gathered: Complete) -> None:
    spec = spec_of(gathered, (fact("beta", -0.083, -0.108, -0.059), -1, "supported"))
    assert "+8.3 pts" in words(spec, "supported")
    assert "+5.9 pts to +10.8 pts" in words(spec, "note")
    zero = next(m.x1 for m in spec.marks if isinstance(m, Segment) and m.role == "zero")
    assert dots(spec)[0].x > zero


def test_supported_then_contradicted_then_not_settled_each_by_effect(gathered: Complete) -> None:
    spec = spec_of(
        gathered,
        (fact("unsure", 0.01, -0.05, 0.07), 1, "inconclusive"),
        (fact("less", 0.2, 0.1, 0.3), 1, "supported"),
        (fact("wrong", -0.2, -0.3, -0.1), 1, "contradicted"),
        (fact("more", 0.4, 0.3, 0.5), 1, "supported"),
    )
    headings = [w for role in ("supported", "contradicted", "inconclusive") for w in words(spec, role)]
    assert [h for h in headings if h[0].isalpha()] == ["Supported", "Contradicted", "Not settled"]
    rows = [w.split()[1] for w in words(spec, "name")]
    assert rows == ["more", "less", "wrong", "unsure"]
    assert spec.facts[0] == "IWM:QQQ/diff.total_return[more]/5Y"


def test_verdicts_differ_by_shape_and_filling_too(gathered: Complete) -> None:
    spec = spec_of(
        gathered,
        (fact("a", 0.2, 0.1, 0.3), 1, "supported"),
        (fact("b", -0.2, -0.3, -0.1), 1, "contradicted"),
        (fact("c", 0.01, -0.05, 0.07), 1, "inconclusive"),
    )
    assert len({dot.shape for dot in dots(spec)}) == 3
    hollow = [m for m in spec.marks if isinstance(m, Dot) and m.role == "paper"]
    contradicted = next(dot for dot in dots(spec) if dot.role == "contradicted")
    assert [(m.x, m.y) for m in hollow] == [(contradicted.x, contradicted.y)]


def test_an_effect_far_beyond_the_scale_is_an_arrow_and_said_so(gathered: Complete) -> None:
    far: Told = (fact("far", 1.21, 1.17, 1.25), 1, "supported")
    near: Told = (fact("near", 0.2, 0.1, 0.3), 1, "supported")
    spec = spec_of(gathered, far, near)
    assert len(dots(spec)) == 1
    assert "+121.0 pts" in words(spec, "supported")
    assert any("an arrow points beyond the scale" in note for note in words(spec, "note"))
    assert not any("arrow" in note for note in words(spec_of(gathered, near), "note"))


def test_the_alternative_text_tells_every_row_from_facts(gathered: Complete) -> None:
    spec = spec_of(gathered, (fact("beta", -0.083, -0.108, -0.059), -1, "supported"))
    assert plain(spec.alt) == (
        "Forest plot of the claims tested, each effect told in its claim’s own direction. "
        "Supported: QQQ’s beta is above IWM’s over five years (+8.3 pts, interval +5.9 pts to +10.8 pts)."
    )
    assert facts_in(spec.alt) == spec.facts


def test_no_interval_no_row(gathered: Complete) -> None:
    flat = fact("flat", 0.1, 0.1, 0.1)
    assert claims(gathered([flat], [], ("IWM", "QQQ")), commentary((flat, 1, "supported"))) == Absent(
        "no claim was tested"
    )


def test_without_commentary_there_is_no_such_chart(complete: Complete, snapshot: Snapshot) -> None:
    assert charts.plan(complete(), snapshot).skipped["claims"] == "no commentary was given"
    told = fact("a", 0.2, 0.1, 0.3)
    measured = complete()
    facts = [*measured.facts.values(), told]
    with_claims = Measurements(
        measured.as_of, measured.tickers, {f.id: f for f in facts}, measured.series, measured.specs
    )
    spoken = commentary((told, 1, "supported"))
    assert b"chart-claims" in charts.draw(with_claims, snapshot, commentary=spoken)["claims"].images["image/svg+xml"]


effects = st.tuples(st.floats(-3, 3), st.floats(0.001, 1), st.floats(0.001, 1), st.sampled_from((-1, 1)))
verdicts: Sequence[Verdict] = ("supported", "contradicted", "inconclusive")


@given(st.lists(st.tuples(effects, st.sampled_from(verdicts), st.text("ab ", min_size=1, max_size=90)), min_size=1))
def test_any_claims_stay_inside_the_picture(
    gathered: Complete, told: list[tuple[tuple[float, float, float, Side], Verdict, str]]
) -> None:
    facts = [
        (fact(f"{i}{name}", value, value - below, value + above), side, verdict)
        for i, ((value, below, above, side), verdict, name) in enumerate(told)
    ]
    spec = spec_of(gathered, *facts)
    assert spec.height < 900
    for mark in spec.marks:
        if isinstance(mark, Segment):
            assert 0 <= min(mark.x1, mark.x2) <= max(mark.x1, mark.x2) <= spec.width
        elif isinstance(mark, Dot):
            assert 0 <= mark.x <= spec.width
            assert mark.y < spec.height
    tops = [m.y for m in spec.marks if isinstance(m, Label) and m.anchor == "end" and m.x == spec.width][1:]
    assert all(below > above for above, below in itertools.pairwise(tops))
