"""What stage 2 measures: windows, the metrics' specifications, facts and series."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from reportgen.model._common import DateArray, FloatArray, Scalar, Unit, frozen, read_only, read_only_days

IntervalMethod = Literal["bootstrap", "hac", "none"]
Direction = Literal["higher is better", "lower is better", "neither"]
Basis = Literal["total return", "price", "holdings", "stated by the provider"]

DIFFERENCE = "diff."


@dataclass(frozen=True, slots=True)
class Window:
    """A span of time with both its dates. `start` is the last close on or before the anniversary, `end` the as-of.

    Raises ValueError when start is not before end: a window that the history cannot fill does not exist.
    """

    code: str
    start: date
    end: date

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError(f"window {self.code} would run from {self.start} to {self.end}")

    @property
    def years(self) -> float:
        """Length in years of 365.25 days."""
        return (self.end - self.start).days / 365.25


@dataclass(frozen=True, slots=True)
class MetricSpec:
    """What a metric is called and how it is shown; it stands beside the formula and nowhere else.

    label: as printed in tables; short: as used in running text. minimum: fewest observations. parameters: named
    constants of the definition that texts may print. per_window: measured over windows. difference: whether the
    difference of two funds means something. approximate: the interval holds the truth less often than its level says
    while volatility clusters (71 to 85 % instead of 95). card: version of the method card.
    """

    name: str
    label: str
    unit: Unit
    decimals: int
    section: str
    formula: str
    reference: str
    short: str = ""
    direction: Direction = "neither"
    minimum: int = 1
    basis: Basis = "total return"
    interval: IntervalMethod = "none"
    per_window: bool = True
    difference: bool = True
    parameters: Mapping[str, Scalar] = field(default_factory=dict)
    card: int = 1
    approximate: bool = False

    @property
    def method(self) -> str:
        """The method card's name, such as "max_drawdown v1"."""
        return f"{self.name} v{self.card}"


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval and the two-sided p-value of "the value is zero". draws is None for "hac"."""

    low: float
    high: float
    level: float
    method: IntervalMethod
    draws: int | None
    p: float


@dataclass(frozen=True, slots=True)
class Fact:
    """One number (or date, or word) that may be printed, or the reason why there is none.

    Exactly one of `value` and `missing` is set. `subject` is a ticker; with `second` the fact is about the pair,
    and a difference is subject minus second. `code` is the window's code, kept where the window cannot exist.
    `n` counts the observations behind the value. `details` holds named dates and counts.
    `comparison` is set where one brief holds several comparisons in which the same words mean different things
    ("iwm-vs-qqq"); `issue` is the as-of of the earlier issue that a fact is quoted from.
    """

    subject: str
    metric: str
    unit: Unit
    value: float | int | str | date | None = None
    missing: str | None = None
    second: str | None = None
    key: str | None = None
    code: str | None = None
    window: Window | None = None
    basis: Basis = "total return"
    as_of: date | None = None
    n: int | None = None
    interval: Interval | None = None
    details: Mapping[str, Scalar] = field(default_factory=dict)
    method: str = ""
    sources: tuple[str, ...] = ()
    comparison: str | None = None
    issue: date | None = None

    def __post_init__(self) -> None:
        if (self.value is None) == (self.missing is None):
            raise ValueError(f"{self.id}: a fact has a value or the reason it is missing")
        if isinstance(self.value, float) and self.value != self.value:
            raise ValueError(f"{self.id}: NaN is not a value")

    @property
    def id(self) -> str:
        """Such as "QQQ/max_drawdown/5Y", "IWM:QQQ/companion_beta[SOXX]/5Y" or "article/market_impact@iwm-vs-qqq";
        nothing parses it.
        """
        who = f"{self.subject}:{self.second}" if self.second else self.subject
        what = f"{self.metric}[{self.key}]" if self.key is not None else self.metric
        where = f"@{self.comparison}" if self.comparison else ""
        when = f"@{self.issue}" if self.issue else ""
        return f"{who}/{what}/{self.code}{where}{when}" if self.code else f"{who}/{what}{where}{when}"

    def part(self, detail: str | None) -> Scalar:
        """What a printed run shows of the fact: the value, "n", "interval.low" (high, level, p, draws), or a detail.

        "reversed" before one of them gives the difference the other way round: second minus subject.
        Raises KeyError where the fact has no such part.
        """
        if detail is None:
            return self.value
        if detail == "n":
            return self.n
        if detail.split(".")[0] == "reversed":
            return -self.number if detail == "reversed" else self._reversed_bound(detail)
        if detail.startswith("interval.") and self.interval is not None:
            bound: Scalar = getattr(self.interval, detail.removeprefix("interval."))
            return bound
        return self.details[detail]

    def recorded(self, part: str) -> Scalar:
        """A part as a record of what was printed names it: "" for the value, and beside what `part` knows "as of" and
        the "start" and "end" of the window. None where the fact has none of the name.
        """
        ends: dict[str, date | None] = {"as of": self.as_of}
        if self.window is not None:
            ends |= {"start": self.window.start, "end": self.window.end}
        if part in ends and part not in self.details:
            return ends[part]
        try:
            return self.part(part or None)
        except (KeyError, AttributeError):
            return None

    def _reversed_bound(self, detail: str) -> float:
        if self.interval is None:
            raise KeyError(detail)
        return {"reversed.interval.low": -self.interval.high, "reversed.interval.high": -self.interval.low}[detail]

    @property
    def number(self) -> float:
        """The value as a float. Raises TypeError where it is missing or not a number."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            raise TypeError(f"{self.id} is not a number: {self.value!r}")
        return float(self.value)


class Reading(NamedTuple):
    """A fact with the specification that says how it is shown: what the formatting filters take.

    turned: the fact is a difference seen from its second fund, value and interval negated; its id is unchanged.
    """

    fact: Fact
    spec: MetricSpec
    turned: bool = False


@dataclass(frozen=True, slots=True)
class FactList:
    """Facts that are told together, in the order given: sectors, companions, names in both."""

    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """A curve that charts may draw; `x` holds dates (as dates) or plain numbers (as values over `x`)."""

    id: str
    label: str
    unit: Unit
    values: FloatArray
    dates: DateArray | None = None
    x: FloatArray | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", read_only(self.values))
        if self.dates is not None:
            object.__setattr__(self, "dates", read_only_days(self.dates))
        if self.x is not None:
            object.__setattr__(self, "x", read_only(self.x))
        across = self.dates if self.dates is not None else self.x
        if across is None or across.shape != self.values.shape:
            raise ValueError(f"series {self.id}: values and positions differ in length")


FactKey = tuple[str, str | None, str, str | None, str | None]


@dataclass(frozen=True, slots=True, eq=False)
class Measurements:
    """All facts and series of one comparison, in table order."""

    as_of: date
    tickers: tuple[str, ...]
    facts: Mapping[str, Fact]
    series: Mapping[str, Series]
    specs: Mapping[str, MetricSpec]
    _index: Mapping[FactKey, Fact] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "facts", frozen(self.facts))
        object.__setattr__(self, "series", frozen(self.series))
        index = {
            (f.subject, f.second, f.metric, f.key, f.code): f
            for f in sorted(self.facts.values(), key=lambda f: f.comparison is None)
            if f.issue is None
        }
        object.__setattr__(self, "_index", frozen(index))

    def __iter__(self) -> Iterator[Fact]:
        return iter(self.facts.values())

    def __len__(self) -> int:
        return len(self.facts)

    def find(
        self, subject: str, metric: str, code: str | None = None, *, key: str | None = None, second: str | None = None
    ) -> Fact | None:
        """The fact, missing or not, or None when nothing of that name was measured."""
        return self._index.get((subject, second, metric, key, code))

    def family(
        self, subject: str, metric: str, code: str | None = None, *, second: str | None = None
    ) -> tuple[Fact, ...]:
        """Every fact of a keyed metric, in the order measured."""
        return tuple(
            f
            for f in self.facts.values()
            if f.key is not None and (f.subject, f.second, f.metric, f.code) == (subject, second, metric, code)
        )

    def spec(self, fact: Fact) -> MetricSpec:
        """The specification behind a fact. Raises KeyError for a fact of an unknown metric."""
        return self.specs[fact.metric]

    def reading(self, fact: Fact) -> Reading:
        """The fact with its specification."""
        return Reading(fact, self.spec(fact))
