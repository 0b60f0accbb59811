"""Makes sure that the browser tests can run: installs Chromium and pdftoppm as root on Debian, else says so.

Run as `python tools/chromium.py`.
"""

from __future__ import annotations

import shutil
import sys

from _system import can_install, install  # beside this file

PROGRAMS = {"chromium": "chromium", "pdftoppm": "poppler-utils"}


def main() -> int:
    absent = [package for program, package in PROGRAMS.items() if shutil.which(program) is None]
    if absent and can_install():
        install(*absent)
    for program, package in PROGRAMS.items():
        if shutil.which(program) is None:
            print(f"{program} is missing: the tests that need it are skipped (Debian: apt-get install {package}).")
    return 0


if __name__ == "__main__":
    sys.exit(main())
