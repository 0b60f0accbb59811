"""The libraries that our figures are checked against take seconds to import: quick runs do not even collect them."""

from __future__ import annotations

from pathlib import Path

import pytest


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave this folder out where slow tests are not asked for."""
    quick = "not slow" in config.getoption("markexpr", "")
    return True if quick and collection_path.parent == Path(__file__).parent else None
