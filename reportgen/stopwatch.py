"""Named steps, numbered and timed: what a program does in order, for its progress display and its record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple


class Step(NamedTuple):
    """One of a program's steps: its number, its name and what it does, as the progress display shows it."""

    number: int
    name: str
    does: str


@dataclass
class Stopwatch:
    """Times steps by a clock that the caller gives, and tells a listener as each begins and ends.

    The listener gets the step, its seconds (None as it begins) and its count, where it counted something. `steps` are
    those of the program that a subclass is for.
    """

    clock: Callable[[], float]
    listener: Callable[[Step, float | None, int | None], None] = lambda *_: None
    seconds: dict[str, float] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    steps: ClassVar[tuple[Step, ...]] = ()

    @contextmanager
    def stage(self, name: str) -> Iterator[Step]:
        """Time one step; its count is what `counted` was told meanwhile."""
        step = next(step for step in self.steps if step.name == name)
        self.listener(step, None, None)
        begun, spent = self.clock(), sum(self.seconds.values())
        yield step
        elsewhere = sum(self.seconds.values()) - spent
        self.seconds[name] = self.seconds.get(name, 0.0) + self.clock() - begun - elsewhere
        self.listener(step, self.seconds[name], self.counts.get(name))

    @contextmanager
    def ahead(self, name: str) -> Iterator[None]:
        """Time work of a later step that is done while this one waits; it is counted there."""
        begun = self.clock()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + self.clock() - begun

    def counted(self, name: str, count: int) -> None:
        """Note how many things a step dealt with."""
        self.counts[name] = count
