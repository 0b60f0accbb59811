"""Running the command line in this process, and small data folders to run it on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from reportgen import cli


class Said(NamedTuple):
    """What a command ended with and what it said."""

    code: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs `reportgen` with the words given, in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def call(*words: object) -> Said:
        code = cli.run([str(word) for word in words])
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return call


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample as a folder of files; tests copy it before they spoil anything."""
    folder = tmp_path_factory.mktemp("sample")
    assert cli.run(["demo", "--export-data", str(folder), "--quiet"]) == 0
    return folder
