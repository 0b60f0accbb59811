"""Servers that the tests of a session share."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.delivery.services import servers

FULL = os.environ.get("REPORTGEN_FULL") == "1"
"""Whether the series run at full size: REPORTGEN_FULL=1 make test-services."""


@pytest.fixture(scope="session")
def cluster() -> Iterator[servers.Postgres]:
    with servers.postgres() as server:
        yield server


@pytest.fixture
def database(cluster: servers.Postgres) -> str:
    """The URL of a fresh database."""
    return cluster.database()


@pytest.fixture(scope="session")
def relay_server() -> Iterator[servers.Postfix]:
    with servers.postfix() as server:
        yield server
