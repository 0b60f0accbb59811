"""An archive of issues made by hand, one of them corrected twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.archive import Archive
from reportgen.resources import template_folders
from tests.delivery.conftest import write_issue

CORRECTED = [
    {"version": 2, "at": "2026-04-01T09:30:00+00:00", "reason": "A price was wrong.", "changed": 12},
    {"version": 3, "at": "2026-04-02T09:30:00+00:00", "reason": "A name was misspelled.", "changed": 0},
]


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """Four issues: two ordinary ones, one corrected twice, one of another year; beside them what must not be shown."""
    place = tmp_path / "output"
    write_issue(place, "iwm-vs-qqq", "2026-04-02")
    corrected = write_issue(place, "iwm-vs-qqq", "2026-03-27", version=3, corrections=CORRECTED)
    write_issue(place, folder=corrected / "v1", version=1)
    write_issue(place, folder=corrected / "v2", version=2, corrections=CORRECTED[:1])
    write_issue(
        place, "brk.b-vs-spy", "2026-03-27", title="BRK.B or SPY?", funds=["BRK.B", "SPY"], headline="A & B < C"
    )
    write_issue(place, "agg-vs-tlt", "2025-12-31", title="AGG or TLT?", funds=["AGG", "TLT"], simulated=True)
    write_issue(place, "held-vs-held.held", "2026-04-02", status="held", title="HELD")
    return place


@pytest.fixture
def archive(output: Path) -> Archive:
    place = output / "site"
    return Archive(output, place, "The Friday Brief", "https://example.com/brief", False, {}, template_folders())
