"""What every source must keep, as checks that tests run: those of this program, and yours for a source of your own.

Each check takes a function that opens the source, and two to five tickers of funds that it has. With pytest:

    @pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
    def test_contract(check):
        check(MySource, ("AAA", "BBB"))
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import numpy as np

from reportgen.errors import DataError, UsageError
from reportgen.model import Request, Snapshot
from reportgen.sources._base import Source

Opens = Callable[[], Source]
Check = Callable[[Opens, tuple[str, ...]], None]


def has_a_name(opens: Opens, tickers: tuple[str, ...]) -> None:
    """A source has a name, which stands in messages."""
    del tickers
    name = opens().name
    assert name, "the name is empty"
    assert name.isprintable(), "the name cannot be printed"


def holds_what_was_asked_for(opens: Opens, tickers: tuple[str, ...]) -> None:
    """Funds come in the order asked for, each with a history up to the as-of and not beyond it."""
    snapshot = opens().load(Request(tickers))
    assert snapshot.tickers == tickers
    for ticker in tickers:
        assert snapshot.funds[ticker].ticker == ticker
        assert snapshot.histories[ticker].ticker == ticker
    for history in snapshot.histories.values():
        assert history.last <= snapshot.as_of, f"{history.ticker} goes beyond the as-of"
    for series in snapshot.series.values():
        assert series.dates[-1] <= np.datetime64(snapshot.as_of, "D"), f"{series.name} goes beyond the as-of"


def takes_tickers_in_any_case(opens: Opens, tickers: tuple[str, ...]) -> None:
    """iwm is IWM."""
    assert opens().load(Request(tuple(ticker.lower() for ticker in tickers))).tickers == tickers


def is_the_same_each_time(opens: Opens, tickers: tuple[str, ...]) -> None:
    """Loading again gives the same data."""
    first, second = opens().load(Request(tickers)), opens().load(Request(tickers))
    assert _identity(first) == _identity(second)


def judges_at_the_day_asked_for(opens: Opens, tickers: tuple[str, ...]) -> None:
    """At an earlier as-of nothing later is known; a day without a session means the session before."""
    whole = opens().load(Request(tickers))
    day = whole.as_of - timedelta(days=30)
    cut = opens().load(Request(tickers, day))
    assert day - timedelta(days=7) < cut.as_of <= day
    for ticker in tickers:
        until = whole.histories[ticker].until(cut.as_of)
        assert until is not None
        assert np.array_equal(until.close, cut.histories[ticker].close), f"{ticker} was revised"


def names_where_data_are_from(opens: Opens, tickers: tuple[str, ...]) -> None:
    """Each history has a record with a licence, terms and a fingerprint; so has each fact."""
    snapshot = opens().load(Request(tickers))
    known = {record.id: record for record in snapshot.sources}
    for ticker in tickers:
        assert snapshot.histories[ticker].source in known, f"nobody says where {ticker} is from"
        for name, fact in snapshot.funds[ticker].facts.items():
            assert fact.source in known, f"nobody says where {name} of {ticker} is from"
    for record in known.values():
        assert record.terms, f"{record.id} has no terms"
        assert len(record.sha256) == 64, f"{record.id} has no fingerprint"


def refuses_what_it_does_not_have(opens: Opens, tickers: tuple[str, ...]) -> None:
    """An unknown fund is a DataError, what is no ticker a UsageError, and so is an as-of out of reach."""
    _raises(DataError, lambda: opens().load(Request((tickers[0], "QZQZQZ"))))
    _raises(UsageError, lambda: opens().load(Request((tickers[0], "../etc"))))
    first = min(history.first for history in opens().load(Request(tickers)).histories.values())
    _raises(DataError, lambda: opens().load(Request(tickers, first - timedelta(days=400))))


CHECKS: tuple[Check, ...] = (
    has_a_name,
    holds_what_was_asked_for,
    takes_tickers_in_any_case,
    is_the_same_each_time,
    judges_at_the_day_asked_for,
    names_where_data_are_from,
    refuses_what_it_does_not_have,
)


def _identity(snapshot: Snapshot) -> object:
    histories = {ticker: history.sha256 for ticker, history in snapshot.histories.items()}
    return snapshot.as_of, histories, snapshot.funds, snapshot.holdings, snapshot.issues, snapshot.sources


def _raises(kind: type[Exception], load: Callable[[], object]) -> None:
    try:
        load()
    except kind:
        return
    raise AssertionError(f"no {kind.__name__} was raised")
