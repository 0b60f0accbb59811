"""`reportgen correct`, as it is called: what it refuses. What it makes is proved in tests/pipeline."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.delivery.conftest import write_issue

RECIPE = {"tickers": ["IWM", "QQQ"], "as_of": None, "allow_stale": 0, "settings": {"source": {"kind": "sample"}}}


def test_an_issue_that_does_not_say_how_it_was_made_is_refused(run: Run, tmp_path: Path) -> None:
    write_issue(tmp_path / "output")
    said = run("correct", "2026-03-27/iwm-vs-qqq", "--reason", "A price was wrong.")
    assert said.code == 2
    assert "does not say how it was made" in said.err
    assert run("correct", "2026-03-27/qqq-vs-spy", "--reason", "A price was wrong.").code == 2
    assert run("correct", "2026-03-27/iwm-vs-qqq").code == 2


@pytest.mark.parametrize("reason", ["", "  ", "\x00", "x" * 501])
def test_a_reason_that_cannot_be_printed_is_refused(run: Run, tmp_path: Path, reason: str) -> None:
    write_issue(tmp_path / "output", recipe=RECIPE, files={"facts.json": '{"schema": 1}'})
    said = run("correct", "2026-03-27/iwm-vs-qqq", "--reason", reason)
    assert (said.code, "cannot be printed" in said.err) == (2, True)
    assert run("correct", "2026-03-27/iwm-vs-qqq", "--reason", "A.", "--data", "a", "--snapshot", "b").code == 2


@pytest.mark.parametrize(
    ("recipe", "code", "message"),
    [
        ({**RECIPE, "settings": {"colour": {}}}, 2, "unknown table"),
        ({**RECIPE, "settings": {"source": {"kind": "files", "data": "gone"}}}, 4, "holds no facts"),
        ({**RECIPE, "as_of": "Friday"}, 4, "does not say what"),
    ],
)
def test_a_record_that_cannot_be_used_is_told(
    run: Run, tmp_path: Path, recipe: dict[str, object], code: int, message: str
) -> None:
    write_issue(tmp_path / "output", recipe=recipe, files={"facts.json": '{"schema": 1}'})
    said = run("correct", "2026-03-27/iwm-vs-qqq", "--reason", "A price was wrong.")
    assert (said.code, message in said.err) == (code, True), said.err
