"""The smaller commands: metrics, funds, rules, doctor, help."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from reportgen import cli
from reportgen.errors import DataError

Run = Callable[..., Any]


def test_help_names_every_command(run: Run) -> None:
    said = run("--help")
    assert said.code == 0
    assert all(command in said.out for command in cli.COMMANDS)


def test_the_version_is_told(run: Run) -> None:
    assert run("--version").out.startswith("reportgen, version 0.")


def test_metrics_lists_each_with_its_formula(run: Run) -> None:
    listed = json.loads(run("metrics", "--json").out)
    assert {"max_drawdown", "cagr", "overlap", "market_impact"} <= {spec["name"] for spec in listed}
    assert all(spec["label"] and spec["unit"] and spec["formula"] and spec["reference"] for spec in listed)
    plain = run("metrics").out
    cards = run("metrics", "--markdown").out
    for spec in listed:
        assert f"\n{spec['name']}\n" in f"\n{plain}"
        assert f"`{spec['name']}`, card version {spec['card']}" in cards


def test_funds_tells_what_is_there_and_what_is_wrong(run: Run, sample_folder: Path) -> None:
    said = run("funds", "--data", sample_folder)
    assert said.code == 0
    assert "IWM" in said.out
    assert "2026-03-27" in said.out
    listed = json.loads(run("funds", "--data", sample_folder, "--json").out)
    assert {fund["ticker"] for fund in listed} >= {"IWM", "QQQ", "SPY"}
    assert run("funds", "--data", "absent").code == 4
    assert run("funds").code == 2


def test_rules_are_listed_checked_and_explained(run: Run) -> None:
    rows = json.loads(run("rules", "list", "--json").out)
    assert len(rows) >= 12
    assert {"headline", "answer", "summary", "tail"} <= {row["rule"].partition("/")[0] for row in rows}
    assert rows[0]["rule"] in run("rules", "list").out
    checked = run("rules", "check")
    assert checked.code == 0
    assert checked.out.endswith(": 0 wrong\n")
    assert json.loads(run("rules", "check", "--json").out)["problems"] == []
    said = run("rules", "explain", "cost/fee", "IWM", "QQQ", "--source", "sample")
    assert said.code == 0
    assert "0.0019" in said.out or "0.19%" in said.out
    assert json.loads(run("rules", "explain", "cost/fee", "IWM", "QQQ", "--source", "sample", "--json").out)


def test_an_unknown_rule_gets_the_nearest_name(run: Run) -> None:
    said = run("rules", "explain", "cost/fees", "IWM", "QQQ", "--source", "sample")
    assert said.code == 2
    assert "'cost/fee'" in said.err


def test_doctor_finds_this_machine_well(run: Run) -> None:
    said = run("doctor")
    assert said.code == 0, said.out
    assert "BAD" not in said.out
    answers = {answer["what"]: answer for answer in json.loads(run("doctor", "--json").out)}
    assert {"Python", "Pango", "fonts", "templates", "output", "calendar"} <= set(answers)


def test_doctor_tells_what_is_missing_and_goes_on(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from reportgen.cli import doctor

    def missing(_: Path) -> str:
        raise DataError("Pango is missing.", fix="apt-get install it.")

    monkeypatch.setitem(doctor._CHECKS, "Pango", missing)
    monkeypatch.setattr(doctor, "today", lambda: date(2026, 4, 1))
    said = run("doctor")
    assert said.code == 2
    assert "BAD  Pango" in said.out
    assert "ok   calendar" in said.out


@pytest.mark.parametrize(
    ("day", "says"),
    [
        (date(2026, 11, 1), "ok   calendar   dated events known through 2026-12-31"),
        (
            date(2026, 11, 2),
            "tip  calendar   warning: The dates of consumer price index release are known through 2026",
        ),
    ],
)
def test_doctor_warns_sixty_days_before_a_list_ends(
    day: date, says: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reportgen.cli import doctor

    monkeypatch.setattr(doctor, "today", lambda: day)
    said = run("doctor")
    assert (said.code, says in said.out) == (0, True), said.out


def test_doctor_knows_how_live_data_are_installed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yfinance", None)
    said = run("doctor")
    assert said.code == 0
    assert 'tip  live data  warning: cannot be fetched, yfinance is not installed; run: pip install "fund-' in said.out


def test_an_internal_error_is_told_as_one(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from reportgen import metrics

    def broken() -> None:
        raise ZeroDivisionError("by accident")

    monkeypatch.setattr(metrics, "catalogue", broken)
    said = run("metrics")
    assert said.code == 1
    assert "bug in reportgen: ZeroDivisionError" in said.err
    assert "Traceback" not in said.err
    assert "Traceback" in run("metrics", "--debug").err


def test_an_interrupt_is_code_130(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from reportgen import metrics

    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(metrics, "catalogue", interrupted)
    assert run("metrics").code == 130


def test_facts_json_fits_its_published_schema(run: Run, tmp_path: Path) -> None:
    assert run("compare", "IWM", "QQQ", "SPY", "--source", "sample", "--format", "html", "--quiet").code == 0
    facts = json.loads(next(tmp_path.rglob("facts.json")).read_text())
    schema = json.loads(resources.files("reportgen.model").joinpath("facts.schema.json").read_text())
    jsonschema.validate(facts, schema)
    assert facts["schema"] == 1
    named = [fact["id"] for fact in facts["facts"]]
    assert len(set(named)) == len(named)
    drawdown = next(fact for fact in facts["facts"] if fact["id"] == "QQQ/max_drawdown/5Y")
    assert drawdown["window"] == {"code": "5Y", "start": "2021-03-26", "end": "2026-03-27"}
    assert drawdown["value"] == pytest.approx(-0.3512, abs=5e-5)
    assert set(drawdown["details"]) >= {"peak", "trough", "recovered"}
    assert drawdown["method"] == "max_drawdown v1"
    wrong = {**facts, "facts": [{**drawdown, "value": "much"}, {"id": "x"}]}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, schema)


def test_the_pdf_carries_the_facts(run: Run, tmp_path: Path) -> None:
    import pikepdf

    assert run("compare", "IWM", "QQQ", "--source", "sample", "--quiet").code == 0
    folder = next(tmp_path.rglob("facts.json")).parent
    with pikepdf.open(folder / "article.pdf") as pdf:
        assert pdf.attachments["facts.json"].get_file().read_bytes() == (folder / "facts.json").read_bytes()


@pytest.mark.parametrize(
    "words", [["metrics"], ["rules", "list"], ["compare", "IWM", "QQQ", "--source", "sample", "--json"]]
)
def test_a_reader_who_leaves_stops_nothing(tmp_path: Path, words: list[str]) -> None:
    command = [sys.executable, "-m", "reportgen", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        told = process.stderr.read().decode()
        assert process.wait() == 0, told
    assert "Traceback" not in told
    if words[0] == "compare":
        assert list(tmp_path.rglob("article.pdf"))


def test_a_full_disk_behind_our_voice_stops_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "reportgen", "compare", "IWM", "QQQ", "--source", "sample", "--json"]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*command, "--format", "html"], stdout=full, stderr=subprocess.PIPE, cwd=tmp_path, check=False
        )
    assert b"Traceback" not in done.stderr
    assert list(tmp_path.rglob("article.html"))


def test_a_page_template_cannot_run_programs(run: Run, tmp_path: Path) -> None:
    own = tmp_path / "own" / "article"
    own.mkdir(parents=True)
    (tmp_path / "reportgen.toml").write_text('[branding]\ntemplates = "own"\n')
    (own / "screen.html.j2").write_text('{{ cycler.__init__.__globals__.os.popen("touch ran").read() }}')
    assert run("compare", "IWM", "QQQ", "--source", "sample", "--format", "html").code == 2
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("content", [b"\xff\xfe", b"{% include 'screen.html.j2' %}", b"{% extends 'screen.html.j2' %}"])
def test_a_template_that_cannot_be_read_is_told(run: Run, tmp_path: Path, content: bytes) -> None:
    own = tmp_path / "own" / "article"
    own.mkdir(parents=True)
    (tmp_path / "reportgen.toml").write_text('[branding]\ntemplates = "own"\n')
    (own / "screen.html.j2").write_bytes(content)
    said = run("compare", "IWM", "QQQ", "--source", "sample", "--format", "html")
    assert said.code == 2
    assert "template" in said.err


@pytest.mark.parametrize("day", ["0001-01-01", "1677-01-01", "9999-12-31", "2026-02-30", "today"])
def test_a_day_that_cannot_be_is_a_usage_error(run: Run, day: str) -> None:
    assert run("compare", "IWM", "QQQ", "--source", "sample", "--as-of", day).code == 2


def test_an_issue_date_before_the_data_is_refused(run: Run) -> None:
    said = run("compare", "IWM", "QQQ", "--source", "sample", "--issue-date", "2000-01-03")
    assert said.code == 2
    assert "2026-03-27" in said.err


@pytest.mark.parametrize("words", [["--quiet"], []])
def test_an_orphan_of_a_crash_is_put_back_even_when_the_next_run_fails(
    run: Run, tmp_path: Path, words: list[str]
) -> None:
    command = ("compare", "IWM", "QQQ", "--source", "sample", "--format", "html", *words)
    assert run(*command).code == 0
    (day,) = (tmp_path / "output").iterdir()
    (day / "iwm-vs-qqq").rename(day / ".iwm-vs-qqq.old")
    assert run(*command, "--issue-date", "2000-01-03").code == 2
    assert (day / "iwm-vs-qqq" / "article.html").is_file()
