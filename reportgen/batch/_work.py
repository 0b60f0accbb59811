"""The worker's side: makes one article after the other, with everything they share kept ready between them."""

from __future__ import annotations

import errno
import threading
from dataclasses import dataclass, field
from functools import lru_cache

from reportgen import pipeline
from reportgen.batch._destination import Destination, destination
from reportgen.batch._done import Done, failure
from reportgen.batch._order import Order
from reportgen.batch._pairs import Pair
from reportgen.batch._stock import Shelved
from reportgen.errors import ReportgenError, WriteError
from reportgen.metrics import Shelf
from reportgen.pipeline import Source, Watch

_NO_MORE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})
_ONE_AT_A_TIME = threading.Lock()
"""A cluster's worker may run several threads, and the layout's library is for one."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """What a worker keeps from one article to the next: the data, the place for the articles, what was measured."""

    order: Order
    source: Source
    place: Destination
    shelf: Shelf = field(default_factory=Shelf)


def work(order: Order, data: Shelved | Source, pair: Pair) -> Done:
    """Makes the article of one comparison, or finds that it is there already. What goes wrong is part of the answer.

    data: where the data lie, or the data themselves.
    """
    with _ONE_AT_A_TIME:
        workshop = _workshop(order.name, _Given(order, data))
        try:
            return _make(workshop, pair)
        except MemoryError as error:
            workshop.shelf.funds.clear()
            return failure(pair, error)
        except ReportgenError as error:
            return failure(pair, error, stop=_is_of_all(error))


@dataclass(frozen=True, slots=True, eq=False)
class _Given:
    """What a workshop is made from; the order's name alone tells two of them apart."""

    order: Order
    data: Shelved | Source

    def __hash__(self) -> int:
        return hash(self.order.name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Given) and other.order.name == self.order.name


@lru_cache(maxsize=1)
def _workshop(_: str, given: _Given) -> Workshop:
    source = given.data.open() if isinstance(given.data, Shelved) else given.data
    return Workshop(given.order, source, destination(given.order.address))


def _make(workshop: Workshop, pair: Pair) -> Done:
    place, watch = workshop.place, Watch(workshop.order.clock)
    with place.room() as room:
        job = workshop.order.job(pair, workshop.source, room)
        snapshot = pipeline.load(job, watch)
        name = pipeline.place(room, snapshot).relative_to(room).as_posix()
        if place.holds(name, pipeline.inputs(snapshot, job)):
            return Done(pair, "skipped", place.address(name))
        made = pipeline.make_from(snapshot, job, watch, workshop.shelf)
        outcome = pipeline.deliver(made, room, watch)
        final = place.settle(room, outcome.folder.relative_to(room).as_posix())
    findings = outcome.clearance.findings
    if not findings:
        return Done(pair, "issued", final, seconds=dict(watch.seconds))
    more = f" and {len(findings) - 1} more" if len(findings) > 1 else ""
    message = f"{findings[0].where}: {findings[0].message}{more}."
    return Done(pair, "held", final, message, code=3, seconds=dict(watch.seconds))


def _is_of_all(error: ReportgenError) -> bool:
    """Whether the disk is full or may not be written: then no other article can be written either."""
    return isinstance(error, WriteError) and isinstance(error.__cause__, OSError) and error.__cause__.errno in _NO_MORE
