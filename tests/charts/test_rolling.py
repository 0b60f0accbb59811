from __future__ import annotations

from collections.abc import Callable

import numpy as np

from reportgen.charts._chart import Absent
from reportgen.charts._palette import TICK_SIZE
from reportgen.charts._place import text_width
from reportgen.charts.rolling import rolling
from reportgen.model import ChartSpec, Label, Measurements, Polyline, Series, Snapshot, Tick, plain

Complete = Callable[..., Measurements]


def test_the_gap_of_a_pair_is_named_in_points(complete: Complete, snapshot: Snapshot) -> None:
    spec = rolling(complete(), snapshot)
    assert isinstance(spec, ChartSpec)
    texts = [plain(m.runs) for m in spec.marks if isinstance(m, Label)]
    assert texts == ["IWM ahead, in points", "QQQ ahead, in points", "QQQ by 14.4 points"]
    assert plain(spec.alt).endswith("At the end, IWM was 14.4 points behind QQQ.")
    area, line = (m for m in spec.marks if isinstance(m, Polyline))
    assert area.closed
    assert area.points[1:-1] == line.points
    assert area.points[0][1] == area.points[-1][1]


def test_several_funds_are_each_held_against_the_first(complete: Complete, snapshot: Snapshot) -> None:
    spec = rolling(complete(("IWM", "QQQ", "SPY")), snapshot)
    assert isinstance(spec, ChartSpec)
    lines = {m.role for m in spec.marks if isinstance(m, Polyline)}
    assert lines == {"fund-2", "fund-3"}
    texts = [plain(m.runs) for m in spec.marks if isinstance(m, Label)]
    assert texts == ["IWM ahead, in points", "IWM behind, in points", "less QQQ", "less SPY"]


def test_a_short_history_has_no_such_chart(complete: Complete, gathered: Complete, snapshot: Snapshot) -> None:
    assert isinstance(rolling(gathered(list(complete()), [], ("IWM", "QQQ")), snapshot), Absent)


def test_the_words_for_a_side_keep_clear_of_the_curve(gathered: Complete, snapshot: Snapshot) -> None:
    days = np.arange("2022-01-01", "2025-01-01", dtype="datetime64[D]")
    falling = Series("IWM:QQQ/rolling_difference/1Y", "gap", "fraction", np.geomspace(0.4, 0.001, days.size), days)
    spec = rolling(gathered([], [falling], ("IWM", "QQQ")), snapshot)
    assert isinstance(spec, ChartSpec)
    note = next(m for m in spec.marks if isinstance(m, Label) and m.role == "note")
    width = text_width(plain(note.runs), TICK_SIZE)
    line = next(m for m in spec.marks if isinstance(m, Polyline) and not m.closed)
    assert not any(note.x <= x <= note.x + width and note.y - TICK_SIZE <= y <= note.y + 3 for x, y in line.points)


def test_funds_alike_to_the_dust_of_floats_are_drawn_level(
    gathered: Complete, complete: Complete, snapshot: Snapshot
) -> None:
    days = np.arange("2021-01-01", "2021-03-01", dtype="datetime64[D]")
    dust = np.where(np.arange(days.size) % 2 == 0, 3e-13, -2e-13)
    series = Series("IWM:QQQ/rolling_difference/1Y", "gap", "fraction", dust, days)
    spec = rolling(gathered(list(complete()), [series], ("IWM", "QQQ")), snapshot)
    assert isinstance(spec, ChartSpec)
    ticks = [m.text for m in spec.marks if isinstance(m, Tick)]
    assert {"-0.1", "0", "0.1"} <= set(ticks)
    assert not any("e" in text.replace("Feb", "") for text in ticks)
