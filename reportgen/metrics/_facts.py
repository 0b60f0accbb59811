"""From an outcome to a fact: rounded, dated, with its interval and its sources."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from reportgen.metrics._metric import Measured
from reportgen.metrics._outcomes import Outcome
from reportgen.metrics._uncertainty import from_draws, from_influence
from reportgen.model import Fact, FloatArray, Interval, MetricSpec, Scalar, Window

DIGITS = 12
# Two funds' figures under these details can only be subtracted where the details agree.
_YARDSTICKS = {"benchmark": "benchmarks", "taxonomy": "sector classifications"}


@dataclass(frozen=True, slots=True)
class About:
    """Whom and when a fact is about."""

    subject: str
    second: str | None = None
    code: str | None = None
    window: Window | None = None
    sources: tuple[str, ...] = ()

    def over(self, code: str, window: Window | None) -> About:
        """The same funds over a window, or over one of that code that does not exist."""
        return replace(self, code=code, window=window)


def rounded(value: float) -> float:
    """To 12 significant digits: the last bits differ between processors. There is no negative zero."""
    return float(f"{value:.{DIGITS}g}") + 0.0


def rounded_array(values: FloatArray) -> FloatArray:
    """Each value to 12 significant digits."""
    return np.array([rounded(v) for v in values.tolist()], dtype=np.float64)


def fact(spec: MetricSpec, about: About, key: str | None, outcome: Outcome) -> Fact:
    """The fact of an outcome."""
    measured = outcome.measured
    if measured is None:
        return _fact(spec, about, key, missing=outcome.missing)
    value = measured.value
    interval = _interval(outcome, float(value)) if isinstance(value, int | float) else None
    return _fact(spec, about, key, measured=measured, interval=interval)


def difference_fact(spec: MetricSpec, about: About, key: str | None, first: Outcome, second: Outcome) -> Fact:
    """The fact of first less second; missing where either is, or where their yardsticks differ."""
    a, b = first.measured, second.measured
    if a is None or b is None:
        return _fact(spec, about, key, missing=_why(about, first, second))
    apart = [words for name, words in _YARDSTICKS.items() if a.details.get(name) != b.details.get(name)]
    if apart:
        return _fact(spec, about, key, missing=f"measured by different {apart[0]}")
    assert isinstance(a.value, int | float)
    assert isinstance(b.value, int | float)
    value = a.value - b.value
    days = [one.as_of for one in (a, b) if one.as_of is not None]
    measured = Measured(
        value,
        None if a.n is None or b.n is None else min(a.n, b.n),
        {name: a.details[name] for name in _YARDSTICKS if name in a.details},
        as_of=min(days) if len(days) == 2 else None,
        sources=(*a.sources, *b.sources),
        basis=a.basis or b.basis,
    )
    apart_outcome = Outcome(
        measured, draws=_minus(first.draws, second.draws), influence=_minus(first.influence, second.influence)
    )
    return _fact(spec, about, key, measured=measured, interval=_interval(apart_outcome, float(value)))


def _minus(a: FloatArray | None, b: FloatArray | None) -> FloatArray | None:
    return None if a is None or b is None or a.shape != b.shape else a - b


def _why(about: About, first: Outcome, second: Outcome) -> str:
    """Why a difference is missing; the same words whichever fund stands first."""
    reasons = {about.subject: first.missing, about.second or "": second.missing}
    given = [(who, why) for who, why in sorted(reasons.items()) if why is not None]
    if len(given) == 2 and given[0][1] == given[1][1]:
        return given[0][1]
    return "; ".join(
        f"{who} {why}" if why.startswith(("began", "data begin", "is its")) else f"{who}: {why}" for who, why in given
    )


def _interval(outcome: Outcome, value: float) -> Interval | None:
    if outcome.draws is not None:
        found = from_draws(outcome.draws)
    elif outcome.influence is not None:
        found = from_influence(value, outcome.influence)
    else:
        return None
    return found and replace(found, low=rounded(found.low), high=rounded(found.high), p=rounded(found.p))


def _fact(
    spec: MetricSpec,
    about: About,
    key: str | None,
    measured: Measured | None = None,
    interval: Interval | None = None,
    missing: str | None = None,
) -> Fact:
    window_end = about.window.end if about.window else None
    sources = dict.fromkeys((*about.sources, *(measured.sources if measured else ())))
    return Fact(
        subject=about.subject,
        metric=spec.name,
        unit=spec.unit,
        value=_plain(measured.value) if measured else None,
        missing=missing,
        second=about.second,
        key=key,
        code=about.code,
        window=about.window,
        basis=(measured.basis if measured else None) or spec.basis,
        as_of=(measured.as_of if measured else None) or window_end,
        n=measured.n if measured else None,
        interval=interval,
        details={name: _rounded_scalar(v) for name, v in measured.details.items()} if measured else {},
        method=spec.method,
        sources=tuple(sources),
    )


def _plain(value: float | str | date) -> float | str | date:
    return rounded(value) if isinstance(value, float) else value


def _rounded_scalar(value: Scalar) -> Scalar:
    return rounded(value) if isinstance(value, float) else value
