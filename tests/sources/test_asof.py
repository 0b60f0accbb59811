"""Which session an article is about, by the rules of time."""

from datetime import date

import numpy as np
import pytest

from reportgen import calendar
from reportgen.errors import DataError
from reportgen.model import PriceHistory, Request
from reportgen.sources._asof import AsOf, decide_as_of

FIRST, LAST = date(2026, 1, 2), date(2026, 4, 30)


def history(ticker: str, first: date = FIRST, last: date = LAST, without: tuple[date, ...] = ()) -> PriceHistory:
    days = np.array([d for d in calendar.sessions(first, last).tolist() if d not in without], dtype="datetime64[D]")
    flat = np.ones(days.size)
    return PriceHistory(ticker, days, flat, 0 * flat, flat)


def decide(asked: date | None, *histories: PriceHistory, allow_stale: int = 0) -> AsOf:
    tickers = tuple(h.ticker for h in histories)
    return decide_as_of(Request(tickers, asked, allow_stale=allow_stale), {h.ticker: h for h in histories})


def codes(found: AsOf) -> list[tuple[str, str, str]]:
    return [(issue.severity, issue.code, issue.subject) for issue in found.issues]


def test_asked_for_none_it_is_the_last_common_day() -> None:
    found = decide(None, history("A"), history("B"))
    assert (found.day, found.issues) == (LAST, ())


def test_unequal_last_days_are_cut_and_said() -> None:
    found = decide(None, history("A"), history("B", last=date(2026, 4, 28)))
    assert found.day == date(2026, 4, 28)
    assert codes(found) == [("warning", "unequal-last-days", "article")]
    assert "A (2026-04-30)" in found.issues[0].message


@pytest.mark.parametrize(
    ("asked", "session"),
    [
        (date(2026, 3, 29), date(2026, 3, 27)),  # a Sunday
        (date(2026, 4, 3), date(2026, 4, 2)),  # Good Friday
        (date(2026, 1, 19), date(2026, 1, 16)),  # a holiday on a Monday
    ],
)
def test_a_day_without_a_session_means_the_one_before_and_is_said(asked: date, session: date) -> None:
    found = decide(asked, history("A"), history("B"))
    assert found.day == session
    assert codes(found) == [("note", "as-of-moved", "article")]


def test_a_session_asked_for_is_taken_as_it_is() -> None:
    assert decide(date(2026, 3, 27), history("A"), history("B")) == AsOf(date(2026, 3, 27), date(2026, 3, 27), ())


def test_the_weekend_after_the_last_day_is_not_after_the_data() -> None:
    friday = date(2026, 5, 1)
    assert decide(date(2026, 5, 3), history("A", last=friday), history("B", last=friday)).day == friday


@pytest.mark.parametrize(
    ("asked", "side"), [(date(2025, 12, 31), "before the first"), (date(2026, 5, 1), "after the last")]
)
def test_a_day_outside_the_data_is_an_error_that_names_the_span(asked: date, side: str) -> None:
    with pytest.raises(DataError, match=f"{side} day of the data.*from 2026-01-02 to 2026-04-30"):
        decide(asked, history("A"), history("B"))


def test_before_the_younger_fund_began_there_is_no_common_day() -> None:
    with pytest.raises(DataError, match="before the first day of the data, 2026-02-02"):
        decide(date(2026, 1, 30), history("A"), history("B", first=date(2026, 2, 2)))


def test_a_fund_that_ends_before_the_as_of_holds_the_article() -> None:
    found = decide(LAST, history("A"), history("B", last=date(2026, 4, 28)))
    assert found.day == date(2026, 4, 28)
    assert codes(found) == [("error", "stale", "B")]


@pytest.mark.parametrize(("allowed", "severity"), [(1, "error"), (2, "warning"), (30, "warning")])
def test_unless_that_age_is_allowed(allowed: int, severity: str) -> None:
    found = decide(LAST, history("A"), history("B", last=date(2026, 4, 28)), allow_stale=allowed)
    assert codes(found) == [(severity, "stale", "B")]


def test_an_allowed_age_reaches_beyond_the_data() -> None:
    found = decide(date(2026, 5, 1), history("A"), history("B"), allow_stale=3)
    assert found.day == LAST
    assert codes(found) == [("warning", "stale", "A"), ("warning", "stale", "B")]
    with pytest.raises(DataError, match="after the last day"):
        decide(date(2026, 5, 4), history("A"), history("B"), allow_stale=3)


def test_a_hole_on_the_day_asked_for_moves_the_as_of_and_is_said() -> None:
    found = decide(date(2026, 3, 27), history("A"), history("B", without=(date(2026, 3, 27),)))
    assert found.day == date(2026, 3, 26)
    assert codes(found) == [("warning", "no-close-on-as-of", "article")]
    assert found.issues[0].message.startswith("B had no close")


def test_funds_without_a_common_day_are_an_error_that_names_their_spans() -> None:
    spans = r"A runs from 2026-01-02 to 2026-02-27; B runs from 2026-03-02 to 2026-04-30\."
    with pytest.raises(DataError, match=rf"no day in common\. {spans}"):
        decide(None, history("A", last=date(2026, 2, 27)), history("B", first=date(2026, 3, 2)))


@pytest.mark.parametrize("day", [date.min, date(1677, 1, 1), date(2262, 5, 1), date.max])
def test_a_day_of_another_age_is_refused(day: date) -> None:
    with pytest.raises(DataError, match=f"The as-of {day} lies (before the first|after the last) day of the data"):
        decide(day, history("A"), history("B"))
