"""Servers that the tests of a session share."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.delivery.services import servers

ROWS = int(os.environ.get("REPORTGEN_ROWS", "1000"))
"""Rows that four senders share in PostgreSQL; at full size 20,000."""
MAILS = int(os.environ.get("REPORTGEN_MAILS", "200"))
"""Mails that go through Postfix into Dovecot; at full size 10,000."""


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
