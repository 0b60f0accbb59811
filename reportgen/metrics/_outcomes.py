"""Runs one metric on one view: a value with its sampling distribution, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from reportgen.metrics._metric import Definition, Measured, Unavailable
from reportgen.metrics._resampling import resampling
from reportgen.metrics._views import ArticleView, FundProfile, FundWindow, PairProfile, PairWindow
from reportgen.model import FloatArray, Window


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What came of a metric. Exactly one of `measured` and `missing` is set; `draws` or `influence` where an interval
    is wanted.
    """

    measured: Measured | None = None
    missing: str | None = None
    draws: FloatArray | None = None
    influence: FloatArray | None = None


View = FundWindow | PairWindow | FundProfile | PairProfile | ArticleView
Keyed = Mapping[str | None, Outcome]
Outcomes = Mapping[str, Keyed]


def over_window(view: FundWindow | str, code: str, chosen: Sequence[Definition]) -> Outcomes:
    """Those of the chosen fund metrics that are measured over windows of that code."""
    return {d.spec.name: run(d, view) for d in in_window(code, chosen)}


def in_window(code: str, chosen: Sequence[Definition]) -> tuple[Definition, ...]:
    """Those of the chosen metrics that are fund metrics over windows of that code."""
    group = "CY" if code.startswith("CY") else code
    return tuple(d for d in chosen if d.view is FundWindow and group in d.codes)


def run(definition: Definition, view: View | str) -> Keyed:
    """One metric on its view, or on the reason why there is no such window. Keyed metrics give one outcome a key."""
    if isinstance(view, str):
        return {None: Outcome(missing=view)}
    over = view if isinstance(view, FundWindow | PairWindow) else None
    if over is not None and over.days.size - 1 < definition.spec.minimum:
        return {None: Outcome(missing=f"needs {definition.spec.minimum} daily returns, has {over.days.size - 1}")}
    try:
        result = definition.measure(view)
    except Unavailable as reason:
        return {None: Outcome(missing=reason.reason)}
    many: dict[str | None, Measured | Unavailable] = {}
    if isinstance(result, Measured):
        many[None] = result
    else:
        many.update(result)
    if over is not None and definition.spec.basis == "total return" and _is_of_prices_only(over):
        many = {key: _on_prices(one) for key, one in many.items()}
    wanted = over is not None and wants_interval(definition, over.window)
    draws = _draws(definition, over) if over is not None and wanted else {}
    return {key: _outcome(one, draws.get(key), wanted=wanted) for key, one in many.items()}


def _is_of_prices_only(view: FundWindow | PairWindow) -> bool:
    """Whether nothing is known of what a fund measured paid: its returns are then price returns, and called so."""
    sides = (view,) if isinstance(view, FundWindow) else (view.first, view.second)
    return any(side.market.track(side.fund.ticker).history.price_returns_only for side in sides)


def _on_prices(one: Measured | Unavailable) -> Measured | Unavailable:
    return one if isinstance(one, Unavailable) or one.basis is not None else replace(one, basis="price")


def _outcome(one: Measured | Unavailable, draws: FloatArray | None, *, wanted: bool) -> Outcome:
    if isinstance(one, Unavailable):
        return Outcome(missing=one.reason)
    return Outcome(one, draws=draws, influence=one.influence if wanted else None)


def wants_interval(definition: Definition, window: Window) -> bool:
    """Whether the metric carries an interval here: over the codes it names, and over SI under five years."""
    return window.code in definition.interval_codes or (window.code == "SI" and window.years < 5)


def _draws(definition: Definition, view: FundWindow | PairWindow) -> Mapping[str | None, FloatArray]:
    if definition.draws is None:
        return {}
    sample = resampling(view.market.sessions, view.window, view.days[1:])
    if sample is None:
        return {}
    found = definition.draws(view, sample)
    return found if isinstance(found, Mapping) else {None: found}
