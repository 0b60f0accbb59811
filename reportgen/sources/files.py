"""A folder of files as a source: what providers serve, or what a publisher keeps, one price file a ticker."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from reportgen.errors import UsageError
from reportgen.model import Request, Snapshot
from reportgen.sources._asof import decide_as_of
from reportgen.sources._assemble import Parts, assemble
from reportgen.sources._base import PriceBasis, Progress, normalised_ticker
from reportgen.sources._folder import DataFolder
from reportgen.sources._gather import Gatherer
from reportgen.sources.quality import examine


@dataclass(frozen=True)
class FilesSource:
    """A data folder as a source. `basis`: what the closes are of files that do not say it themselves."""

    folder: Path
    basis: PriceBasis | None = None

    @property
    def name(self) -> str:
        return "files"

    def load(self, request: Request, progress: Progress | None = None) -> Snapshot:
        """The snapshot of the funds asked for, with every context fund that the folder has.

        Only files of those tickers are read. Raises DataError (unknown ticker, unusable file, no as-of) and
        UsageError (a ticker that cannot be one).
        """
        request = normalised(request)
        found = Gatherer(DataFolder(self.folder), self.basis)
        tell = progress or _silent
        for ticker in request.tickers:
            tell(ticker)
            found.compared(ticker)
        for ticker in request.context.tickers:
            if ticker not in found.prices:
                tell(ticker)
                found.yardstick(ticker, needed=ticker == request.context.benchmark)
        tell("rates")
        found.rates()
        _examine(found, request)
        parts = Parts(
            found.histories, found.funds, found.holdings, found.series, tuple(found.sources), tuple(found.issues)
        )
        return assemble(request, parts)


def normalised(request: Request) -> Request:
    """The request with every ticker in upper case. Raises UsageError for one that is no ticker."""
    if not request.tickers:
        raise UsageError("No fund was named.", fix="Name two to five tickers.")
    tickers = tuple(normalised_ticker(ticker) for ticker in request.tickers)
    context = request.context
    if context.benchmark is not None:
        context = replace(context, benchmark=normalised_ticker(context.benchmark))
    return replace(request, tickers=tickers, context=context)


def _silent(_: str) -> None:
    """Progress that nobody watches."""


def _examine(found: Gatherer, request: Request) -> None:
    """The quality checks, up to the as-of. A yardstick with an error is left out; a fund compared keeps its own."""
    as_of = decide_as_of(request, found.histories).day
    for ticker, file in list(found.prices.items()):
        funds = found.funds.get(ticker, ())
        issues = examine(file, as_of, funds[0].leverage if funds else None)
        if ticker not in request.tickers and any(issue.severity == "error" for issue in (*issues, *file.issues)):
            del found.prices[ticker]
            issues = tuple(replace(i, severity="warning", message=f"Left out. {i.message}") for i in issues)
            found.issues = [replace(i, severity="warning") if i in file.issues else i for i in found.issues]
        found.issues += issues
