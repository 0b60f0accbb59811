"""All comparisons of a brief as one: one set of facts, one snapshot, one commentary, for the cover and the appendix."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import TypeVar

from reportgen.brief.comparisons import Written
from reportgen.model import Commentary, Fact, Measurements, MetricSpec, Snapshot

T = TypeVar("T")


def tickers(written: Sequence[Written]) -> tuple[str, ...]:
    """Every fund compared, once, in the order of the comparisons."""
    return tuple(dict.fromkeys(ticker for each in written for ticker in each.snapshot.tickers))


def measurements(written: Sequence[Written], own: Iterable[Fact], specs: Mapping[str, MetricSpec]) -> Measurements:
    """Every fact of every comparison once, then the brief's own; of the curves, those that a chart of it draws."""
    first = written[0].measurements
    facts = {fact.id: fact for each in written for fact in each.measurements}
    drawn = {
        name: each.measurements.series[name]
        for each in written
        for chart in each.article.charts.values()
        for name in chart.spec.series
        if name in each.measurements.series
    }
    every = {**facts, **{fact.id: fact for fact in own}}
    return Measurements(first.as_of, tickers(written), every, drawn, {**first.specs, **specs})


def snapshot(written: Sequence[Written]) -> Snapshot:
    """One snapshot of all funds, with every source and every finding once."""
    snapshots = [each.snapshot for each in written]
    return replace(
        snapshots[0],
        tickers=tickers(written),
        funds={t: f for each in snapshots for t, f in each.funds.items()},
        histories={t: h for each in snapshots for t, h in each.histories.items()},
        holdings={t: h for each in snapshots for t, h in each.holdings.items()},
        issues=_once(chain.from_iterable(each.issues for each in snapshots)),
        sources=_once(chain.from_iterable(each.sources for each in snapshots)),
        simulated=any(each.simulated for each in snapshots),
    )


def commentary(written: Sequence[Written], cover: Commentary) -> Commentary:
    """What the cover says, with the words, themes and claims of all comparisons."""
    each = [one.commentary for one in written]
    words = {about: meaning for one in each for about, meaning in one.words}
    return replace(
        cover,
        themes=_once(chain.from_iterable(one.themes for one in each)),
        related=_once(chain.from_iterable(one.related for one in each)),
        claims=tuple(chain.from_iterable(one.claims for one in each)),
        words=tuple(words.items()),
    )


def _once(items: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(items))
