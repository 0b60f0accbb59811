"""What each command loads: a heavy library only where the command cannot do without it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {
    "arch", "css_inline", "distributed", "exchange_calendars", "fsspec", "jinja2", "matplotlib", "numpy", "pandas",
    "PIL", "pyarrow", "scipy", "sqlalchemy", "statsmodels", "weasyprint", "yfinance",
}  # fmt: skip
_CODE = """
import sys
from reportgen import cli
code = cli.run(sys.argv[1:])
print("\\n" + " ".join(sorted({name.split(".")[0] for name in sys.modules})))
sys.exit(code)
"""


def loaded_by(folder: Path, *words: str) -> set[str]:
    """The heavy libraries that are loaded when a command has run."""
    command = [sys.executable, "-c", _CODE, *words]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)
    assert done.returncode == 0, done.stderr
    return HEAVY & set(done.stdout.splitlines()[-1].split())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("imports")
    loaded_by(folder, "demo", "--export-data", "sample", "--quiet")
    return folder


@pytest.mark.parametrize(
    ("command", "loads"),
    [
        ("--version", set()),
        ("--help", set()),
        ("compare --help", set()),
        ("batch --help", set()),
        ("metrics --json", {"numpy"}),
        ("funds --data sample", {"numpy"}),
        ("compare IWM QQQ --data sample --format html --quiet", {"numpy", "jinja2"}),
        ("compare IWM QQQ --data sample --format pdf --quiet", {"numpy", "jinja2"}),
        ("compare IWM QQQ --data sample --format mail --quiet", {"numpy", "jinja2", "css_inline", "matplotlib", "PIL"}),
    ],
)
def test_a_command_loads_what_it_needs(folder: Path, command: str, loads: set[str]) -> None:
    assert loaded_by(folder, *command.split()) == loads


def test_one_process_loads_the_layout_itself(folder: Path) -> None:
    words = "compare IWM QQQ --data sample --format pdf --quiet --one-process"
    assert "weasyprint" in loaded_by(folder, *words.split())


def test_the_process_of_the_layout_loads_the_layout_alone() -> None:
    code = "import sys; from reportgen.render._layout import warm_up; warm_up(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "weasyprint" in loaded
    assert not loaded & {"numpy", "jinja2", "matplotlib", "reportgen.model", "reportgen.pipeline"}
