"""What may not even be looked at: files that are no rule files, and headers that no analyst writes."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from reportgen.narrative.problems import Complaints

SIZE_LIMIT = 20_000
DEPTH = 8
_BYTES_A_CHARACTER = 4


class UnreadableError(Exception):
    """A file that cannot be a rule; the message is the reason."""


def read_source(path: Path) -> str:
    """A rule file's text with plain line ends. Raises UnreadableError before anything large is in memory."""
    try:
        if not path.is_file():
            raise UnreadableError("is not a file")
        with path.open("rb") as file:
            content = file.read(SIZE_LIMIT * _BYTES_A_CHARACTER + 1)
        source = content.decode("utf-8") if len(content) <= SIZE_LIMIT * _BYTES_A_CHARACTER else None
    except (OSError, UnicodeDecodeError) as problem:
        raise UnreadableError(f"cannot be read as UTF-8 text: {problem}") from None
    if source is None or len(source) > SIZE_LIMIT:
        raise UnreadableError(f"longer than {SIZE_LIMIT} characters")
    return source.replace("\r\n", "\n")


def is_sound(header: dict[str, Any], complaints: Complaints) -> bool:
    """Whether every number is one that can be compared, and nothing is nested deeper than facts are.

    Nothing is smaller, greater or equal to `nan`: a rule that holds one would speak or be silent by accident.
    """
    sound = True
    waiting: list[tuple[str, object, int]] = [(key, value, 1) for key, value in header.items()]
    while waiting:
        key, value, depth = waiting.pop()
        if depth > DEPTH:
            complaints.add(f"{key} is nested too deeply", complaints.find(key))
            return False
        if isinstance(value, float) and not math.isfinite(value):
            complaints.add(f"{key} cannot be {value!r}; a number is finite", complaints.find(repr(value)))
            sound = False
        inner = (
            value.items() if isinstance(value, dict) else ((key, v) for v in value) if isinstance(value, list) else ()
        )
        waiting.extend((name, one, depth + 1) for name, one in inner)
    return sound
