"""The guide for rule writers is followed to the letter: its files are written, its commands run, its answers found."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from reportgen import cli

ROOT = Path(__file__).resolve().parent.parent
GUIDE = (ROOT / "docs" / "writing-rules.md").read_text()
OURS = "reportgen "


class Step(NamedTuple):
    """One block of the guide: its language, what stands behind that, and the block itself."""

    language: str
    rest: str
    body: str
    line: int


def steps() -> Iterator[Step]:
    for found in re.finditer(r"^```(\w+)[ \t]*([^\n]*)\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL):
        yield Step(found[1], found[2], found[3], GUIDE[: found.start()].count("\n") + 1)


class Follower:
    """Somebody who does what the guide says, in an empty folder."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys
        self.heard = ""
        self.ran = 0
        self.file = Path()

    def follow(self, step: Step) -> None:
        if step.language == "text":
            self.expect(step)
        elif step.language == "sh" and step.rest.startswith("replace "):
            self.replace(*shlex.split(step.rest)[1:])
        elif step.language == "sh":
            self.run(step)
        else:
            self.file = Path(step.rest)
            self.file.parent.mkdir(parents=True, exist_ok=True)
            self.file.write_text(step.body)

    def replace(self, old: str, new: str) -> None:
        text = self.file.read_text()
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {self.file}"
        self.file.write_text(text.replace(old, new))

    def run(self, step: Step) -> None:
        """The program's own commands; make and git are for the checkout."""
        wanted = int(step.rest.removeprefix("exit ")) if step.rest else 0
        self.heard = ""
        for line in step.body.splitlines():
            if not line.startswith(OURS):
                assert line.split()[0] in {"make", "git"}, line
                continue
            code = cli.run(shlex.split(line)[1:])
            said = self.capsys.readouterr()
            self.heard += said.out + said.err
            assert code == wanted, f"line {step.line}: {line}: {said.err}"
            self.ran += 1

    def expect(self, step: Step) -> None:
        for line in step.body.splitlines():
            assert line in self.heard, f"line {step.line}: {line!r} was not said, but: {self.heard}"


@pytest.mark.slow
def test_following_the_guide_gives_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    follower = Follower(capsys)
    for step in steps():
        follower.follow(step)
    assert follower.ran >= 12
    assert list(tmp_path.rglob("article.html"))


def test_the_guide_and_the_reference_name_each_other() -> None:
    assert "(rules.md)" in GUIDE
    assert "(writing-rules.md)" in (ROOT / "docs" / "rules.md").read_text()


def test_every_command_for_rules_stands_in_the_guide() -> None:
    from reportgen.cli.rules import command

    for name in command.commands:
        assert f"reportgen rules {name}" in GUIDE, name
