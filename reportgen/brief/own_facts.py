"""The brief's own facts: how many funds rose, and what became of conditions stated earlier."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from math import sqrt

from reportgen import metrics
from reportgen.brief import united
from reportgen.brief.comparisons import Written
from reportgen.model import Fact, MetricSpec, Snapshot, Unit

ARTICLE = "article"
Z95 = 1.959963984540054
"""The 97.5 % quantile of the normal distribution, for a two-sided interval of 95 %."""


def _spec(name: str, label: str, unit: Unit, formula: str, decimals: int = 0) -> MetricSpec:
    return MetricSpec(
        name, label, unit, decimals, "market", formula, "This product's definition.", label.lower(),
        per_window=False, difference=False,
    )  # fmt: skip


_SPECS = (
    _spec("funds_told", "Funds compared", "count", "Number of funds whose return over the week is known."),
    _spec("funds_up", "Funds that rose", "count", "Number of those whose total return over the week is above zero."),
    _spec("conditions_held", "Conditions that came true as told", "count",
          "Number of earlier conditional statements whose condition occurred and whose outcome was as stated."),
    _spec("conditions_missed", "Conditions that came out otherwise", "count",
          "Number of earlier conditional statements whose condition occurred and whose outcome was another."),
    _spec("conditions_seen", "Conditions that occurred", "count",
          "Number of earlier statements of what would change the picture whose condition occurred."),
    _spec("conditions_open", "Conditions that have not occurred", "count",
          "Number of earlier conditional statements whose condition has not occurred yet."),
    _spec("conditions_lapsed", "Conditions that lapsed", "count",
          "Number of earlier conditional statements whose condition did not occur in half a year."),
    _spec("conditions_weeks", "Weeks in which conditions occurred", "count",
          "Number of different issues in which the scored conditions occurred."),
    replace(
        _spec("hit_rate", "Share of conditions that came true as told", "fraction",
              "Outcomes as stated over all outcomes scored; the interval is Wilson's score interval.", 0),
        parameters={"level": 0.95},
        reference="Wilson (1927), Journal of the American Statistical Association 22.",
    ),
)  # fmt: skip


@cache
def specs() -> Mapping[str, MetricSpec]:
    """The brief's own specifications by name."""
    return {spec.name: spec for spec in _SPECS}


@cache
def catalogue() -> Mapping[str, MetricSpec]:
    """What the rules of a brief may speak of: every metric, and the brief's own."""
    return {**metrics.catalogue(), **specs()}


def count(metric: str, value: int, snapshot: Snapshot) -> Fact:
    """A count of the brief's own, as of the snapshot's day."""
    return Fact(ARTICLE, metric, "count", value, as_of=snapshot.as_of, method=specs()[metric].method)


def of_the_week(written: Sequence[Written], snapshot: Snapshot) -> Iterator[Fact]:
    """How many funds there are with a return for the week, and how many of them rose."""
    found = (
        each.measurements.find(ticker, "total_return", "1W") for each in written for ticker in each.snapshot.tickers
    )
    week = {fact.subject: fact.number for fact in found if fact is not None and fact.missing is None}
    yield count("funds_told", len(week), snapshot)
    yield count("funds_up", sum(1 for ticker in united.tickers(written) if week.get(ticker, 0) > 0), snapshot)


def hit_rate(held: int, missed: int, snapshot: Snapshot) -> Fact:
    """The share of scored statements that came true, with Wilson's interval at 95 % as details `low` and `high`."""
    spec, scored = specs()["hit_rate"], held + missed
    if scored == 0:
        missing = "no stated condition has occurred yet"
        return Fact(ARTICLE, spec.name, "fraction", missing=missing, as_of=snapshot.as_of, method=spec.method)
    low, high = wilson(held, scored)
    details = {"low": low, "high": high}
    return Fact(
        ARTICLE, spec.name, "fraction", held / scored, as_of=snapshot.as_of, n=scored, details=details,
        method=spec.method,
    )  # fmt: skip


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """Wilson's score interval at 95 % for a share of `hits` in `trials` independent trials, which are at least one.

    p centre = (p + z^2/2n) / (1 + z^2/n); half width = z sqrt(p(1-p)/n + z^2/4n^2) / (1 + z^2/n).
    """
    share, square = hits / trials, Z95 * Z95
    scale = 1 + square / trials
    centre = (share + square / (2 * trials)) / scale
    half = Z95 * sqrt(share * (1 - share) / trials + square / (4 * trials * trials)) / scale
    return max(0.0, centre - half), min(1.0, centre + half)
