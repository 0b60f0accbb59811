"""Drives a batch: keeps every worker busy, counts, and sees to it that a lost worker costs only what it was making."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from dataclasses import dataclass, field

from reportgen.batch._crew import Crew
from reportgen.batch._done import Done, Progress, Summary, failure
from reportgen.batch._order import Order
from reportgen.batch._pairs import Pair
from reportgen.batch._work import work
from reportgen.errors import ReportgenError

_MOST_LOST = 3
"""Comparisons in a row that end their worker, each alone: then it is not the comparisons, and the batch stops."""
_AHEAD = 2
"""Comparisons waiting at each worker: enough that none is ever idle, few enough that memory stays bounded."""
Tell = Callable[[Done, Progress], None]


class LostError(ReportgenError):
    """A worker ended while it made an article."""


@dataclass(slots=True)
class _Batch:
    """One batch on its way. suspects: what was being made when a worker ended; each is tried again alone."""

    crew: Crew
    order: Order
    pairs: Sequence[Pair]
    tell: Tell
    waiting: deque[Pair] = field(init=False)
    suspects: deque[Pair] = field(default_factory=deque)
    running: dict[Future[Done], Pair] = field(default_factory=dict)
    done: dict[int, Done] = field(default_factory=dict)
    lost_in_a_row: int = 0
    begun: float = field(init=False)

    def __post_init__(self) -> None:
        self.waiting = deque(self.pairs)
        self.begun = self.order.clock()

    def run(self) -> Summary:
        while self.waiting or self.suspects or self.running:
            self._submit()
            finished, _ = wait(self.running, return_when=FIRST_COMPLETED)
            for future in finished:
                self._take(future)
        told = tuple(self.done[pair.line] for pair in self.pairs if pair.line in self.done)
        return Summary(told, len(self.pairs) - len(told), self.order.clock() - self.begun)

    def _submit(self) -> None:
        """Suspects one at a time, so that the next worker that ends names the guilty; else as many as fit."""
        if self.suspects and not self.running:
            self._begin(self.suspects.popleft())
        while not self.suspects and self.waiting and len(self.running) < _AHEAD * self.crew.size:
            self._begin(self.waiting.popleft())

    def _begin(self, pair: Pair) -> None:
        try:
            future = self.crew.executor.submit(work, self.order, self.crew.data, pair)  # type: ignore[arg-type]
        except BrokenExecutor:  # noticed before those that are running were told of it
            self.suspects.append(pair)
            self._lost()
        else:
            self.running[future] = pair

    def _take(self, future: Future[Done]) -> None:
        if future not in self.running:  # lost with a worker, and taken up again
            return
        if future.cancelled() or isinstance(future.exception(), BrokenExecutor):
            self._lost()
            return
        error, pair = future.exception(), self.running.pop(future)
        if isinstance(error, self.crew.fatal):
            error = _ended()
        self.lost_in_a_row = 0
        self._settle(failure(pair, error) if error is not None else future.result())

    def _settle(self, done: Done) -> None:
        self.done[done.pair.line] = done
        if done.stop:
            self.waiting.clear()
            self.suspects.clear()
        self.tell(done, self._progress())

    def _lost(self) -> None:
        """A worker has ended, and with it the pool: every comparison that was on its way is tried again alone."""
        lost = list(self.running.values())
        self.running.clear()
        self.crew.renew()
        if len(lost) != 1:
            self.suspects.extendleft(reversed(lost))
            return
        self.lost_in_a_row += 1
        self._settle(failure(lost[0], _ended(), stop=self.lost_in_a_row == _MOST_LOST))

    def _progress(self) -> Progress:
        seconds = self.order.clock() - self.begun
        bad = sum(done.status in {"held", "failed"} for done in self.done.values())
        left = seconds / len(self.done) * (len(self.pairs) - len(self.done)) if self.done else None
        return Progress(len(self.done), len(self.pairs), bad, seconds, left)


def _ended() -> LostError:
    what = "A worker ended while it made this article: it was killed, or there was not enough memory."
    return LostError(what, fix="Run again, with fewer --workers: what is done is not made again.")


def drive(crew: Crew, order: Order, pairs: Sequence[Pair], tell: Tell) -> Summary:
    """Makes every article of the list that is not there yet, and tells of each as it is done.

    What goes wrong with one comparison is its own result. Only a place that cannot be written to at all ends the
    batch early. Raises nothing of its own; an interruption at the keyboard leaves what is finished in its place.
    """
    return _Batch(crew, order, pairs, tell).run()
