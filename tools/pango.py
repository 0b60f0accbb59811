"""Makes sure that Pango, which sets the PDF's text, is there: installs it as root on Debian, else says how.

Run as `python tools/pango.py`; it needs nothing but Python.
"""

from __future__ import annotations

import ctypes.util
import sys

from _system import can_install, install  # beside this file

LIBRARIES = ("pango-1.0", "pangoft2-1.0", "harfbuzz")
DEBIAN = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
HELP = f"""Pango is missing, which the PDF needs. Install it and run the command again:
  Debian, Ubuntu:  apt-get install {" ".join(DEBIAN)}
  macOS:           brew install pango
  Windows:         install MSYS2, then in its shell: pacman -S mingw-w64-x86_64-pango"""


def missing() -> list[str]:
    """The libraries that cannot be found."""
    return [name for name in LIBRARIES if ctypes.util.find_library(name) is None]


def main() -> int:
    if not missing():
        return 0
    if can_install():
        print("Installing Pango ...", flush=True)
        if install(*DEBIAN) and not missing():
            return 0
    print(HELP, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
