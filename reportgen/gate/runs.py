"""Check: every typed run is what it says: a number its fact at its printed precision, a date one of its fact's, a
constant one of its definition's, a name one that is known.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from reportgen.gate import _numerals
from reportgen.gate._walk import cells, texts
from reportgen.model import (
    MARKS,
    Article,
    Day,
    Fact,
    Finding,
    MetricSpec,
    Name,
    Number,
    Ordinal,
    Parameter,
    Ref,
    Run,
    Scalar,
    Tag,
    Text,
)

_NOTE_FIX = "Write the number as the article prints it, or name its fact in braces, such as {QQQ/beta/5Y}."
_FIX = "Print numbers through a filter that takes the fact."
_WINDOWS = {
    "1W": "1 week",
    "1M": "1 month",
    "3M": "3 months",
    "YTD": "Year to date",
    "1Y": "1 year",
    "3Y": "3 years",
    "5Y": "5 years",
    "10Y": "10 years",
    "SI": "Whole common history",
}
_MARK = defaultdict(
    lambda: re.compile("(?!)"), {verdict: re.compile(rf"(?:a common story )?{mark}") for verdict, mark in MARKS.items()}
)
"""What the mark of a verdict may say; any other verdict has none."""
_YEAR = re.compile(r"CY((?:19|20)[0-9]{2})")


def check(article: Article) -> Iterator[Finding]:
    """A finding for each bare numeral, unknown fact, number that differs from its fact, wrong date and unknown name."""
    known = known_names(article)
    for place, runs in texts(article):
        for run in runs:
            problem = _problem(article, run, known, drawn=place.startswith("chart"))
            if problem is not None:
                fact = getattr(run, "fact", None) or ""
                fix = _NOTE_FIX if place == "section editors-note" else _FIX
                yield Finding("numbers", place, problem, fix, fact=fact)
    yield from _unsigned(article)
    yield from _labels(article, known)


def _labels(article: Article, known: frozenset[str]) -> Iterator[Finding]:
    """What labels the article in places that hold no runs: its publication, its keywords, its folder."""
    publication = article.masthead.publication
    for what, text in (("publication", publication), *(("keyword", each) for each in article.keywords)):
        if text.strip() and not _is_known(text, known, drawn=False):
            yield Finding("numbers", what, f"{text!r} is no name known to this article", _FIX)
    if article.stem == "article" and article.slug != "-vs-".join(ticker.lower() for ticker in article.tickers):
        yield Finding("numbers", "slug", f"{article.slug!r} is not made of the tickers", _FIX)


def known_names(article: Article) -> frozenset[str]:
    """The names that the article may print: those it was given, and what its facts and series are called."""
    found = set(article.names) | set(article.tickers) | set(article.measurements.series)
    for fact in (*article.measurements, *article.facts_of(former=True).values()):
        found |= {fact.subject, fact.second or "", fact.key or "", *(_texts_of(fact))}
        if fact.second:
            found.add(f"{fact.subject} less {fact.second}")
    return frozenset(found - {""})


def _texts_of(fact: Fact) -> Iterator[str]:
    if isinstance(fact.value, str):
        yield fact.value
    for detail in fact.details.values():
        if isinstance(detail, str):
            yield detail


def _problem(article: Article, run: Run, known: frozenset[str], *, drawn: bool) -> str | None:
    match run:
        case Text(text=text):
            return f"the bare number in {text.strip()!r} comes from no fact" if _numerals.has_digit(text) else None
        case Number():
            return _number_problem(article, run)
        case Day():
            return _day_problem(article, run)
        case Parameter():
            return _parameter_problem(article, run)
        case Name(text=text):
            return None if _is_known(text, known, drawn=drawn) else f"{text!r} is no name known to this article"
        case Ordinal() | Tag() | Ref():
            return _mark_problem(run)


def _mark_problem(run: Ordinal | Tag | Ref) -> str | None:
    if isinstance(run, Ref):
        return None  # the check of notes judges the links, all together
    if isinstance(run, Tag):
        return None if _MARK[run.verdict].fullmatch(run.text) else f"{run.text!r} does not say {run.verdict!r}"
    return None if run.text in (str(run.value), f"{run.value:,}") else f"{run.text!r} is not the count {run.value}"


def _is_known(text: str, known: frozenset[str], *, drawn: bool) -> bool:
    """Whether a name is known, alone or in a list; a chart may break a name over lines or cut it short."""
    if text in known or all(part in known for part in text.split(", ")):
        return True
    if not drawn:
        return False
    piece = text.removesuffix("…").strip()
    return len(piece) > 1 and any(piece in name for name in known)


def _number_problem(article: Article, run: Number) -> str | None:
    fact = article.facts_of(former=run.former).get(run.fact)
    if fact is None:
        return f"{run.text!r} refers to {run.fact}, which was not measured"
    if run.detail is None and fact.missing is not None:
        expected = f"n/a, {fact.missing}"
        return None if run.text in ("n/a", expected) else f"{run.text!r} is printed for {run.fact}, which is missing"
    try:
        value = fact.part(run.detail)
    except (KeyError, AttributeError, TypeError):
        return f"{run.text!r} refers to {run.detail} of {run.fact}, which has none of that name"
    problem = _difference(article, run, fact, value)
    return None if problem is None else f"{run.text!r}, printed for {_named(run)}, {problem}"


def _named(run: Number) -> str:
    return f"{run.fact}, {run.detail}" if run.detail else run.fact


def _difference(article: Article, run: Number, fact: Fact, value: Scalar) -> str | None:
    if isinstance(value, str):
        return None if run.text == value else f"is not {value!r}"
    if isinstance(value, date):
        return None if _numerals.is_day(run.text, value) else f"is not {value}"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "has no value"
    numeral = _numerals.read(run.text)
    if numeral is None:
        return "is not one number"
    unit = _numerals.unit_of(fact, run.detail, value)
    return _numerals.fault(numeral, float(value), unit, article.measurements.specs.get(fact.metric))


def _day_problem(article: Article, run: Day) -> str | None:
    if not _numerals.is_day(run.text, run.day):
        return f"{run.text!r} is printed for {run.day}"
    if run.fact is None:
        known = run.day in article.days or run.day in (article.as_of, article.issue_date)
        return None if known else f"{run.text!r} is no date of this article"
    fact = article.facts_of(former=run.former).get(run.fact)
    if fact is None:
        return f"{run.text!r} refers to {run.fact}, which was not measured"
    return None if run.day in days_of(fact) else f"{run.text!r} is no date of {run.fact}"


def days_of(fact: Fact) -> frozenset[date]:
    """Every date that a fact carries: its value, as-of, window and details."""
    found = {fact.value, fact.as_of, *fact.details.values()}
    if fact.window is not None:
        found |= {fact.window.start, fact.window.end}
    return frozenset(each for each in found if isinstance(each, date))


def _parameter_problem(article: Article, run: Parameter) -> str | None:
    if run.metric == "window":
        year = _YEAR.fullmatch(run.name)
        expected = year[1] if year else _WINDOWS.get(run.name)
        return None if run.text == expected else f"{run.text!r} is not what the window {run.name} is called"
    if run.metric == "words":
        return None if _numerals.read(run.text.replace("< ", "")) else f"{run.text!r} is not the limit of a word"
    spec = article.measurements.specs.get(run.metric)
    if spec is None:
        return f"{run.text!r} refers to {run.metric}, which no one measures"
    return None if run.text in _constant(spec, run.name) else f"{run.text!r} is not {run.name} of {run.metric}"


def _constant(spec: MetricSpec, name: str) -> tuple[str, ...]:
    """How a constant of a definition, or one of its texts, may be printed; nothing where there is none of the name."""
    own = {"label": spec.label, "short": spec.short, "formula": spec.formula, "reference": spec.reference}
    if name in own:
        return (own[name],)
    if name == "stake":
        start = spec.parameters.get("start")
        return (f"${start:,.0f}",) if isinstance(start, int | float) else ()
    return _forms(spec.parameters[name]) if name in spec.parameters else ()


def _forms(constant: Scalar) -> tuple[str, ...]:
    """How a constant may be printed: a fraction between zero and one as a percentage only."""
    if isinstance(constant, float) and 0 < constant < 1:
        return (f"{100 * constant:g}%",)
    return (f"{constant:,}", str(constant)) if isinstance(constant, int | float) else (str(constant),)


def _unsigned(article: Article) -> Iterator[Finding]:
    """Numbers alone in a table's cell, where no words could tell that they are falls."""
    for place, cell in cells(article):
        if len(cell.runs) != 1 or not isinstance(run := cell.runs[0], Number):
            continue
        fact = article.facts_of(former=run.former).get(run.fact)
        numeral = _numerals.read(run.text)
        if fact is None or numeral is None or fact.missing is not None:
            continue
        with_sign = numeral.sign or not numeral.value
        value = fact.value if run.detail is None else None
        if isinstance(value, float) and value < 0 and not with_sign:
            message = f"{run.text!r} hides that {run.fact} is below zero"
            yield Finding("numbers", place, message, _FIX, fact=run.fact)
