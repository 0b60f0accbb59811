"""What a data folder holds, ticker by ticker: for `reportgen funds`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from reportgen.errors import DataError, Issue
from reportgen.model import AssetClass
from reportgen.sources._folder import DataFolder
from reportgen.sources._gather import Gatherer
from reportgen.sources.quality import examine


@dataclass(frozen=True, slots=True)
class FundStatus:
    """One ticker of a folder. first, last and sessions are None and zero where its prices cannot be used.

    facts: the day of the fund facts, None where there are none; holdings: the days of full holdings files.
    """

    ticker: str
    name: str
    asset_class: AssetClass
    first: date | None
    last: date | None
    sessions: int
    facts: date | Literal["undated"] | None
    holdings: tuple[date, ...]
    issues: tuple[Issue, ...]

    def line(self) -> str:
        """The status in one line, columns aligned."""
        span = f"{self.first} to {self.last} {self.sessions:>6,} sessions" if self.first else "unusable".ljust(39)
        facts = "no facts" if self.facts is None else f"facts {self.facts}"
        held = f"holdings {', '.join(map(str, self.holdings))}" if self.holdings else "no full holdings"
        return f"{self.ticker:<8} {span}  {self.asset_class:<9}  {facts:<16}  {held:<19}  {self.name}"

    def as_json(self) -> dict[str, object]:
        """The status as plain JSON values; days as YYYY-MM-DD."""
        return {
            "ticker": self.ticker,
            "name": self.name,
            "asset_class": self.asset_class,
            "first": str(self.first) if self.first else None,
            "last": str(self.last) if self.last else None,
            "sessions": self.sessions,
            "facts": str(self.facts) if self.facts else None,
            "holdings": [str(day) for day in self.holdings],
            "issues": [
                {"severity": i.severity, "code": i.code, "message": i.message, "where": i.where} for i in self.issues
            ],
        }


def survey(folder: Path) -> tuple[FundStatus, ...]:
    """The state of every ticker that has a price file, by ticker. What is wrong with one does not hide the others.

    Raises DataError when there is no folder or no price file in it.
    """
    data = DataFolder(folder)
    return tuple(_status(data, ticker) for ticker in sorted(data.prices) if not ticker.startswith("^"))


def _status(data: DataFolder, ticker: str) -> FundStatus:
    found = Gatherer(data)
    problem: tuple[Issue, ...] = ()
    try:
        found.compared(ticker)
    except DataError as error:
        where = f" ({error.where})" if error.where else ""
        problem = (Issue("error", "unusable", ticker, f"{error.what}{where} {error.fix or ''}".strip(), error.where),)
    file = found.prices.get(ticker)
    profile = next(iter(found.funds.get(ticker, ())), None)
    checked = examine(file, file.history.last, profile.leverage if profile else None) if file is not None else ()
    return FundStatus(
        ticker=ticker,
        name=profile.name if profile else ticker,
        asset_class=profile.asset_class if profile else "unknown",
        first=file.history.first if file else None,
        last=file.history.last if file else None,
        sessions=file.history.dates.size if file else 0,
        facts=next((fact.as_of or "undated" for fact in profile.facts.values()), None) if profile else None,
        holdings=tuple(sorted(h.as_of for h in found.holdings.get(ticker, ()) if h.scope == "full")),
        issues=(*problem, *found.issues, *checked),
    )
