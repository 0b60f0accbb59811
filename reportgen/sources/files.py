"""A folder of files as a source: what providers serve, or what a publisher keeps, one price file a ticker."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from reportgen.errors import Issue, UsageError
from reportgen.model import Fund, Request, Snapshot
from reportgen.sources._asof import decide_as_of
from reportgen.sources._assemble import Parts, assemble
from reportgen.sources._base import PriceBasis, Progress, normalised_ticker
from reportgen.sources._corrections import accepted
from reportgen.sources._folder import DataFolder
from reportgen.sources._gather import Gatherer
from reportgen.sources.quality import examine, vouched


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
        return load_from(Gatherer(DataFolder(self.folder), self.basis), request, progress)


def load_from(found: Gatherer, request: Request, progress: Progress | None = None) -> Snapshot:
    """The snapshot of a request, from a gatherer that has collected nothing yet. Raises as `FilesSource.load` does."""
    request = normalised(request)
    gather(found, request, progress)
    return assemble(request, parts_of(found))


def gather(found: Gatherer, request: Request, progress: Progress | None = None, through: date | None = None) -> None:
    """Collects all that a folder holds about the funds of a normalised request, the context funds and rates.

    through: the session up to which the folder answers for its data (see `decide_as_of`).
    """
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
    _examine(found, request, through)


def parts_of(found: Gatherer) -> Parts:
    """What was gathered, as the parts of a snapshot."""
    return Parts(
        found.histories,
        found.funds,
        found.holdings,
        found.series,
        tuple(found.sources),
        tuple(found.issues),
        corrections=tuple(c.record for c in found.corrections if c.ticker in found.prices and c.kind != "accept"),
        simulated=found.marker.simulated,
    )


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


def _examine(found: Gatherer, request: Request, through: date | None) -> None:
    """The quality checks, up to the as-of. A fund compared keeps its errors; a yardstick that has some is left out."""
    as_of = decide_as_of(request, found.histories, through).day
    vouchers = accepted(found.corrections)
    found.issues = list(vouched(found.issues, vouchers))
    for ticker, file in list(found.prices.items()):
        multiple = _multiple(found.funds.get(ticker, ()))
        key = ("examined", ticker, as_of, multiple)
        issues = found.kept.once(key, partial(examine, file, as_of, multiple))
        issues = vouched(issues, vouchers)
        if ticker not in request.tickers:
            issues = _of_yardstick(found, ticker, issues)
        found.issues += issues


def _multiple(funds: tuple[Fund, ...]) -> float | None:
    """The daily multiple; a leveraged fund that does not state it is given the largest there is."""
    if not funds:
        return None
    return funds[0].leverage or (3.0 if funds[0].asset_class == "leveraged" else None)


def _of_yardstick(found: Gatherer, ticker: str, issues: tuple[Issue, ...]) -> tuple[Issue, ...]:
    """A yardstick's findings hold nothing: an error costs it its place, the rest is noted."""
    own = [issue for issue in (*found.issues, *issues) if issue.subject == ticker]
    if any(issue.severity == "error" for issue in own):
        del found.prices[ticker]
        found.issues = [issue for issue in found.issues if issue.subject != ticker]
        worst = next(issue for issue in own if issue.severity == "error")
        message = f"The yardstick was left out. {worst.message}"
        return (Issue("warning", "unusable-context", ticker, message, worst.where),)
    found.issues = [_noted(issue) if issue.subject == ticker else issue for issue in found.issues]
    return tuple(_noted(issue) for issue in issues)


def _noted(issue: Issue) -> Issue:
    return replace(issue, severity="note")
