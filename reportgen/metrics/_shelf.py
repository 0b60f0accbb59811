"""What was measured of a fund, kept for the next article that compares it: measured once, not once a pair.

A fund's figures depend on its own data, on the yardsticks, on the as-of and on where "since inception" begins, and,
but for the metrics marked `of_group`, on no other fund. All of that is the key; holdings are compared.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import TypeVar, cast

from reportgen.metrics._market import Market
from reportgen.model import Holdings

T = TypeVar("T")
MOST = 64
"""Funds kept at a time: some two megabytes each."""


@dataclass(slots=True)
class Kept:
    """One fund's answers, by what was asked."""

    holdings: Holdings | None = None
    answers: dict[Hashable, object] = field(default_factory=dict)

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """The answer, found at the first asking."""
        if key not in self.answers:
            self.answers[key] = make()
        return cast("T", self.answers[key])


@dataclass(slots=True)
class Shelf:
    """The funds measured last, as many as `most`; of use to whoever measures many snapshots in one process."""

    most: int = MOST
    funds: OrderedDict[str, Kept] = field(default_factory=OrderedDict)

    def fund(self, market: Market, ticker: str) -> Kept:
        """What is known of the fund under exactly these circumstances; nothing yet, the first time."""
        key, holdings = _circumstances(market, ticker), market.snapshot.holdings.get(ticker)
        kept = self.funds.pop(key, None)
        if kept is None or kept.holdings != holdings:
            kept = Kept(holdings)
        self.funds[key] = kept
        while len(self.funds) > self.most:
            self.funds.popitem(last=False)
        return kept


def _circumstances(market: Market, ticker: str) -> str:
    snapshot = market.snapshot
    told = (ticker, market.as_of, market.since, snapshot.funds[ticker], snapshot.context)
    digest = hashlib.sha256(repr(told).encode())
    yardsticks = (t for t in snapshot.context.tickers if t in snapshot.histories and t != ticker)
    for each in (ticker, *yardsticks):
        digest.update(market.fingerprint(each))
    digest.update(market.rate_fingerprint)
    return digest.hexdigest()
