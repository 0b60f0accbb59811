"""The members in memory: what the store is asked for, without a store."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from reportgen.delivery.store.addresses import address_of
from reportgen.delivery.web.members import LIFTED, Asked
from reportgen.delivery.web.room import SignUp


@dataclass
class TwinRoom:
    """A room in memory."""

    kept: dict[int, SignUp] = field(default_factory=dict)
    last: int = 0

    def keep(self, sign_up: SignUp, now: datetime) -> int:
        self.last += 1
        self.kept[self.last] = sign_up
        return self.last

    def waiting(self) -> tuple[tuple[int, SignUp], ...]:
        return tuple(self.kept.items())

    def answered(self, number: int) -> None:
        del self.kept[number]


@dataclass
class TwinMembers:
    """`people` by number; `states` by number and list: pending, confirmed or left."""

    people: dict[int, str] = field(default_factory=dict)
    states: dict[tuple[int, str], str] = field(default_factory=dict)
    suppressed: dict[str, str] = field(default_factory=dict)

    def ask(self, address: str, lists: Sequence[str], now: datetime) -> Asked | None:
        found = address_of(address)
        if self.suppressed.get(found.hash, "erased") not in LIFTED:
            return None
        known = [number for number, mail in self.people.items() if address_of(mail).key == found.key]
        number = known[0] if known else len(self.people) + 1
        self.people.setdefault(number, found.written)
        for name in lists:
            if self.states.get((number, name)) != "confirmed":
                self.states[number, name] = "pending"
        waiting = tuple(name for name in lists if self.states[number, name] == "pending")
        return Asked(number, found.written, waiting)

    def confirm(self, subscriber: int, lists: Sequence[str], now: datetime) -> bool:
        for name in lists:
            if self.states.get((subscriber, name)) == "pending":
                self.states[subscriber, name] = "confirmed"
        done = any(self.states.get((subscriber, name)) == "confirmed" for name in lists)
        if done:
            self._lift(subscriber)
        return done

    def leave(self, subscriber: int, list_name: str | None, now: datetime, how: str) -> None:
        for number, name in self.states:
            if number == subscriber and list_name in {None, name}:
                self.states[number, name] = "left"

    def chosen(self, subscriber: int) -> frozenset[str] | None:
        if subscriber not in self.people:
            return None
        confirmed = (key for key, state in self.states.items() if state == "confirmed")
        return frozenset(name for number, name in confirmed if number == subscriber)

    def choose(self, subscriber: int, wanted: Collection[str], offered: Collection[str], now: datetime) -> None:
        if subscriber not in self.people:
            return
        for name in offered:
            if name in wanted:
                self.states[subscriber, name] = "confirmed"
            elif (subscriber, name) in self.states:
                self.states[subscriber, name] = "left"
        if wanted:
            self._lift(subscriber)

    def _lift(self, subscriber: int) -> None:
        hash_ = address_of(self.people[subscriber]).hash
        if self.suppressed.get(hash_) in LIFTED:
            del self.suppressed[hash_]
