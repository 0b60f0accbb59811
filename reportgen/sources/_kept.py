"""What has been read of a folder, so that a thousand requests read and parse each file once."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import TypeVar, cast

from reportgen.errors import DataError
from reportgen.sources._raw import RawFile

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Read:
    """A file that was read: its name below the folder and its hash, without its content."""

    name: str
    sha256: str

    @classmethod
    def of(cls, raw: RawFile) -> Read:
        return cls(raw.name, raw.sha256)


@dataclass(slots=True)
class Kept:
    """Answers by what was asked; a file that cannot be used is one of them, and is told again and not read again."""

    answers: dict[Hashable, object] = field(default_factory=dict)

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """The answer to a question, found at its first asking. Raises the DataError that it raised then."""
        if key not in self.answers:
            try:
                self.answers[key] = make()
            except DataError as error:
                self.answers[key] = error
        answer = self.answers[key]
        if isinstance(answer, DataError):
            raise answer.with_traceback(None)
        return cast("T", answer)
