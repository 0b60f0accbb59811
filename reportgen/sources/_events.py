"""Dated events: option expiries by rule, central-bank decisions and price indices from a shipped list."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from reportgen import calendar
from reportgen.errors import Issue
from reportgen.model import DatedEvent

_FILE = Path(__file__).with_name("data") / "events.toml"
# Events are listed this far beyond the as-of: the article speaks of days to weeks, and of the next few expiries.
_AHEAD = timedelta(days=125)
_WARN_BEFORE = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class EventSeries:
    """The dates of one kind of event and the span over which the list is complete."""

    kind: str
    name: str
    source: str
    valid_from: date
    valid_through: date
    days: tuple[date, ...]


@cache
def event_series() -> tuple[EventSeries, ...]:
    """The shipped series, in the file's order."""
    with _FILE.open("rb") as file:
        data = tomllib.load(file)
    return tuple(EventSeries(kind, **{**entry, "days": tuple(entry["days"])}) for kind, entry in data.items())


@cache
def events_sha256() -> str:
    """The hash of the shipped list, for the snapshot's manifest."""
    return hashlib.sha256(_FILE.read_bytes()).hexdigest()


def events_around(first: date, as_of: date) -> tuple[DatedEvent, ...]:
    """Every known event from `first` to some months after the as-of, by day and kind."""
    last = as_of + _AHEAD
    found = [
        DatedEvent("expiry", day, "monthly options expiry", "third Friday of the month, or the session before")
        for day in calendar.expiries(first, last)
    ]
    for series in event_series():
        found += [DatedEvent(series.kind, d, series.name, series.source) for d in series.days if first <= d <= last]
    return tuple(sorted(found, key=lambda event: (event.day, event.kind)))


def known_through() -> date:
    """The last day for which every shipped series is complete."""
    return min(series.valid_through for series in event_series())


def event_issues(as_of: date) -> tuple[Issue, ...]:
    """What the as-of asks of the lists and they do not hold, and that they end soon, 60 days ahead."""
    issues = []
    for series in event_series():
        if as_of < series.valid_from:
            message = f"The dates of {series.name} are listed from {series.valid_from} on; none are named before it."
            issues.append(Issue("note", "events-not-listed", series.kind, message, str(as_of)))
        elif as_of > series.valid_through - _WARN_BEFORE:
            message = f"The dates of {series.name} are known through {series.valid_through}; extend the list."
            issues.append(Issue("warning", "events-end", series.kind, message, str(series.valid_through)))
    return tuple(issues)
