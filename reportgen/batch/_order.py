"""What a batch asks of every worker: how its articles are made, and where they go."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from reportgen.batch._pairs import Pair
from reportgen.config import Settings
from reportgen.model import Recipe, Request
from reportgen.pipeline import Job, Source


@dataclass(frozen=True, slots=True)
class Order:
    """The part of every job that is the same. It is sent to the workers, so all of it can be pickled.

    name: tells this order and its data from every other. address: a folder, or an address such as s3://bucket/week
    that fsspec understands. clock: what stages are timed by.
    tables: the settings as the record of each article keeps them.
    """

    name: str
    settings: Settings
    address: str
    clock: Callable[[], float]
    as_of: date | None = None
    allow_stale: int = 0
    issue_date: date | None = None
    tables: Mapping[str, Mapping[str, object]] = field(default_factory=dict)

    def job(self, pair: Pair, source: Source, output: Path) -> Job:
        """The job of one comparison, whose article is written below `output`."""
        request = Request(pair.tickers, self.as_of, self.settings.context, self.allow_stale)
        recipe = Recipe(pair.tickers, self.as_of, self.allow_stale, self.tables)
        return Job(request, source, replace(self.settings, output=output), self.issue_date, recipe=recipe)
