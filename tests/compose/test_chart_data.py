"""The tables behind the charts: each chart's data once, from facts, and where the curves are."""

from __future__ import annotations

from datetime import date

import pytest

from reportgen import charts, compose, metrics
from reportgen.compose import chart_data
from reportgen.compose.body import Material
from reportgen.model import Commentary, Figure, Measurements, Number, Request, Section, Snapshot, Table, plain
from reportgen.sources import open_source

NOTHING_SAID = Commentary({}, ())


@pytest.fixture(scope="module")
def measured() -> tuple[Snapshot, Measurements]:
    snapshot = open_source("sample").load(Request(("IWM", "QQQ", "TLT")))
    return snapshot, metrics.measure(snapshot)


def section(measured: tuple[Snapshot, Measurements]) -> Section:
    drawn = charts.draw(measured[1], measured[0])
    found = chart_data.section(Material(*measured, NOTHING_SAID, drawn, ()))
    assert found is not None
    return found


def tables(found: Section) -> dict[str, list[list[str]]]:
    assert all(isinstance(block, Table) and block.compact for block in found.blocks)
    return {b.id: [[plain(c.runs) for c in row] for row in b.body] for b in found.blocks if isinstance(b, Table)}


def test_every_curve_says_its_figures_and_where_its_points_are(measured: tuple[Snapshot, Measurements]) -> None:
    rows = {row[0]: row[1:] for row in tables(section(measured))["curves"]}
    drawn = charts.draw(measured[1], measured[0])
    named = [name.strip() for row in rows.values() for name in row[1].split(",")]
    assert set(named) == {series for chart in drawn.values() for series in chart.spec.series}
    assert set(named) <= set(measured[1].series)
    growth = rows[plain(drawn["growth"].spec.title)]
    assert growth[0].startswith("Growth of $1,000, 5 years: IWM $1,172, QQQ $1,834, TLT $")
    assert any("IWM less QQQ +" in row[0] for row in rows.values())


def test_moves_stand_with_the_quantiles_of_their_past(measured: tuple[Snapshot, Measurements]) -> None:
    rows = tables(section(measured))["latest-moves"]
    assert [row[0] for row in rows[:3]] == ["IWM, 1 week", "IWM, 1 month", "IWM, 3 months"]
    assert len(rows) == 9
    for row in rows:
        low, median, high = (float(text.rstrip("%")) for text in row[3:])
        assert low < median < high
    (found,) = (b for b in section(measured).blocks if isinstance(b, Table) and b.id == "latest-moves")
    assert plain(found.note) == "Above: the share of the fund’s own 1,260 past moves that were lower."


def test_all_sectors_stand_under_their_taxonomy(measured: tuple[Snapshot, Measurements]) -> None:
    found = [b for b in section(measured).blocks if isinstance(b, Table) and b.id.startswith("sector-weights")]
    printed = {
        run.fact for b in found for row in b.body for cell in row for run in cell.runs if isinstance(run, Number)
    }
    assert printed == {
        f.id for f in measured[1] if f.metric == "sector_weight" and f.value is not None and not f.second
    }
    weights = [[float(plain(row[1].runs).rstrip("%")) for row in b.body if "%" in plain(row[1].runs)] for b in found]
    assert all(sum(column) <= 100.5 for column in weights)


def test_nothing_drawn_no_tables(measured: tuple[Snapshot, Measurements]) -> None:
    assert chart_data.section(Material(*measured, NOTHING_SAID, {}, ())) is None


def test_the_appendix_holds_it(measured: tuple[Snapshot, Measurements]) -> None:
    edition = compose.Edition(date(2026, 3, 28), 1, "The Brief", "None.")
    article = compose.compose(*measured, NOTHING_SAID, charts.draw(measured[1], measured[0]), edition)
    ids = [s.id for s in article.sections if s.appendix]
    assert ids[ids.index("chart-data") - 2 : ids.index("chart-data")] == ["chart-rolling", "chart-horizon"]


def test_a_chart_that_the_body_leaves_out_has_a_section_of_its_own(measured: tuple[Snapshot, Measurements]) -> None:
    edition = compose.Edition(date(2026, 3, 28), 1, "The Brief", "None.", omitted=("returns", "own"))
    article = compose.compose(*measured, NOTHING_SAID, charts.draw(measured[1], measured[0]), edition)
    figures = {s.id: [b.chart for b in s.blocks if isinstance(b, Figure)] for s in article.sections if s.appendix}
    held = {name: shown for name, shown in figures.items() if shown}
    assert held == {f"chart-{n}": [n] for n in ("growth", "sectors", "concentration", "rolling", "horizon")}
