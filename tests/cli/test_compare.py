"""`compare` and `demo`: what they write, what they say, and how they end."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

AS_OF = "2026-03-27"
PLACE = Path("output") / AS_OF / "iwm-vs-qqq"


def test_demo_writes_the_whole_article(run: Run, tmp_path: Path) -> None:
    said = run("demo")
    assert said.code == 0
    names = {p.relative_to(tmp_path / PLACE).as_posix() for p in (tmp_path / PLACE).rglob("*") if p.is_file()}
    assert {"article.html", "article.pdf", "facts.json", "run.json", "charts/growth.svg"} <= names
    assert str(PLACE / "article.html") in said.out
    assert "8/8 deliver" in said.err
    assert "Simulated sample data" in (tmp_path / PLACE / "article.html").read_text()


def test_simulated_data_never_replace_an_article_of_real_ones(run: Run, tmp_path: Path, sample_folder: Path) -> None:
    real = spoiled(sample_folder, tmp_path / "data")
    (real / "source.toml").unlink()
    assert run("compare", "IWM", "QQQ", "--data", real, "--format", "html", "--quiet").code == 0
    page = (tmp_path / PLACE / "article.html").read_bytes()
    said = run("demo")
    assert said.code == 5
    assert "holds an article of real data" in said.err
    assert "--out" in said.err
    assert (tmp_path / PLACE / "article.html").read_bytes() == page
    assert run("demo", "--out", tmp_path / "demo", "--quiet").code == 0
    assert run("compare", "IWM", "QQQ", "--data", real, "--format", "html", "--out", tmp_path / "demo").code == 0


def test_quiet_says_nothing(run: Run) -> None:
    said = run("compare", "IWM", "QQQ", "--source", "sample", "--format", "html", "--quiet")
    assert said == (0, "", "")


def test_json_tells_each_stage_and_the_result(run: Run, tmp_path: Path) -> None:
    said = run("compare", "iwm", "qqq", "--source", "sample", "--format", "html", "--json", "--out", tmp_path / "o")
    events = [json.loads(line) for line in said.out.splitlines()]
    assert said.code == 0
    assert said.err == ""
    assert [e["name"] for e in events if e["event"] == "stage" and e["seconds"] is not None] == [
        "load", "measure", "comment", "draw", "compose", "render", "check", "deliver",
    ]  # fmt: skip
    assert events[-1]["event"] == "issued"
    assert all(Path(file).is_file() for file in events[-1]["files"])
    record = json.loads((tmp_path / "o" / AS_OF / "iwm-vs-qqq" / "run.json").read_text())
    assert [stage["number"] for stage in record["stages"]] == list(range(1, 9))
    assert record["status"] == "issued"
    assert not (tmp_path / "o" / AS_OF / "iwm-vs-qqq" / "article.pdf").exists()


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["compare", "IWM"], 2, "two to five funds"),
        (["compare", "IWM", "iwm"], 2, "IWM is named twice"),
        (["compare", "A", "B", "C", "D", "E", "F"], 2, "two to five funds"),
        (["compare", "IWM", "../QQQ"], 2, "is not a ticker"),
        (["compare", "IWM", "QQ/Q"], 2, "is not a ticker"),
        (["compare", "IWM", "QQQ", "--source", "yaho"], 2, "Did you mean yahoo"),
        (["compare", "IWM", "QQQ", "--snapshot", "absent"], 4, "it has no manifest.json"),
        (["compare", "IWM", "QQQ", "--snapshot", "a", "--data", "b"], 2, "exclude each other"),
        (["compare", "IWM", "QQW", "--source", "sample"], 4, "QQQ"),
        (["compare", "IWM", "QQQ", "--source", "sample", "--as-of", "27.3.2026"], 2, "write it like 2026-03-27"),
        (["compare", "IWM", "QQQ", "--source", "sample", "--as-of", "1999-01-04"], 4, "1999-01-04"),
        (["compare", "IWM", "QQQ", "--source", "sample", "--as-of", "2031-01-06"], 4, "2031-01-06"),
        (["compare", "IWM", "QQQ", "--source", "sample", "--format", "docx"], 2, "'docx'"),
        (["compare", "IWM", "QQQ", "--source", "sample", "--data", "x"], 2, "exclude each other"),
        (["compare", "IWM", "QQQ", "--data", "no-such-folder"], 4, "no-such-folder"),
        (["compare", "IWM", "QQQ", "--source", "sample", "--allow-stale", "long"], 2, "like 3d"),
        (["compare", "IWM", "QQQ", "--source", "sample", "--config", "absent.toml"], 2, "absent.toml"),
        (["compare", "IWM", "QQQ", "--source", "sample", "--benchmark", "a/b"], 2, "is not a ticker"),
        (["comapre", "IWM"], 2, "No such command"),
        (["compare", "--no-such-option"], 2, "--help"),
    ],
)
def test_a_mistake_is_one_paragraph_and_an_exit_code(
    run: Run, tmp_path: Path, words: list[str], code: int, says: str
) -> None:
    said = run(*words)
    assert (said.code, said.out) == (code, "")
    assert says in said.err
    assert "Traceback" not in said.err
    assert len(said.err.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_an_error_is_json_under_json(run: Run) -> None:
    said = run("compare", "IWM", "--json")
    assert said.err == ""
    assert json.loads(said.out) == {
        "event": "error",
        "code": 2,
        "message": said.out and json.loads(said.out)["message"],
    }


def test_debug_shows_the_traceback(run: Run) -> None:
    said = run("compare", "IWM", "QQW", "--source", "sample", "--debug")
    assert said.code == 4
    assert "Traceback" in said.err


def test_a_sunday_is_judged_at_the_session_before_and_the_page_says_so(run: Run, tmp_path: Path) -> None:
    said = run("compare", "IWM", "QQQ", "--source", "sample", "--as-of", "2026-03-22", "--format", "html")
    assert said.code == 0
    page = (tmp_path / "output" / "2026-03-20" / "iwm-vs-qqq" / "article.html").read_text()
    assert "March 22, 2026" in page
    assert "March 20, 2026" in page


def test_the_exported_sample_gives_the_same_facts_as_the_sample(run: Run, tmp_path: Path, sample_folder: Path) -> None:
    assert run("compare", "IWM", "QQQ", "--source", "sample", "--format", "html", "--out", "a", "--quiet").code == 0
    assert run("compare", "IWM", "QQQ", "--data", sample_folder, "--format", "html", "--out", "b", "--quiet").code == 0
    ours, theirs = (
        {f["id"]: f["value"] for f in json.loads((tmp_path / o / AS_OF / "iwm-vs-qqq/facts.json").read_text())["facts"]}
        for o in ("a", "b")
    )
    assert ours == theirs


def test_settings_are_read_and_the_command_line_wins(run: Run, tmp_path: Path) -> None:
    (tmp_path / "reportgen.toml").write_text(
        '[source]\nkind = "sample"\n[output]\nfolder = "brief"\nformats = ["html"]\n'
        '[branding]\npublication = "The Friday Brief"\n[sections]\nomit = ["tail"]\n'
    )
    assert run("compare", "IWM", "QQQ", "--quiet").code == 0
    page = (tmp_path / "brief" / AS_OF / "iwm-vs-qqq" / "article.html").read_text()
    assert "The Friday Brief" in page
    assert "Tail risks" not in page
    assert run("compare", "IWM", "QQQ", "--quiet", "--out", "elsewhere").code == 0
    assert (tmp_path / "elsewhere" / AS_OF / "iwm-vs-qqq" / "article.html").exists()


def test_an_unwritable_output_is_code_5(run: Run, tmp_path: Path) -> None:
    (tmp_path / "output").write_text("a file where the folder should be")
    said = run("compare", "IWM", "QQQ", "--source", "sample", "--format", "html")
    assert said.code == 5
    assert "--out" in said.err


def test_a_benchmark_that_is_one_of_the_funds_is_its_own(run: Run, tmp_path: Path) -> None:
    said = run("compare", "IWM", "QQQ", "--source", "sample", "--benchmark", "QQQ", "--format", "html", "--quiet")
    assert said.code == 0
    facts = json.loads((tmp_path / PLACE / "facts.json").read_text())["facts"]
    betas = {f["subject"]: f for f in facts if f["id"].endswith("/beta/5Y") and f["second"] is None}
    assert betas["QQQ"]["missing"] == "is its own benchmark"
    assert betas["IWM"]["value"] is not None


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("{{ x.totl_return | percent }}", "total_return"),
        ("It fell by 12 percent.", "digit"),
        ("{% if supported %}unfinished", ":"),
    ],
)
def test_a_rule_with_a_mistake_is_named_with_its_line(run: Run, tmp_path: Path, body: str, says: str) -> None:
    own = tmp_path / "templates" / "commentary" / "outlook"
    own.mkdir(parents=True)
    (tmp_path / "reportgen.toml").write_text('[branding]\ntemplates = "templates"\n')
    header = '{#---\nsection = "outlook"\ntopic = "t"\npriority = 9\nwindow = "1Y"\n---#}\n'
    (own / "broken.j2").write_text(header + body)
    said = run("compare", "IWM", "QQQ", "--source", "sample", "--format", "html")
    assert said.code == 2
    assert "broken.j2:" in said.err
    assert says in said.err


def test_a_broken_page_template_is_named_with_its_line(run: Run, tmp_path: Path) -> None:
    own = tmp_path / "templates" / "article"
    own.mkdir(parents=True)
    (tmp_path / "reportgen.toml").write_text('[branding]\ntemplates = "templates"\n')
    (own / "screen.html.j2").write_text("<html>\n{% if %}\n")
    said = run("compare", "IWM", "QQQ", "--source", "sample", "--format", "html")
    assert said.code == 2
    assert "screen.html.j2:2" in said.err


def spoiled(folder: Path, target: Path) -> Path:
    shutil.copytree(folder, target)
    return target


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("Date,Open,High,Low,Close,AdjClose,Volume,Dividends\n", "IWM.csv"),
        ("<html><body>Too many requests</body></html>", "IWM.csv"),
        ("", "IWM.csv"),
        ("Date,Close,AdjClose,Dividends\n2026-03-26,100,100,0\n27/03/2026,101,101,0\n", "IWM.csv:3"),
        ("Date,Close,AdjClose,Dividends\n2026-03-27,100,100,0\n2026-03-27,101,101,0\n", "IWM"),
    ],
)
def test_bad_price_files_are_named(run: Run, tmp_path: Path, sample_folder: Path, content: str, says: str) -> None:
    data = spoiled(sample_folder, tmp_path / "data")
    (data / "prices" / "IWM.csv").write_text(content)
    said = run("compare", "IWM", "QQQ", "--data", data, "--format", "html")
    assert said.code == 4, said
    assert says in said.err


@pytest.mark.parametrize(("close", "code"), [("-1", 3), ("0", 3), ("nan", 0), ("", 0)])
def test_a_close_that_cannot_be_holds_and_one_that_is_not_there_is_told(
    run: Run, tmp_path: Path, sample_folder: Path, close: str, code: int
) -> None:
    data = spoiled(sample_folder, tmp_path / "data")
    lines = (data / "prices" / "IWM.csv").read_text().splitlines()
    cells = lines[-40].split(",")
    cells[lines[0].split(",").index("Close")] = close
    lines[-40] = ",".join(cells)
    (data / "prices" / "IWM.csv").write_text("\n".join(lines) + "\n")
    said = run("compare", "IWM", "QQQ", "--data", data, "--format", "html")
    assert said.code == code
    record = next((tmp_path / "output").rglob("run.json"))
    told = [i for i in json.loads(record.read_text())["issues"] if i["subject"] == "IWM" and i["severity"] != "note"]
    assert any(cells[0] in f"{i['message']} {i['where']}" for i in told)
    if code:
        assert f"IWM, {cells[0]}" in said.err


def test_a_history_of_two_rows_gives_an_article_without_figures_it_cannot_have(
    run: Run, tmp_path: Path, sample_folder: Path
) -> None:
    data = spoiled(sample_folder, tmp_path / "data")
    lines = (data / "prices" / "IWM.csv").read_text().splitlines(keepends=True)
    (data / "prices" / "IWM.csv").write_text("".join([lines[0], *lines[-2:]]))
    said = run("compare", "IWM", "QQQ", "--data", data, "--format", "html", "--quiet")
    assert said.code == 0, said
    facts = {f["id"]: f for f in json.loads((tmp_path / PLACE / "facts.json").read_text())["facts"]}
    assert facts["IWM/total_return/1Y"]["missing"].endswith("2026-03-26")
    assert facts["IWM/growth_of_1000/SI"]["missing"].endswith("2026-03-26"), "a day is no record"
    page = (tmp_path / PLACE / "article.html").read_text()
    assert "A thousand dollars became" not in page


def test_funds_without_a_common_day_are_refused(run: Run, tmp_path: Path, sample_folder: Path) -> None:
    data = spoiled(sample_folder, tmp_path / "data")
    lines = (data / "prices" / "IWM.csv").read_text().splitlines(keepends=True)
    (data / "prices" / "IWM.csv").write_text("".join(lines[:100]))
    others = (data / "prices" / "QQQ.csv").read_text().splitlines(keepends=True)
    (data / "prices" / "QQQ.csv").write_text("".join([others[0], *others[200:]]))
    said = run("compare", "IWM", "QQQ", "--data", data, "--format", "html")
    assert said.code == 4
    assert "common" in said.err


def test_a_holdings_file_that_is_a_page_is_refused(run: Run, tmp_path: Path, sample_folder: Path) -> None:
    data = spoiled(sample_folder, tmp_path / "data")
    for file in (data / "holdings").glob("IWM*"):
        file.write_text("<!DOCTYPE html><html><title>Maintenance</title></html>")
    said = run("compare", "IWM", "QQQ", "--data", data, "--format", "html")
    assert said.code == 4
    assert "HTML" in said.err


def test_an_empty_folder_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    said = run("compare", "IWM", "QQQ", "--data", tmp_path / "data")
    assert said.code == 4
    assert "data" in said.err


def test_stale_data_hold_unless_allowed_and_leave_the_former_article(
    run: Run, tmp_path: Path, sample_folder: Path
) -> None:
    data = spoiled(sample_folder, tmp_path / "data")
    lines = (data / "prices" / "IWM.csv").read_text().splitlines(keepends=True)
    (data / "prices" / "IWM.csv").write_text("".join(lines[:-1]))
    words = ("compare", "IWM", "QQQ", "--data", data, "--as-of", AS_OF, "--format", "html")
    assert run(*words, "--allow-stale", "3d").code == 0
    place = tmp_path / "output" / "2026-03-26" / "iwm-vs-qqq"
    before = (place / "article.html").read_bytes()
    said = run(*words)
    assert said.code == 3
    assert "notice.txt" in said.err
    assert (place / "article.html").read_bytes() == before
    held = place.with_name("iwm-vs-qqq.held")
    assert {path.name for path in held.iterdir()} == {"notice.txt", "held.html", "facts.json", "run.json"}
    assert json.loads((held / "run.json").read_text())["status"] == "held"
    assert json.loads(run(*words, "--json").out.splitlines()[-1])["event"] == "held"


def test_a_rule_that_promises_is_refused_before_it_can_speak(run: Run, tmp_path: Path) -> None:
    own = tmp_path / "templates" / "commentary" / "outlook"
    own.mkdir(parents=True)
    (tmp_path / "reportgen.toml").write_text('[branding]\ntemplates = "templates"\n')
    (own / "promise.j2").write_text(
        '{#---\nsection = "outlook"\ntopic = "promise"\npriority = 99\n---#}\nGains are guaranteed.\n'
    )
    said = run("rules", "check")
    assert said.code == 2
    assert "promise.j2:6" in said.err
    assert "guaranteed" in said.err


def test_a_users_template_wins_file_by_file_and_is_named(run: Run, tmp_path: Path) -> None:
    from reportgen.resources import template_root

    own = tmp_path / "mine" / "commentary" / "cost"
    own.mkdir(parents=True)
    (tmp_path / "reportgen.toml").write_text('[branding]\ntemplates = "mine"\n')
    shipped = (template_root() / "commentary" / "cost" / "yield.j2").read_text()
    header, end, _ = shipped.partition("---#}")
    (own / "yield.j2").write_text(f"{header}{end}\nIncome is told here in our own words.\n")
    words = ("compare", "IWM", "QQQ", "--source", "sample", "--format", "html", "--quiet")
    assert run(*words).code == 0
    page = (tmp_path / PLACE / "article.html").read_text()
    assert "Income is told here in our own words." in page
    assert "commentary/cost/yield.j2" in page
    assert "Disclosures" in page
