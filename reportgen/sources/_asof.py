"""Which session an article is about: the last on which every fund compared has a close."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce

import numpy as np

from reportgen import calendar
from reportgen.errors import DataError, Issue
from reportgen.model import DateArray, PriceHistory, Request, as_date


@dataclass(frozen=True, slots=True)
class AsOf:
    """The as-of, the session that was asked for (the as-of itself where no day was), and what had to be said."""

    day: date
    session: date
    issues: tuple[Issue, ...]


def decide_as_of(request: Request, histories: Mapping[str, PriceHistory], through: date | None = None) -> AsOf:
    """The last session at or before the requested day on which every fund compared has a close.

    Asked for none, the last common day. Asked for a day without a session, the session before. A fund whose data end
    before the session asked for is an issue that holds the article, unless the request allows that age. through: the
    session up to which the source answers for its data, where it says one. Raises DataError when the funds have no
    day in common, or the day asked for lies outside their data and after `through`.
    """
    compared = {ticker: histories[ticker] for ticker in request.tickers}
    common: DateArray = reduce(np.intersect1d, (history.dates for history in compared.values()))
    if common.size == 0:
        spans = "; ".join(f"{t} runs from {h.first} to {h.last}" for t, h in compared.items())
        raise DataError("The funds have no day in common.", fix=f"{spans}. Compare funds whose histories overlap.")
    if request.as_of is None:
        return _last_common(compared, common)
    session = _session(request.as_of, request.allow_stale, compared, common, through)
    day = as_date(common[np.searchsorted(common, np.datetime64(session, "D"), side="right") - 1])
    issues = [*_moved(request.as_of, session), *_behind(compared, session, request.allow_stale)]
    if day != session and not any(history.last < session for history in compared.values()):
        issues.append(_hole(compared, session, day))
    return AsOf(day, session, tuple(issues))


def _last_common(compared: Mapping[str, PriceHistory], common: DateArray) -> AsOf:
    day = as_date(common[-1])
    longer = [f"{ticker} ({history.last})" for ticker, history in compared.items() if history.last > day]
    issues = []
    if longer:
        message = f"The data were cut to the last common day, {day}; longer were {', '.join(longer)}."
        issues.append(Issue("warning", "unequal-last-days", "article", message, str(day)))
    return AsOf(day, day, tuple(issues))


def _session(
    asked: date, allowed: int, compared: Mapping[str, PriceHistory], common: DateArray, through: date | None
) -> date:
    """The session of the day asked for. Raises DataError where it lies outside the data."""
    first, last = as_date(common[0]), max(history.last for history in compared.values())
    # Days far outside are refused before the calendar is asked, which does not reach every century.
    session = asked if asked < first or (asked - last).days > allowed + 366 else calendar.session_on_or_before(asked)
    if session < first:
        raise DataError(
            f"The as-of {asked} lies before the first day of the data, {first}.",
            fix=f"Ask for a day from {first} to {last}.",
        )
    answered = through is not None and session <= through
    if (session - last).days > allowed and not answered:
        raise DataError(
            f"The as-of {asked} lies after the last day of the data, {last}.",
            fix=f"Ask for a day from {first} to {last}, or get newer data.",
        )
    return session


def _moved(asked: date, session: date) -> list[Issue]:
    if asked == session:
        return []
    message = f"The exchange was closed on {asked}; the session before, {session}, was taken."
    return [Issue("note", "as-of-moved", "article", message, str(asked))]


def _behind(compared: Mapping[str, PriceHistory], session: date, allowed: int) -> list[Issue]:
    issues = []
    for ticker, history in compared.items():
        age = (session - history.last).days
        if age > 0:
            message = f"The prices of {ticker} end on {history.last}, before the session of {session}."
            issues.append(Issue("warning" if age <= allowed else "error", "stale", ticker, message, str(history.last)))
    return issues


def _hole(compared: Mapping[str, PriceHistory], session: date, day: date) -> Issue:
    holed = [t for t, h in compared.items() if np.datetime64(session, "D") not in h.dates]
    message = f"{', '.join(holed)} had no close on {session}; the session before with all closes, {day}, was taken."
    return Issue("warning", "no-close-on-as-of", "article", message, str(session))
