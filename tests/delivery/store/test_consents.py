"""Consents on record elsewhere: many at once, and nobody brought back who left or is suppressed."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from reportgen.delivery.store import Store, consents, subscribers, suppression
from reportgen.delivery.store.addresses import address_of
from reportgen.delivery.store.consents import AT_ONCE, Consent, enrol
from reportgen.delivery.store.tables import event
from tests.delivery.store.conftest import NOW

BEFORE, AFTER = NOW - timedelta(days=10), NOW + timedelta(days=10)


def consent(email: str, *, list_name: str = "weekly", consented: datetime = BEFORE) -> Consent:
    return Consent(address_of(email), list_name, "paper form", consented)


def test_each_gets_the_answer_that_fits(store: Store) -> None:
    with store.write() as db:
        subscribers.add(db, "known@example.net", "weekly", now=NOW, source="web", confirmed=True)
        waiting = subscribers.add(db, "waiting@example.net", "weekly", now=NOW, source="web")
        for name in ("left", "anew"):
            gone = subscribers.add(db, f"{name}@example.net", "weekly", now=NOW, source="web", confirmed=True)
            subscribers.leave(db, gone.subscriber, None, now=NOW, how="page")
        suppression.suppress(db, address_of("barred@example.net").hash, "bounced", now=NOW)
        asked = [consent(f"{name}@example.net") for name in ("Known", "waiting", "left", "barred", "new")]
        asked += [consent("anew@example.net", consented=AFTER), consent("NEW@example.net", list_name="monthly")]
        answers = enrol(db, asked, now=AFTER)
        assert answers == ["known", "added", "left", "suppressed", "added", "added", "added"]
        standing = subscribers.standing_of(db, waiting.subscriber, "weekly")
        assert standing is not None
        assert (standing.state, standing.requested_at, standing.confirmed_at) == ("confirmed", BEFORE, BEFORE)
        assert enrol(db, asked, now=AFTER) == ["known", "known", "left", "suppressed", "known", "known", "known"]
        listed = {(member.address, member.list): member for member in consents.members(db)}
    assert listed["new@example.net", "monthly"].source == "paper form"
    assert listed["anew@example.net", "weekly"].left_at is None
    assert len(listed) == 6


def test_every_enrolment_is_on_record_with_both_days(store: Store) -> None:
    with store.write() as db:
        enrol(db, [consent("ann@example.net")], now=NOW)
        rows = db.execute(select(event.c.kind, event.c.at, event.c.detail).order_by(event.c.id)).all()
    assert [tuple(row) for row in rows] == [
        ("requested", BEFORE, "paper form"),
        ("confirmed", BEFORE, None),
        ("enrolled", NOW, "paper form"),
    ]


@pytest.mark.parametrize("count", [AT_ONCE - 1, AT_ONCE, 2 * AT_ONCE + 1])
def test_many_at_once(store: Store, count: int) -> None:
    asked = [consent(f"reader{n}@example.net", list_name=name) for n in range(count) for name in ("weekly", "monthly")]
    with store.write() as db:
        assert enrol(db, asked, now=NOW) == ["added"] * (2 * count)
        assert consents.counts(db) == {"weekly": {"confirmed": count}, "monthly": {"confirmed": count}}
        order = [member.address for member in consents.members(db, list_name="weekly")]
        assert order == [f"reader{n}@example.net" for n in range(count)]
