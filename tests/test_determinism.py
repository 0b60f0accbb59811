"""The same data give the same bytes: run again, elsewhere, under another locale, time zone and processor."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from reportgen import cli


def digests(folder: Path) -> dict[str, str]:
    """Each file's hash, save the record of the run, which tells how long it took."""
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.name != "run.json"
    }


def made_elsewhere(out: Path, **environment: str) -> dict[str, str]:
    command = [sys.executable, "-m", "reportgen", "demo", "--quiet", "--out", str(out)]
    subprocess.run(command, check=True, env={**os.environ, **environment}, cwd=out.parent)
    return digests(out)


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    out = tmp_path_factory.mktemp("here") / "out"
    assert cli.run(["demo", "--quiet", "--out", str(out)]) == 0
    return digests(out)


def test_another_process_locale_time_zone_and_hash_seed(tmp_path: Path, here: dict[str, str]) -> None:
    there = made_elsewhere(
        tmp_path / "out", LC_ALL="de_DE.UTF-8", LANG="tr_TR.UTF-8", TZ="Pacific/Chatham", PYTHONHASHSEED="7"
    )
    assert {Path(name).suffix for name in there} == {".html", ".pdf", ".json", ".svg"}
    assert there == here


@pytest.mark.slow
def test_other_processor_features(tmp_path: Path, here: dict[str, str]) -> None:
    there = made_elsewhere(
        tmp_path / "out", NPY_DISABLE_CPU_FEATURES="AVX2 FMA3 AVX512F AVX512CD AVX512_SKX", OMP_NUM_THREADS="1"
    )
    assert there == here
