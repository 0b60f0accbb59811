"""The simulated sample as a source: works offline, means no market, and says so on every page.

It is never a fall-back for data that could not be read. How it is made: `_sample`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Literal

from reportgen import calendar
from reportgen.errors import DataError
from reportgen.model import Holding, Request, Snapshot, SourceRecord
from reportgen.sources._assemble import Parts, assemble
from reportgen.sources._base import Progress, nearest
from reportgen.sources._sample import portfolios, prices, simulation
from reportgen.sources._sample.factors import FIRST, LAST
from reportgen.sources._sample.simulation import FACTS_DAY, Sample, simulate
from reportgen.sources.files import normalised

_NAMED = 20


class SampleSource:
    """Simulated funds as a source: those of the sample, or of the universe given.

    records: what `ready` has found out about the universe before.
    """

    def __init__(self, universe: Sample | None = None, records: tuple[SourceRecord, ...] | None = None) -> None:
        self._universe = universe
        self._records = records

    @property
    def name(self) -> str:
        return "sample"

    def ready(self) -> SampleSource:
        """The same source with its funds simulated and hashed: it serves many requests, and can be sent elsewhere."""
        known = self._universe or sample()
        return SampleSource(known, self._records or _records(known))

    def load(self, request: Request, progress: Progress | None = None) -> Snapshot:
        """The snapshot of funds of the sample, marked as simulated.

        Raises DataError for a ticker that the sample does not have and for an as-of outside it, UsageError for what
        cannot be a ticker.
        """
        request = normalised(request)
        known = self._universe or sample()
        for ticker in (*request.tickers, *([request.context.benchmark] if request.context.benchmark else [])):
            _refuse_unknown(ticker, known)
        if progress:
            progress("simulated sample")
        wanted = [t for t in dict.fromkeys((*request.tickers, *request.context.tickers)) if t in known.histories]
        parts = Parts(
            histories={ticker: known.histories[ticker] for ticker in wanted},
            funds={ticker: (known.funds[ticker],) for ticker in wanted},
            holdings={ticker: (known.holdings[ticker],) for ticker in wanted if ticker in known.holdings},
            series={known.risk_free.name: known.risk_free},
            sources=self._records or _records(known),
            simulated=True,
        )
        return assemble(request, parts)


@lru_cache(maxsize=1)
def sample() -> Sample:
    """The whole sample on the exchange's sessions, simulated once a process."""
    return simulate(calendar.sessions(FIRST, LAST))


def universe(count: int, years: int = 5) -> Sample:
    """The sample and `count` invented funds more, F0001 and on, over the last years: what benchmarks compare.

    `SampleSource(universe(500))` serves them. Raises ValueError for counts and years that cannot be.
    """
    from reportgen.sources._sample.universe import simulate_universe

    return simulate_universe(calendar.sessions(FIRST, LAST), count, years)


def export(folder: Path, funds: Sample | None = None) -> tuple[Path, ...]:
    """Writes the sample, or the universe given, as a data folder that the files source reads; gives the files written.

    Raises WriteError where the folder cannot be written or holds anything but an earlier export.
    """
    from reportgen.sources._sample.export import write

    return write(funds or sample(), folder)


def _refuse_unknown(ticker: str, known: Sample) -> None:
    if ticker in known.funds:
        return
    alike = nearest(ticker, known.funds)
    hint = f"Did you mean {', '.join(alike)}? " if alike else ""
    raise DataError(
        f"The simulated sample has no fund {ticker}.",
        fix=f"{hint}It has {', '.join(list(known.funds)[:_NAMED])}. For others, name a folder with --data DIR.",
    )


def _records(known: Sample) -> tuple[SourceRecord, ...]:
    closes = (history.sha256 for history in known.histories.values())
    lines = (_line(row) for held in known.holdings.values() for row in held.rows)
    rates = (repr(known.risk_free.values.tolist()),)
    facts = (repr((t, fund.name, sorted(fund.facts.items()))) for t, fund in known.funds.items())
    return (
        _record(prices.SOURCE, "prices", closes),
        _record(simulation.FACTS_SOURCE, "fund facts", facts),
        _record(portfolios.SOURCE, "holdings", lines),
        _record(simulation.RATES_SOURCE, "rates", rates),
    )


def _line(row: Holding) -> str:
    return f"{row.name} {row.market_value} {row.sector}"


def _record(
    name: str, kind: Literal["prices", "fund facts", "holdings", "rates"], contents: Iterable[str]
) -> SourceRecord:
    digest = hashlib.sha256()
    for text in contents:
        digest.update(text.encode() + b"\n")
    dated = LAST if kind in ("prices", "rates") else FACTS_DAY
    return SourceRecord(name, f"Simulated sample: {kind}", kind, True, simulation.TERMS, digest.hexdigest(), dated)
