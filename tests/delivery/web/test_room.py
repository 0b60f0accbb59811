"""Sign-ups wait in the store: through a crash, a relay that is away, an erasure, and no longer than they may."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from reportgen.delivery.store import Store, subscribers
from reportgen.delivery.web.members import StoreMembers
from reportgen.delivery.web.room import Room, SignUp, StoreRoom
from reportgen.errors import NetworkError
from tests.delivery.web.conftest import NOW, House, build
from tests.delivery.web.test_endpoints import sign_up
from tests.delivery.web.twin import TwinRoom

ANN = SignUp(" Ann@Example.net", ("weekly", "monthly"))


@pytest.fixture(params=["store", "twin"])
def room(request: pytest.FixtureRequest, store: Store) -> Room:
    return StoreRoom(store) if request.param == "store" else TwinRoom()


def house_of(store: Store, folder: Path) -> House:
    house = build(folder, StoreMembers(store))
    house.desk.room = StoreRoom(store)
    return house


def test_what_is_kept_waits_in_order_until_it_is_answered(room: Room) -> None:
    first, second = room.keep(ANN, NOW), room.keep(SignUp("nobody", ("weekly",)), NOW)
    assert room.waiting() == ((first, ANN), (second, SignUp("nobody", ("weekly",))))
    room.answered(first)
    assert [number for number, _ in room.waiting()] == [second]
    assert room.keep(ANN, NOW) not in (first, second)


def test_what_a_crash_leaves_is_answered_at_the_next_start(store: Store, tmp_path: Path) -> None:
    house = house_of(store, tmp_path)
    assert sign_up(house, "ann@example.net") == 200
    assert sign_up(house, "bob@example.net") == 200
    assert house.letters == []  # and now the program dies
    again = house_of(store, tmp_path)
    again.desk.open()
    again.desk.close()
    assert [letter["To"] for letter in again.letters] == ["ann@example.net", "bob@example.net"]
    assert StoreRoom(store).waiting() == ()


def test_what_the_relay_did_not_take_waits_for_the_next_start(store: Store, tmp_path: Path) -> None:
    house = house_of(store, tmp_path)

    def away(*_: object) -> None:
        raise NetworkError("the relay did not take a letter.")

    house.desk.post = away
    sign_up(house, "ann@example.net")
    house.desk.work_off()
    assert len(StoreRoom(store).waiting()) == 1
    again = house_of(store, tmp_path)
    again.desk.open()
    again.desk.close()
    assert len(again.letters) == 1


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_what_a_bug_falls_over_does_not_end_every_start(store: Store, tmp_path: Path) -> None:
    house = house_of(store, tmp_path)

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    house.desk.post = broken
    sign_up(house, "ann@example.net")
    with pytest.raises(ZeroDivisionError):
        house.desk.work_off()
    assert StoreRoom(store).waiting() == ()


def test_the_store_looks_the_same_for_known_and_strange_addresses(store: Store, tmp_path: Path) -> None:
    """Nothing but the row that is added happens before the page is written."""
    house = house_of(store, tmp_path)
    with store.write() as db:
        subscribers.add(db, "ann@example.net", "weekly", now=NOW, source="import", confirmed=True)
    for address in ("ann@example.net", "bob@example.net"):
        assert sign_up(house, address) == 200
    with store.read() as db:
        assert len({person.id for person, _ in subscribers.everyone(db)}) == 1
    assert [left.address for _, left in StoreRoom(store).waiting()] == ["ann@example.net", "bob@example.net"]


def test_who_is_erased_leaves_no_sign_up_behind(store: Store, tmp_path: Path) -> None:
    room = StoreRoom(store)
    for typed in (" ANN@example.net ", "bob@example.net", "no address"):
        room.keep(SignUp(typed, ("weekly",)), NOW)
    with store.write() as db:
        person = subscribers.add(db, "ann@example.net", "weekly", now=NOW, source="import", confirmed=True)
        assert subscribers.erase(db, person.subscriber, now=NOW)
    assert [left.address for _, left in room.waiting()] == ["bob@example.net", "no address"]


def test_what_is_never_answered_is_forgotten_like_what_is_never_confirmed(store: Store) -> None:
    room, members = StoreRoom(store), StoreMembers(store)
    room.keep(ANN, NOW)
    members.forget(NOW + timedelta(days=7))
    assert len(room.waiting()) == 1
    members.forget(NOW + timedelta(days=9))
    assert room.waiting() == ()
