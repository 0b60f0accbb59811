"""For sources of your own: what they build a snapshot from, checked as every other source's data are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from reportgen.errors import DataError, Issue
from reportgen.model import Fund, PriceHistory, Request, Snapshot
from reportgen.sources._asof import decide_as_of
from reportgen.sources._assemble import Parts, assemble
from reportgen.sources._base import PriceBasis, nearest
from reportgen.sources._gather import refuse_currency, refuse_kind
from reportgen.sources._prices import PriceFile
from reportgen.sources.files import normalised
from reportgen.sources.quality import examine, on_sessions

__all__ = ["Parts", "snapshot_of"]


def snapshot_of(request: Request, parts: Parts) -> Snapshot:
    """The snapshot of a request, from histories that pass the quality checks or are told about.

    Raises UsageError for what is no ticker, DataError for a fund that `parts` lacks, one that is no US fund, and where
    no as-of exists. A yardstick with errors is left out.
    """
    request = normalised(request)
    for ticker in request.tickers:
        refuse_kind(ticker)
        if ticker not in parts.histories:
            raise _unknown(ticker, parts.histories)
        for fund in parts.funds.get(ticker, ()):
            refuse_currency(fund)
    files, issues = _on_sessions(parts.histories.values())
    as_of = decide_as_of(request, {t: f.history for t, f in files.items()}, parts.through).day
    histories = {}
    for ticker, file in files.items():
        found = examine(file, as_of, _multiple(parts.funds.get(ticker, ())))
        if ticker in request.tickers or not any(issue.severity == "error" for issue in found):
            histories[ticker] = file.history
            issues += found if ticker in request.tickers else ()
    return assemble(request, replace(parts, histories=histories, issues=(*parts.issues, *issues)))


def _unknown(ticker: str, known: Iterable[str]) -> DataError:
    alike = nearest(ticker, known)
    fix = f"Did you mean {', '.join(alike)}?" if alike else f"There are {', '.join(sorted(known)[:12])}."
    return DataError(f"There are no prices of {ticker}.", fix=fix)


def _on_sessions(histories: Iterable[PriceHistory]) -> tuple[Mapping[str, PriceFile], list[Issue]]:
    files: dict[str, PriceFile] = {}
    issues: list[Issue] = []
    for history in histories:
        basis: PriceBasis = "total return" if history.total_return_closes else "price"
        file, dropped = on_sessions(PriceFile(history, basis, "own", None, ()))
        files[history.ticker] = file
        issues += dropped
    return files, issues


def _multiple(funds: tuple[Fund, ...]) -> float | None:
    return funds[0].leverage if funds else None
