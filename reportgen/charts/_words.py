"""Phrases of alternative texts, as typed runs."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen import formatting
from reportgen.model import Reading, Runs, Text


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
