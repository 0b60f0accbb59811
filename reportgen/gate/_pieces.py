"""What a page must show, as one comparable text for each part: words squeezed, each run with its kind and origin."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reportgen.model import (
    MARKS,
    Article,
    Block,
    Bullets,
    Chart,
    ChartSpec,
    Day,
    Figure,
    Label,
    Name,
    Number,
    Ordinal,
    Paragraph,
    Parameter,
    Ref,
    Run,
    Runs,
    Section,
    Table,
    Tag,
    Text,
    Tick,
    plain,
)

FORMER = "@former"
"""Ends the origin of what the version that a correction replaces has printed."""
_SPACES = re.compile(r"\s+")


def squeezed(text: str) -> str:
    """A text without its spaces, which layouts change."""
    return _SPACES.sub("", text)


def alike(one: str, other: str) -> int:
    """How many characters two texts have in common from their beginnings on."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def typed(kind: str, origin: str, text: str) -> str:
    """A run with its kind and origin, in a form that no words of ours can take."""
    return f"⟦{kind}|{origin}|{squeezed(text)}⟧"


def parts(article: Article, *, drawn: bool = True, narrow: bool = False) -> Iterator[tuple[str, str]]:
    """What must be shown, by the id of each section; drawn: with what stands in its charts, and in their forms for
    phones where narrow is asked for.
    """
    for section in article.sections:
        yield section.id, "".join(_section(article, section, drawn=drawn, narrow=narrow))


def head(article: Article) -> Iterator[tuple[str, str]]:
    """What must stand above the sections, each piece with its name."""
    masthead = article.masthead
    yield "banner", runs_of(article.banner)
    yield "publication", typed("name", "", masthead.publication) if masthead.publication.strip() else ""
    yield "title", runs_of(masthead.title)
    yield "headline", runs_of(masthead.headline)
    for label, content in masthead.lines:
        yield f"line {plain(label)}", runs_of(label) + runs_of(content)


def _section(article: Article, section: Section, *, drawn: bool, narrow: bool) -> Iterator[str]:
    yield runs_of(section.heading)
    for block in section.blocks:
        yield from _block(article, block, drawn=drawn, narrow=narrow)


def _block(article: Article, block: Block, *, drawn: bool, narrow: bool) -> Iterator[str]:
    match block:
        case Paragraph(runs=runs, verdict=verdict):
            yield runs_of(runs)
            if verdict in MARKS:
                yield typed("verdict", verdict, MARKS[verdict])
        case Bullets(items=items):
            yield from (runs_of(runs) for item in items for runs in item)
        case Table(caption=caption, head=rows, body=body, note=note):
            yield runs_of(caption)
            yield from (runs_of(cell.runs) for row in (*rows, *body) for cell in row)
            yield runs_of(note)
        case Figure(chart=name, caption=caption):
            if drawn and name in article.charts:
                yield from _chart(article.charts[name])
                if narrow and (small := article.charts[name].narrow) is not None:
                    yield from _chart(small)
            yield runs_of(caption)


def _chart(chart: Chart) -> Iterator[str]:
    spec = chart.spec
    yield typed("alt", "", spec.spoken)
    for mark in spec.marks:
        if isinstance(mark, Label):
            yield "".join(_run(run, svg=True) for run in mark.runs)
        elif isinstance(mark, Tick):
            yield typed("tick", "", mark.text)


def chart_text(spec: ChartSpec) -> str:
    """All text of a painted chart, in the order of its marks."""
    words = [spec.spoken]
    words += [plain(m.runs) if isinstance(m, Label) else m.text for m in spec.marks if isinstance(m, Label | Tick)]
    return "".join(words)


def runs_of(runs: Runs) -> str:
    """A run sequence as it must stand on the page."""
    return "".join(map(_run, runs))


def _run(run: Run, *, svg: bool = False) -> str:
    match run:
        case Text(text=text):
            return squeezed(text)
        case Number(fact=fact, detail=detail, text=text, former=former):
            return typed("number", f"{fact}#{detail or ''}{FORMER if former else ''}", text)
        case Day(day=day, fact=fact, text=text, former=former):
            return typed("day", "" if svg else f"{day}#{fact or ''}{FORMER if former else ''}", text)
        case Name() | Parameter() | Ordinal():
            return typed(type(run).__name__.lower(), "", run.text)
        case Ref():
            return typed("ref", run.target, run.text)
        case Tag(verdict=verdict, text=text):
            return typed("verdict", verdict, text)
