"""The charts of growth and drawdowns: what they say, and that nothing leaves its place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.charts._chart import Absent, Answer
from reportgen.charts._frame import LINE_HEIGHT
from reportgen.charts._palette import LABEL_SIZE, TICK_SIZE
from reportgen.charts._place import text_width
from reportgen.charts.drawdowns import drawdowns
from reportgen.charts.growth import growth
from reportgen.model import (
    ChartSpec,
    Day,
    Dot,
    Fact,
    Label,
    Measurements,
    Number,
    Polyline,
    Segment,
    Series,
    Snapshot,
    Tick,
    plain,
)

Complete = Callable[..., Measurements]
Curves = Callable[..., tuple[list[Fact], list[Series]]]
FIVE = ("IWM", "QQQ", "SPY", "TLT", "BRK-B")


def drawn(answer: Answer) -> ChartSpec:
    assert isinstance(answer, ChartSpec), answer
    return answer


def labels(spec: ChartSpec) -> list[str]:
    return [plain(mark.runs) for mark in spec.marks if isinstance(mark, Label)]


def ticks(spec: ChartSpec) -> list[str]:
    return [mark.text for mark in spec.marks if isinstance(mark, Tick)]


def test_both_end_values_stand_at_the_ends_of_the_lines(complete: Complete, snapshot: Snapshot) -> None:
    spec = drawn(growth(complete(), snapshot))
    assert labels(spec) == ["IWM $537", "QQQ $2,034"]
    for role in ("fund-1", "fund-2"):
        label = next(m for m in spec.marks if isinstance(m, Label) and m.role == role)
        line = next(m for m in spec.marks if isinstance(m, Polyline) and m.role == role)
        assert label.x > line.points[-1][0]
        assert label.y == pytest.approx(line.points[-1][1], abs=6)
    numbers = [run for m in spec.marks if isinstance(m, Label) for run in m.runs if isinstance(run, Number)]
    assert [run.fact for run in numbers] == ["IWM/growth_of_1000/5Y", "QQQ/growth_of_1000/5Y"] == list(spec.facts)


def test_the_scales_of_growth(complete: Complete, snapshot: Snapshot) -> None:
    spec = drawn(growth(complete(), snapshot))
    assert ticks(spec) == ["$500", "$1,000", "$1,500", "$2,000", "$2,500", "$3,000", *map(str, range(2022, 2027))]
    stake = [m for m in spec.marks if isinstance(m, Segment) and m.role == "zero"]
    at = next(m.y for m in spec.marks if isinstance(m, Tick) and m.text == "$1,000")
    assert [round(m.y1 - at, 1) for m in stake] == [pytest.approx(-0.35 * TICK_SIZE, abs=0.11)]


def test_what_a_listener_hears_of_growth(complete: Complete, snapshot: Snapshot) -> None:
    spec = drawn(growth(complete(), snapshot))
    assert plain(spec.title) == "Growth of $1,000, distributions reinvested: IWM and QQQ"
    assert plain(spec.alt) == (
        "Line chart of what $1,000 became with distributions reinvested, from March 26, 2021, to March 27, 2026: "
        "IWM $537 and QQQ $2,034. QQQ ended ahead."
    )


def test_equal_printed_values_are_not_ranked(curves: Curves, gathered: Complete, snapshot: Snapshot) -> None:
    days = np.arange("2025-01-01", "2025-03-01", dtype="datetime64[D]")
    facts, series = [], []
    for ticker, end in (("AAA", 1200.4), ("BBB", 1200.1)):
        some = curves(ticker, days, np.linspace(1000, end, days.size))
        facts += some[0]
        series += some[1]
    spec = drawn(growth(gathered(facts, series, ("AAA", "BBB")), snapshot))
    assert plain(spec.alt).endswith("AAA $1,200 and BBB $1,200. Both ended level.")


def test_a_fund_that_grew_many_times_over_gets_a_logarithmic_scale(
    curves: Curves, gathered: Complete, snapshot: Snapshot
) -> None:
    days = np.arange("2015-01-01", "2020-01-01", dtype="datetime64[D]")
    facts, series = [], []
    for ticker, end in (("AAA", 60_000.0), ("BBB", 1500.0)):
        some = curves(ticker, days, np.geomspace(1000, end, days.size))
        facts += some[0]
        series += some[1]
    spec = drawn(growth(gathered(facts, series, ("AAA", "BBB")), snapshot))
    assert "logarithmic scale" in labels(spec)
    straight = next(m for m in spec.marks if isinstance(m, Polyline) and m.role == "fund-1")
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in pairwise(straight.points[::40])]
    assert slopes == pytest.approx([slopes[0]] * len(slopes), rel=0.02)


def test_the_younger_fund_decides_the_window(complete: Complete, snapshot: Snapshot) -> None:
    spec = drawn(growth(complete(code="SI"), snapshot))
    assert spec.series == ("IWM/wealth/SI", "QQQ/wealth/SI")


@pytest.mark.parametrize("chart", [growth, drawdowns])
def test_without_a_curve_there_is_no_chart_but_a_reason(
    chart: Callable[[Measurements, Snapshot], Answer], complete: Complete, gathered: Complete, snapshot: Snapshot
) -> None:
    whole = complete()
    lacking = [s for s in whole.series.values() if not s.id.startswith("QQQ/")]
    answer = chart(gathered(list(whole), lacking, ("IWM", "QQQ")), snapshot)
    assert isinstance(answer, Absent)
    assert answer.reason in {"QQQ has no wealth curve", "QQQ has no drawdown curve"}


def test_each_worst_fall_is_marked_with_its_value_and_day(complete: Complete, snapshot: Snapshot) -> None:
    spec = drawn(drawdowns(complete(), snapshot))
    assert labels(spec)[2:] == ["IWM -51.87%", "December 26, 2025", "QQQ -28.82%", "May 9, 2022"]
    days = [run for m in spec.marks if isinstance(m, Label) for run in m.runs if isinstance(run, Day)]
    assert [run.day for run in days] == [date(2025, 12, 26), date(2022, 5, 9)]
    for role in ("fund-1", "fund-2"):
        line = next(m for m in spec.marks if isinstance(m, Polyline) and m.role == role)
        dots = [m for m in spec.marks if isinstance(m, Dot) and m.role == role and m.radius > 3.5]
        assert [dot.y for dot in dots] == [pytest.approx(max(y for _, y in line.points), abs=0.1)]


def test_no_curve_runs_through_the_labels_of_the_worst_falls(complete: Complete, snapshot: Snapshot) -> None:
    spec = drawn(drawdowns(complete(FIVE), snapshot))
    lowest = max(y for m in spec.marks if isinstance(m, Polyline) for _, y in m.points)
    tops = [m.y - LABEL_SIZE for m in spec.marks if isinstance(m, Label) and m.anchor == "middle"]
    assert lowest < min(tops)


def test_what_a_listener_hears_of_drawdowns(complete: Complete, snapshot: Snapshot) -> None:
    assert plain(drawn(drawdowns(complete(), snapshot)).alt) == (
        "Line chart of each fund's fall below its last peak, from March 26, 2021, to March 27, 2026. Worst: "
        "IWM -51.87% on December 26, 2025, not recovered since; QQQ -28.82% on May 9, 2022, "
        "recovered on October 26, 2022. IWM fell further."
    )


def test_a_fund_that_never_fell(curves: Curves, gathered: Complete, snapshot: Snapshot) -> None:
    days = np.arange("2025-01-01", "2025-03-01", dtype="datetime64[D]")
    facts, series = [], []
    for ticker in ("AAA", "BBB"):
        some = curves(ticker, days, np.linspace(1000, 1100, days.size))
        facts += some[0]
        series += some[1]
    spec = drawn(drawdowns(gathered(facts, series, ("AAA", "BBB")), snapshot))
    assert labels(spec) == ["AAA", "BBB"]
    assert "AAA never stood below its peak; BBB never stood below its peak." in plain(spec.alt)


walks = st.lists(
    st.tuples(st.integers(0, 2**32 - 1), st.floats(0.0, 0.08), st.floats(-0.01, 0.01)), min_size=2, max_size=5
)


@pytest.mark.parametrize("chart", [growth, drawdowns])
@given(seeds=walks, length=st.integers(2, 900))
def test_any_curves_stay_in_their_place(
    chart: Callable[[Measurements, Snapshot], Answer],
    curves: Curves,
    gathered: Complete,
    snapshot: Snapshot,
    seeds: list[tuple[int, float, float]],
    length: int,
) -> None:
    days = np.datetime64("2021-03-26") + np.arange(length)
    facts, series = [], []
    for ticker, (seed, volatility, drift) in zip(FIVE, seeds, strict=False):
        steps = np.random.default_rng(seed).normal(drift, volatility, length)
        some = curves(ticker, days, 1000 * np.exp(np.clip(np.cumsum(steps) - steps[0], -12, 12)))
        facts += some[0]
        series += some[1]
    spec = drawn(chart(gathered(facts, series, FIVE[: len(seeds)]), snapshot))
    plot = next(m for m in spec.marks if isinstance(m, Segment) and m.role == "axis")
    for mark in spec.marks:
        match mark:
            case Polyline(points=points):
                assert all(plot.x1 - 0.1 <= x <= plot.x2 + 0.1 and 0 <= y <= plot.y1 + 0.1 for x, y in points)
                assert len(points) <= 330
            case Tick() | Label():
                assert_inside(mark, spec)
    assert_apart([m for m in spec.marks if isinstance(m, Label) and m.x > plot.x2 and m.anchor == "start"])


def assert_inside(mark: Tick | Label, spec: ChartSpec) -> None:
    text, size = (mark.text, TICK_SIZE) if isinstance(mark, Tick) else (plain(mark.runs), LABEL_SIZE)
    width = text_width(text, size)
    left = mark.x - {"start": 0.0, "middle": width / 2, "end": width}[mark.anchor]
    assert left >= -0.5
    assert left + width <= spec.width + 0.5
    assert size * 0.7 <= mark.y <= spec.height


def assert_apart(marks: list[Label]) -> None:
    heights = sorted(mark.y for mark in marks)
    assert all(b - a >= LINE_HEIGHT - 0.2 for a, b in pairwise(heights))
