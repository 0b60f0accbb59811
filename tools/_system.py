"""What the set-up scripts share: are we root on Debian, and installing a package there."""

from __future__ import annotations

import os
import shutil
import subprocess


def can_install() -> bool:
    """Whether Debian's packages can be installed without asking anybody."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(*packages: str) -> bool:
    """Install Debian packages; true when that worked."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    update = subprocess.run(["apt-get", "update", "-qq"], env=environment, check=False)
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    return update.returncode == 0 and subprocess.run(command, env=environment, check=False).returncode == 0
