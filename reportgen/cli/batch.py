"""`reportgen batch pairs.csv`: many articles, made by several processes or machines."""

from __future__ import annotations

import json
import os
import sys
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reportgen.cli._article import say
from reportgen.cli._live import Teller, with_live_data
from reportgen.cli._options import as_of_option, config_option, data_options, form_options, issue_options
from reportgen.cli.compare import days_of, settings_from
from reportgen.errors import UsageError

if TYPE_CHECKING:
    from reportgen.batch import Crew, Done, Progress, Summary
    from reportgen.config import Settings
    from reportgen.pipeline import Source

_EVERY = 5.0
"""Seconds between two lines of progress where no terminal shows them in place."""
_SHOWN = 20
INTERRUPTED = 130


@click.command("batch")
@click.argument("pairs", type=click.Path(path_type=Path))
@data_options
@as_of_option
@click.option("--out", help="Folder, or an address such as s3://bucket/week, to write to [default: output].")
@click.option("--workers", type=click.IntRange(1, 256), help="Processes at work [default: one a processor].")
@click.option("--cluster", metavar="ADDRESS", help="Work on a Dask cluster, such as tcp://10.0.0.5:8786.")
@click.option("--local-cluster", type=click.IntRange(1, 256), help="Work on a Dask cluster of so many local processes.")
@form_options
@issue_options
@config_option
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.option("--json", "as_json", is_flag=True, help="Tell progress and result as JSON lines.")
@click.option("--quiet", is_flag=True, help="Say nothing unless something is wrong.")
def command(
    *,
    pairs: Path,
    data: Path | None,
    snapshot: Path | None,
    source: str | None,
    as_of: date | None,
    out: str | None,
    workers: int | None,
    cluster: str | None,
    local_cluster: int | None,
    formats: str | None,
    pdf: str | None,
    benchmark: str | None,
    issue_date: date | None,
    allow_stale: str | None,
    config: Path | None,
    quiet: bool,
    as_json: bool,
    debug: bool,
) -> int:
    """Write the article of every comparison in a list, a line of two to five tickers each, such as `IWM,QQQ`.

    Articles that are there already, made from the same data, settings and templates, are passed over: after an
    interruption the same command goes on where it stopped. Each comparison's failure is its own.
    """
    del debug  # read by the error handler
    from reportgen.sources import sourced

    settings = sourced(settings_from(config, None, formats, benchmark, pdf), data, source, snapshot)
    address = out if out is not None else str(settings.output)
    if sum(each is not None for each in (workers, cluster, local_cluster)) > 1:
        raise UsageError("--workers, --cluster and --local-cluster exclude each other.", fix="Give one of them.")
    asked = Asked(pairs, settings, address, as_of, issue_date, cluster, local_cluster)
    voice = Voice(quiet=quiet, as_json=as_json)
    try:
        return asked.make(voice, workers or os.cpu_count() or 1, days_of(allow_stale))
    except KeyboardInterrupt:
        voice.close()
        say("reportgen: Interrupted. What is finished stays; the same command goes on from there.", err=True)
        return INTERRUPTED


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line asks for."""

    pairs: Path
    settings: Settings
    address: str
    as_of: date | None
    issue_date: date | None
    cluster: str | None
    local_cluster: int | None

    def crew(self, source: Source, workers: int) -> AbstractContextManager[Crew]:
        """Who makes the articles."""
        from reportgen.batch import ClusterCrew, LocalCrew

        if self.cluster is None and self.local_cluster is None:
            return LocalCrew(source, workers)
        return ClusterCrew(source, address=self.cluster, size=self.local_cluster or 1)

    def make(self, voice: Voice, workers: int, allowed: int) -> int:
        """Make the articles, tell about them, and give the exit code."""
        from reportgen.batch import Order, drive, read_pairs, stock
        from reportgen.config import as_tables
        from reportgen.sources import open_source

        pairs = read_pairs(self.pairs)
        voice.reading(len(pairs))
        funds = dict.fromkeys(ticker for pair in pairs for ticker in pair.tickers)
        settings = with_live_data(self.settings, funds, Teller(voice.quiet, voice.as_json), self.as_of)
        stocked = stock(open_source(settings.source, settings.data), funds, settings.context)
        with self.crew(stocked, min(workers, len(pairs))) as crew:
            order = Order(
                crew.digest,
                settings,
                _absolute(self.address),
                time.perf_counter,
                self.as_of,
                allowed,
                self.issue_date,
                as_tables(settings, settings.output),
            )
            summary = drive(crew, order, pairs, voice.done)
        voice.summary(summary, self.pairs)
        return summary.exit_code


def _absolute(address: str) -> str:
    """The place in full: a cluster's workers stand in other folders."""
    return address if "://" in address else str(Path(address).absolute())


@dataclass(slots=True)
class Voice:
    """How a batch speaks: a line that is renewed on a terminal, lines now and then elsewhere, or JSON lines."""

    quiet: bool = False
    as_json: bool = False
    told: float = field(default=-_EVERY)
    open_line: bool = False

    def reading(self, count: int) -> None:
        if not self.as_json and not self.quiet:
            say(f"  {count} comparisons; reading the data", err=True)

    def done(self, done: Done, progress: Progress) -> None:
        """Tell of one comparison: progress always, and what went wrong."""
        if self.as_json:
            say(json.dumps(_event(done, progress)))
            return
        if done.status in {"held", "failed"}:
            self.close()
            say(f"reportgen: line {done.pair.line}, {done.pair.label}: {done.status}: {done.message}", err=True)
        if not self.quiet:
            self._progress(progress)

    def _progress(self, progress: Progress) -> None:
        last = progress.done == progress.total
        if sys.stderr.isatty():
            click.echo(f"\r{_line(progress)}\033[K", nl=last, err=True)
            self.open_line = not last
        elif last or progress.seconds - self.told >= _EVERY:
            self.told = progress.seconds
            say(_line(progress), err=True)

    def close(self) -> None:
        """End the line that is renewed, so that something else can be said."""
        if self.open_line:
            say("", err=True)
            self.open_line = False

    def summary(self, summary: Summary, pairs: Path) -> None:
        """Tell what came of it."""
        counts = {status: summary.counts.get(status, 0) for status in ("issued", "skipped", "held", "failed")}
        if self.as_json:
            seconds = round(summary.seconds, 3)
            event = {"event": "batch", **counts, "untouched": summary.untouched, "seconds": seconds}
            say(json.dumps({**event, "code": summary.exit_code}))
        elif not self.quiet or summary.exit_code:
            self.close()
            told = ", ".join(f"{count} {status}" for status, count in counts.items() if count)
            rest = f", {summary.untouched} not begun" if summary.untouched else ""
            again = f" Run again for {pairs} to make the others." if summary.exit_code else ""
            say(f"  {told}{rest} in {_span(summary.seconds)}.{again}", err=True)


def _event(done: Done, progress: Progress) -> dict[str, object]:
    return {
        "event": "article",
        "line": done.pair.line,
        "tickers": list(done.pair.tickers),
        "status": done.status,
        "place": done.place,
        "message": done.message,
        "code": done.code,
        "done": progress.done,
        "total": progress.total,
        "rate": round(progress.rate, 3),
    }


def _line(progress: Progress) -> str:
    failed = f", {progress.failed} failed or held" if progress.failed else ""
    left = f", {_span(progress.left)} left" if progress.left else ""
    return f"  {progress.done}/{progress.total}, {progress.rate:.1f} a second{left}{failed}"


def _span(seconds: float) -> str:
    """A stretch of time as people say it: 45 s, 12 min 5 s, 3 h 20 min."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
