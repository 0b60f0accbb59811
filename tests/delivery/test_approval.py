"""An approval holds for the very files that were read, and for no others."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reportgen.delivery.folders import approval, issues
from reportgen.errors import DataError, UsageError
from tests.delivery.conftest import MakeIssue

NOON = datetime(2026, 3, 28, 12, tzinfo=UTC)


def test_an_issue_waits_until_somebody_lets_it_go(issue: MakeIssue) -> None:
    folder = issue()
    assert not approval.is_approved(folder)
    assert not approval.may_go_out(folder, approval=True)
    assert approval.may_go_out(folder, approval=False)
    given = approval.approve(folder, " A. Editor ", NOON)
    assert (given.by, given.at, given.version) == ("A. Editor", NOON, 1)
    assert approval.read(folder) == given
    assert approval.is_approved(folder)
    assert approval.may_go_out(folder, approval=True)


@pytest.mark.parametrize("touch", ["file", "missing", "record", "version", "approval", "no record"])
def test_what_was_touched_since_is_not_approved(issue: MakeIssue, touch: str) -> None:
    folder = issue()
    approval.approve(folder, "A. Editor", NOON)
    record = json.loads((folder / "run.json").read_text())
    match touch:
        case "file":
            (folder / "article.html").write_text("another")
        case "missing":
            (folder / "facts.json").unlink()
        case "record":
            record["artifacts"].pop()
        case "version":
            record["version"] = 2
        case "approval":
            (folder / "approval.json").write_text("[]")
        case "no record":
            (folder / "run.json").unlink()
    if touch in ("record", "version"):
        (folder / "run.json").write_text(json.dumps(record))
    assert not approval.is_approved(folder)


def test_files_that_are_not_those_issued_are_not_approved(issue: MakeIssue) -> None:
    folder = issue()
    (folder / "article.html").write_text("another")
    with pytest.raises(DataError, match=r"article\.html.*not the file"):
        approval.approve(folder, "A. Editor", NOON)
    assert not (folder / approval.NAME).exists()


@pytest.mark.parametrize("name", ["", "  ", "two\nlines", "x" * 101])
def test_a_name_that_is_none_is_refused(issue: MakeIssue, name: str) -> None:
    with pytest.raises(UsageError, match="no name"):
        approval.approve(issue(), name, NOON)


def test_issues_are_found_by_name_and_by_folder(issue: MakeIssue, tmp_path: Path) -> None:
    folder = issue()
    later = issue(as_of="2026-04-02")
    issue("iwm-vs-qqq.held", status="held")
    issue(".iwm-vs-qqq.old")
    assert list(issues.folders(tmp_path)) == [later, folder]
    assert issues.find(tmp_path, "2026-03-27/iwm-vs-qqq") == folder
    assert issues.find(tmp_path, str(folder)) == folder
    with pytest.raises(UsageError, match="There are 2026-04-02/iwm-vs-qqq"):
        issues.find(tmp_path, "2026-04-03/iwm-vs-qqq")
    with pytest.raises(UsageError, match="not an issue in force"):
        issues.find(tmp_path, "2026-03-27/iwm-vs-qqq.held")


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd"])
def test_a_record_that_names_files_elsewhere_is_refused(issue: MakeIssue, name: str) -> None:
    folder = issue(artifacts=[{"name": name, "sha256": ""}])
    with pytest.raises(DataError, match="outside the issue"):
        issues.read(folder)


def test_a_correction_without_a_zone_is_refused(issue: MakeIssue) -> None:
    told = {"version": 2, "at": "2026-04-01T09:30:00", "reason": "Wrong.", "changed": 1}
    with pytest.raises(DataError, match="no zone"):
        issues.read(issue(version=2, corrections=[told]))


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"kind": "article"}'])
def test_a_broken_record_is_told_with_its_place(issue: MakeIssue, content: str) -> None:
    folder = issue()
    (folder / "run.json").write_text(content)
    with pytest.raises(DataError, match=r"run\.json"):
        issues.read(folder)
