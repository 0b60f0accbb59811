"""Whatever is asked of them, in whatever order: a real store and the twin in memory give the same answers."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportgen.delivery.store import open_store, suppression
from reportgen.delivery.store.addresses import address_of
from reportgen.delivery.web.members import Members, StoreMembers
from tests.delivery.web.conftest import NOW
from tests.delivery.web.twin import TwinMembers

OFFERED = ("weekly", "monthly")
PEOPLE = ("ann@example.net", "bob@example.net", " ANN@Example.net ")
number = st.integers(1, 3)
lists = st.lists(st.sampled_from(OFFERED), min_size=1, unique=True)
STEPS = st.lists(
    st.tuples(st.just("ask"), st.sampled_from(PEOPLE), lists)
    | st.tuples(st.just("confirm"), number, lists)
    | st.tuples(st.just("leave"), number, st.sampled_from([*OFFERED, None]))
    | st.tuples(st.just("choose"), number, st.lists(st.sampled_from(OFFERED), unique=True))
    | st.tuples(st.just("suppress"), st.sampled_from(PEOPLE), st.sampled_from(["bounced", "unsubscribed"])),
    max_size=12,
)


def done(members: Members, step: tuple[str, str | int, object], minute: int) -> object:
    now = NOW + timedelta(minutes=minute)
    match step:
        case ("ask", str(address), list(wanted)):
            return members.ask(address, wanted, now)
        case ("confirm", int(person), list(wanted)):
            return members.confirm(person, wanted, now)
        case ("leave", int(person), name):
            assert name is None or isinstance(name, str)
            members.leave(person, name, now, "page")
            return None
        case ("choose", int(person), list(wanted)):
            members.choose(person, wanted, OFFERED, now)
            return None
    raise AssertionError(step)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_store_and_twin_are_alike(steps: list[tuple[str, str | int, object]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'mail.db'}")
        real, twin = StoreMembers(store), TwinMembers()
        for minute, step in enumerate(steps):
            if step[0] == "suppress":
                hash_, reason = address_of(str(step[1])).hash, step[2]
                assert reason in {"bounced", "unsubscribed"}
                twin.suppressed.setdefault(hash_, str(reason))
                with store.write() as db:
                    suppression.suppress(db, hash_, "bounced" if reason == "bounced" else "unsubscribed", now=NOW)
            else:
                assert done(real, step, minute) == done(twin, step, minute), step
            assert [real.chosen(n) for n in (1, 2, 3)] == [twin.chosen(n) for n in (1, 2, 3)], step
        store.close()
