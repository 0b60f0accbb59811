"""Coverage counts articles, not scenes; and a draft passes its own checks in every section."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reportgen import cli, metrics
from reportgen.errors import UsageError, WriteError
from reportgen.model import Commentary, Silence, Statement, Text, Verdict
from reportgen.narrative import check_examples, load_words, read_rules
from reportgen.narrative.coverage import cover, general
from reportgen.narrative.rules import SECTIONS, Rule
from reportgen.narrative.scaffold import draft, new_rule

if TYPE_CHECKING:
    from tests.narrative.conftest import Bench

ROLES = {"x": "IWM", "y": "QQQ"}


def rule(name: str) -> Rule:
    return Rule(name, Path(name), "tail", name, 1, ())


def said(name: str, verdict: Verdict = "descriptive") -> Statement:
    return Statement(name, "tail", name, 1, (Text("It fell."),), (), verdict)


def commentary(*statements: Statement, silent: tuple[Silence, ...] = ()) -> Commentary:
    return Commentary({"tail": statements} if statements else {}, silent)


def test_verdicts_and_reasons_are_counted_by_article() -> None:
    articles = [
        commentary(said("a", "supported"), silent=(Silence("b", "no roles: IWM is young", ROLES),)),
        commentary(said("a", "inconclusive"), silent=(Silence("b", "no roles: ARKK is young", {"x": "ARKK"}),)),
        commentary(silent=(Silence("a", "full", ROLES), Silence("b", "other", ROLES))),
    ]
    a, b, c = cover([rule("a"), rule("b"), rule("c")], articles)
    assert (a.articles, a.spoke, a.silent) == (3, 2, 1)
    assert a.verdicts == {"inconclusive": 1, "supported": 1}
    assert a.commonest_reason == "full"
    assert (b.spoke, b.reasons) == (0, {"no roles: x is young": 2, "other": 1})
    assert b.commonest_reason == "no roles: x is young"
    assert (c.articles, c.spoke, c.commonest_reason) == (3, 0, None)


def test_a_rule_told_of_one_pair_and_passed_over_for_another_has_spoken() -> None:
    passed = Silence("a", "told of IWM and QQQ, where it is clearer", {"x": "SPY", "y": "QQQ"})
    (a,) = cover([rule("a")], [commentary(said("a"), silent=(passed,))])
    assert (a.spoke, a.silent, a.reasons) == (1, 0, {})


def test_of_several_scenes_the_commonest_reason_stands_for_the_article() -> None:
    silent = (Silence("a", "late", ROLES), Silence("a", "early", ROLES), Silence("a", "late", {"x": "SPY"}))
    (a,) = cover([rule("a")], [commentary(silent=silent)])
    assert a.reasons == {"late": 1}


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("not meant for IWM, whose asset class is bond", "not meant for x, whose asset class is bond"),
        ("IWM began 2021-03-04", "x began DATE"),
        ("IWMX and SIWM are other funds, QQQ is not", "IWMX and SIWM are other funds, y is not"),
    ],
)
def test_the_same_reason_is_counted_as_one(reason: str, expected: str) -> None:
    assert general(Silence("a", reason, ROLES)) == expected


@pytest.mark.parametrize("section", SECTIONS)
def test_a_draft_passes_its_checks_in_every_section(tmp_path: Path, section: str) -> None:
    path = new_rule(section, "of-mine", tmp_path)
    assert path == tmp_path / "commentary" / section / "of-mine.j2"
    catalogue, words = metrics.catalogue(), load_words()
    rules, problems = read_rules([tmp_path], catalogue, words)
    assert problems == ()
    assert [(one.name, one.section, one.topic) for one in rules] == [(f"{section}/of-mine", section, "of-mine")]
    assert check_examples(rules, catalogue, words) == ()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    path = new_rule("tail", "mine", tmp_path)
    path.write_text("changed")
    with pytest.raises(UsageError, match="already such a rule"):
        new_rule("tail", "mine", tmp_path)
    assert path.read_text() == "changed"


@pytest.mark.parametrize("name", ["", "Mine", "a b", "../up", "a/b", "a--b", "-a", "9a", "a.j2", "ä", "a" * 61])
def test_a_name_that_no_file_should_have_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="cannot be the name of a rule"):
        new_rule("tail", name, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_section_gets_the_nearest() -> None:
    with pytest.raises(UsageError, match="did you mean 'credit'"):
        draft("credits", "mine")


def test_a_folder_that_cannot_be_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WriteError, match="cannot be written"):
        new_rule("tail", "mine", tmp_path / "file")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("sample")
    assert cli.run(["demo", "--export-data", str(place), "--quiet"]) == 0
    return place


Asked = Callable[..., tuple[int, str, str]]


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Asked:
    monkeypatch.chdir(tmp_path)

    def call(*words: object) -> tuple[int, str, str]:
        code = cli.run([str(word) for word in words])
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


def test_coverage_over_the_pairs_of_a_folder(ask: Asked, folder: Path) -> None:
    code, out, err = ask("rules", "coverage", "--data", folder, "--pairs", 3, "--as-of", "2026-03-27", "--json")
    assert code == 0
    answer = json.loads(out)
    assert answer["pairs"] == 3
    assert [line.split()[0] for line in err.splitlines()] == ["1/3", "2/3", "3/3"]
    by_name: Mapping[str, dict[str, object]] = {one["rule"]: one for one in answer["rules"]}
    listed = json.loads(ask("rules", "list", "--json")[1])
    assert by_name.keys() == {row["rule"] for row in listed}
    for one in answer["rules"]:
        assert one["spoke"] + one["silent"] == one["articles"] == 3
        assert sum(one["verdicts"].values()) == one["spoke"]
        assert sum(one["reasons"].values()) == one["silent"], one
    assert by_name["risk/volatility"]["spoke"] == 3


def test_coverage_in_words_names_what_never_spoke(ask: Asked, folder: Path) -> None:
    code, out, _ = ask("rules", "coverage", "--data", folder, "--pairs", 1)
    assert code == 0
    lines = out.splitlines()
    never = [line for line in lines[1:-1] if " 0/1 " in line]
    assert lines[-1].endswith(f"over 1 pairs: {len(never)} never spoke")
    assert all("never; silent 1: " in line for line in never)


def test_coverage_without_data_or_of_a_day_before_them(ask: Asked, folder: Path) -> None:
    assert ask("rules", "coverage")[0] == 2
    assert ask("rules", "coverage", "--data", "absent")[0] == 4
    code, _, err = ask("rules", "coverage", "--data", folder, "--pairs", 2, "--as-of", "1999-01-04")
    assert code == 4
    assert "No pair of the folder can be compared." in err


def test_rules_are_listed_with_file_and_line(ask: Asked, bench: Bench, tmp_path: Path) -> None:
    bench.write("{{ x.beta | ratio }}", "tail/mine", window="5Y")
    (tmp_path / "reportgen.toml").write_text('[branding]\ntemplates = "."\n')
    rows = json.loads(ask("rules", "list", "--json")[1])
    mine = next(row for row in rows if row["rule"] == "tail/mine")
    assert (mine["section"], mine["topic"], mine["priority"], mine["line"]) == ("tail", "t", 50, 1)
    assert Path(mine["file"]) == tmp_path / "commentary" / "tail" / "mine.j2"
    line = next(line for line in ask("rules", "list")[1].splitlines() if line.startswith("tail/mine "))
    assert "  commentary/tail/mine.j2:1" in line
    assert [row["section"] for row in rows] == sorted((row["section"] for row in rows), key=SECTIONS.index)
