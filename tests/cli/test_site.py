"""`reportgen site`, as it is called."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Run
from tests.delivery.conftest import write_issue


def test_the_archive_is_written_where_the_settings_say(run: Run, tmp_path: Path) -> None:
    write_issue(tmp_path / "output")
    said = run("site")
    assert (said.code, said.out) == (0, "output/site/index.html\n")
    (tmp_path / "reportgen.toml").write_text('[site]\nfolder = "public"\naddress = "https://example.com"\n')
    assert run("site", "--quiet").out == ""
    assert "https://example.com/feed.xml" in (tmp_path / "public/feed.xml").read_text()
    assert run("site", "--out", "other").out == "other/index.html\n"


def test_the_first_page_leads_to_the_sign_up_where_there_is_one(run: Run, tmp_path: Path) -> None:
    write_issue(tmp_path / "output")
    run("site", "--quiet")
    assert "by mail" not in (tmp_path / "output/site/index.html").read_text()
    (tmp_path / "reportgen.toml").write_text('[delivery]\nbase = "https://mail.example.com"\n')
    run("site", "--quiet")
    assert 'href="https://mail.example.com/subscribe"' in (tmp_path / "output/site/index.html").read_text()


def test_what_is_withheld_is_told(run: Run, tmp_path: Path) -> None:
    write_issue(tmp_path / "output")
    (tmp_path / "reportgen.toml").write_text("[schedule]\napproval = true\n")
    said = run("site")
    assert said.code == 4
    assert "waits for an approval" in said.err
    write_issue(tmp_path / "output", "qqq-vs-spy")
    assert run("approve", "2026-03-27/qqq-vs-spy", "--by", "A. Editor", "--quiet").code == 0
    said = run("site")
    assert said.code == 0
    assert "not shown: output/2026-03-27/iwm-vs-qqq waits for an approval" in said.err
    told = [json.loads(line) for line in run("site", "--json").out.splitlines()]
    assert [each["event"] for each in told] == ["issue", "site"]
    assert told[-1]["withheld"][0]["folder"] == "output/2026-03-27/iwm-vs-qqq"


def test_an_output_folder_without_issues_is_told(run: Run) -> None:
    said = run("site")
    assert said.code == 4
    assert "no issue to show" in said.err
