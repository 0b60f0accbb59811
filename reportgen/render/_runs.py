"""Typed runs as HTML: every number keeps its fact, so that a reader, the gate and `trace` can ask where it is from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from markupsafe import Markup, escape

from reportgen.errors import ReportgenError
from reportgen.model import (
    DIFFERENCE,
    Article,
    Day,
    Fact,
    Measurements,
    Name,
    Number,
    Ordinal,
    Parameter,
    Ref,
    Run,
    Runs,
    Scalar,
    Tag,
    Text,
)

_LONGEST_UNBROKEN = 24
_LONG = ' class="long"'
_MISSING = "n/a"
"""How a missing number begins; on paper, where no table can scroll, its reason may be broken."""


def _is_short(run: Number | Day) -> bool:
    """Whether a number or date is to stay on one line; a fact may also be a word, such as a sector's name."""
    return len(run.text) <= _LONGEST_UNBROKEN and any(map(str.isdigit, run.text))


Labels = Literal["plain", "linked", "named"]
"""What becomes of a metric's label: nothing, a link to the metric's card, or the card's own name, to be linked to."""


@dataclass(frozen=True, slots=True)
class _Bound:
    """A sentence's last word with the link or the mark behind it, which no line may part."""

    runs: Runs


def _bound(runs: Runs) -> Sequence[Run | _Bound]:
    """The runs, with each link to a note and each mark of a verdict bound to the word before it."""
    done: list[Run | _Bound] = []
    for run in runs:
        before = done[-1] if done else None
        if isinstance(run, Ref) and isinstance(before, Text):
            done.pop()
            word = before.text.rfind(" ") + 1
            done += [Text(before.text[:word]), _Bound((Text(before.text[word:]), run))]
        elif isinstance(run, Tag):
            done.append(_Bound((*_last_word(done), run)))
        else:
            done.append(run)
    return done


def _last_word(done: list[Run | _Bound]) -> Runs:
    """Takes the last word off the runs that are done, with the space behind it: all back to the space before it.

    A line may part where the bound runs begin, and nowhere else; so they must not begin within a word.
    """
    found: list[Run] = []
    if done and isinstance(last := done[-1], Text) and last.text.endswith(" "):
        done[-1] = Text(last.text[:-1])
        found.append(Text(" "))
    while done:
        last = done.pop()
        if isinstance(last, _Bound):
            found[:0] = last.runs
        elif " " not in last.text:
            found.insert(0, last)
        else:
            word = last.text.rfind(" ") + 1 if isinstance(last, Text) else len(last.text)
            done.append(Text(last.text[:word]) if isinstance(last, Text) else last)
            found[:0] = (Text(last.text[word:]),) if word < len(last.text) else ()
            break
    return tuple(found)


def _written(runs: Runs, write: Callable[[Run], Markup], wrap: Callable[[Run, Markup], Markup]) -> Markup:
    """All runs as written and wrapped, those that are bound together in a span that no line parts."""

    def one(run: Run | _Bound) -> Markup:
        if isinstance(run, _Bound):
            return Markup('<span class="bound">{}</span>').format(Markup("").join(map(one, run.runs)))
        return wrap(run, write(run))

    return _html("".join(map(one, _bound(runs))))


class _Cards:
    """The metrics that have a card in the article, to which labels can lead."""

    def __init__(self, cards: frozenset[str]) -> None:
        self._cards = cards

    def wrapped(self, run: Run, written: Markup, labels: Labels) -> Markup:
        """A run as written, with the link or the name that a metric's label gets."""
        if labels == "plain" or not isinstance(run, Parameter) or run.name != "label":
            return written
        card = run.metric.removeprefix(DIFFERENCE)
        if card not in self._cards:
            return written
        if labels == "named":
            return Markup('<span id="method-{}">{}</span>').format(card, written)
        return Markup('<a class="card" href="#method-{}">{}</a>').format(card, written)


class PageRuns(_Cards):
    """Writes runs for the page: numbers as <data>, dates as <time>, the rest marked by its kind."""

    def __init__(self, article: Article, cards: frozenset[str] = frozenset()) -> None:
        super().__init__(cards)
        self._article = article
        self._measurements = article.measurements
        self._hovers: dict[tuple[str, bool], Markup] = {}

    def __call__(self, runs: Runs, labels: Labels = "plain") -> Markup:
        return _written(runs, self._run, lambda run, written: self.wrapped(run, written, labels))

    def _run(self, run: Run) -> Markup:
        match run:
            case Text():
                return escape(run.text)
            case Number():
                return self._number(run)
            case Day():
                fact = f' data-fact="{escape(run.fact)}"' if run.fact else ""
                day = f'<time datetime="{run.day.isoformat()}"{fact}{_former(run)}>{escape(run.text)}</time>'
                return _html(day)
            case Name() | Parameter() | Ordinal():
                return _html(f'<span data-run="{type(run).__name__.lower()}">{escape(run.text)}</span>')
            case Ref():
                return self._link(run)
            case Tag():
                return tag(run)

    @staticmethod
    def _link(run: Ref) -> Markup:
        link = Markup('<a class="ref" data-run="ref" id="{}" href="#{}">{}</a>')
        return link.format(run.anchor, run.target, run.text)

    def _number(self, run: Number) -> Markup:
        fact = self._article.facts_of(former=run.former).get(run.fact)
        if fact is None:
            raise ReportgenError(f"the article prints {run.text!r} as {run.fact}, which was not measured.")
        value, id_, hovering = escape(raw_value(fact, run.detail)), escape(fact.id), self._hover(fact, run)
        detail = f' data-detail="{escape(run.detail)}"' if run.detail else ""
        marks = f"{detail}{_former(run)}{'' if _is_short(run) else _LONG}"
        return _html(f'<data value="{value}" data-fact="{id_}"{marks} title="{hovering}">{escape(run.text)}</data>')

    def _hover(self, fact: Fact, run: Number) -> Markup:
        key = (fact.id, run.former)
        if key not in self._hovers:
            self._hovers[key] = escape(hover(fact, self._measurements))
        return self._hovers[key]


def _former(run: Number | Day) -> str:
    """The mark of what the version that a correction replaces has printed."""
    return " data-former" if run.former else ""


def _html(written: str) -> Markup:
    """HTML put together from our own tags and escaped texts: some ten thousand pieces a page, so without `format`."""
    return Markup(written)  # noqa: S704 - every text in it was escaped


class PrintRuns(_Cards):
    """Writes runs for paper, where marks would only be weight: plain text whose short numbers stay on one line.

    Links lead from a sentence to its note and from a label to its metric's card, not back.
    """

    def __init__(self, cards: frozenset[str] = frozenset()) -> None:
        super().__init__(cards)

    def __call__(self, runs: Runs, labels: Labels = "plain") -> Markup:
        return _written(runs, self._run, lambda run, written: self.wrapped(run, written, labels))

    @staticmethod
    def _run(run: Run) -> Markup:
        if isinstance(run, Ref):
            if run.back:
                return Markup('<span id="{}">{}</span>').format(run.anchor, run.text)
            return Markup('<a class="ref" href="#{}">{}</a>').format(run.target, run.text)
        if isinstance(run, Tag):
            return tag(run)
        if isinstance(run, Number | Day) and _is_short(run) and not run.text.startswith(_MISSING):
            return escape(run.text.replace(" ", "\N{NO-BREAK SPACE}"))
        return escape(run.text)


def tag(run: Tag) -> Markup:
    """The mark of a verdict, in words as well as in color."""
    return Markup('<span class="verdict {}">{}</span>').format(run.verdict, run.text)


def raw_value(fact: Fact, detail: str | None = None) -> str:
    """The value behind a printed number: 12 significant digits, ISO dates; empty where the fact is missing.

    Raises ReportgenError when the fact has no such detail.
    """
    try:
        return _raw(fact.part(detail))
    except (KeyError, AttributeError):
        raise ReportgenError(
            f"the article prints the detail {detail!r} of {fact.id}, which has none of that name."
        ) from None


def _raw(value: Scalar) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.12g}"
    return str(value)


def hover(fact: Fact, measurements: Measurements) -> str:
    """What is shown over a number: whose it is, which metric, window, basis, as-of, observations and sources."""
    parts = [f"{_who(fact)}{_label(fact, measurements)}"]
    if fact.window is not None:
        parts.append(f"{fact.window.code}, {fact.window.start} to {fact.window.end}")
    parts.append(fact.basis)
    if fact.as_of is not None and (fact.window is None or fact.as_of != fact.window.end):
        parts.append(f"as of {fact.as_of}")
    if fact.n:
        parts.append(f"{fact.n:,} observations")
    if fact.sources:
        parts.append(f"source: {', '.join(fact.sources)}")
    return "; ".join(parts)


def _who(fact: Fact) -> str:
    if fact.second is None:
        return "" if fact.subject == "article" else f"{fact.subject}, "
    return f"{fact.subject} {'less' if fact.metric.startswith(DIFFERENCE) else 'and'} {fact.second}, "


def _label(fact: Fact, measurements: Measurements) -> str:
    base = fact.metric.removeprefix(DIFFERENCE)
    spec = measurements.specs.get(fact.metric) or measurements.specs.get(base)
    label = spec.label if spec is not None else base.replace("_", " ")
    return f"{label} ({fact.key})" if fact.key is not None else label
