"""What is said where portfolios or fund facts are of a day after the as-of, told in so many words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from reportgen import formatting
from reportgen.model import Day, Name, Runs, Snapshot, Text


def sentence(snapshot: Snapshot) -> Runs:
    """Whose holdings, and whose stated facts, are of which later day; nothing where none is."""
    held = _by_day(snapshot, ((t, h.as_of) for t, h in snapshot.holdings.items()))
    stated = _by_day(snapshot, ((t, f.as_of) for t in snapshot.tickers for f in snapshot.funds[t].facts.values()))
    every = snapshot.tickers
    told = [*_told("the holdings of ", held, every), *_told("the fund facts of ", stated, every)]
    if not told:
        return ()
    first, *rest = formatting.joined(tuple(told))
    assert isinstance(first, Text)
    return (Text(first.text[:1].upper() + first.text[1:]), *rest, Text(_AFTER), _day(snapshot.as_of), Text(_SO))


_FEW = 5
_AFTER = ": that is after the close of "
_SO = ", of which this issue is. No earlier file was near enough, so these figures may hold what was not known then."


def _by_day(snapshot: Snapshot, dated: Iterable[tuple[str, date | None]]) -> dict[date, list[str]]:
    """The funds by the later day that something of theirs is of, in the order of the funds compared."""
    found: dict[date, list[str]] = {}
    order = {ticker: at for at, ticker in enumerate(snapshot.tickers)}
    for ticker, day in sorted(dated, key=lambda pair: order.get(pair[0], len(order))):
        if day is not None and day > snapshot.as_of and ticker not in found.setdefault(day, []):
            found[day].append(ticker)
    return found


def _told(what: str, days: dict[date, list[str]], every: Sequence[str]) -> list[Runs]:
    return [(Text(what), *_named(tickers, every), Text(" are of "), _day(day)) for day, tickers in sorted(days.items())]


def _named(tickers: Sequence[str], every: Sequence[str]) -> Runs:
    """The funds, or that it is all of them where there are many."""
    if len(tickers) == len(every) > _FEW:
        return (Text("all funds compared"),)
    return formatting.joined(tuple((Name(ticker),) for ticker in tickers))


def _day(day: date) -> Day:
    return Day(day, formatting.long_date(day))
