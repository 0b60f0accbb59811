"""Related tickers: the issuers' listed parents and each fund's three largest holdings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reportgen.model import Fund, Holding, Snapshot

LARGEST = 3


def related_tickers(snapshot: Snapshot, issuers: Mapping[str, str | None]) -> tuple[str, ...]:
    """Tickers, each once, parents first; holdings are left out of a simulated sample, whose companies do not exist."""
    found = [*_parents(snapshot, issuers)]
    if not snapshot.simulated:
        found.extend(_largest(snapshot))
    return tuple(ticker for ticker in dict.fromkeys(found) if ticker not in snapshot.tickers)


def _parents(snapshot: Snapshot, issuers: Mapping[str, str | None]) -> Iterator[str]:
    for ticker in snapshot.tickers:
        fund = snapshot.funds.get(ticker)
        parent = parent_of(fund, issuers) if fund is not None else None
        if parent is not None:
            yield parent


def parent_of(fund: Fund, issuers: Mapping[str, str | None]) -> str | None:
    """The listed parent by the issuer's name, else by the words a fund's name begins with; the longest match wins."""
    for described in (fund.issuer, fund.name):
        if described is None:
            continue
        text = f"{described.lower()} "
        matches = [name for name in issuers if text.startswith(f"{name} ")]
        if matches:
            return issuers[max(matches, key=len)]
    return None


def _largest(snapshot: Snapshot) -> Iterator[str]:
    for ticker in snapshot.tickers:
        holdings = snapshot.holdings.get(ticker)
        if holdings is None:
            continue
        named = [row for row in holdings.rows if row.ticker and row.is_equity and _is_listed(row)]
        for row in sorted(named, key=lambda row: (-row.weight, row.ticker or ""))[:LARGEST]:
            yield (row.ticker or "").strip()


def _is_listed(row: Holding) -> bool:
    return (row.ticker or "").replace(".", "").replace("-", "").replace("/", "").strip().isalnum()
