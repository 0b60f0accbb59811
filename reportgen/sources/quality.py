"""The quality gate on a history: each finding is an issue with its series and date, and says what was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from reportgen import calendar
from reportgen.errors import Issue
from reportgen.model import DateArray, PriceHistory, as_date
from reportgen.sources._distributions import distribution_issues
from reportgen.sources._jumps import jump_issues, rebuild_issues
from reportgen.sources._payments import large_payment_issues
from reportgen.sources._prices import PriceFile
from reportgen.sources._rows import carried

# Beyond these shares of days the file is of another calendar or frequency, not one with gaps.
_MOST_MISSING, _MOST_EXTRA = 0.05, 0.02
_NAMED = 5


def examine(file: PriceFile, as_of: date, leverage: float | None = None) -> tuple[Issue, ...]:
    """What is wrong with a history up to the as-of: sessions, jumps, distributions, the adjusted close.

    leverage: the fund's daily multiple, by which the bound on a day's move is scaled.
    """
    history = file.history.until(as_of)
    if history is None:
        return ()
    adjusted = None if file.adjusted is None else file.adjusted[: history.close.size]
    return (
        *session_issues(history, as_of),
        *jump_issues(history, leverage),
        *(rebuild_issues(history, adjusted, file.decided) if adjusted is not None else ()),
        *large_payment_issues(history),
        *distribution_issues(history),
        *_basis_issue(file),
    )


def on_sessions(file: PriceFile) -> tuple[PriceFile, tuple[Issue, ...]]:
    """The history without the few rows that stand on days without a session, such as a holiday filled with old values.

    What was paid on such a day goes to the next session. A file with many is of another calendar and left as it is:
    `session_issues` says so.
    """
    history = file.history
    held = np.isin(history.dates, calendar.sessions(history.first, history.last))
    count = int((~held).sum())
    if count == 0 or not held.any() or _is_another_calendar(count, history.dates.size):
        return file, ()
    kept = PriceHistory(
        history.ticker,
        history.dates[held],
        history.close[held],
        carried(history.distributions, held),
        history.volume[held],
        history.source,
        history.distributions_known,
        history.total_return_closes,
    )
    message = f"Rows on days without a session were dropped: {_listed(history.dates[~held])}."
    issue = Issue("warning", "extra-day", history.ticker, message, str(as_date(history.dates[~held][0])))
    adjusted = None if file.adjusted is None else file.adjusted[held]
    return replace(file, history=kept, adjusted=adjusted), (issue,)


def _is_another_calendar(extra: int, rows: int) -> bool:
    return extra > max(1, _MOST_EXTRA * rows)


def session_issues(history: PriceHistory, as_of: date) -> tuple[Issue, ...]:
    """Sessions without a row, from the first row to the last, and rows on days without a session."""
    expected = calendar.sessions(history.first, min(as_of, history.last))
    missing = np.setdiff1d(expected, history.dates, assume_unique=True)
    extra = np.setdiff1d(history.dates, expected, assume_unique=True)
    issues = []
    if missing.size:
        many = missing.size > max(1, _MOST_MISSING * expected.size)
        rest = "The file is not one of daily data." if many else "Measures run over the gap."
        message = f"{_sessions(missing.size)} without a close: {_listed(missing)}. {rest}"
        issues.append(_gap("missing-session", history.ticker, message, missing, many))
    if extra.size:
        many = _is_another_calendar(extra.size, history.dates.size)
        rest = "The file follows another calendar." if many else "They were kept."
        message = f"There are closes on days without a session: {_listed(extra)}. {rest}"
        issues.append(_gap("extra-day", history.ticker, message, extra, many))
    return tuple(issues)


def _gap(code: str, ticker: str, message: str, days: DateArray, many: bool) -> Issue:
    return Issue("error" if many else "warning", code, ticker, message, str(as_date(days[0])))


def _sessions(count: int) -> str:
    return "One session is" if count == 1 else f"{count} sessions are"


def _listed(days: DateArray) -> str:
    named = ", ".join(str(as_date(day)) for day in days[:_NAMED])
    return named if days.size <= _NAMED else f"{named} and {days.size - _NAMED} more"


def _basis_issue(file: PriceFile) -> tuple[Issue, ...]:
    if file.history.distributions_known:
        return ()
    if file.basis == "total return":
        message = "The closes have distributions put back: no yield can be measured, and price returns are not known."
    else:
        message = "The file has no distributions: returns are price returns, and no yield can be measured."
    return (Issue("warning", "distributions-unknown", file.history.ticker, message, file.history.source),)


def vouched(issues: Sequence[Issue], accepted: Mapping[tuple[str, str], str]) -> tuple[Issue, ...]:
    """The issues with those that somebody vouches for, by series and date with a source, as notes."""
    return tuple(
        replace(issue, severity="note", message=f"{issue.message} Accepted: {accepted[(issue.subject, issue.where)]}.")
        if issue.where is not None and (issue.subject, issue.where) in accepted
        else issue
        for issue in issues
    )
