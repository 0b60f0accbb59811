"""The charts' forms for phones: the same facts and texts, nothing outside the picture, no label over another."""

from __future__ import annotations

from itertools import combinations

import pytest

from reportgen import charts
from reportgen.charts._frame import NARROW
from reportgen.charts._palette import LABEL_SIZE, TICK_SIZE
from reportgen.charts._place import text_width
from reportgen.charts._words import lines
from reportgen.model import Chart, ChartSpec, Label, Number, Runs, Text, Tick, plain
from tests.compose.test_compose import material

FUNDS = (("IWM", "QQQ"), ("IWM", "QQQ", "SPY", "TLT", "GLD"), ("TLT", "GLD"))


@pytest.fixture(scope="module", params=FUNDS, ids="-".join)
def drawn(request: pytest.FixtureRequest) -> dict[str, Chart]:
    snapshot, measured, commentary = material(*request.param)
    return dict(charts.draw(measured, snapshot, commentary=commentary))


def narrow(chart: Chart) -> ChartSpec:
    assert chart.narrow is not None
    return chart.narrow.spec


def test_every_chart_has_a_form_for_phones_of_the_same_facts(drawn: dict[str, Chart]) -> None:
    assert len(drawn) > 3
    for chart in drawn.values():
        small = narrow(chart)
        assert small.width == NARROW
        assert small.facts == chart.spec.facts
        assert small.series == chart.spec.series
        assert (plain(small.title), plain(small.alt)) == (plain(chart.spec.title), plain(chart.spec.alt))
        assert chart.narrow is not None
        assert b'width="336"' in chart.narrow.images["image/svg+xml"]


def box(mark: Label | Tick) -> tuple[float, float, float, float]:
    """Left, right, top and bottom of a text, as near as its letters come."""
    text, size = (plain(mark.runs), LABEL_SIZE) if isinstance(mark, Label) else (mark.text, TICK_SIZE)
    width = text_width(text, size) * 0.84
    left = mark.x - {"start": 0.0, "middle": width / 2, "end": width}[mark.anchor]
    return left, left + width, mark.y - 0.7 * size, mark.y


def test_no_text_leaves_the_picture_or_covers_another(drawn: dict[str, Chart]) -> None:
    for name, chart in drawn.items():
        texts = [mark for mark in narrow(chart).marks if isinstance(mark, Label | Tick)]
        for mark in texts:
            left, right, top, bottom = box(mark)
            assert left > -1, (name, mark)
            assert right < NARROW + 1, (name, mark)
            assert top >= 0, (name, mark)
            assert bottom <= narrow(chart).height, (name, mark)
        for one, other in combinations(texts, 2):
            a, b = box(one), box(other)
            apart = a[1] <= b[0] or b[1] <= a[0] or a[3] <= b[2] or b[3] <= a[2]
            assert apart, (name, one, other)


def test_lines_break_at_spaces_and_keep_every_run() -> None:
    runs: Runs = (Text("The band holds the moves from the "), Number("a", "5%"), Text(" to the 95"), Text(" quantile"))
    broken = lines(runs, 11, 120)
    assert len(broken) > 2
    assert " ".join(plain(line) for line in broken) == plain(runs)
    assert all(text_width(plain(line), 11) <= 120 for line in broken)
    assert lines(runs, 11, 1000) == ((runs[0], runs[1], Text(" to the 95 quantile")),)
