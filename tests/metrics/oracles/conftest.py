"""The libraries that our figures are checked against take seconds to import: quick runs do not even collect them."""

from __future__ import annotations

from pathlib import Path

import pytest


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave this folder out where none of its tests, all of them slow, is asked for."""
    asked = config.getoption("markexpr", "")
    elsewhere = "not slow" in asked or asked == "service"
    return True if elsewhere and collection_path.parent == Path(__file__).parent else None
