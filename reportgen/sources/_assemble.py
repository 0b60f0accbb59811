"""From loose parts to a snapshot: one as-of for all, nothing later than it, and the facts that are dated near it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from reportgen import calendar
from reportgen.errors import Issue
from reportgen.model import (
    LICENCES,
    DatedSeries,
    Fund,
    Holdings,
    PriceHistory,
    Request,
    Snapshot,
    SourceRecord,
    as_date,
)
from reportgen.sources._asof import AsOf, decide_as_of
from reportgen.sources._dated import choose_facts, choose_holdings
from reportgen.sources._events import event_issues, events_around, events_sha256, known_through
from reportgen.sources._rates import BILL, THREE_MONTHS

_OLDEST_RATE = 5


@dataclass(frozen=True, slots=True)
class Parts:
    """What a source has found, uncut. A fund may have several profiles and holdings, of different days.

    histories: of every fund asked for and of the context funds that exist. funds: profiles by ticker, the one to be
    believed first standing first. series: by name; "DGS3MO" and "^IRX" (already as yields) are risk-free candidates.
    corrections: the sources that corrections cite, which stand in the snapshot whatever else does. through: the
    session up to which the source answers for its data; one that ends earlier is stale, and not out of reach.
    """

    histories: Mapping[str, PriceHistory]
    funds: Mapping[str, tuple[Fund, ...]]
    holdings: Mapping[str, tuple[Holdings, ...]] = field(default_factory=dict)
    series: Mapping[str, DatedSeries] = field(default_factory=dict)
    sources: tuple[SourceRecord, ...] = ()
    issues: tuple[Issue, ...] = ()
    corrections: tuple[SourceRecord, ...] = ()
    simulated: bool = False
    through: date | None = None


def assemble(request: Request, parts: Parts) -> Snapshot:
    """The snapshot of a request. Raises DataError where no as-of exists (see `decide_as_of`)."""
    chosen = decide_as_of(request, parts.histories, parts.through)
    issues = [*parts.issues, *chosen.issues]
    histories = _cut_histories(request, parts, chosen, issues)
    funds = {t: _fund(t, parts, request, chosen.day, issues) for t in histories}
    held = {t: choose_holdings(t, parts.holdings.get(t, ()), chosen.day, issues) for t in request.tickers}
    holdings = {ticker: kept for ticker, kept in held.items() if kept is not None}
    series = {name: cut for name, s in parts.series.items() if (cut := _cut_series(s, chosen.day)) is not None}
    first = min(history.first for history in histories.values())
    risk_free = _risk_free(series, chosen.day, issues)
    issues += event_issues(chosen.day)
    return Snapshot(
        as_of=chosen.day,
        requested=request.as_of,
        tickers=request.tickers,
        context=request.context,
        funds=funds,
        histories=histories,
        holdings=holdings,
        risk_free=risk_free,
        series={name: s for name, s in series.items() if name not in (BILL, THREE_MONTHS)},
        sessions=calendar.sessions(first, chosen.day),
        events=events_around(first, chosen.day),
        issues=tuple(issues),
        sources=(
            *_used(parts.sources, histories, holdings, funds, series),
            *parts.corrections,
            _calendar_record(chosen.day),
        ),
        simulated=parts.simulated,
        calendar_through=known_through(),
    )


def _cut_histories(request: Request, parts: Parts, chosen: AsOf, issues: list[Issue]) -> dict[str, PriceHistory]:
    """Histories up to the as-of; a yardstick that ends before it is left out, and said."""
    kept = {}
    for ticker, history in parts.histories.items():
        cut = history.until(chosen.day)
        if cut is None:
            continue
        if ticker in request.tickers or cut.last == chosen.day:
            kept[ticker] = cut
            continue
        message = f"The yardstick {ticker} has no close on {chosen.day}; its last is of {cut.last}. It was left out."
        issues.append(Issue("warning", "stale-context", ticker, message, str(cut.last)))
    return kept


def _fund(ticker: str, parts: Parts, request: Request, as_of: date, issues: list[Issue]) -> Fund:
    """The fund as of a day; of yardsticks nothing is said, as only their returns are used."""
    held = parts.holdings.get(ticker, ())
    said: list[Issue] = []
    fund = choose_facts(ticker, parts.funds.get(ticker, ()), [h.as_of for h in held], as_of, said)
    if ticker in request.tickers:
        issues += said
    return fund


def _cut_series(series: DatedSeries, as_of: date) -> DatedSeries | None:
    stop = int(np.searchsorted(series.dates, np.datetime64(as_of, "D"), side="right"))
    if stop == 0:
        return None
    return DatedSeries(series.name, series.dates[:stop], series.values[:stop], series.unit, series.source)


def _risk_free(series: Mapping[str, DatedSeries], as_of: date, issues: list[Issue]) -> DatedSeries | None:
    """Three-month Treasury yields, else the bill's; the one that reaches the as-of is preferred."""
    candidates = [series[name] for name in (THREE_MONTHS, BILL) if name in series]
    fresh = [s for s in candidates if calendar.sessions(as_date(s.dates[-1]), as_of).size <= _OLDEST_RATE + 1]
    if fresh:
        return fresh[0]
    if candidates:
        last = as_date(candidates[0].dates[-1])
        message = f"The risk-free rate ends on {last}, more than {_OLDEST_RATE} sessions before the as-of {as_of}."
        issues.append(Issue("warning", "stale-risk-free", candidates[0].name, message, str(last)))
        return candidates[0]
    message = "No risk-free rate was found (DGS3MO or ^IRX): measures over it are not available."
    issues.append(Issue("note", "no-risk-free", "article", message))
    return None


def _used(
    records: Iterable[SourceRecord],
    histories: Mapping[str, PriceHistory],
    holdings: Mapping[str, Holdings],
    funds: Mapping[str, Fund],
    series: Mapping[str, DatedSeries],
) -> tuple[SourceRecord, ...]:
    """The records of what the snapshot really holds; prices and rates are dated by the last day used."""
    used = {history.source for history in histories.values()}
    used |= {h.source for h in holdings.values()} | {s.source for s in series.values()}
    used |= {fact.source for fund in funds.values() for fact in fund.facts.values()}
    last = {h.source: h.last for h in histories.values()} | {s.source: as_date(s.dates[-1]) for s in series.values()}
    return tuple(
        replace(record, as_of=last[record.id]) if record.id in last else record
        for record in records
        if record.id in used
    )


def _calendar_record(as_of: date) -> SourceRecord:
    licence = LICENCES["calendar"]
    name = "Sessions of the New York Stock Exchange and the shipped list of scheduled events"
    return SourceRecord("calendar", name, "calendar", licence.publishable, licence.terms, events_sha256(), as_of)
