"""An issue as it lies in the output folder, and the corrections that it carries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

IssueKind = Literal["article", "brief"]


@dataclass(frozen=True, slots=True)
class Correction:
    """Why a version replaced the one before it. `version` is the new one's; `changed` counts the numbers that moved."""

    version: int
    at: datetime
    reason: str
    changed: int


@dataclass(frozen=True, slots=True)
class Recipe:
    """What an issue was made from, so that it can be made again.

    tickers: those compared; none for a brief, whose settings name them. as_of: the day asked for, None for the last
    common one of the data. allow_stale: in days. settings: what differs from the defaults, as the tables of
    reportgen.toml, with paths relative to the output folder.
    """

    tickers: tuple[str, ...]
    as_of: date | None
    allow_stale: int
    settings: Mapping[str, Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class IssueRecord:
    """What an issue's record says of itself. files: the sha256 of each file by name."""

    kind: IssueKind
    slug: str
    as_of: date
    issue_date: date
    version: int
    title: str
    headline: str
    funds: tuple[str, ...]
    publication: str
    simulated: bool
    files: Mapping[str, str]
    corrections: tuple[Correction, ...] = ()
    recipe: Recipe | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """An issue as the archive shows it. path: its folder in the archive; files: those that the archive holds.

    former: its earlier versions, oldest first.
    """

    record: IssueRecord
    path: str
    files: tuple[str, ...]
    former: tuple[Shown, ...] = ()

    def file(self, *endings: str) -> str | None:
        """The first file that ends so, such as ".pdf"."""
        return next((name for name in self.files if name.endswith(endings)), None)
