"""Numbers as a US reader expects them. A filter refuses a missing fact, save `value`, the form for tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from reportgen.formatting.dates import short_date
from reportgen.model import Day, Name, Number, Reading, Run, Text

_BILLION = 1e9


_MILLION = 1e6


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


def as_number(reading: Reading, text: str) -> Number:
    return Number(reading.fact.id, text)


def decimals_of(reading: Reading, decimals: int | None) -> int:
    return reading.spec.decimals if decimals is None else decimals


def fixed(value: float, decimals: int) -> str:
    """Grouped by thousands, without a negative zero."""
    text = f"{value:,.{decimals}f}"
    return text.lstrip("-") if not text.strip("-0.,") else text


def percent(reading: Reading, decimals: int | None = None) -> Number:
    """A fraction as a percentage: 0.0018 is "0.18%", a fall keeps its minus."""
    return as_number(reading, fixed(100 * reading.fact.number, decimals_of(reading, decimals)) + "%")


def percent_size(reading: Reading, decimals: int | None = None) -> Number:
    """A fraction's size, for sentences whose verb says the direction: "fell 31.91%"."""
    return as_number(reading, fixed(100 * abs(reading.fact.number), decimals_of(reading, decimals)) + "%")


def signed_percent(reading: Reading, decimals: int | None = None) -> Number:
    """A fraction with its sign always shown: "+1.20%"."""
    text = fixed(100 * reading.fact.number, decimals_of(reading, decimals))
    positive = not text.startswith("-") and text.strip("0.,") != ""
    return as_number(reading, ("+" if positive else "") + text + "%")


def points(reading: Reading, decimals: int = 1) -> Number:
    """The size of a difference of fractions in percentage points: "18.3 points", "1.0 point"."""
    text = fixed(100 * abs(reading.fact.number), decimals)
    return as_number(reading, f"{text} {'point' if float(text.replace(',', '')) == 1 else 'points'}")


def signed_points(reading: Reading, decimals: int = 1) -> Number:
    """A difference of fractions with its sign, for table columns: "+1.7 pts"."""
    text = fixed(100 * reading.fact.number, decimals)
    positive = not text.startswith("-") and text.strip("0.,") != ""
    return as_number(reading, f"{'+' if positive else ''}{text} pts")


def basis_points(reading: Reading, decimals: int = 0) -> Number:
    """The size of a difference of fractions in hundredths of a percent: "1 basis point"."""
    text = fixed(10_000 * abs(reading.fact.number), decimals)
    return as_number(reading, f"{text} basis {_point_or_points(text)}")


def signed_basis_points(reading: Reading, decimals: int = 1) -> Number:
    """A difference of fractions with its sign in hundredths of a percent, for table columns: "+4.4 basis points"."""
    text = fixed(10_000 * reading.fact.number, decimals)
    positive = not text.startswith("-") and text.strip("0.,") != ""
    return as_number(reading, f"{'+' if positive else ''}{text} basis {_point_or_points(text)}")


def _point_or_points(text: str) -> str:
    return "point" if float(text.replace(",", "")) in (1.0, -1.0) else "points"


def dollars(reading: Reading, decimals: int | None = None) -> Number:
    """Dollars in full: "$1,834"."""
    amount = reading.fact.number
    return as_number(reading, ("-$" if amount < 0 else "$") + fixed(abs(amount), decimals_of(reading, decimals)))


def dollars_size(reading: Reading, decimals: int | None = None) -> Number:
    """The size of an amount of dollars: "$662"."""
    return as_number(reading, "$" + fixed(abs(reading.fact.number), decimals_of(reading, decimals)))


def signed_dollars(reading: Reading, decimals: int | None = None) -> Number:
    """A difference of dollars with its sign: "+$662", "-$12"."""
    text = fixed(reading.fact.number, decimals_of(reading, decimals))
    sign = "-" if text.startswith("-") else "+" if text.strip("0.,") else ""
    return as_number(reading, f"{sign}${text.lstrip('-')}")


def big_dollars(reading: Reading) -> Number:
    """Dollars in billions or millions, as newspapers write them: "$395B", "$6.0B", "$820M"."""
    amount = abs(reading.fact.number)
    unit, letter = (_BILLION, "B") if amount >= _BILLION else (_MILLION, "M")
    text = fixed(amount / unit, 0 if amount >= 10 * unit else 1)
    return as_number(reading, ("-$" if reading.fact.number < 0 else "$") + text + letter)


def count(reading: Reading) -> Number:
    """A whole number: "1,942"."""
    return as_number(reading, fixed(reading.fact.number, 0))


def count_size(reading: Reading) -> Number:
    """A whole number's size, for sentences that say the direction themselves."""
    return as_number(reading, fixed(abs(reading.fact.number), 0))


def counted(reading: Reading, singular: str, plural: str) -> tuple[Run, ...]:
    """A whole number with its noun: "1 holding", "1,942 holdings"."""
    number = count(reading)
    return (number, Text(f" {singular if number.text == '1' else plural}"))


def ratio(reading: Reading, decimals: int | None = None) -> Number:
    """A plain number at the metric's own precision: "1.12"."""
    return as_number(reading, fixed(reading.fact.number, decimals_of(reading, decimals)))


def ratio_size(reading: Reading, decimals: int | None = None) -> Number:
    """A plain number's size, for sentences that say the direction themselves."""
    return as_number(reading, fixed(abs(reading.fact.number), decimals_of(reading, decimals)))


def word(reading: Reading) -> Number:
    """A fact whose value is a word, such as the name of the largest sector; `label` prints a keyed fact's key."""
    if not isinstance(reading.fact.value, str):
        raise TypeError(f"{reading.fact.id} is not a word: {reading.fact.value!r}")
    return as_number(reading, reading.fact.value)


def label(reading: Reading) -> Name:
    """What a keyed fact is about: the sector, the companion fund, the year."""
    return Name(reading.fact.key or reading.fact.subject)


def graded(reading: Reading, scale: Scale) -> Text:
    """The word that a fact's size has earned on a scale of words.toml: "slightly", "clearly"."""
    return Text(scale.word(reading.fact.number))


def observations(reading: Reading) -> Number:
    """How many observations a fact rests on: "1,256"."""
    if reading.fact.n is None:
        raise TypeError(f"{reading.fact.id} does not say how many observations it rests on")
    return Number(reading.fact.id, fixed(float(reading.fact.n), 0), "n")


def value(reading: Reading) -> Number | Day:
    """A fact in the form its unit asks for; missing facts read "n/a" and why. The form for tables."""
    fact = reading.fact
    if fact.missing is not None:
        return as_number(reading, f"n/a, {fact.missing}")
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
