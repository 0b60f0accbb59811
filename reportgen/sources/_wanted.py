"""What a snapshot of some funds needs: the parts to ask for, in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from reportgen.model import ContextFunds
from reportgen.sources._fred import SERIES
from reportgen.sources._rates import BILL
from reportgen.sources.store import PartKind

# A window's first close is the last one on or before its anniversary, and rates are carried over some sessions.
_MARGIN = timedelta(days=31)
MOST_YEARS = 60


@dataclass(frozen=True, slots=True)
class Order:
    """What to fetch: funds in full, context funds by their prices, rates; up to a closed session, so many years back.

    into: the snapshot's folder, new or to be completed. local: a folder of holdings files that come before downloads.
    """

    tickers: tuple[str, ...]
    as_of: date
    into: Path
    context: ContextFunds = field(default_factory=ContextFunds)
    years: int = 10
    local: Path | None = None

    @property
    def start(self) -> date:
        """The first day asked for."""
        year = self.as_of.year - self.years
        day = 28 if (self.as_of.month, self.as_of.day) == (2, 29) else self.as_of.day
        return self.as_of.replace(year=year, day=day) - _MARGIN


@dataclass(frozen=True, slots=True)
class Wanted:
    """One part. full: of a fund that is compared, and not of a yardstick."""

    kind: PartKind
    subject: str
    full: bool = False


def wanted(order: Order) -> Iterator[Wanted]:
    """Every part, funds before yardsticks; the prices of a fund before its profile, which is checked against them."""
    for ticker in order.tickers:
        yield Wanted("prices", ticker, full=True)
        yield Wanted("fund facts", ticker, full=True)
        yield Wanted("holdings", ticker, full=True)
    for ticker in order.context.tickers:
        if ticker not in order.tickers:
            yield Wanted("prices", ticker)
    yield Wanted("prices", BILL)
    for series in SERIES:
        yield Wanted("rates", series)
