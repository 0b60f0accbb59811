"""From loose parts to a snapshot: one as-of for all, nothing later than it, and the facts that are dated near it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np

from reportgen import calendar
from reportgen.errors import Issue
from reportgen.model import (
    DatedSeries,
    Fund,
    FundFact,
    Holdings,
    PriceHistory,
    Request,
    Snapshot,
    SourceRecord,
    as_date,
)
from reportgen.sources._asof import AsOf, decide_as_of
from reportgen.sources._events import event_issues, events_around, events_sha256, known_through
from reportgen.sources._licence import LICENCES
from reportgen.sources._rates import BILL, THREE_MONTHS

# A fund fact or a holdings file counts from this long before the as-of to this long after it.
EARLIEST, LATEST = timedelta(days=100), timedelta(days=45)
_OLDEST_RATE = 5


@dataclass(frozen=True, slots=True)
class Parts:
    """What a source has found, uncut. A fund may have several profiles and holdings, of different days.

    histories: of every fund asked for and of the context funds that exist. funds: profiles by ticker, the one to be
    believed first standing first. series: by name; "DGS3MO" and "^IRX" (already as yields) are risk-free candidates.
    corrections: the sources that corrections cite, which stand in the snapshot whatever else does.
    """

    histories: Mapping[str, PriceHistory]
    funds: Mapping[str, tuple[Fund, ...]]
    holdings: Mapping[str, tuple[Holdings, ...]] = field(default_factory=dict)
    series: Mapping[str, DatedSeries] = field(default_factory=dict)
    sources: tuple[SourceRecord, ...] = ()
    issues: tuple[Issue, ...] = ()
    corrections: tuple[SourceRecord, ...] = ()
    simulated: bool = False


def assemble(request: Request, parts: Parts) -> Snapshot:
    """The snapshot of a request. Raises DataError where no as-of exists (see `decide_as_of`)."""
    chosen = decide_as_of(request, parts.histories)
    issues = [*parts.issues, *chosen.issues]
    histories = _cut_histories(request, parts, chosen, issues)
    funds = {t: _fund(t, parts.funds.get(t, ()), chosen.day, t in request.tickers, issues) for t in histories}
    holdings = {t: h for t in request.tickers if (h := _holdings(t, parts.holdings.get(t, ()), chosen.day, issues))}
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


def _near(day: date | None, as_of: date) -> bool:
    return day is None or as_of - EARLIEST <= day <= as_of + LATEST


def _preference(day: date | None, as_of: date) -> tuple[bool, int]:
    """Sorts the latest on or before the as-of first, then the earliest after it."""
    if day is None:
        return (True, EARLIEST.days)
    return (day > as_of, abs((as_of - day).days))


def _fund(ticker: str, profiles: Iterable[Fund], as_of: date, compared: bool, issues: list[Issue]) -> Fund:
    """The fund with the facts that are dated near the as-of; identity comes from the first profile."""
    profiles = tuple(profiles)
    if not profiles:
        if compared:
            message = f"No fund facts of {ticker} were found: costs, size and category are not known."
            issues.append(Issue("note", "no-fund-facts", ticker, message))
        return Fund(ticker, ticker)
    facts: dict[str, FundFact] = {}
    dropped: set[date] = set()
    for name in dict.fromkeys(name for profile in profiles for name in profile.facts):
        stated = [profile.facts[name] for profile in profiles if name in profile.facts]
        near = [fact for fact in stated if _near(fact.as_of, as_of)]
        if near:
            facts[name] = min(near, key=lambda fact: _preference(fact.as_of, as_of))
        else:
            dropped |= {fact.as_of for fact in stated if fact.as_of is not None}
    if compared:
        issues += _about_dates(ticker, "fund facts", [f.as_of for f in facts.values()], dropped, as_of)
    return replace(profiles[0], facts=facts)


def _holdings(ticker: str, candidates: Iterable[Holdings], as_of: date, issues: list[Issue]) -> Holdings | None:
    """The issuer's full file before the provider's ten lines; of each the latest on or before the as-of first."""
    candidates = tuple(candidates)
    near = [holdings for holdings in candidates if _near(holdings.as_of, as_of)]
    dropped = {h.as_of for h in candidates if not _near(h.as_of, as_of) and h.scope == "full"}
    if not near:
        issues += _about_dates(ticker, "holdings", [], {h.as_of for h in candidates}, as_of)
        return None
    chosen = min(near, key=lambda h: (h.scope != "full", *_preference(h.as_of, as_of)))
    issues += _about_dates(ticker, "holdings", [chosen.as_of], dropped if chosen.scope != "full" else set(), as_of)
    return chosen


def _about_dates(
    ticker: str, what: str, used: Iterable[date | None], dropped: Iterable[date], as_of: date
) -> list[Issue]:
    issues = []
    later = sorted({day for day in used if day is not None and day > as_of})
    if later:
        message = f"The {what} of {ticker} are of {later[-1]}, after the as-of {as_of}."
        issues.append(Issue("note", "dated-later", ticker, message, str(later[-1])))
    for day in sorted(dropped):
        message = f"The {what} of {ticker} of {day} were not used: too far from the as-of {as_of}."
        issues.append(Issue("note", "dated-too-far", ticker, message, str(day)))
    return issues


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
    """The records of what the snapshot really holds."""
    used = {history.source for history in histories.values()}
    used |= {h.source for h in holdings.values()} | {s.source for s in series.values()}
    used |= {fact.source for fund in funds.values() for fact in fund.facts.values()}
    return tuple(record for record in records if record.id in used)


def _calendar_record(as_of: date) -> SourceRecord:
    licence = LICENCES["calendar"]
    name = "NYSE sessions (exchange_calendars) and the shipped list of events"
    return SourceRecord("calendar", name, "calendar", licence.publishable, licence.terms, events_sha256(), as_of)
