"""What is installed is what was written: a wheel, installed elsewhere, makes the demo article."""

from __future__ import annotations

import site
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.slow
def test_a_wheel_installed_elsewhere_runs_the_demo(tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run([*pip, "wheel", "--no-deps", "--wheel-dir", str(tmp_path), str(ROOT)], check=True, cwd=tmp_path)
    (wheel,) = tmp_path.glob("fund_reportgen-*.whl")
    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv" / "bin" / "python"
    # The libraries are those of this environment, by a path file; that leaves out the checkout, installed as editable.
    (packages,) = (tmp_path / "venv" / "lib").glob("python*/site-packages")
    (packages / "libraries.pth").write_text("\n".join(site.getsitepackages()))
    subprocess.run([str(python), "-m", "pip", "install", "--quiet", "--no-deps", str(wheel)], check=True)
    where = "import reportgen; print(reportgen.__file__)"
    asked = subprocess.run([str(python), "-c", where], check=True, capture_output=True, text=True, cwd=tmp_path)
    assert asked.stdout.startswith(str(packages))
    command = tmp_path / "venv" / "bin" / "reportgen"
    subprocess.run([str(command), "demo", "--quiet", "--out", "out"], check=True, cwd=tmp_path)
    subprocess.run([str(command), "rules", "check"], check=True, cwd=tmp_path)
    assert {p.name for p in (tmp_path / "out").rglob("article.*")} == {"article.html", "article.pdf"}
