"""Problems found in rules: all of them, each with its file, line and column."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in a rule file. A warning does not keep the rule from being used."""

    file: str
    line: int
    column: int
    message: str
    severity: Literal["error", "warning"] = "error"

    @property
    def where(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    def __str__(self) -> str:
        note = "warning: " if self.severity == "warning" else ""
        return f"{self.where}: {note}{self.message}"


class Complaints:
    """Collects the problems of one file; `find` turns a piece of its text into a line and a column."""

    def __init__(self, file: str, source: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self._lines = source.split("\n")

    def add(self, message: str, at: tuple[int, int], severity: Literal["error", "warning"] = "error") -> None:
        self.problems.append(Problem(self.file, *at, message, severity))

    def find(self, needle: str, start: int = 1) -> tuple[int, int]:
        """Line and column (both from 1) of the first occurrence at or after line `start`; `start` itself if none."""
        word = re.compile(rf"(?<![\w.]){re.escape(needle)}(?![\w])") if needle else re.compile(r"\S")
        for number in range(max(start, 1), len(self._lines) + 1):
            if match := word.search(self._lines[number - 1]):
                return number, match.start() + 1
        return max(start, 1), 1


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint with the nearest known name, or an empty string."""
    close = get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    return f"; did you mean {close[0]!r}?" if close else ""
