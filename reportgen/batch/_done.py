"""What became of each comparison, of the batch so far, and of all of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from reportgen.batch._pairs import Pair
from reportgen.errors import HeldError, ReportgenError

Status = Literal["issued", "skipped", "held", "failed"]
PART = 6
"""The exit code of a batch of which a part was held or has failed."""


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one comparison.

    status: issued; skipped, as the article was there already; held by the gate; or failed. place: the article's
    folder or address. message: why it was held or failed. code: the exit code that `compare` would have had. stop:
    whether every further article would fail for the same reason. seconds: what each stage took.
    """

    pair: Pair
    status: Status
    place: str = ""
    message: str = ""
    code: int = 0
    stop: bool = False
    seconds: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a batch is. seconds: since it began; left: until it ends at this rate, None before the first article."""

    done: int
    total: int
    failed: int
    seconds: float
    left: float | None

    @property
    def rate(self) -> float:
        """Comparisons a second."""
        return self.done / self.seconds if self.seconds > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of a batch, in the order of its list. untouched: how many comparisons were not begun."""

    done: tuple[Done, ...]
    untouched: int
    seconds: float

    @property
    def counts(self) -> Mapping[str, int]:
        """How many have each status."""
        return Counter(done.status for done in self.done)

    @property
    def exit_code(self) -> int:
        """0 where every article is there; the one reason's code where none is, or the work stopped; else 6."""
        bad = [done for done in self.done if done.status in {"held", "failed"}]
        if stopped := [done.code for done in bad if done.stop]:
            return stopped[0]
        if not bad:
            return 0
        codes = {done.code for done in bad}
        return codes.pop() if len(bad) == len(self.done) and len(codes) == 1 else PART


def failure(pair: Pair, error: BaseException, *, stop: bool = False) -> Done:
    """A comparison that an error ended."""
    match error:
        case HeldError():
            return Done(pair, "held", message=str(error), code=error.exit_code)
        case ReportgenError():
            return Done(pair, "failed", message=str(error), code=error.exit_code, stop=stop)
        case MemoryError():
            what = "There was not enough memory. Run again with fewer --workers: what is done is not made again."
            return Done(pair, "failed", message=what, code=1)
        case _:
            what = f"This is a bug in reportgen: {type(error).__name__}: {error}."
            return Done(pair, "failed", message=what, code=1)
