"""The library's front door."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import reportgen
from reportgen.errors import DataError, HeldError, UsageError
from reportgen.model import Finding


@pytest.fixture(scope="module")
def report() -> reportgen.Report:
    return reportgen.compare("IWM", "qqq", source="sample")


def test_facts_are_found_by_id_and_make_a_frame(report: reportgen.Report) -> None:
    assert report.as_of == date(2026, 3, 27)
    assert report.facts["QQQ/max_drawdown/5Y"].number == pytest.approx(-0.3512, abs=5e-5)
    frame = report.facts.to_frame()
    assert len(frame) == len(report.facts) > 300
    assert frame.loc["IWM/total_return/1Y", "value"] == pytest.approx(0.2258, abs=5e-5)
    assert frame.loc["IWM/total_return/1Y", "start"] == date(2025, 3, 27)


def test_statements_stand_in_printing_order(report: reportgen.Report) -> None:
    sections = list(dict.fromkeys(statement.section for statement in report.statements))
    assert sections[:3] == ["headline", "answer", "summary"]


def test_it_shows_itself_in_a_notebook_and_saves_itself(report: reportgen.Report, tmp_path: Path) -> None:
    assert report.findings == ()
    shown = report._repr_html_()
    assert shown.startswith("<iframe srcdoc=")
    assert "<h1" not in shown
    folder = report.save(tmp_path)
    assert folder == tmp_path / "2026-03-27" / "iwm-vs-qqq"
    assert (folder / "article.html").read_text() == report.html
    assert (folder / "run.json").is_file()


def test_a_held_report_neither_shows_nor_saves_its_page(report: reportgen.Report, tmp_path: Path) -> None:
    finding = Finding("numbers", "headline", "a bare number", "Print it through a filter.")
    clearance = replace(report.made.clearance, findings=(finding,))
    held = replace(report, made=replace(report.made, clearance=clearance))
    with pytest.raises(HeldError, match="a bare number"):
        _ = held.html
    with pytest.raises(HeldError):
        held.save(tmp_path)
    assert [path.name for path in tmp_path.rglob("article.html")] == []
    assert list(tmp_path.rglob("notice.txt"))


def test_wrong_requests_are_refused(tmp_path: Path) -> None:
    for tickers in (("IWM",), ("IWM", "IWM"), tuple("ABCDEF")):
        with pytest.raises(UsageError):
            reportgen.compare(*tickers, source="sample")
    with pytest.raises(UsageError):
        reportgen.compare("IWM", "QQQ", source="sample", data=tmp_path)
    with pytest.raises(DataError):
        reportgen.compare("IWM", "QQQ", data=tmp_path)
    with pytest.raises(AttributeError, match="no attribute"):
        _ = reportgen.no_such_thing
