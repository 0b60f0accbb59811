"""Installs what judges pages, axe-core and html-validate, into node_modules, where npm is.

Run as `python tools/axe.py`.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("axe-core@4.14.1", "html-validate@10.17.0")
WANTED = tuple(ROOT / "node_modules" / name for name in ("axe-core/axe.min.js", ".bin/html-validate"))


def main() -> int:
    npm = shutil.which("npm")
    if npm is not None and not all(file.is_file() for file in WANTED):
        options = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(ROOT)]
        subprocess.run([npm, "install", *options, *PACKAGES], check=False)
    if not all(file.is_file() for file in WANTED):
        print("axe-core or html-validate is missing: tests of pages are skipped (they need npm: apt-get install npm).")
    return 0


if __name__ == "__main__":
    sys.exit(main())
