from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from reportgen.charts._chart import Absent
from reportgen.charts.concentration import concentration
from reportgen.model import ChartSpec, Dot, Label, Measurements, Polyline, Snapshot, Tick, plain

Complete = Callable[..., Measurements]


def test_the_ten_largest_are_marked_on_each_curve(complete: Complete, snapshot: Snapshot) -> None:
    spec = concentration(complete(), snapshot)
    assert isinstance(spec, ChartSpec)
    texts = [plain(m.runs) for m in spec.marks if isinstance(m, Label)]
    assert texts[:4] == ["IWM 1,942 holdings", "QQQ 101 holdings", "IWM 6.0%", "QQQ 47.0%"]
    ten = next(m.x for m in spec.marks if isinstance(m, Tick) and m.text == "10")
    for role in ("fund-1", "fund-2"):
        dots = [m for m in spec.marks if isinstance(m, Dot) and m.role == role and m.x == pytest.approx(ten, abs=0.1)]
        line = next(m for m in spec.marks if isinstance(m, Polyline) and m.role == role)
        assert len(dots) == 1
        x, y = np.array(line.points).T
        assert dots[0].y == pytest.approx(np.interp(dots[0].x, x, y), abs=0.2)


def test_every_curve_rises(complete: Complete, snapshot: Snapshot) -> None:
    spec = concentration(complete(("IWM", "QQQ", "SPY", "TLT", "BRK-B")), snapshot)
    assert isinstance(spec, ChartSpec)
    lines = [m for m in spec.marks if isinstance(m, Polyline)]
    assert len(lines) == 5
    for line in lines:
        assert list(line.points) == sorted(line.points, key=lambda p: (p[0], -p[1]))


def test_the_largest_holdings_are_drawn_one_by_one(complete: Complete, snapshot: Snapshot) -> None:
    spec = concentration(complete(), snapshot)
    assert isinstance(spec, ChartSpec)
    long = next(m for m in spec.marks if isinstance(m, Polyline) and m.role == "fund-1")
    ten = next(m.x for m in spec.marks if isinstance(m, Tick) and m.text == "10")
    assert sum(x <= ten + 0.1 for x, _ in long.points) == 10


def test_what_a_listener_hears(complete: Complete, snapshot: Snapshot) -> None:
    spec = concentration(complete(), snapshot)
    assert isinstance(spec, ChartSpec)
    assert plain(spec.alt) == (
        "Line chart of each fund's cumulative weight against the number of its holdings, the largest first. The ten "
        "largest make up 6.0% of IWM with its 1,942 holdings and 47.0% of QQQ with its 101 holdings. "
        "QQQ is the more concentrated."
    )


def test_only_funds_with_a_full_list_are_drawn(complete: Complete, gathered: Complete, snapshot: Snapshot) -> None:
    whole = complete()
    known = [s for s in whole.series.values() if s.id != "QQQ/concentration"]
    spec = concentration(gathered(list(whole), known, ("IWM", "QQQ")), snapshot)
    assert isinstance(spec, ChartSpec)
    assert spec.series == ("IWM/concentration",)
    none = concentration(gathered(list(whole), [], ("IWM", "QQQ")), snapshot)
    assert none == Absent("no fund has a full list of more than ten holdings")
