"""`reportgen init`, and the documentation of the settings that is made from the same list of keys."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from reportgen import cli
from reportgen.config import KEYS, Settings, as_tables, beginning, documentation, read_settings
from reportgen.config._document import ABOUT

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "settings.md"


def test_the_settings_are_documented_key_by_key() -> None:
    told = DOCUMENT.read_text()
    how = "bring docs/settings.md up to date: reportgen init --document > docs/settings.md"
    assert told == documentation(), how
    for table, keys in KEYS.items():
        assert ABOUT[table], f"say what [{table}] is for, in reportgen/config/_document.py"
        for name, key in keys.items():
            assert f"| `{name}` | {key.meaning} |" in told, how


def test_a_file_with_nothing_given_is_the_defaults(tmp_path: Path) -> None:
    path = tmp_path / "reportgen.toml"
    path.write_text(beginning({}))
    assert as_tables(read_settings(path), tmp_path) == as_tables(Settings(), tmp_path)
    for table, keys in KEYS.items():
        assert f"[{table}]" in path.read_text()
        for name in keys:
            assert f"# {name}: " in path.read_text()


def test_every_default_that_is_told_is_one_that_is_accepted(tmp_path: Path) -> None:
    """Taking every # away from the defaults gives the same settings."""
    text = beginning({})
    lines = []
    for line in text.splitlines():
        bare = line.removeprefix("# ")
        is_key = (
            " = " in bare and not bare.endswith("= ...") and line.startswith("# ") and ": " not in bare.split(" = ")[0]
        )
        lines.append(bare if is_key else line)
    document = tomllib.loads("\n".join(lines))
    assert document["brief"]["form"] == "short"
    for table, keys in document.items():
        for name, value in keys.items():
            if value not in ([], ""):
                assert KEYS[table][name].check(value) is None, f"{table}.{name} = {value!r}"


def test_options_answer_every_question(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "w.toml"
    told = ["--pair", "IWM QQQ", "--pair", "SPY,QQQ,TLT", "--publication", 'The "Friday" Brief']
    assert cli.run(["init", "--yes", "--source", "sample", "--form", "full", "--out", str(path), *told]) == 0
    settings = read_settings(path)
    assert settings.brief.pairs == (("IWM", "QQQ"), ("SPY", "QQQ", "TLT"))
    assert settings.brief.form == "full"
    assert settings.source == "sample"
    assert settings.publication == 'The "Friday" Brief'
    assert "reportgen brief --dry-run" in capsys.readouterr().out


def test_a_file_that_is_there_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "w.toml"
    path.write_text("mine")
    assert cli.run(["init", "--yes", "--out", str(path)]) == 5
    assert path.read_text() == "mine"
    assert "is there already" in capsys.readouterr().err


def test_a_comparison_that_cannot_be_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "w.toml"
    assert cli.run(["init", "--yes", "--pair", "IWM", "--out", str(path)]) == 2
    assert "two to five funds" in capsys.readouterr().err
    assert not path.exists()


def test_questions_are_asked_on_a_terminal_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def prompt(question: str, default: str, **_: object) -> str:
        asked.append(question)
        return "IWM QQQ; SPY QQQ" if "funds" in question else default

    monkeypatch.setattr("reportgen.cli.init.click.prompt", prompt)
    monkeypatch.setattr("sys.stdin", type("Terminal", (), {"isatty": lambda _: True})())
    path = tmp_path / "w.toml"
    assert cli.run(["init", "--source", "sample", "--out", str(path)]) == 0
    assert read_settings(path).brief.pairs == (("IWM", "QQQ"), ("SPY", "QQQ"))
    assert len(asked) == 3


@pytest.mark.parametrize(
    ("pairs", "wrong"),
    [
        ('"IWM QQQ"', "must be a list of comparisons"),
        ('[["IWM"]]', "two to five different funds"),
        ('[["IWM", "IWM"]]', "two to five different funds"),
        ('[["iwm", "QQQ"]]', "must be a ticker in capitals"),
        ('[["IWM", "QQQ"], ["IWM", "QQQ"]]', "twice"),
    ],
)
def test_comparisons_that_cannot_be_are_told_with_their_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], pairs: str, wrong: str
) -> None:
    path = tmp_path / "w.toml"
    path.write_text(f'[brief]\nform = "long"\npairs = {pairs}\nname = "My Brief"\n')
    assert cli.run(["brief", "--config", str(path)]) == 2
    told = capsys.readouterr().err
    assert f"{path}:2: form must be one of" in told
    assert f"{path}:3: pairs" in told
    assert wrong in told
    assert f"{path}:4: name must be" in told
