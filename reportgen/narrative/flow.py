"""Puts neighboring statements of a section into paragraphs, and joins those that agree or differ by a word.

Explicit and deterministic: a rule's header says whom its sentence favors (`favors`), and words.toml's [joining] holds
the words. Two neighbors about the same funds that favor the same one agree; that favor different ones, they contrast;
a neighbor that favors nobody is not joined by a word. A paragraph has at most five sentences and one joining word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from reportgen.model import Runs, Statement, Text, plain
from reportgen.narrative.select import Candidate
from reportgen.narrative.words import Joining

LONGEST = 5
_APART = frozenset({"headline", "answer"})
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)")
_OPENERS = frozenset(
    {"the", "on", "in", "over", "at", "per", "to", "by", "with", "between", "one", "its", "under", "if"}
)
"""Words that may follow a joining word in lower case; before any other opening no word is put."""


def flowing(sections: Mapping[str, Sequence[Candidate]], joining: Joining) -> Mapping[str, tuple[Statement, ...]]:
    """Each section's statements in printing order, marked where they continue a paragraph."""
    return {name: tuple(_section(name, candidates, joining)) for name, candidates in sections.items()}


def _section(name: str, candidates: Sequence[Candidate], joining: Joining) -> list[Statement]:
    if name in _APART:
        return [c.statement for c in candidates]
    done: list[Statement] = []
    for paragraph in _paragraphs(candidates):
        before: Candidate | None = None
        worded = False
        for candidate in paragraph:
            word = "" if before is None or worded else _word(before, candidate, joining)
            runs = _opened(word, candidate.statement.runs) if word else None
            worded = worded or runs is not None
            done.append(replace(candidate.statement, runs=runs or candidate.statement.runs, joins=before is not None))
            before = candidate
    return done


def _paragraphs(candidates: Sequence[Candidate]) -> list[list[Candidate]]:
    """Runs of neighbors of at most five sentences in all, warnings alone, none much longer than the next."""
    groups: list[list[Candidate]] = [[]]
    for candidate in candidates:
        warns = candidate.statement.topic.startswith("warning")
        if groups[-1] and (warns or groups[-1][-1].statement.topic.startswith("warning")):
            groups.append([])
        groups[-1].append(candidate)
    return [part for group in groups for part in _evenly(group)]


def _evenly(group: Sequence[Candidate]) -> list[list[Candidate]]:
    total = sum(map(_sentences, group))
    parts = -(-total // LONGEST)
    target = total / parts if parts else 0
    found: list[list[Candidate]] = []
    held = 0
    for candidate in group:
        size = _sentences(candidate)
        if not found or held + size > LONGEST or (held >= target and len(found) < parts):
            found.append([])
            held = 0
        found[-1].append(candidate)
        held += size
    return found


def _sentences(candidate: Candidate) -> int:
    return max(1, len(_SENTENCE_END.findall(plain(candidate.statement.runs))))


def _word(before: Candidate, after: Candidate, joining: Joining) -> str:
    one, other = before.favored, after.favored
    if one is None or other is None:
        return ""
    if set(before.statement.roles.values()) != set(after.statement.roles.values()):
        return ""
    return joining.agree if one == other else joining.differ


def _opened(word: str, runs: Runs) -> Runs | None:
    """The runs with a joining word before them; None where the opening cannot follow one."""
    first = runs[0]
    if not isinstance(first, Text):
        return (Text(f"{word} "), *runs)
    opening = first.text.split(" ", 1)[0].lower()
    if opening not in _OPENERS:
        return None
    return (Text(f"{word} {first.text[:1].lower()}{first.text[1:]}"), *runs[1:])
