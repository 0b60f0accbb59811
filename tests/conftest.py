"""Fixtures and options that all tests share."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
REAL_DATA = Path(os.environ.get("REPORTGEN_REAL_DATA", ROOT.parent / "shared" / "data"))

FIXED = 20260327
"""The seed of random draws where nothing else is asked for."""


def drawn_seed() -> int:
    """The seed of a run's random draws: fixed by default, REPORTGEN_SEED's, or a new one where that is "fresh"."""
    asked = os.environ.get("REPORTGEN_SEED", str(FIXED))
    return random.SystemRandom().randrange(10**9) if asked == "fresh" else int(asked)


settings.register_profile(
    "fast", max_examples=25, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("fresh", max_examples=150, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("REPORTGEN_HYPOTHESIS", "fast"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--refresh-golden", action="store_true", help="rewrite the golden files from what the code gives now"
    )


@pytest.fixture
def refresh_golden(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be rewritten instead of compared."""
    return bool(request.config.getoption("--refresh-golden"))


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real market data; the test is skipped where it is absent."""
    if not (REAL_DATA / "prices").is_dir():
        pytest.skip(f"no real market data at {REAL_DATA} (set REPORTGEN_REAL_DATA to its folder)")
    return REAL_DATA
