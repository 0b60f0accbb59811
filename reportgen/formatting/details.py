"""What else a fact carries: details, windows, intervals, the constants of its definition."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from reportgen.formatting.dates import long_date
from reportgen.formatting.numbers import decimals_of, fixed, percent_size, points, ratio_size
from reportgen.model import Day, Fact, Number, Parameter, Reading, Run, Text, Window

_SPANS = {
    "1W": "one week", "1M": "one month", "3M": "three months", "1Y": "one year", "3Y": "three years",
    "5Y": "five years", "10Y": "ten years",
}  # fmt: skip


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
    return Number(reading.fact.id, fixed(float(number), 0), name)


def detail_counted(reading: Reading, name: str, singular: str, plural: str) -> tuple[Run, ...]:
    """A whole number among a fact's details with its noun: "1 session", "59 sessions"."""
    number = detail_count(reading, name)
    return (number, Text(f" {singular if number.text == '1' else plural}"))


def detail_percent(reading: Reading, name: str, decimals: int | None = None) -> Number:
    """A fraction among a fact's details as a percentage: "50.5%"."""
    number = _detail(reading.fact, name)
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise TypeError(f"{reading.fact.id}: its detail {name!r} is not a number: {number!r}")
    return Number(reading.fact.id, fixed(100 * number, decimals_of(reading, decimals)) + "%", name)


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


def _bound(reading: Reading, name: str, bound: float) -> Number:
    at_bound = Reading(replace(reading.fact, value=bound), reading.spec)
    size = points(at_bound) if reading.fact.unit == "fraction" else ratio_size(at_bound)
    return Number(reading.fact.id, size.text, f"interval.{name}")


def interval_level(reading: Reading) -> Number:
    """The confidence level of a fact's interval: "95%"."""
    bounds = reading.fact.interval
    if bounds is None:
        raise TypeError(f"{reading.fact.id} carries no interval")
    return Number(reading.fact.id, f"{100 * bounds.level:g}%", "interval.level")


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
