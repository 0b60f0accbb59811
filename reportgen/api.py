"""The program as a library: `reportgen.compare("IWM", "QQQ", data="prices")` gives a report to look at and to save."""

from __future__ import annotations

import html
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.config import Settings
from reportgen.errors import HeldError
from reportgen.model import Fact, Finding, Measurements, Request, Statement
from reportgen.pipeline import Job, Made, Watch, deliver, make
from reportgen.sources import Source, checked_tickers, open_source, sourced

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Facts:
    """Every fact of a report, in table order; find one by its id, such as "QQQ/max_drawdown/5Y"."""

    measurements: Measurements

    def __getitem__(self, id_: str) -> Fact:
        return self.measurements.facts[id_]

    def __len__(self) -> int:
        return len(self.measurements)

    def to_frame(self) -> pd.DataFrame:
        """A row a fact, indexed by id: subject, second, metric, key, window with its dates, value, unit, n, missing."""
        import pandas as pd

        return pd.DataFrame.from_records([_row(fact) for fact in self.measurements], index="id")


def _row(fact: Fact) -> dict[str, object]:
    return {
        "id": fact.id,
        "subject": fact.subject,
        "second": fact.second,
        "metric": fact.metric,
        "key": fact.key,
        "window": fact.code,
        "start": fact.window.start if fact.window else None,
        "end": fact.window.end if fact.window else None,
        "value": fact.value,
        "unit": fact.unit,
        "n": fact.n,
        "low": fact.interval.low if fact.interval else None,
        "high": fact.interval.high if fact.interval else None,
        "missing": fact.missing,
    }


@dataclass(frozen=True, slots=True)
class Report:
    """One comparison, made and checked, not yet written. In a notebook it shows itself as the article."""

    made: Made

    @property
    def as_of(self) -> date:
        return self.made.article.as_of

    @property
    def facts(self) -> Facts:
        return Facts(self.made.measurements)

    @property
    def statements(self) -> tuple[Statement, ...]:
        """What the rules say, in printing order."""
        return tuple(s for statements in self.made.commentary.statements.values() for s in statements)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Why the gate holds the article; empty when it may be issued."""
        return self.made.clearance.findings

    @property
    def html(self) -> str:
        """The page. Raises HeldError when the gate holds the article."""
        if self.findings:
            raise HeldError(f"The article is held: {self.findings[0].message}.", fix=self.findings[0].fix)
        return next(a.content for a in self.made.artifacts if a.media_type == "text/html").decode()

    def save(self, folder: str | Path = "output") -> Path:
        """Write the article to `folder/<as-of>/<slug>` as the command line does, and give that folder.

        Raises HeldError, after writing the notice, when the gate holds the article; WriteError when it cannot be
        written.
        """
        outcome = deliver(self.made, Path(folder), Watch(time.perf_counter))
        if self.findings:
            raise HeldError(f"The article is held; see {outcome.folder}.", fix=self.findings[0].fix)
        return outcome.folder

    def _repr_html_(self) -> str:
        """The article in a frame of its own, so that its styles and the notebook's do not meet."""
        page, style = html.escape(self.html), "width:100%;height:40rem;border:0"
        return f'<iframe srcdoc="{page}" sandbox="allow-scripts" style="{style}"></iframe>'


def compare(
    *tickers: str,
    data: str | Path | None = None,
    snapshot: str | Path | None = None,
    source: str | Source | None = None,
    as_of: date | None = None,
    benchmark: str | None = None,
    formats: Sequence[str] = ("html",),
    settings: Settings | None = None,
) -> Report:
    """Compare two to five funds.

    data: a folder of price files (docs/data.md). snapshot: a folder that `reportgen fetch` wrote. source: "sample", the
    name of an installed source, or a source of your own with a `load` method. as_of: the day at whose close everything
    is judged; by default the snapshot's, or the last common day. Nothing is fetched. Raises UsageError for a wrong
    request, DataError where data are missing.
    """
    base = settings or Settings()
    context = replace(base.context, benchmark=benchmark) if benchmark else base.context
    request = Request(checked_tickers(tickers), as_of, context)
    job = Job(request, _source(data, snapshot, source, base), replace(base, formats=tuple(formats)))
    return Report(make(job, Watch(time.perf_counter)))


def _source(
    data: str | Path | None, snapshot: str | Path | None, source: str | Source | None, settings: Settings
) -> Source:
    """The source that was named, or else the settings'; one of the caller's own as it is."""
    named = source if isinstance(source, str) or source is None else source.name
    folders = [None if path is None else Path(path) for path in (data, snapshot)]
    chosen = sourced(settings, folders[0], named, folders[1], mark="")
    return open_source(chosen.source, chosen.data) if isinstance(source, str) or source is None else source
