"""The cover of a brief: the week in one paragraph, its tables, what changed, what to watch, what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from reportgen import compose, formatting
from reportgen.brief import changed, tables, waiting
from reportgen.brief.changes import Change
from reportgen.brief.comparisons import Held, Written
from reportgen.brief.scoring import Stated
from reportgen.compose import later, prose
from reportgen.compose.body import ranked
from reportgen.model import (
    MARKS,
    Block,
    Bullets,
    Commentary,
    Day,
    Fact,
    Measurements,
    Name,
    Paragraph,
    Rights,
    Run,
    Runs,
    Section,
    Snapshot,
    Statement,
    Tag,
    Text,
)

AHEAD = timedelta(days=14)
"""How far the calendar looks."""


@dataclass(frozen=True, slots=True)
class Cover:
    """All that the cover tells."""

    written: Sequence[Written]
    held: Sequence[Held]
    snapshot: Snapshot
    measured: Measurements
    commentary: Commentary
    watched: Sequence[tuple[Written, Statement]]
    changes: Sequence[Change]
    before: date | None
    stated: Sequence[Stated]


def sections(cover: Cover, order: Sequence[str] = ()) -> tuple[Section, ...]:
    """The cover's sections in reading order: those that `order` names first, the others after them in ours."""
    rank = ranked(order)
    return tuple(sorted(_sections(cover), key=lambda section: rank(section.id)))


def _sections(cover: Cover) -> tuple[Section, ...]:
    return (
        _section("week", "The week", *_week(cover)),
        _section("moves", "The week in figures", *tables.moves(cover.written, cover.snapshot, cover.measured)),
        _section("changed", "What changed", *changed.blocks(cover.changes, cover.before, cover.measured)),
        _section("watch", "What to watch, and when", *_watch(cover)),
        _section("scorecard", "How earlier conditions came out", *_scorecard(cover)),
    )


def _section(id_: str, heading: str, *blocks: Block) -> Section:
    return Section(id_, (Text(heading),), blocks)


def _week(cover: Cover) -> Iterator[Block]:
    spoken = cover.commentary.section("week")
    yield from prose.paragraphs(spoken[1:] or spoken, {})  # the headline is the first of them
    items = [
        (title, found)
        for title, found in (
            ("Best supported.", strongest(cover.written, "supported")),
            ("Against a common story.", strongest(cover.written, "contradicted")),
        )
        if found is not None
    ]
    if items:
        yield Bullets(tuple(((Text(title),), _told(*found)) for title, found in items))
    if told := later.sentence(cover.snapshot):
        yield Paragraph(told, "note")
    if cover.held:
        yield Paragraph(_of_held(cover.held), "warning")


def strongest(written: Sequence[Written], verdict: str) -> tuple[Written, Statement] | None:
    """The statement of that verdict whose effect is largest against its interval, of all comparisons."""
    found = [
        (one, statement)
        for one in written
        for statements in one.commentary.statements.values()
        for statement in statements
        if statement.verdict == verdict and statement.claim is not None
    ]
    return max(found, key=lambda each: _strength(each[0], each[1]), default=None)


def _strength(one: Written, statement: Statement) -> float:
    """The size of the effect in half widths of its interval."""
    assert statement.claim is not None
    fact = one.measurements.facts[statement.claim.fact]
    if fact.interval is None or fact.interval.high == fact.interval.low:
        return 0.0
    return abs(fact.number) / ((fact.interval.high - fact.interval.low) / 2)


def _told(one: Written, statement: Statement) -> Runs:
    return (*comparison(one.snapshot.tickers), Text(": "), *marked(statement))


def marked(statement: Statement) -> Runs:
    """A statement with the mark of its verdict."""
    mark: Runs = (Text(" "), Tag(statement.verdict, MARKS[statement.verdict])) if statement.verdict in MARKS else ()
    return (*statement.runs, *mark)


def comparison(tickers: Sequence[str]) -> Runs:
    """A comparison's name: "IWM or QQQ"."""
    return formatting.joined(tuple((Name(ticker),) for ticker in tickers), "or")


def _of_held(held: Sequence[Held]) -> Runs:
    """Which comparisons are not in this issue, and why."""
    runs: list[Run] = [Text("Held back from this issue: ")]
    for number, one in enumerate(held):
        if number:
            runs.append(Text("; "))
        runs += [*comparison(one.tickers), Text(" ("), Name(one.reason.rstrip(".")), Text(")")]
    return (*runs, Text("."))


def _watch(cover: Cover) -> Iterator[Block]:
    ahead = [e for e in cover.snapshot.events if cover.snapshot.as_of < e.day <= cover.snapshot.as_of + AHEAD]
    yield tables.calendar(ahead)
    if cover.watched:
        items = tuple(
            ((*comparison(one.snapshot.tickers), Text(".")), conditions(statements))
            for one, statements in _grouped(cover.watched)
        )
        yield Bullets(items)
        yield Paragraph((Text(_HOW_SCORED),), "note")


def _grouped(watched: Sequence[tuple[Written, Statement]]) -> list[tuple[Written, list[Statement]]]:
    """The conditional statements of each comparison together."""
    found: dict[str, tuple[Written, list[Statement]]] = {}
    for one, statement in watched:
        found.setdefault(one.slug, (one, []))[1].append(statement)
    return list(found.values())


def conditions(statements: Sequence[Statement]) -> Runs:
    """A comparison's conditional statements, and what it means where they speak for different funds."""
    runs: list[Run] = []
    for statement in statements:
        runs += [Text(" ")] if runs else []
        runs += marked(statement)
    sides = {(statement.favors, *sorted(statement.roles.values())) for statement in statements if statement.favors}
    pairs = {side[1:] for side in sides}
    return (*runs, Text(_OPPOSED)) if len(sides) > len(pairs) else tuple(runs)


_OPPOSED = (
    " They point to different funds. Where both occur in one week the record does not say which of them wins, and "
    "each is scored by itself."
)
_HOW_SCORED = (
    "Each of these is kept until its condition occurs, half a year at most, and then counted below as come true or "
    "not: whether the fund that is said to trail did return less over that week. They describe what has tended to "
    "happen, and recommend no trade."
)


def _scorecard(cover: Cover) -> Iterator[Block]:
    yield from _outcomes(cover)
    yield from waiting.blocks(cover.stated, {one.slug: comparison(one.snapshot.tickers) for one in cover.written})


def _outcomes(cover: Cover) -> Iterator[Block]:
    told = ("hit_rate", *(f"conditions_{name}" for name in ("held", "missed", "seen", "open", "lapsed", "weeks")))
    rate, met, missed, seen, still, lapsed, weeks = (cover.measured.facts[f"article/{metric}"] for metric in told)
    read = cover.measured.reading
    if rate.missing is not None and not seen.number and not lapsed.number:
        yield Paragraph((Text(_FIRST if cover.before is None else _NONE), *_open(still, cover.measured)))
        return
    runs: list[Run] = []
    if rate.missing is None:
        runs += [
            Text("Of the conditional statements of earlier issues whose condition occurred, "),
            formatting.count(read(met)), Text(" came true as told and "), formatting.count(read(missed)),
            Text(" did not: "), formatting.percent(read(rate), 0), Text(" ("),
            formatting.parameter(read(rate), "level"), Text(" interval: "),
            formatting.detail_percent(read(rate), "low", 0), Text(" to "),
            formatting.detail_percent(read(rate), "high", 0), Text("). "),
        ]  # fmt: skip
    if seen.number:
        runs += [*formatting.counted(read(seen), "statement", "statements")]
        runs += [Text(" of what would change a picture came to pass. ")]
    if lapsed.number:
        runs += [*formatting.counted(read(lapsed), "statement", "statements"), Text(" lapsed undecided. ")]
    runs += _open(still, cover.measured)
    yield Paragraph(tuple(runs))
    if rate.missing is None:
        few: Runs = formatting.counted(read(weeks), "week", "different weeks")
        yield Paragraph((Text(_HONEST[0]), *few, Text(_HONEST[1])), "note")


_FIRST = "This is the first issue: nothing was stated before that could have come out. "
_NONE = "No condition stated earlier has occurred yet. "
_HONEST = (
    "The interval is Wilson’s, for independent outcomes. These are not independent: they occurred in ",
    ", and the outcomes of one week hang together, so that the truth is less certain than the interval says.",
)


def _open(still: Fact, measured: Measurements) -> list[Run]:
    if not still.number:
        return []
    counted = formatting.counted(measured.reading(still), "statement is", "statements are")
    return [*counted, Text(" still open, as listed below.")]


def headline(cover: Cover) -> Runs:
    """The first sentence of the week's paragraph, which names its largest move."""
    spoken = cover.commentary.section("week")
    return spoken[0].runs if spoken else (Text("A week without figures"),)


def title(as_of: date) -> Runs:
    """The brief's title: "The week to March 27, 2026"."""
    return (Text("The week to "), Day(as_of, formatting.long_date(as_of)))


def lines(cover: Cover, issued: date, version: int, rights: Rights) -> tuple[tuple[Runs, Runs], ...]:
    """The labelled lines of the masthead."""
    each = [comparison(one.snapshot.tickers) for one in cover.written]
    return compose.brief_lines(cover.snapshot, each, issued, version, rights)


def named(one: Written) -> Runs:
    """What tells one comparison's part from another's in a heading: ": IWM or QQQ"."""
    return (Text(": "), *comparison(one.snapshot.tickers))
