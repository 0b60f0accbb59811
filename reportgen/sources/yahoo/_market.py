"""The seam to Yahoo: one question, one answer. Its in-memory twin answers tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, Protocol

from reportgen.errors import RateLimitedError, UnknownSymbolError, UnreachableError

TRIES = 3
Waiting = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask about one symbol: its daily prices from `start` to `end`, both included, or its fund profile."""

    symbol: str
    what: Literal["prices", "profile"]
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, as it was served.

    url: where from, without the crumb. days and columns: of prices, by Yahoo's names, None where there is no number.
    info: of a symbol, by Yahoo's keys. fund: of a profile, the second request's parts ("overview", "operations",
    "equity", "holdings", "sectors").
    """

    url: str
    days: tuple[date, ...] = ()
    columns: Mapping[str, Sequence[float | None]] = field(default_factory=dict)
    info: Mapping[str, Any] = field(default_factory=dict)
    fund: Mapping[str, Any] = field(default_factory=dict)


class Market(Protocol):
    """Where answers come from. `ask` raises a NetworkError of the class that fits."""

    def ask(self, question: Question) -> Answer: ...


@dataclass
class MemoryMarket:
    """The twin: answers by symbol and kind, or an error to raise; `asked` is the log of questions."""

    answers: Mapping[tuple[str, str], Answer | Exception]
    asked: list[Question] = field(default_factory=list)

    def ask(self, question: Question) -> Answer:
        self.asked.append(question)
        found = self.answers.get((question.symbol, question.what))
        if found is None:
            raise UnknownSymbolError(f"Yahoo Finance knows no symbol {question.symbol}.", fix="Check the ticker.")
        if isinstance(found, Exception):
            raise found
        return found


@dataclass(frozen=True)
class PatientMarket:
    """A market asked up to three times while it is rate-limited or out of reach, with a pause that doubles.

    wait: called with the seconds to wait and the reason.
    """

    market: Market
    wait: Waiting
    first_pause: float

    def ask(self, question: Question) -> Answer:
        for attempt in range(TRIES - 1):
            try:
                return self.market.ask(question)
            except (RateLimitedError, UnreachableError) as error:
                self.wait(self.first_pause * 2**attempt, error.what)
        return self.market.ask(question)
