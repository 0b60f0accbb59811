"""The house rules that imports and the stage list must keep."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from reportgen import pipeline

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "reportgen"


def loaded_after(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(' '.join(sys.modules))"],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("code", "heavy"),
    [
        ("import reportgen", {"numpy", "pandas", "weasyprint", "matplotlib", "jinja2", "click"}),
        ("import reportgen.cli", {"numpy", "pandas", "weasyprint", "matplotlib", "jinja2"}),
        ("import reportgen.sources", {"pandas", "weasyprint", "matplotlib", "exchange_calendars"}),
        ("import reportgen.metrics", {"pandas", "weasyprint", "matplotlib", "scipy"}),
        ("import reportgen.narrative", {"pandas", "weasyprint", "matplotlib"}),
        ("import reportgen.charts", {"pandas", "weasyprint", "matplotlib"}),
        ("import reportgen.pipeline", {"pandas", "weasyprint", "matplotlib", "yfinance"}),
        ("from reportgen.cli import run; run(['--help'])", {"numpy", "pandas", "jinja2"}),
    ],
)
def test_heavy_libraries_load_only_where_they_are_used(code: str, heavy: set[str]) -> None:
    assert loaded_after(code) & heavy == set()


def test_the_stages_are_told_once_and_everywhere_alike() -> None:
    doc = pipeline.__doc__ or ""
    told = re.findall(r"^(\d) (\w+)", doc, re.MULTILINE)
    assert told == [(str(stage.number), stage.name) for stage in pipeline.STAGES]
    used = re.findall(r'watch\.stage\("(\w+)"\)', (PACKAGE / "pipeline.py").read_text())
    assert used == [stage.name for stage in pipeline.STAGES]
    table = re.findall(r"^\| (\d) (\w+) \|", (ROOT / "CONTRIBUTING.md").read_text(), re.MULTILINE)
    assert table == told


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", modules(), ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_a_module_is_small_and_says_what_it_is(path: Path) -> None:
    source = path.read_text()
    assert source.count("\n") <= 400
    tree = ast.parse(source)
    if source.strip():
        assert ast.get_docstring(tree), "a module begins by saying what it is"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.end_lineno is not None:
            assert node.end_lineno - node.lineno < 60, f"{node.name} is long"


@pytest.mark.parametrize("path", modules(), ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_nothing_below_the_command_line_asks_the_clock_or_the_environment(path: Path) -> None:
    if path.is_relative_to(PACKAGE / "cli") or path.name == "api.py":  # the two front doors
        return
    forbidden = re.compile(
        r"\b(time\.(time|perf_counter|monotonic)|datetime\.now|date\.today|utcnow|os\.environ|getenv|setlocale"
        r"|np\.random\.(rand|normal|seed|default_rng\(\))|random\.(random|choice|shuffle)|uuid4|secrets\.)"
    )
    assert not forbidden.search(path.read_text())
