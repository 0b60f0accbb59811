"""What a rule can see: the facts, with x and y bound to funds. A name that has no value raises, it never guesses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Literal

from reportgen.formatting import long_date
from reportgen.model import (
    ContextFunds,
    DatedEvent,
    Day,
    Fact,
    FactList,
    Fund,
    Interval,
    Measurements,
    MetricSpec,
    Name,
    Reading,
    Run,
    Scalar,
    Snapshot,
)
from reportgen.narrative.syntax import LONG, FactName, PropertyName

ARTICLE = "article"


class UnavailableError(Exception):
    """A name has no value here; the message is the reason that the silent rule is listed with."""


@dataclass(frozen=True)
class Setting:
    """What all rules of one article share."""

    measurements: Measurements
    funds: Mapping[str, Fund]
    events: tuple[DatedEvent, ...]
    context: ContextFunds
    long: str
    """The code of the best long window that all funds share: five years, else the common history."""

    @classmethod
    def of(cls, measurements: Measurements, snapshot: Snapshot) -> Setting:
        five = [measurements.find(ticker, "total_return", "5Y") for ticker in measurements.tickers]
        long = "5Y" if all(fact is not None and fact.missing is None for fact in five) else "SI"
        return cls(measurements, snapshot.funds, snapshot.events, snapshot.context, long)

    @property
    def tickers(self) -> tuple[str, ...]:
        return self.measurements.tickers

    @cached_property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Every pair of the funds compared, in the order asked for."""
        return tuple((a, b) for i, a in enumerate(self.tickers) for b in self.tickers[i + 1 :])

    def next_event(self, kind: str) -> DatedEvent | None:
        """The first event of a kind after the as-of."""
        ahead = [e for e in self.events if e.kind == kind and e.day > self.measurements.as_of]
        return min(ahead, key=lambda event: event.day, default=None)


@dataclass(frozen=True)
class Scene:
    """A setting with roles: x and y for a rule about a pair, x alone for one about a fund, neither for the article."""

    setting: Setting
    x: str | None = None
    y: str | None = None
    adjusted: Mapping[str, float] = field(default_factory=dict)
    """The article's adjusted p-values by fact id; lists of tested facts carry them instead of the raw ones."""

    @property
    def roles(self) -> Mapping[str, str]:
        return {role: ticker for role, ticker in (("x", self.x), ("y", self.y)) if ticker is not None}

    @property
    def tickers(self) -> tuple[str, ...]:
        """The funds it is about."""
        return tuple(self.roles.values()) or self.setting.tickers

    @property
    def sign(self) -> Literal[-1, 1]:
        """-1 where y was asked for before x: facts of a pair are first minus second, the language's x minus y."""
        if self.x is None or self.y is None:
            return 1
        order = self.setting.tickers
        return 1 if order.index(self.x) < order.index(self.y) else -1

    def find(self, name: FactName) -> Fact | None:
        """The fact behind a name, missing or not; None when nothing of that name was measured."""
        subject, second = self._subjects(name)
        code = self.setting.long if name.code == LONG else name.code
        find = self.setting.measurements.find
        if name.part is not None:
            keyed = find(subject, name.metric, code, key=self._key(name.part), second=second)
            if keyed is not None:
                return keyed
        return find(subject, name.metric, code, second=second)

    def fact(self, name: FactName) -> Fact:
        """The fact, which has a value; a difference is turned to x minus y. Raises UnavailableError."""
        fact = self.find(name)
        if fact is None:
            raise UnavailableError(f"{name.written} was not measured")
        if fact.missing is not None:
            raise UnavailableError(f"{name.written} is missing: {fact.missing}")
        return turned(fact) if name.turns and self.sign < 0 else fact

    def is_missing(self, name: FactName | PropertyName) -> bool:
        """Whether nothing is known; for an article's list, whether it is known for none of the funds."""
        try:
            if isinstance(name, PropertyName):
                self._property(name)
            elif name.root == ARTICLE and self.find(name) is None:
                self.family(name)
            else:
                self.fact(name)
        except UnavailableError:
            return True
        return False

    def value(self, name: FactName | PropertyName) -> Scalar:
        """A name's value in a condition. Raises UnavailableError."""
        if isinstance(name, PropertyName):
            return self._property(name)
        fact = self.fact(name)
        if name.part is None or fact.key is not None:
            return fact.value
        if fact.details.get(name.part) is None:
            raise UnavailableError(f"{name.written}: there is no {name.part!r}")
        return fact.details[name.part]

    def reading(self, name: FactName) -> Reading:
        """The fact with its specification, for a filter."""
        fact = self.fact(name)
        if name.part is not None and fact.key is None:
            raise UnavailableError(f"{name.written}: there is no {name.part!r}")
        return Reading(fact, self._spec(name.metric), turned=name.turns and self.sign < 0)

    def family(self, name: FactName) -> FactList:
        """The known facts of a keyed metric, or for the article those of all funds, missing ones too.

        Raises UnavailableError where none is known.
        """
        measurements = self.setting.measurements
        code = self.setting.long if name.code == LONG else name.code
        if name.root == ARTICLE:
            every = [measurements.find(ticker, name.metric, code) for ticker in self.setting.tickers]
            found = [fact for fact in every if fact is not None]
            if all(fact.missing is not None for fact in found):
                raise UnavailableError(f"{name.written} is known for none")
        else:
            subject, second = self._subjects(name)
            family = measurements.family(subject, name.metric, code, second=second)
            found = [self._as_tested(fact, name) for fact in family if fact.missing is None]
            if not found:
                raise UnavailableError(f"{name.written} is known for none")
        return FactList(tuple(Reading(fact, self._spec(name.metric)) for fact in found))

    def _as_tested(self, fact: Fact, name: FactName) -> Fact:
        seen = turned(fact) if name.turns and self.sign < 0 else fact
        if seen.interval is None or fact.id not in self.adjusted:
            return seen
        return replace(seen, interval=replace(seen.interval, p=self.adjusted[fact.id]))

    def run(self, name: PropertyName) -> Run:
        """A property as it is printed."""
        value = self._property(name)
        return Day(value, long_date(value)) if isinstance(value, date) else Name(str(value))

    def _subjects(self, name: FactName) -> tuple[str, str | None]:
        if name.root == "pair":
            first, second = self._bound("x"), self._bound("y")
            return (first, second) if self.sign > 0 else (second, first)
        if name.root == ARTICLE:
            return ARTICLE, None
        return self._bound(name.root), None

    def _key(self, part: str) -> str:
        """A key as the rule writes it: x and y stand for their tickers, `of_3y` for "3Y"."""
        if part in ("x", "y"):
            return self._bound(part)
        return part.removeprefix("of_").upper() if part.startswith("of_") else part

    def _bound(self, root: str) -> str:
        if root == "market":
            fund = self.setting.funds.get(self.tickers[0])
            benchmark = self.setting.context.benchmark_for(fund.asset_class) if fund else None
            if benchmark is None:
                raise UnavailableError(f"{self.tickers[0]} has no benchmark")
            return benchmark
        ticker = self.x if root == "x" else self.y
        if ticker is None:
            raise UnavailableError(f"this rule has no {root}")
        return ticker

    def _spec(self, metric: str) -> MetricSpec:
        specs = self.setting.measurements.specs
        return specs[metric] if metric in specs else specs[metric.removeprefix("diff.")]

    def _property(self, name: PropertyName) -> Scalar:
        if name.root == ARTICLE:
            return self._article(name.name)
        if name.root == "pair":
            ordered = (self._bound("x"), self._bound("y"))[:: self.sign]
            return ordered[0] if name.name == "first" else ordered[1]
        ticker = self._bound(name.root)
        if name.name == "ticker":
            return ticker
        value: Scalar = getattr(self.setting.funds.get(ticker), name.name, None)
        if value is None:
            raise UnavailableError(f"{name.written} is not known")
        return value

    def _article(self, name: str) -> Scalar:
        if name == "as_of":
            return self.setting.measurements.as_of
        if name == "funds":
            return len(self.setting.tickers)
        event = self.setting.next_event(name.removeprefix("next_"))
        if event is None:
            raise UnavailableError(f"no {name.removeprefix('next_')} day is known after the as-of")
        return event.day


def turned(fact: Fact) -> Fact:
    """A difference seen from the other fund: value and interval negated, the same id."""
    bounds = fact.interval
    if bounds is not None:
        bounds = Interval(-bounds.high, -bounds.low, bounds.level, bounds.method, bounds.draws, bounds.p)
    value = -fact.value if isinstance(fact.value, int | float) and not isinstance(fact.value, bool) else fact.value
    return replace(fact, value=value, interval=bounds)
