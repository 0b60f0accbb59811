"""Several facts in one phrase."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from reportgen.formatting.details import detail_percent, detail_word, over
from reportgen.formatting.numbers import label, ratio_size, value
from reportgen.model import Day, FactList, Name, Number, Reading, Run, Text

_TWO = 2


def joined(parts: tuple[tuple[Run, ...], ...], last: str = "and") -> tuple[Run, ...]:
    """Phrases as a list in a sentence: "a", "a and b", "a, b and c"."""
    runs: list[Run] = []
    for i, part in enumerate(parts):
        if i:
            runs.append(Text(f" {last} " if i == len(parts) - 1 else ", "))
        runs.extend(part)
    return tuple(runs)


def ranked(facts: FactList, most: int = 3) -> tuple[Run, ...]:
    """The first few facts of a list, each with its label and value: "Technology (50.5%), Utilities (1.5%)"."""
    shown = facts.readings[:most]
    return joined(tuple((label(r), Text(" ("), value(r), Text(")")) for r in shown))


def each(facts: FactList, preposition: str = "for") -> tuple[Run, ...]:
    """A fact of several funds, each with its ticker: "0.19% for IWM and 0.18% for QQQ (n/a for GLD)".

    The same number is told once: "0.08% for XLE and XLK".
    """
    if _is_shared(facts):
        funds = joined(tuple((Name(r.fact.subject),) for r in facts.readings))
        return (value(facts.readings[0]), Text(f" {preposition} "), *funds)
    return _of_funds(facts, lambda r: (value(r), Text(f" {preposition} "), Name(r.fact.subject)))


def each_yield(facts: FactList) -> tuple[Run, ...]:
    """What the funds paid out, as a sentence without its full stop: "The distribution yield is 1.04% for IWM and ..."

    Where none of them paid anything, that is said instead.
    """
    known = [r for r in facts.readings if r.fact.missing is None]
    if known and all(r.fact.number == 0 for r in known) and len(known) == len(facts.readings):
        nobody = "Neither fund" if len(known) == _TWO else "No fund here"
        return (Text(f"{nobody} paid a distribution in the past twelve months"),)
    return (Text("The distribution yield is "), *each(facts))


def each_bracketed(facts: FactList) -> tuple[Run, ...]:
    """Sizes of several funds, for sentences that say the direction: "31.91% (IWM) and 35.12% (QQQ)"."""
    return _of_funds(facts, lambda r: (_size(r), Text(" ("), Name(r.fact.subject), Text(")")))


def _of_funds(facts: FactList, phrase: Callable[[Reading], tuple[Run, ...]]) -> tuple[Run, ...]:
    """A phrase for each fund whose fact is known, then those of whom it is not."""
    known = [r for r in facts.readings if r.fact.missing is None]
    unknown = tuple((Name(r.fact.subject),) for r in facts.readings if r.fact.missing is not None)
    told = joined(tuple(phrase(r) for r in known))
    return (*told, Text(" (n/a for "), *joined(unknown), Text(")")) if unknown else told


def _is_shared(facts: FactList) -> bool:
    """Whether several funds have the very same value."""
    first, *others = (reading.fact for reading in facts.readings)
    return bool(others) and all(f.missing is None and f.value == first.value for f in (first, *others))


def _size(reading: Reading) -> Number | Day:
    fact = reading.fact
    return value(Reading(replace(fact, value=abs(fact.number)), reading.spec))


def each_over(facts: FactList) -> tuple[Run, ...]:
    """The window that the facts of several funds share: "over five years"."""
    return over(next(r for r in facts.readings if r.fact.missing is None))


def each_share(facts: FactList, detail: str) -> tuple[Run, ...]:
    """A word of each fund with its share: "Technology (50.5%) for QQQ and Industrials (18.4%) for IWM".

    The same word is told once: "Technology, with 50.5% for QQQ and 33.6% for SPY".
    """
    if _is_shared(facts):
        shares = tuple((detail_percent(r, detail, 1), Text(" for "), Name(r.fact.subject)) for r in facts.readings)
        return (value(facts.readings[0]), Text(", with "), *joined(shares))

    def phrase(r: Reading) -> tuple[Run, ...]:
        return (value(r), Text(" ("), detail_percent(r, detail, 1), Text(") for "), Name(r.fact.subject))

    return _of_funds(facts, phrase)


def returns_named(facts: FactList) -> tuple[Run, ...]:
    """What returns of several funds are: "the total return", or "the price return" where nobody knows what was paid.

    Where it is known of some only: "the return (of the price alone for GLD)".
    """
    known = [r.fact for r in facts.readings if r.fact.missing is None]
    of_prices = [fact for fact in known if fact.basis == "price"]
    if not of_prices:
        return (Text("the total return"),)
    if len(of_prices) == len(known):
        return (Text("the price return"),)
    funds = joined(tuple((Name(fact.subject),) for fact in of_prices))
    return (Text("the return (of the price alone for "), *funds, Text(")"))


def against(facts: FactList, detail: str) -> tuple[Run, ...]:
    """A fact of several funds and what it was measured against: "1.12 for IWM and 1.19 for QQQ, against SPY"."""
    known = [r for r in facts.readings if r.fact.missing is None]
    if len({str(r.fact.details.get(detail)) for r in known}) == 1:
        return (*each(FactList(tuple(known))), Text(", against "), detail_word(known[0], detail))
    shown = (
        (value(r), Text(" for "), Name(r.fact.subject), Text(" (against "), detail_word(r, detail), Text(")"))
        for r in known
    )
    return joined(tuple(shown))


def largest(facts: FactList, most: int = 3) -> tuple[Run, ...]:
    """The few largest facts of a list by value, each with its label: "Technology (50.5%) and Utilities (1.5%)"."""
    return ranked(_descending(facts), most)


def runners_up(facts: FactList, most: int = 2) -> tuple[Run, ...]:
    """Those that follow the largest of a list: "Communication Services (16.1%) and Utilities (1.5%)"."""
    return ranked(FactList(_descending(facts).readings[1:]), most)


def movers(facts: FactList, most: int = 4) -> tuple[Run, ...]:
    """Those of a list that differ from zero beyond chance, by size, with their verbs.

    "SMH (0.47) and XLK (0.38) gain and KRE (1.04) loses". Beyond chance: the interval leaves out zero and its p, which
    is to be adjusted for the number of claims, is at most 0.10.

    Raises TypeError where there is none.
    """
    sides = [
        (*_with_sizes(clear, most), Text(f" {one if len(clear[:most]) == 1 else several}"))
        for clear, one, several in (
            (_beyond_chance(facts, 1), "gains", "gain"),
            (_beyond_chance(facts, -1), "loses", "lose"),
        )
        if clear
    ]
    if not sides:
        raise TypeError("none of the list differs from zero beyond chance")
    return joined(tuple(sides))


_CHANCE = 0.10


def _beyond_chance(facts: FactList, side: int) -> list[Reading]:
    clear = [
        r
        for r in facts.readings
        if (i := r.fact.interval) is not None and i.p <= _CHANCE and (i.low > 0 if side > 0 else i.high < 0)
    ]
    return sorted(clear, key=lambda r: -abs(r.fact.number))


def _with_sizes(readings: list[Reading], most: int) -> tuple[Run, ...]:
    return joined(tuple((label(r), Text(" ("), ratio_size(r), Text(")")) for r in readings[:most]))


def _descending(facts: FactList) -> FactList:
    return FactList(tuple(sorted(facts.readings, key=lambda r: -r.fact.number)))


def names(facts: FactList, most: int = 5) -> tuple[Run, ...]:
    """What the first few facts of a list are about: "SOXX, SMH and XLK"."""
    return joined(tuple((label(r),) for r in facts.readings[:most]))
