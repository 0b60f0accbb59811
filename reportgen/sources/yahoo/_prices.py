"""An answer's prices as a file in Yahoo's shape, up to the last closed session."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from reportgen import calendar
from reportgen.errors import IncompleteError
from reportgen.model import DateArray, as_date
from reportgen.sources._prices import read_prices
from reportgen.sources._raw import RawFile
from reportgen.sources.yahoo._market import Answer

_COLUMNS = (
    "Open", "High", "Low", "Close", "Adj Close", "Volume", "Dividends", "Stock Splits", "Capital Gains",
)  # fmt: skip
_YEAR = timedelta(days=365)
_RECENT = timedelta(days=14)
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Prices:
    """A price file. last: its last day.

    lacking: the sessions without a close, in words, or None. complete: whether the latest sessions are all there; an
    old gap is not asked for again.
    """

    content: bytes
    last: date
    lacking: str | None
    complete: bool


def prices_of(ticker: str, answer: Answer, as_of: date) -> Prices:
    """The prices up to the as-of, which must be a closed session: later rows, unfinished ones among them, are left out.

    Raises IncompleteError where no close is left.
    """
    names = [name for name in _COLUMNS if name in answer.columns]
    if "Close" not in names:
        raise IncompleteError(f"Yahoo Finance sent no closes of {ticker}.", fix="Run the command again later.")
    rows = [(day, [answer.columns[name][i] for name in names]) for i, day in enumerate(answer.days) if day <= as_of]
    position = names.index("Close")
    closed = [day for day, values in rows if values[position] is not None]
    if not closed:
        raise IncompleteError(f"Yahoo Finance has no close of {ticker} up to {as_of}.", fix="Check the ticker.")
    rows = [(day, values) for day, values in rows if day <= closed[-1]]
    lines = [",".join((day.isoformat(), *map(_cell, values))) for day, values in rows]
    content = "\n".join([",".join(("Date", *names)), *lines, ""]).encode()
    absent = np.setdiff1d(calendar.sessions(closed[0], as_of), np.array(closed, dtype="datetime64[D]"))
    recent = calendar.sessions(as_of - _RECENT, as_of)
    complete = not np.isin(absent, recent).any()
    return Prices(content, closed[-1], _in_words(absent), complete)


def _cell(value: float | None) -> str:
    return "" if value is None else repr(value)


def _in_words(absent: DateArray) -> str | None:
    if absent.size == 0:
        return None
    named = ", ".join(str(as_date(day)) for day in absent[:_NAMED])
    more = f" and {absent.size - _NAMED} more" if absent.size > _NAMED else ""
    sessions = "one session is" if absent.size == 1 else f"{absent.size} sessions are"
    return f"{sessions} without a close: {named}{more}"


def year_paid(ticker: str, content: bytes) -> float:
    """The last twelve months' distributions over the last close of a price file, a fraction."""
    history = read_prices(RawFile(Path(f"{ticker}.csv"), f"prices/{ticker}.csv", content), ticker).history
    within = history.dates > np.datetime64(history.last - _YEAR, "D")
    return math.fsum(history.distributions[within]) / float(history.close[-1])


def outline_of(ticker: str, answer: Answer, fetched: date) -> bytes:
    """What the price answer says about a yardstick, as a profile: its name, currency and kind. No second request."""
    info = answer.info
    told = {
        "ticker": ticker,
        "longName": info.get("longName") or info.get("shortName") or ticker,
        "currency": info.get("currency"),
        "quoteType": info.get("instrumentType"),
        "fetchedAt": fetched.isoformat(),
    }
    return (json.dumps(told, indent=1, ensure_ascii=False) + "\n").encode()
