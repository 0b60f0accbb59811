"""Installs what judges pages and mails, axe-core, html-validate and caniemail, into node_modules, where npm is.

Run as `python tools/axe.py`.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("axe-core@4.14.1", "caniemail@2.0.2", "html-validate@10.17.0")
WANTED = tuple(
    ROOT / "node_modules" / name for name in ("axe-core/axe.min.js", ".bin/html-validate", "caniemail/package.json")
)


def main() -> int:
    npm = shutil.which("npm")
    if npm is not None and not all(file.is_file() for file in WANTED):
        options = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(ROOT)]
        subprocess.run([npm, "install", *options, *PACKAGES], check=False)
    if not all(file.is_file() for file in WANTED):
        print("axe-core, html-validate or caniemail is missing: their tests are skipped (apt-get install npm).")
    return 0


if __name__ == "__main__":
    sys.exit(main())
