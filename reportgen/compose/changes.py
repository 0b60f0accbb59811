"""Which printed numbers moved between two versions of an article, each with both as they are printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from reportgen import formatting
from reportgen.compose.printed import printed
from reportgen.formatting.alike import alike, is_numeral, last_digit
from reportgen.model import Amendment, Article, Day, Fact, Measurements, Number, Run, Text

NOT_MEASURED = Text("not measured")


@dataclass(frozen=True, slots=True)
class Change:
    """One printed number that moved: its fact (the new version's where it has one), its part, and both as printed."""

    fact: Fact
    part: str
    before: Run
    after: Run


def changes(article: Article, amends: Amendment) -> tuple[Change, ...]:
    """Every number, date or word of a fact that either version prints and that now reads otherwise, in table order.

    A number is compared in every form in which either version prints it: one that moved by less than its last printed
    digit did not change.
    """
    now, before = printed(article), amends.printed
    order = {id_: at for at, id_ in enumerate(article.measurements.facts)}
    keys = sorted({*now, *before}, key=lambda key: (order.get(key[0], len(order)), key))
    found = (_change(article, amends, key, (*now.get(key, ()), *before.get(key, ()))) for key in keys)
    return tuple(change for change in found if change is not None)


def _change(article: Article, amends: Amendment, key: tuple[str, str], texts: tuple[str, ...]) -> Change | None:
    id_, part = key
    old, new = amends.measurements.facts.get(id_), article.measurements.facts.get(id_)
    fact = new or old
    if fact is None:
        return None
    for form in sorted(texts, key=last_digit):  # the finest form first: it tells most
        before = _shown(old, part, form, article.measurements, former=True)
        after = _shown(new, part, form, article.measurements, former=False)
        if before.text != after.text:
            return Change(fact, part, before, after)
    return None


def _shown(fact: Fact | None, part: str, form: str, measured: Measurements, *, former: bool) -> Run:
    """A part of a fact in the form of a printed text; "not measured" where there is none."""
    if fact is None:
        return NOT_MEASURED
    if fact.missing is not None:
        return Number(fact.id, f"n/a, {fact.missing}", former=former)
    value = fact.recorded(part)
    if value is None:
        return NOT_MEASURED
    if isinstance(value, date):
        return Day(value, formatting.short_date(value), fact.id, former=former)
    if isinstance(value, str):
        return Number(fact.id, value, part or None, former=former)
    text = alike(form, float(value)) if is_numeral(form) else formatting.value(measured.reading(fact)).text
    return Number(fact.id, text, part or None, former=former)
