"""Seeded corruptions of a finished article: in its text before it is set, in its page, in its PDF."""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from reportgen.model import (
    Article,
    Block,
    Bullets,
    Cell,
    Day,
    Fact,
    Name,
    Number,
    Paragraph,
    Parameter,
    Run,
    Runs,
    Table,
    Tag,
    Text,
)

Corrupt = Callable[[random.Random, Article], Article | None]
Edit = Callable[[random.Random, str], str | None]

WINDOWS = ("one year", "three years", "five years", "ten years")
PROMISES = (" It will outperform.", " Buy it now.", " A guaranteed gain.", " The price target stands.")
STRANGE = (" It gained 900% more.", " It gained ninety percent.", " The value is nan.", " It rose by ½.", " the the")


def every(article: Article, change: Callable[[Runs], Runs]) -> Article:
    """The article with a change made to each run sequence of its sections."""

    def cell(one: Cell) -> Cell:
        return replace(one, runs=change(one.runs))

    def block(one: Block) -> Block:
        if isinstance(one, Paragraph):
            return replace(one, runs=change(one.runs))
        if isinstance(one, Bullets):
            return replace(one, items=tuple((title, change(runs)) for title, runs in one.items))
        if isinstance(one, Table):
            return replace(one, caption=change(one.caption), body=tuple(tuple(map(cell, row)) for row in one.body))
        return one

    sections = tuple(replace(s, blocks=tuple(map(block, s.blocks))) for s in article.sections)
    return replace(article, sections=sections)


def at_one(
    chance: random.Random, article: Article, wanted: Callable[[Runs, int], bool], change: Callable[[Runs, int], Runs]
) -> Article | None:
    """The article with one run changed, chosen among those wanted."""
    places: list[int] = []
    seen = 0

    def look(runs: Runs) -> Runs:
        nonlocal seen
        places.extend(seen + at for at in range(len(runs)) if wanted(runs, at))
        seen += len(runs)
        return runs

    every(article, look)
    if not places:
        return None
    chosen = chance.choice(places)
    seen = 0

    def act(runs: Runs) -> Runs:
        nonlocal seen
        begin, seen = seen, seen + len(runs)
        return change(runs, chosen - begin) if begin <= chosen < seen else runs

    return every(article, act)


def put(runs: Runs, at: int, *new: Run) -> Runs:
    return (*runs[:at], *new, *runs[at + 1 :])


def is_number(runs: Runs, at: int) -> bool:
    run = runs[at]
    return isinstance(run, Number) and any(map(str.isdigit, run.text))


def digit(chance: random.Random, article: Article) -> Article | None:
    """One digit of a printed number changed."""

    def change(runs: Runs, at: int) -> Runs:
        run = runs[at]
        assert isinstance(run, Number)
        spots = [i for i, c in enumerate(run.text) if c.isdigit()]
        spot = chance.choice(spots)
        new = chance.choice([d for d in "123456789" if d != run.text[spot]])
        return put(runs, at, replace(run, text=run.text[:spot] + new + run.text[spot + 1 :]))

    return at_one(chance, article, is_number, change)


def sign(chance: random.Random, article: Article) -> Article | None:
    """A rise printed as a fall, or a fall as a rise."""

    def change(runs: Runs, at: int) -> Runs:
        run = runs[at]
        assert isinstance(run, Number)
        turned = run.text.replace("-", "+", 1) if run.text.startswith("-") else f"-{run.text.lstrip('+')}"
        return put(runs, at, replace(run, text=turned))

    def wanted(runs: Runs, at: int) -> bool:
        run = runs[at]
        # The size of a fall may carry its sign: printing it is no corruption.
        fact = article.measurements.facts.get(run.fact) if isinstance(run, Number) else None
        falls = fact is not None and isinstance(fact.value, float) and fact.value < 0
        return (
            is_number(runs, at)
            and isinstance(run, Number)
            and run.detail is None
            and (not falls or run.text.startswith("-"))
        )

    return at_one(chance, article, wanted, change)


def unit(chance: random.Random, article: Article) -> Article | None:
    """A percentage without its sign, dollars as a percentage, a count in dollars."""

    def change(runs: Runs, at: int) -> Runs:
        run = runs[at]
        assert isinstance(run, Number)
        text = run.text
        turned = text.replace("%", "") if "%" in text else text.replace("$", "") + "%"
        return put(runs, at, replace(run, text=turned))

    return at_one(chance, article, is_number, change)


def funds(chance: random.Random, article: Article) -> Article | None:
    """Two funds swapped next to a number of one of them."""
    first, second = article.tickers

    def wanted(runs: Runs, at: int) -> bool:
        before, link = (runs[at - 2], runs[at - 1]) if at > 1 else (None, None)
        run = runs[at]
        fact = article.measurements.facts.get(run.fact) if isinstance(run, Number) else None
        after = runs[at + 1 : at + 3]
        is_told = len(after) == 2 and isinstance(after[0], Text) and after[0].text in (" for ", " in ", " (")
        opens = at == 2 and isinstance(before, Name) and isinstance(link, Text) and link.text == " returned "
        named = (after[1] if is_told else before) if (is_told or opens) else None
        return fact is not None and fact.second is None and fact.key is None and named in (Name(first), Name(second))

    def change(runs: Runs, at: int) -> Runs:
        swap = {Name(first): Name(second), Name(second): Name(first)}
        return tuple(swap.get(run, run) if isinstance(run, Name) else run for run in runs)

    return at_one(chance, article, wanted, change)


def columns(chance: random.Random, article: Article) -> Article | None:
    """Two funds' cells swapped in one row of a table."""
    tables = [(s, b) for s in article.sections for b in s.blocks if isinstance(b, Table)]
    rows = [
        (section, table, at)
        for section, table in tables
        if table.id in ("profile", "returns", "risk", "calendar-years")
        for at, row in enumerate(table.body)
        if len(row) > 2 and all(len(c.runs) == 1 and isinstance(c.runs[0], Number) for c in row[1:3])
    ]
    section, table, at = chance.choice(rows)
    row = table.body[at]
    turned = replace(table, body=(*table.body[:at], (row[0], row[2], row[1], *row[3:]), *table.body[at + 1 :]))
    return with_block(article, section.id, table, turned)


def with_block(article: Article, section: str, old: Block, *new: Block) -> Article:
    def blocks(one: tuple[Block, ...]) -> tuple[Block, ...]:
        return tuple(each for block in one for each in (new if block is old else (block,)))

    return replace(
        article,
        sections=tuple(replace(s, blocks=blocks(s.blocks)) if s.id == section else s for s in article.sections),
    )


def window(chance: random.Random, article: Article) -> Article | None:
    """A window's word replaced, after a number or at the head of a table's row."""

    def wanted(runs: Runs, at: int) -> bool:
        run = runs[at]
        if isinstance(run, Parameter):
            return run.metric == "window" and not run.name.startswith("CY")
        before = runs[at - 1] if at else None
        fact = article.measurements.facts.get(before.fact) if isinstance(before, Number) else None
        said = isinstance(run, Text) and re.match(r"[^.;]*\bover (?:one|three|five|ten) years?\b", run.text)
        return bool(said) and fact is not None and fact.code is not None

    def change(runs: Runs, at: int) -> Runs:
        run = runs[at]
        if isinstance(run, Parameter):
            name = chance.choice([n for n in ("1Y", "3Y", "10Y") if n != run.name])
            return put(runs, at, replace(run, text={"1Y": "1 year", "3Y": "3 years", "10Y": "10 years"}[name]))
        found = re.search(r"\bover (one year|three years|five years|ten years)\b", run.text)
        assert found is not None
        codes = {"1W": "", "1Y": "one year", "3Y": "three years", "5Y": "five years", "10Y": "ten years"}
        cited = {codes.get(f.code or "") for f in cited_by(article, runs)}
        other = chance.choice([w for w in WINDOWS if w != found[1] and w not in cited])
        return put(runs, at, Text(run.text.replace(found[1], other, 1)))

    return at_one(chance, article, wanted, change)


def cited_by(article: Article, runs: Runs) -> list[Fact]:
    """The facts that the paragraph of the runs rests on."""
    ids = [run.fact for run in runs if isinstance(run, Number)]
    for section in article.sections:
        for block in section.blocks:
            if isinstance(block, Paragraph) and block.runs == runs:
                ids.extend(block.facts)
    return [article.measurements.facts[each] for each in ids if each in article.measurements.facts]


def date_of(chance: random.Random, article: Article) -> Article | None:
    """A date moved by a few days, in words and in its record alike."""

    def change(runs: Runs, at: int) -> Runs:
        run = runs[at]
        assert isinstance(run, Day)
        day = run.day - timedelta(days=chance.randint(2, 9))
        months = "January February March April May June July August September October November December".split()
        text = day.isoformat() if run.text[0].isdigit() else f"{months[day.month - 1]} {day.day}, {day.year}"
        return put(runs, at, replace(run, day=day, text=text))

    return at_one(chance, article, lambda runs, at: isinstance(runs[at], Day), change)


def stale(chance: random.Random, article: Article) -> Article | None:
    """The masthead's as-of or issue date is another one that the article knows."""
    other = chance.choice(sorted(article.days - {article.as_of, article.issue_date}))
    label = chance.choice(["Data as of", "Issued"])
    lines = tuple(
        (
            title,
            tuple(replace(r, day=other) if isinstance(r, Day) else r for r in runs)
            if title == (Text(label),)
            else runs,
        )
        for title, runs in article.masthead.lines
    )
    return replace(article, masthead=replace(article.masthead, lines=lines))


def _added(words: tuple[str, ...]) -> Corrupt:
    def corrupt(chance: random.Random, article: Article) -> Article | None:
        new = Text(chance.choice(words))
        return at_one(
            chance,
            article,
            lambda runs, at: at == len(runs) - 1 and isinstance(runs[at], Text),
            lambda runs, at: put(runs, at, runs[at], new),
        )

    return corrupt


def duty(chance: random.Random, article: Article) -> Article | None:
    """A disclosure, the legend, the sources or the banner removed."""
    what = chance.choice(["automated", "investment advice", "Conflict of interest", "legend", "sources", "banner"])
    if what == "banner":
        return replace(article, banner=())
    if what == "sources":
        return replace(article, sections=tuple(s for s in article.sections if s.id != "sources"))
    words = {"automated": "written by rules", "legend": "Past performance"}.get(what, what)
    for section in article.sections:
        for block in section.blocks:
            if isinstance(block, Paragraph) and words in "".join(run.text for run in block.runs):
                return with_block(article, section.id, block)
    return None


def verdict(chance: random.Random, article: Article) -> Article | None:
    """A mark, or a verdict in the table of claims, turned into another."""
    words = {"supported": "supported by the data", "contradicted": "contradicted by the data"}

    def wanted(runs: Runs, at: int) -> bool:
        return isinstance(runs[at], Tag)

    def change(runs: Runs, at: int) -> Runs:
        run = runs[at]
        assert isinstance(run, Tag)
        other = chance.choice([each for each in words if each != run.verdict])
        return put(runs, at, Tag(other, words[other]))  # type: ignore[arg-type]

    return at_one(chance, article, wanted, change)


def name(chance: random.Random, article: Article) -> Article | None:
    """A name that no source knows."""
    new = Name(chance.choice(["ABC Fund", "QQQ up 500%", "XYZ", "Russell 9000"]))
    return at_one(chance, article, lambda runs, at: isinstance(runs[at], Name), lambda runs, at: put(runs, at, new))


ARTICLE: dict[str, Corrupt] = {
    "a digit changed": digit,
    "a sign turned": sign,
    "a unit changed": unit,
    "two funds swapped": funds,
    "two columns swapped": columns,
    "a window's word replaced": window,
    "a date moved": date_of,
    "a stale date": stale,
    "a promise inserted": _added(PROMISES),
    "a stray number or slip": _added(STRANGE),
    "a disclosure removed": duty,
    "a verdict turned": verdict,
    "a name made up": name,
}


def _one(chance: random.Random, html: str, pattern: str, new: str | Callable[[re.Match[str]], str]) -> str | None:
    body = html.index("<body")
    found = [each for each in re.finditer(pattern, html, re.DOTALL) if each.start() > body]
    if not found:
        return None
    one = chance.choice(found)
    text = new(one) if callable(new) else one.expand(new)
    return html[: one.start()] + text + html[one.end() :]


def _other_digit(found: re.Match[str]) -> str:
    return found[1] + str((int(found[2]) + 3) % 10) + found[3]


CELL = r"<td[^>]*>(?:(?!</?td).)*</td>"
PAGE: dict[str, Edit] = {
    "page: a digit changed": lambda c, h: _one(c, h, r"(<data [^>]*>[^<]*?)(\d)([^<]*</data>)", _other_digit),
    "page: a paragraph lost": lambda c, h: _one(c, h, r"<p[ >](?:(?!</?p[ >]).)*</p>", ""),
    "page: a row lost": lambda c, h: _one(c, h, r"<tr>(?:(?!</?tr>).)*</tr>", ""),
    "page: a word changed": lambda c, h: _one(c, h, r"(?<=[a-z] )(and|the|of|a|for) (?=[a-z])", "not "),
    "page: a number added": lambda c, h: _one(c, h, r"</p>", r" up 900%</p>"),
    "page: two cells swapped": lambda c, h: _one(c, h, rf"({CELL})\s*({CELL})", r"\2\1"),
}


def paper(chance: random.Random, pdf: bytes, kind: str) -> bytes:
    """The PDF with one line of text lost, doubled, or one of its letters changed, on some page."""
    streams = list(re.finditer(rb"/Length (\d+)>>\nstream\n(.*?)\nendstream", pdf, re.DOTALL))
    pages = [(m, zlib.decompress(m[2])) for m in streams if m[2][:1] == b"x"]
    pages = [(m, code) for m, code in pages if b"BDC" in code and b"TJ" in code and b"/MCID" in code]
    found, code = chance.choice(pages)
    shown = [
        m for m in re.finditer(rb"\[(<[^\]]*)\] TJ", code) if b"/MCID" in code[max(0, m.start() - 260) : m.start()]
    ]
    one = chance.choice(shown)
    new = {"lost": b"", "doubled": one[0] + b"\n" + one[0], "changed": one[0].replace(b"<", b"<0000", 1)}[kind]
    packed = zlib.compress(code[: one.start()] + new + code[one.end() :])
    stream = b"/Length %d>>\nstream\n%s\nendstream" % (len(packed), packed)
    return pdf[: found.start()] + stream + pdf[found.end() :]
