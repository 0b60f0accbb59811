"""The application on members in memory, with a clock that the test moves, and letters that are kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from reportgen.delivery.signed.keys import KeyRing, SigningKey
from reportgen.delivery.signed.links import Links
from reportgen.delivery.web.app import Front, Limits, Publisher, application
from reportgen.delivery.web.desk import Desk
from reportgen.delivery.web.letters import Letters
from reportgen.delivery.web.limits import Limit
from reportgen.delivery.web.members import Members
from reportgen.resources import template_folders
from tests.delivery.web.twin import TwinMembers, TwinRoom

BASE = "https://mail.example.com"
RING = KeyRing((SigningKey(1, b"k" * 32, date(2026, 1, 1)),))
NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
BOX = "bounces@example.com"
TITLES = {"weekly": "The Friday Brief", "monthly": "The Month"}
ADA = 1
"""The subscriber ada@example.net of every house: on the weekly list, and once on the monthly one."""


@dataclass
class House:
    """The application and all around it that a test looks at or moves."""

    client: TestClient
    members: Members
    desk: Desk
    letters: list[EmailMessage]
    senders: list[str]
    told: list[str]
    clock: list[datetime]
    links: Links = field(default_factory=lambda: Links("", RING))

    def pass_time(self, span: timedelta) -> None:
        self.clock[0] += span


def build(folder: Path, members: Members, *, visitor: int = 1000, everyone: int = 1000) -> House:
    clock, letters, senders, told = [NOW], list[EmailMessage](), list[str](), list[str]()
    hour, secret = timedelta(hours=1), b"s" * 32
    publisher = Publisher("The Friday Brief", BASE, TITLES, "1 Main Street", folder / "site", template_folders())
    writer = Letters(Links(BASE, RING), "The Friday Brief", "brief@example.com", TITLES, BOX, None, template_folders())

    def post(letter: EmailMessage, sender: str) -> None:
        letters.append(letter)
        senders.append(sender)

    desk = Desk(members, TwinRoom(), writer, post, Limit(3, 24 * hour, secret), lambda: clock[0], told.append)
    limits = Limits(Limit(visitor, hour, secret), Limit(everyone, hour, secret))
    front = Front(publisher, RING, members, desk, limits, lambda: clock[0])
    client = TestClient(application(front), base_url=BASE, raise_server_exceptions=False, follow_redirects=False)
    return House(client, members, desk, letters, senders, told, clock)


def with_ada(members: Members) -> Members:
    asked = members.ask("ada@example.net", ["weekly", "monthly"], NOW)
    assert asked is not None
    assert asked.subscriber == ADA
    members.confirm(ADA, ["weekly", "monthly"], NOW)
    members.leave(ADA, "monthly", NOW, "page")
    return members


@pytest.fixture
def members() -> TwinMembers:
    twin = TwinMembers()
    with_ada(twin)
    return twin


@pytest.fixture
def house(tmp_path: Path, members: TwinMembers) -> House:
    return build(tmp_path, members)
