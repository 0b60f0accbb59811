"""Settings survive being written into an issue's record."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from reportgen.config import Settings, as_tables, from_tables
from reportgen.errors import SettingsError
from reportgen.model import ContextFunds


def test_what_an_issue_was_made_with_comes_back(tmp_path: Path) -> None:
    own = tmp_path / "own"
    settings = Settings(
        source="files",
        data=tmp_path / "prices",
        context=ContextFunds(benchmark="SPY", companions=("SOXX",)),
        formats=("html", "mail"),
        omitted_sections=("tail",),
        templates=own,
        publication="The Friday Brief",
        link="https://example.com/{slug}",
    )
    tables = as_tables(settings, tmp_path / "output")
    assert tables["source"] == {"kind": "files", "data": "../prices"}
    assert str(tmp_path) not in repr(tables)
    back = from_tables(tables, tmp_path / "output")
    assert replace(back, data=back.data and back.data.resolve(), templates=back.templates and own) == settings


def test_defaults_leave_nothing_and_sending_is_not_remembered(tmp_path: Path) -> None:
    assert as_tables(Settings(output=tmp_path), tmp_path) == {}
    assert from_tables({}, tmp_path) == Settings()


def test_what_this_version_does_not_know_is_told() -> None:
    with pytest.raises(SettingsError, match="unknown table"):
        from_tables({"colour": {"paper": "blue"}}, Path())
