"""Installs axe-core, by which the browser tests judge accessibility, into node_modules, where npm is.

Run as `python tools/axe.py`.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "axe-core@4.14.1"
SCRIPT = ROOT / "node_modules" / "axe-core" / "axe.min.js"


def main() -> int:
    npm = shutil.which("npm")
    if not SCRIPT.is_file() and npm is not None:
        options = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(ROOT)]
        subprocess.run([npm, "install", *options, PACKAGE], check=False)
    if not SCRIPT.is_file():
        print("axe-core is missing: the tests of accessibility are skipped (it needs npm: apt-get install npm).")
    return 0


if __name__ == "__main__":
    sys.exit(main())
