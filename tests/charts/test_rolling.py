from __future__ import annotations

from collections.abc import Callable

from reportgen.charts._chart import Absent
from reportgen.charts.rolling import rolling
from reportgen.model import ChartSpec, Label, Measurements, Polyline, Snapshot, plain

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
