"""Makes sure that the service tests can run: installs their servers as root on Debian, else says so.

Run as `python tools/services.py`. The packages may start nothing: the tests start servers of their own, with their own
configuration, in a temporary folder.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from _system import can_install, install  # beside this file

SERVERS = {"postfix": "usr/sbin/postfix", "dovecot-imapd": "usr/lib/dovecot/imap", "postgresql": "usr/lib/postgresql"}
_POLICY = Path("/usr/sbin/policy-rc.d")


def main() -> int:
    absent = [package for package, path in SERVERS.items() if not (Path("/") / path).exists()]
    if absent and can_install():
        with nothing_started():
            install(*absent)
    for package, path in SERVERS.items():
        if not (Path("/") / path).exists():
            print(f"{package} is missing: the tests that need it are skipped (Debian: apt-get install {package}).")
    return 0


@contextmanager
def nothing_started() -> Iterator[None]:
    """Packages that are installed in this block start no servers, as Debian's policy lets the administrator say."""
    if _POLICY.exists():
        yield
        return
    _POLICY.write_text("#!/bin/sh\nexit 101\n", encoding="ascii")
    _POLICY.chmod(0o755)
    try:
        yield
    finally:
        _POLICY.unlink()


if __name__ == "__main__":
    sys.exit(main())
