"""Check: every number in the article's typed text is a fact at its printed precision, and nothing else has digits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from reportgen.gate import _numerals
from reportgen.gate._walk import texts
from reportgen.model import Article, Day, Finding, Number, Parameter, Run, Text


def check(article: Article) -> Iterator[Finding]:
    """A finding for each bare numeral, unknown fact, number that differs from its fact and wrong date."""
    for place, runs in texts(article):
        for run in runs:
            problem = _problem(article, run)
            if problem is not None:
                yield Finding("numbers", place, problem, "Print numbers through a filter that takes the fact.")


def _problem(article: Article, run: Run) -> str | None:
    match run:
        case Text(text=text) if _numerals.has_digit(text):
            return f"the bare number in {text.strip()!r} comes from no fact"
        case Number():
            return _number_problem(article, run)
        case Day(day=day, text=text) if not _numerals.is_day(text, day):
            return f"{text!r} is printed for {day}"
        case Parameter(metric=metric, name="label", text=text):
            spec = article.measurements.specs.get(metric)
            return None if spec is None or text == spec.label else f"{text!r} is not the label of {metric}"
        case _:
            return None


def _number_problem(article: Article, run: Number) -> str | None:
    fact = article.measurements.facts.get(run.fact)
    if fact is None:
        return f"{run.text!r} refers to {run.fact}, which was not measured"
    if run.detail is None and fact.missing is not None:
        expected = f"n/a, {fact.missing}"
        return None if run.text in ("n/a", expected) else f"{run.text!r} is printed for {run.fact}, which is missing"
    try:
        return _difference(run, fact.part(run.detail))
    except (KeyError, AttributeError):
        return f"{run.text!r} refers to {run.detail} of {run.fact}, which has none of that name"


def _difference(run: Number, value: object) -> str | None:
    where = f"{run.fact}, {run.detail}" if run.detail else run.fact
    if isinstance(value, str):
        return None if run.text == value else f"{run.text!r} is printed for {where}, which is {value!r}"
    if isinstance(value, date):
        return None if _numerals.is_day(run.text, value) else f"{run.text!r} is printed for {where}, {value}"
    if not isinstance(value, int | float):
        return f"{run.text!r} is printed for {where}, which has no value"
    numeral = _numerals.read(run.text)
    if numeral is None:
        return f"{run.text!r}, printed for {where}, is not one number"
    if not _numerals.agrees(numeral, float(value)):
        return f"{run.text!r} is printed for {where}, which is {value!r}"
    return None
