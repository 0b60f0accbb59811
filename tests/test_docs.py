"""The documents tell the truth: every command of the README runs, and every command has its help."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from reportgen import cli

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text()


def commands() -> list[str]:
    """The lines of the README's shell blocks that call reportgen."""
    blocks = re.findall(r"^```(?:sh|console)\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    lines = (line.removeprefix("$ ").strip() for block in blocks for line in block.splitlines())
    return [line for line in lines if line.startswith("reportgen ")]


def test_every_command_of_the_readme_runs_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (listed,) = re.findall(r"^```csv\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    (tmp_path / "pairs.csv").write_text(listed)
    assert len(commands()) >= 8
    for line in commands():
        words = shlex.split(line, comments=True)[1:]
        assert cli.run([word for word in words if word != "--open"]) == 0, f"{line}: {capsys.readouterr().err}"


def test_the_python_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.run(["demo", "--export-data", "sample", "--quiet"]) == 0
    (example,) = re.findall(r"^```python\n(import reportgen\n.*?)^```", README, re.MULTILINE | re.DOTALL)
    exec(example, {})
    assert list((tmp_path / "articles").rglob("article.html"))


@pytest.mark.parametrize("command", cli.COMMANDS)
def test_every_command_has_help_and_stands_in_the_readme(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run([command, "--help"]) == 0
    told = capsys.readouterr().out
    assert told.startswith(f"Usage: reportgen {command}")
    assert f"reportgen {command}" in README


def test_pictures_and_links_of_the_readme_exist() -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", README):
        assert (ROOT / target).exists(), target


def test_the_changelog_names_the_version() -> None:
    from reportgen import __version__

    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text()


def test_no_file_names_a_registry_or_a_path_of_some_machine() -> None:
    hosts = re.compile(r"files\.python" + r"hosted|//pypi\." + r"org|registry\.npm" + r"js|deb\.debian\." + r"org")
    for path in ROOT.rglob("*"):
        parts = path.relative_to(ROOT).parts
        skipped = parts[0].startswith((".venv", ".git", ".mypy", ".ruff", ".pytest", ".hypo", "output", "dist"))
        if skipped or path.suffix not in {".py", ".md", ".toml", ".txt", ".j2", ".css", ""} or not path.is_file():
            continue
        assert not hosts.search(path.read_text(errors="ignore")), path
