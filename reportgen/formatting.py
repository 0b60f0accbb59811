"""Numbers, dates and phrases as a US reader expects them. Each public function is a Jinja filter.

A filter takes a `Reading` (a fact and its specification) and gives a typed run that remembers the fact. Nothing here
knows a locale. A missing fact is printed as "n/a" with its reason by `value`; every other filter refuses it, because
prose must not speak about what is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from reportgen.model import Day, Fact, FactList, Name, Number, Parameter, Reading, Run, Text, Window

_BILLION = 1e9
_MILLION = 1e6
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


_SPANS = {
    "1W": "one week", "1M": "one month", "3M": "three months", "1Y": "one year", "3Y": "three years",
    "5Y": "five years", "10Y": "ten years",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scale:
    """Words that a size must earn: the first step whose limit is at least the size gives the word, else `beyond`.

    name: as rules call it; about: what is measured, for the method appendix; unit: of the limits.
    """

    name: str
    unit: str
    about: str
    steps: tuple[tuple[float, str], ...]
    beyond: str

    def word(self, size: float) -> str:
        """The word for a size; the sign does not matter."""
        # A gap of two fees such as 0.0019 - 0.0018 must meet the limit 0.0001 it equals on paper.
        return next((word for limit, word in self.steps if abs(size) <= limit * (1 + 1e-9)), self.beyond)


def _number(reading: Reading, text: str) -> Number:
    return Number(reading.fact.id, text)


def _decimals(reading: Reading, decimals: int | None) -> int:
    return reading.spec.decimals if decimals is None else decimals


def _fixed(value: float, decimals: int) -> str:
    """Grouped by thousands, without a negative zero."""
    text = f"{value:,.{decimals}f}"
    return text.lstrip("-") if not text.strip("-0.,") else text


def percent(reading: Reading, decimals: int | None = None) -> Number:
    """A fraction as a percentage: 0.0018 is "0.18%", a fall keeps its minus."""
    return _number(reading, _fixed(100 * reading.fact.number, _decimals(reading, decimals)) + "%")


def percent_size(reading: Reading, decimals: int | None = None) -> Number:
    """A fraction's size, for sentences whose verb says the direction: "fell 31.91%"."""
    return _number(reading, _fixed(100 * abs(reading.fact.number), _decimals(reading, decimals)) + "%")


def signed_percent(reading: Reading, decimals: int | None = None) -> Number:
    """A fraction with its sign always shown: "+1.20%"."""
    text = _fixed(100 * reading.fact.number, _decimals(reading, decimals))
    positive = not text.startswith("-") and text.strip("0.,") != ""
    return _number(reading, ("+" if positive else "") + text + "%")


def points(reading: Reading, decimals: int = 1) -> Number:
    """The size of a difference of fractions in percentage points: "18.3 points", "1.0 point"."""
    text = _fixed(100 * abs(reading.fact.number), decimals)
    return _number(reading, f"{text} {'point' if float(text.replace(',', '')) == 1 else 'points'}")


def basis_points(reading: Reading, decimals: int = 0) -> Number:
    """The size of a difference of fractions in hundredths of a percent: "1 basis point"."""
    text = _fixed(10_000 * abs(reading.fact.number), decimals)
    return _number(reading, f"{text} basis {'point' if text == '1' else 'points'}")


def dollars(reading: Reading, decimals: int | None = None) -> Number:
    """Dollars in full: "$1,834"."""
    amount = reading.fact.number
    return _number(reading, ("-$" if amount < 0 else "$") + _fixed(abs(amount), _decimals(reading, decimals)))


def dollars_size(reading: Reading, decimals: int | None = None) -> Number:
    """The size of an amount of dollars: "$662"."""
    return _number(reading, "$" + _fixed(abs(reading.fact.number), _decimals(reading, decimals)))


def big_dollars(reading: Reading) -> Number:
    """Dollars in billions or millions, as newspapers write them: "$395B", "$6.0B", "$820M"."""
    amount = abs(reading.fact.number)
    unit, letter = (_BILLION, "B") if amount >= _BILLION else (_MILLION, "M")
    text = _fixed(amount / unit, 0 if amount >= 10 * unit else 1)
    return _number(reading, ("-$" if reading.fact.number < 0 else "$") + text + letter)


def count(reading: Reading) -> Number:
    """A whole number: "1,942"."""
    return _number(reading, _fixed(reading.fact.number, 0))


def count_size(reading: Reading) -> Number:
    """A whole number's size, for sentences that say the direction themselves."""
    return _number(reading, _fixed(abs(reading.fact.number), 0))


def counted(reading: Reading, singular: str, plural: str) -> tuple[Run, ...]:
    """A whole number with its noun: "1 holding", "1,942 holdings"."""
    number = count(reading)
    return (number, Text(f" {singular if number.text == '1' else plural}"))


def ratio(reading: Reading, decimals: int | None = None) -> Number:
    """A plain number at the metric's own precision: "1.12"."""
    return _number(reading, _fixed(reading.fact.number, _decimals(reading, decimals)))


def ratio_size(reading: Reading, decimals: int | None = None) -> Number:
    """A plain number's size, for sentences that say the direction themselves."""
    return _number(reading, _fixed(abs(reading.fact.number), _decimals(reading, decimals)))


def word(reading: Reading) -> Number:
    """A fact whose value is a word, such as the name of the largest sector; `label` prints a keyed fact's key."""
    if not isinstance(reading.fact.value, str):
        raise TypeError(f"{reading.fact.id} is not a word: {reading.fact.value!r}")
    return _number(reading, reading.fact.value)


def label(reading: Reading) -> Name:
    """What a keyed fact is about: the sector, the companion fund, the year."""
    return Name(reading.fact.key or reading.fact.subject)


def long_date(day: date) -> str:
    """The form for prose: "March 27, 2026"."""
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"


def short_date(day: date) -> str:
    """The form for tables: "2026-03-27"."""
    return day.isoformat()


def detail_day(reading: Reading, name: str) -> Day:
    """A date among a fact's details, such as a drawdown's trough: "October 14, 2022"."""
    day = _detail(reading.fact, name)
    if not isinstance(day, date):
        raise TypeError(f"{reading.fact.id}: its detail {name!r} is not a date: {day!r}")
    return Day(day, long_date(day), reading.fact.id)


def detail_count(reading: Reading, name: str) -> Number:
    """A whole number among a fact's details: "13"."""
    number = _detail(reading.fact, name)
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise TypeError(f"{reading.fact.id}: its detail {name!r} is not a number: {number!r}")
    return Number(reading.fact.id, _fixed(float(number), 0), name)


def detail_word(reading: Reading, name: str) -> Number:
    """A word among a fact's details, such as the name of a sector."""
    text = _detail(reading.fact, name)
    if not isinstance(text, str):
        raise TypeError(f"{reading.fact.id}: its detail {name!r} is not a word: {text!r}")
    return Number(reading.fact.id, text, name)


def _detail(fact: Fact, name: str) -> object:
    if name not in fact.details:
        raise KeyError(f"{fact.id} has no detail {name!r}; it has {', '.join(fact.details) or 'none'}")
    return fact.details[name]


def detail_percent(reading: Reading, name: str, decimals: int | None = None) -> Number:
    """A fraction among a fact's details as a percentage: "50.5%"."""
    number = _detail(reading.fact, name)
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise TypeError(f"{reading.fact.id}: its detail {name!r} is not a number: {number!r}")
    return Number(reading.fact.id, _fixed(100 * number, _decimals(reading, decimals)) + "%", name)


def recovery(reading: Reading) -> tuple[Run, ...]:
    """How a drawdown ended: "had recovered by November 6, 2024" or "had not recovered by March 27, 2026"."""
    if isinstance(_detail(reading.fact, "recovered"), date):
        return (Text("had recovered by "), detail_day(reading, "recovered"))
    return (Text("had not recovered by "), window_end(reading))


def over(reading: Reading) -> tuple[Run, ...]:
    """A fact's window in words, after a figure: "over five years", "since March 1, 2024", "so far this year"."""
    code = reading.fact.code or ""
    if code in _SPANS:
        return (Text(f"over {_SPANS[code]}"),)
    if code == "YTD":
        return (Text("so far this year"),)
    if code.startswith("CY"):
        return (Text("in "), Number(reading.fact.id, code.removeprefix("CY"), "code"))
    return (Text("since "), window_start(reading))


def span(reading: Reading) -> tuple[Run, ...]:
    """A fact's window as a noun: "five years", "the time since March 1, 2024"."""
    code = reading.fact.code or ""
    if code in _SPANS:
        return (Text(_SPANS[code]),)
    return (Text("the time since "), window_start(reading))


def graded(reading: Reading, scale: Scale) -> Text:
    """The word that a fact's size has earned on a scale of words.toml: "slightly", "clearly"."""
    return Text(scale.word(reading.fact.number))


def interval(reading: Reading) -> tuple[Run, ...]:
    """A difference's interval, its signs in words: "from 4.0 points behind to 23.9 points ahead"."""
    bounds = reading.fact.interval
    if bounds is None:
        raise TypeError(f"{reading.fact.id} carries no interval")
    # A turned difference's lower bound is the upper bound of the fact as it was measured.
    lower, upper = ("high", "low") if reading.turned else ("low", "high")
    low, high = _bound(reading, lower, bounds.low), _bound(reading, upper, bounds.high)
    if bounds.low < 0 < bounds.high:
        return (Text("from "), low, Text(" behind to "), high, Text(" ahead"))
    near, far = (low, high) if bounds.low >= 0 else (high, low)
    return (Text("between "), near, Text(" and "), far)


def interval_level(reading: Reading) -> Number:
    """The confidence level of a fact's interval: "95%"."""
    bounds = reading.fact.interval
    if bounds is None:
        raise TypeError(f"{reading.fact.id} carries no interval")
    return Number(reading.fact.id, f"{100 * bounds.level:g}%", "interval.level")


def _bound(reading: Reading, name: str, bound: float) -> Number:
    at_bound = Reading(replace(reading.fact, value=bound), reading.spec)
    size = points(at_bound) if reading.fact.unit == "fraction" else ratio_size(at_bound)
    return Number(reading.fact.id, size.text, f"interval.{name}")


def observations(reading: Reading) -> Number:
    """How many observations a fact rests on: "1,256"."""
    if reading.fact.n is None:
        raise TypeError(f"{reading.fact.id} does not say how many observations it rests on")
    return Number(reading.fact.id, _fixed(float(reading.fact.n), 0), "n")


def as_of(reading: Reading) -> Day:
    """The day that a fact is of: "March 27, 2026"."""
    if reading.fact.as_of is None:
        raise TypeError(f"{reading.fact.id} is not dated")
    return Day(reading.fact.as_of, long_date(reading.fact.as_of), reading.fact.id)


def window_start(reading: Reading) -> Day:
    """The first date of a fact's window."""
    window = _window(reading.fact)
    return Day(window.start, long_date(window.start), reading.fact.id)


def window_end(reading: Reading) -> Day:
    """The last date of a fact's window."""
    window = _window(reading.fact)
    return Day(window.end, long_date(window.end), reading.fact.id)


def _window(fact: Fact) -> Window:
    if fact.window is None:
        raise TypeError(f"{fact.id} has no window")
    return fact.window


def parameter(reading: Reading, name: str) -> Parameter:
    """A constant of the metric's definition, such as a level: printed as a percentage when it is a fraction."""
    constant = reading.spec.parameters[name]
    is_fraction = isinstance(constant, float) and 0 < constant < 1
    return Parameter(reading.spec.name, name, f"{100 * constant:g}%" if is_fraction else f"{constant}")  # type: ignore[operator]


def value(reading: Reading) -> Number | Day:
    """A fact in the form its unit asks for; missing facts read "n/a" and why. The form for tables."""
    fact = reading.fact
    if fact.missing is not None:
        return _number(reading, f"n/a, {fact.missing}")
    if isinstance(fact.value, date):
        return Day(fact.value, short_date(fact.value), fact.id)
    if isinstance(fact.value, str):
        return word(reading)
    if fact.unit == "usd" and abs(fact.number) >= _MILLION:
        return big_dollars(reading)
    return _PLAIN_FORMS.get(fact.unit, ratio)(reading)


_PLAIN_FORMS: Mapping[str, Callable[[Reading], Number]] = {
    "fraction": percent,
    "usd": dollars,
    "count": count,
    "days": count,
}


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


def signed_points(reading: Reading, decimals: int = 1) -> Number:
    """A difference of fractions with its sign, for table columns: "+1.7 pts"."""
    text = _fixed(100 * reading.fact.number, decimals)
    positive = not text.startswith("-") and text.strip("0.,") != ""
    return _number(reading, f"{'+' if positive else ''}{text} pts")


def signed_dollars(reading: Reading, decimals: int | None = None) -> Number:
    """A difference of dollars with its sign: "+$662", "-$12"."""
    text = _fixed(reading.fact.number, _decimals(reading, decimals))
    sign = "-" if text.startswith("-") else "+" if text.strip("0.,") else ""
    return _number(reading, f"{sign}${text.lstrip('-')}")


def each(facts: FactList, preposition: str = "for") -> tuple[Run, ...]:
    """A fact of several funds, each with its ticker: "0.19% for IWM and 0.18% for QQQ (n/a for GLD)"."""
    return _of_funds(facts, lambda r: (value(r), Text(f" {preposition} "), Name(r.fact.subject)))


def each_bracketed(facts: FactList) -> tuple[Run, ...]:
    """Sizes of several funds, for sentences that say the direction: "31.91% (IWM) and 35.12% (QQQ)"."""
    return _of_funds(facts, lambda r: (_size(r), Text(" ("), Name(r.fact.subject), Text(")")))


def _of_funds(facts: FactList, phrase: Callable[[Reading], tuple[Run, ...]]) -> tuple[Run, ...]:
    """A phrase for each fund whose fact is known, then those of whom it is not."""
    known = [r for r in facts.readings if r.fact.missing is None]
    unknown = tuple((Name(r.fact.subject),) for r in facts.readings if r.fact.missing is not None)
    told = joined(tuple(phrase(r) for r in known))
    return (*told, Text(" (n/a for "), *joined(unknown), Text(")")) if unknown else told


def _size(reading: Reading) -> Number | Day:
    fact = reading.fact
    return value(Reading(replace(fact, value=abs(fact.number)), reading.spec))


def each_over(facts: FactList) -> tuple[Run, ...]:
    """The window that the facts of several funds share: "over five years"."""
    return over(next(r for r in facts.readings if r.fact.missing is None))


def each_share(facts: FactList, detail: str) -> tuple[Run, ...]:
    """A word of each fund with its share: "Technology (50.5%) for QQQ and Industrials (18.4%) for IWM"."""

    def phrase(r: Reading) -> tuple[Run, ...]:
        return (value(r), Text(" ("), detail_percent(r, detail, 1), Text(") for "), Name(r.fact.subject))

    return _of_funds(facts, phrase)


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


def gaining(facts: FactList, most: int = 3) -> tuple[Run, ...]:
    """Those of a list that are above zero beyond chance, the largest first: "KRE (1.04) and XLE (0.67)", or "none"."""
    return _beyond_chance(facts, 1, most)


def losing(facts: FactList, most: int = 3) -> tuple[Run, ...]:
    """Those of a list that are below zero beyond chance, as sizes: "SMH (0.47) and XLK (0.38)", or "none"."""
    return _beyond_chance(facts, -1, most)


_CHANCE = 0.10


def _beyond_chance(facts: FactList, side: int, most: int) -> tuple[Run, ...]:
    """Facts whose interval leaves out zero on one side and whose p, adjusted for their number, is at most 0.10."""
    clear = [
        r
        for r in facts.readings
        if (i := r.fact.interval) is not None and i.p <= _CHANCE and (i.low > 0 if side > 0 else i.high < 0)
    ]
    clear.sort(key=lambda r: -abs(r.fact.number))
    shown = ((label(r), Text(" ("), ratio_size(r), Text(")")) for r in clear[:most]) if clear else ((Text("none"),),)
    return joined(tuple(shown))


def interval_size(reading: Reading, decimals: int = 1) -> tuple[Run, ...]:
    """An interval on one side of zero, in sizes: "4.5% and 7.9%", after "between".

    Raises TypeError where it holds zero.
    """
    bounds = reading.fact.interval
    if bounds is None or bounds.low <= 0 <= bounds.high:
        raise TypeError(f"{reading.fact.id} has no interval on one side of zero")
    names = ("low", "high") if bounds.low > 0 else ("high", "low")
    near, far = (_percent_bound(reading, name, decimals) for name in names)
    return (near, Text(" and "), far)


def _percent_bound(reading: Reading, name: str, decimals: int) -> Number:
    bounds = reading.fact.interval
    assert bounds is not None
    bound = Reading(replace(reading.fact, value=getattr(bounds, name)), reading.spec)
    shown = percent_size(bound, decimals) if reading.fact.unit == "fraction" else ratio_size(bound, decimals)
    measured = {"low": "high", "high": "low"}[name] if reading.turned else name
    return Number(reading.fact.id, shown.text, f"interval.{measured}")


def _descending(facts: FactList) -> FactList:
    return FactList(tuple(sorted(facts.readings, key=lambda r: -r.fact.number)))


def names(facts: FactList, most: int = 5) -> tuple[Run, ...]:
    """What the first few facts of a list are about: "SOXX, SMH and XLK"."""
    return joined(tuple((label(r),) for r in facts.readings[:most]))
