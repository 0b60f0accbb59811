"""Phrases of alternative texts and lines of notes, as typed runs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reportgen import formatting
from reportgen.charts._place import text_width
from reportgen.model import Reading, Run, Runs, Text


def listed(parts: Sequence[Runs]) -> Runs:
    """Phrases as a list: "a", "a and b", "a, b and c"."""
    return formatting.joined(tuple(parts))


def period(readings: Sequence[Reading]) -> Runs:
    """The span, as ", from March 26, 2021, to March 27, 2026", where all the facts share one window; else nothing."""
    windows = {(r.fact.window.start, r.fact.window.end) if r.fact.window else None for r in readings}
    if len(windows) != 1 or None in windows:
        return ()
    start, end = formatting.window_start(readings[0]), formatting.window_end(readings[0])
    return (Text(", from "), start, Text(", to "), end)


def sentences_joined(sentences: Sequence[Runs]) -> Runs:
    """Sentences as one text, a space between them."""
    return tuple(run for i, sentence in enumerate(sentences) for run in ((Text(" "), *sentence) if i else sentence))


def lines(runs: Runs, size: float, room: float) -> tuple[Runs, ...]:
    """The runs on as many lines as they need, broken at spaces; a run that is no text stays whole."""
    pieces: list[Run] = []
    for run in runs:
        if isinstance(run, Text):
            pieces += [Text(word) for word in re.findall(r"\S+ *| +", run.text)]
        else:
            pieces.append(run)
    found: list[list[Run]] = [[]]
    for piece in pieces:
        together = "".join(each.text for each in (*found[-1], piece)).rstrip()
        if found[-1] and found[-1][-1].text.endswith(" ") and text_width(together, size) > room:
            found.append([])
        found[-1].append(piece)
    return tuple(_joined(line) for line in found if line)


def _joined(line: list[Run]) -> Runs:
    """Words that follow each other as one text again, without the space at the line's end."""
    runs: list[Run] = []
    for run in line:
        if isinstance(run, Text) and runs and isinstance(runs[-1], Text):
            runs[-1] = Text(runs[-1].text + run.text)
        else:
            runs.append(run)
    if isinstance(runs[-1], Text):
        runs[-1] = Text(runs[-1].text.rstrip())
    return tuple(runs)
