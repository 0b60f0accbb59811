"""html-validate, where Node and it are installed: what it finds wrong with pages."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

VALIDATOR = Path(__file__).resolve().parents[2] / "node_modules" / ".bin" / "html-validate"
RULES = {
    "root": True,
    "extends": ["html-validate:recommended", "html-validate:document"],
    "rules": {"require-sri": ["error", {"target": "crossorigin"}]},  # what lies in the same folder needs no hash
}


def faults(pages: Sequence[Path], folder: Path, *, but: Sequence[str] = ()) -> str:
    """What is wrong with the pages, as the validator prints it; "" where nothing is.

    folder: for the validator's settings. but: rules that are switched off.
    """
    node = shutil.which("node")
    if node is None or not VALIDATOR.exists():
        pytest.skip("needs Node and html-validate (make test-all installs it where npm is)")
    config = folder / "rules.json"
    config.write_text(json.dumps({**RULES, "rules": {**RULES["rules"], **dict.fromkeys(but, "off")}}))  # type: ignore[dict-item]
    command = [node, str(VALIDATOR.resolve()), "--config", str(config), *map(str, pages)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr if done.returncode else done.stdout
