"""Subscribers: one a mailbox however it is written, double opt-in, leaving, suppression, erasure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from reportgen.delivery.store import Store, subscribers, suppression
from reportgen.delivery.store.addresses import address_of
from reportgen.delivery.store.tables import event, subscriber, subscription
from reportgen.delivery.store.tables import suppression as suppressed
from reportgen.errors import DataError
from tests.delivery.store.conftest import NOW

LATER = NOW + timedelta(days=1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada@Example.net", "ada@example.net"),
        ("  ada@example.net\n", "ada@example.net"),
        ("ada@EXAMPLE.net", "ADA@example.NET"),
        ("ada@b\u00fccher.example.net", "ada@xn--bcher-kva.example.net"),
        ("ada@B\u00dcCHER.example.net", "ada@bu\u0308cher.example.net"),
    ],
)
def test_two_ways_to_write_one_mailbox_are_one_subscriber(store: Store, one: str, other: str) -> None:
    with store.write() as db:
        first = subscribers.add(db, one, "weekly", now=NOW, source="web")
        second = subscribers.add(db, other, "weekly", now=LATER, source="import")
        assert first == second
        assert db.execute(select(func.count()).select_from(subscriber)).scalar() == 1
    assert address_of(one).hash == address_of(other).hash


@pytest.mark.parametrize(
    "wrong",
    [
        "", "ada", "ada@", "@example.net", "ada@example.net, bob@example.net", "ada@example.net\r\nBcc: b@example.net",
        "Ada <ada@example.net>", "ada@exa mple.net", "ada@example..net", "\u00e4da@example.net", "ada@[127.0.0.1]",
        "ada\0@example.net", f"{'a' * 65}@example.net",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(store: Store, wrong: str) -> None:
    with store.write() as db, pytest.raises(DataError, match="is no mail address"):
        subscribers.add(db, wrong, "weekly", now=NOW, source="web")


def test_double_opt_in_waits_for_its_second_half(store: Store) -> None:
    with store.write() as db:
        asked = subscribers.add(db, "ada@example.net", "weekly", now=NOW, source="web")
        assert (asked.state, asked.confirmed_at) == ("pending", None)
        assert subscribers.confirm(db, asked.subscriber, "weekly", now=LATER)
        assert not subscribers.confirm(db, asked.subscriber, "weekly", now=LATER)
        assert not subscribers.confirm(db, asked.subscriber, "monthly", now=LATER)
        standing = subscribers.standing_of(db, asked.subscriber, "weekly")
    assert standing is not None
    assert (standing.state, standing.confirmed_at, standing.requested_at) == ("confirmed", LATER, NOW)


def test_who_left_must_confirm_anew(store: Store) -> None:
    with store.write() as db:
        there = subscribers.add(db, "ada@example.net", "weekly", now=NOW, source="import", confirmed=True)
        assert there.state == "confirmed"
        assert subscribers.leave(db, there.subscriber, "weekly", now=LATER, how="one-click")
        assert not subscribers.leave(db, there.subscriber, "weekly", now=LATER, how="one-click")
        assert not subscribers.confirm(db, there.subscriber, "weekly", now=LATER)
        again = subscribers.add(db, "ada@example.net", "weekly", now=LATER, source="web")
        assert (again.state, again.confirmed_at, again.left_at) == ("pending", None, None)


def test_adding_a_confirmed_one_again_changes_nothing(store: Store) -> None:
    with store.write() as db:
        there = subscribers.add(db, "ada@example.net", "weekly", now=NOW, source="import", confirmed=True)
        assert subscribers.add(db, "ada@example.net", "weekly", now=LATER, source="web") == there


def test_leaving_every_list(store: Store) -> None:
    with store.write() as db:
        for name in ("weekly", "monthly"):
            there = subscribers.add(db, "ada@example.net", name, now=NOW, source="web", confirmed=True)
        assert subscribers.leave(db, there.subscriber, None, now=LATER, how="page")
        assert {s.state for s in subscribers.standings(db, there.subscriber)} == {"left"}


def test_erasure_forgets_the_address_and_keeps_its_suppression(store: Store) -> None:
    with store.write() as db:
        there = subscribers.add(db, "Ada@example.net", "weekly", now=NOW, source="web", confirmed=True)
        assert subscribers.erase(db, there.subscriber, now=LATER)
        assert not subscribers.erase(db, there.subscriber, now=LATER)
        assert subscribers.find(db, "ada@example.net") is None
        assert suppression.reason_of(db, address_of("ADA@example.net").hash) == "erased"
        assert list(subscribers.everyone(db)) == []
        left = subscribers.by_id(db, there.subscriber)
        assert left is not None
        assert (left.address, left.hash) == (None, None)
    with store.engine.connect() as db:
        rows = db.exec_driver_sql("SELECT * FROM subscriber").all()
        assert not any("ada" in str(value).lower() for row in rows for value in row)


def test_a_suppressed_address_keeps_its_first_reason_until_it_is_lifted(store: Store) -> None:
    hash_ = address_of("ada@example.net").hash
    with store.write() as db:
        assert suppression.suppress(db, hash_, "bounced", now=NOW)
        assert not suppression.suppress(db, hash_, "complained", now=LATER)
        assert suppression.reason_of(db, hash_) == "bounced"
        assert suppression.lift(db, hash_, now=LATER, why="confirmed anew")
        assert not suppression.lift(db, hash_, now=LATER, why="confirmed anew")
        assert suppression.reason_of(db, hash_) is None


def test_everyone_is_listed_in_the_order_they_came(store: Store) -> None:
    with store.write() as db:
        for name in ("b@example.net", "a@example.net"):
            subscribers.add(db, name, "weekly", now=NOW, source="web")
        subscribers.add(db, "b@example.net", "monthly", now=NOW, source="web")
        everyone = list(subscribers.everyone(db))
        weekly = [person.address for person, _ in subscribers.everyone(db, "weekly")]
    listed = [(person.address, standing.list) for person, standing in everyone]
    person, standing = everyone[-1]
    assert listed == [("b@example.net", "monthly"), ("b@example.net", "weekly"), ("a@example.net", "weekly")]
    assert weekly == ["b@example.net", "a@example.net"]
    assert person.hash == address_of("a@example.net").hash
    assert (person.created_at, person.source, standing.state) == (NOW, "web", "pending")


def test_every_step_is_on_record(store: Store) -> None:
    with store.write() as db:
        there = subscribers.add(db, "ada@example.net", "weekly", now=NOW, source="web")
        subscribers.confirm(db, there.subscriber, "weekly", now=NOW)
        subscribers.leave(db, there.subscriber, "weekly", now=NOW, how="page")
        subscribers.erase(db, there.subscriber, now=NOW)
        kinds = db.execute(select(event.c.kind).order_by(event.c.id)).scalars().all()
    assert kinds == ["requested", "confirmed", "left", "suppressed", "erased"]


def overtaken(patch: pytest.MonkeyPatch, module: object, look: str, other: Callable[[], object]) -> None:
    """Let another program do the same right after the first look, which so finds nothing: as on PostgreSQL."""
    genuine = getattr(module, look)

    def first(*_: object) -> None:
        patch.setattr(module, look, genuine)
        other()

    patch.setattr(module, look, first)


@pytest.mark.parametrize("look", ["find", "standing_of"])
def test_two_programs_that_add_the_same_at_one_moment(store: Store, monkeypatch: pytest.MonkeyPatch, look: str) -> None:
    with store.write() as db:
        asked = lambda: subscribers.add(db, "ada@example.net", "weekly", now=NOW, source="import")  # noqa: E731
        overtaken(monkeypatch, subscribers, look, asked)
        there = subscribers.add(db, "ADA@example.net", "weekly", now=LATER, source="web", confirmed=True)
        assert (there.state, there.requested_at, there.confirmed_at) == ("confirmed", NOW, LATER)
    with store.read() as db:  # the transaction outlived it, with one of each
        counts = [db.execute(select(func.count()).select_from(table)).scalar() for table in (subscriber, subscription)]
        kinds = db.execute(select(event.c.kind).order_by(event.c.id)).scalars().all()
    assert counts == [1, 1]
    assert kinds == ["requested", "confirmed"]


def test_two_programs_that_suppress_the_same_at_one_moment(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    hash_ = address_of("ada@example.net").hash
    with store.write() as db:
        refused = lambda: suppression.suppress(db, hash_, "refused", now=NOW)  # noqa: E731
        overtaken(monkeypatch, suppression, "reason_of", refused)
        assert not suppression.suppress(db, hash_, "bounced", now=LATER)
    with store.read() as db:
        assert db.execute(select(suppressed.c.reason)).scalars().all() == ["refused"]
        assert db.execute(select(event.c.detail)).scalars().all() == ["refused"]
