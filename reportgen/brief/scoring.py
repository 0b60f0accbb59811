"""Conditional statements of earlier issues: kept machine-readably, and scored when their condition occurs.

A statement stays open until its condition has occurred once; while it is open, the same statement in a later issue is
no new one. A condition is looked at only in issues at least seven days after the one that stated it, so that no week
that had begun before is counted. A statement that says what to expect is then a hit or a miss; one that only names
what would change the picture has occurred. One that half a year has not decided lapses, and may be made anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal

from reportgen import narrative
from reportgen.brief.comparisons import Written
from reportgen.model import Statement, plain

SCHEMA = 1
WEEK = timedelta(days=7)
HALF_A_YEAR = timedelta(weeks=26)
Status = Literal["open", "hit", "miss", "occurred", "lapsed"]


@dataclass(frozen=True, slots=True)
class Stated:
    """One conditional statement: who said it, of whom, under which condition, and what became of it.

    decides: the condition in words. follows: what is said to come with it, in words, where something is. since: the
    as-of of the first issue that made it. scored: the as-of of the issue in which its condition occurred, or that found
    it lapsed.
    """

    comparison: str
    rule: str
    roles: Mapping[str, str]
    watch: str
    expects: str | None
    window: str | None
    text: str
    since: date
    status: Status = "open"
    scored: date | None = None
    decides: str = ""
    follows: str = ""

    @property
    def lapses(self) -> date:
        """The day from which on it is not waited for any more."""
        return self.since + HALF_A_YEAR

    @property
    def of(self) -> tuple[object, ...]:
        """What makes two statements the same one."""
        return (self.comparison, self.rule, *sorted(self.roles.items()), self.watch, self.expects)


def scored(earlier: Sequence[Stated], written: Sequence[Written], as_of: date) -> tuple[Stated, ...]:
    """The earlier statements, each open one scored by this issue's facts where its condition occurred."""
    by_slug = {each.slug: each for each in written}
    return tuple(_scored(one, by_slug.get(one.comparison), as_of) for one in earlier)


def _scored(one: Stated, now: Written | None, as_of: date) -> Stated:
    if one.status != "open" or as_of - one.since < WEEK:
        return one
    found = _decided(one, now, as_of) if now is not None else one
    return replace(one, status="lapsed", scored=as_of) if found.status == "open" and as_of >= one.lapses else found


def _decided(one: Stated, now: Written, as_of: date) -> Stated:
    """The statement with what became of it, or as it was where its condition has not occurred."""

    def holds(condition: str) -> bool | None:
        return narrative.occurs(condition, one.window, one.roles, now.measurements, now.snapshot)

    if not holds(one.watch):
        return one
    if one.expects is None:
        return replace(one, status="occurred", scored=as_of)
    outcome = holds(one.expects)
    return one if outcome is None else replace(one, status="hit" if outcome else "miss", scored=as_of)


def with_new(earlier: Sequence[Stated], made: Iterable[tuple[Written, Statement]], as_of: date) -> tuple[Stated, ...]:
    """The earlier statements and those of this issue that are not open already; `made`: with their comparisons."""
    still_open = {one.of for one in earlier if one.status == "open"}
    return (*earlier, *(one for one in _stated(made, as_of) if one.of not in still_open))


def _stated(made: Iterable[tuple[Written, Statement]], as_of: date) -> Iterator[Stated]:
    """The conditional statements; one of what would change the picture is none where that has happened already."""
    for one, statement in made:
        if statement.watch is None:
            continue
        there = narrative.occurs(statement.watch, statement.window, statement.roles, one.measurements, one.snapshot)
        if statement.expects is not None or there is False:
            yield Stated(
                one.slug, statement.rule, dict(statement.roles), statement.watch, statement.expects,
                statement.window, plain(statement.runs), as_of,
                decides=plain(statement.decides), follows=_follows(statement),
            )  # fmt: skip


def _follows(statement: Statement) -> str:
    """What a statement expects, in words: "IWM trails QQQ"; nothing where it only names what would change."""
    others = [ticker for ticker in statement.roles.values() if ticker != statement.favors]
    return f"{others[0]} trails {statement.favors}" if statement.expects and statement.favors and others else ""


def to_json(stated: Sequence[Stated], as_of: date) -> dict[str, Any]:
    """The content of watch.json."""
    rows = [
        {**asdict(one), "since": one.since.isoformat(), "scored": one.scored and one.scored.isoformat()}
        for one in stated
    ]
    return {"schema": SCHEMA, "as_of": as_of.isoformat(), "statements": rows}


def from_json(document: Mapping[str, Any]) -> tuple[Stated, ...]:
    """The statements of a watch.json. Raises ValueError for another schema, KeyError or TypeError for a broken file."""
    if document["schema"] != SCHEMA:
        raise ValueError(f"conditions of schema {document['schema']!r}; this version reads schema {SCHEMA}")
    return tuple(
        Stated(**{**row, "since": date.fromisoformat(row["since"]), "scored": _day(row["scored"])})
        for row in document["statements"]
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
