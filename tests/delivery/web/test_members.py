"""The members of a real store and their twin in memory behave alike; limits count in bounded memory."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.delivery.store import Store, subscribers, suppression
from reportgen.delivery.store.addresses import address_of
from reportgen.delivery.web.limits import Limit, client_key
from reportgen.delivery.web.members import Members, StoreMembers
from tests.delivery.web.conftest import ADA, NOW, build, with_ada
from tests.delivery.web.test_endpoints import link_in, sign_up
from tests.delivery.web.twin import TwinMembers

LATER = NOW + timedelta(days=1)


@pytest.fixture(params=["store", "twin"])
def members(request: pytest.FixtureRequest, store: Store) -> Members:
    return with_ada(StoreMembers(store) if request.param == "store" else TwinMembers())


def test_asking_waits_for_the_button(members: Members) -> None:
    asked = members.ask(" Bob@B\u00dcCHER.example.net", ["weekly", "monthly"], NOW)
    assert asked is not None
    assert asked.address == "Bob@xn--bcher-kva.example.net"
    assert asked.waiting == ("weekly", "monthly")
    assert members.chosen(asked.subscriber) == frozenset()
    assert members.confirm(asked.subscriber, ["weekly"], NOW)
    assert members.confirm(asked.subscriber, ["weekly"], LATER)
    assert members.chosen(asked.subscriber) == frozenset({"weekly"})
    again = members.ask("bob@xn--bcher-kva.example.net", ["weekly"], LATER)
    assert again is not None
    assert (again.subscriber, again.waiting) == (asked.subscriber, ())


def test_who_left_is_not_brought_back_by_an_old_button(members: Members) -> None:
    members.leave(ADA, "weekly", NOW, "one-click")
    members.leave(ADA, "weekly", NOW, "one-click")
    assert not members.confirm(ADA, ["weekly"], LATER)
    assert members.chosen(ADA) == frozenset()


def test_strangers_are_nobody(members: Members) -> None:
    assert members.chosen(99) is None
    assert not members.confirm(99, ["weekly"], NOW)
    members.leave(99, None, NOW, "one-click")
    members.choose(99, {"weekly"}, {"weekly"}, NOW)
    assert members.chosen(99) is None


def test_choosing_gives_what_was_ticked_and_nothing_else(members: Members) -> None:
    members.choose(ADA, {"monthly"}, {"weekly", "monthly"}, LATER)
    assert members.chosen(ADA) == frozenset({"monthly"})
    members.choose(ADA, set(), {"weekly", "monthly"}, LATER)
    assert members.chosen(ADA) == frozenset()


@pytest.mark.parametrize(
    ("reason", "lifted"), [("unsubscribed", True), ("erased", True), ("bounced", False), ("complained", False)]
)
def test_a_new_consent_lifts_a_suppression_by_the_owner_only(
    store: Store, reason: suppression.Reason, lifted: bool
) -> None:
    members = StoreMembers(store)
    address = address_of("bob@example.net")
    with store.write() as db:
        suppression.suppress(db, address.hash, reason, now=NOW)
    asked = members.ask("bob@example.net", ["weekly"], NOW)
    assert (asked is not None) == lifted
    if asked is not None:
        with store.read() as db:
            assert suppression.reason_of(db, address.hash) == reason
        assert members.confirm(asked.subscriber, asked.waiting, NOW)
    with store.read() as db:
        assert (suppression.reason_of(db, address.hash) is None) == lifted


def test_what_is_not_confirmed_within_its_time_is_forgotten(store: Store) -> None:
    members = with_ada(StoreMembers(store))
    members.ask("bob@example.net", ["weekly"], NOW)
    members.ask("ada@example.net", ["monthly"], NOW)
    members.ask("eve@example.net", ["weekly"], NOW + timedelta(days=9))
    with store.read() as db:
        assert subscribers.find(db, "bob@example.net") is None
        assert subscribers.find(db, "ada@example.net") is not None
        assert subscribers.find(db, "eve@example.net") is not None
    assert members.chosen(ADA) == frozenset({"weekly"})


def test_the_whole_way_through_a_real_store(store: Store, tmp_path: Path) -> None:
    house = build(tmp_path, StoreMembers(store))
    assert sign_up(house, "bob@example.net") == 200
    house.desk.work_off()
    assert house.client.post(link_in(house)).status_code == 200
    with store.read() as db:
        listed = [(person.address, standing.state) for person, standing in subscribers.everyone(db, "weekly")]
    assert listed == [("bob@example.net", "confirmed")]


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 50)), max_size=120), st.integers(1, 5))
def test_no_key_gets_more_than_its_share_and_memory_is_bounded(steps: list[tuple[int, int]], most: int) -> None:
    limit = Limit(most, timedelta(minutes=100), b"s" * 32, capacity=50)
    clock, allowed = NOW, dict[int, list[datetime]]()
    for key, minutes in steps:
        clock += timedelta(minutes=minutes)
        if limit.allows(str(key), clock):
            allowed.setdefault(key, []).append(clock)
        assert len(limit) <= 50
    for times in allowed.values():
        for at in times:
            assert sum(at - timedelta(minutes=100) < other <= at for other in times) <= 2 * most - 1
        assert sum(times[0] <= other < times[0] + timedelta(minutes=100) for other in times) <= most


def test_a_flood_of_visitors_takes_no_memory() -> None:
    limit = Limit(1, timedelta(hours=1), b"s" * 32, capacity=100)
    for n in range(5000):
        assert limit.allows(f"10.0.{n // 250}.{n % 250}", NOW)
    assert len(limit) == 100
    assert not limit.allows("10.0.19.249", NOW)


@pytest.mark.parametrize(
    ("host", "key"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
    ],
)
def test_a_visitor_is_counted_by_address_or_network(host: str, key: str) -> None:
    assert client_key(host) == key
