"""One article against quantstats' HTML tear sheet of the same two series: cold, warm, and in memory.

    python -m benchmarks.article [--runs 5]

Cold is a process of its own each, by turns; memory is the largest sum of proportional shares over all its processes.
Warm is a later report of one process whose data are in memory already, for both. quantstats writes an HTML page of
figures and charts; it has no PDF, no mail, no text and no gate.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from unittest import mock

from benchmarks.memory import watched
from benchmarks.rows import Row, by_turns, machine, seconds_of, table

ALL, HTML = "html,pdf,mail", "html"
_THEIRS = """
import pandas as pd, quantstats as qs
def returns(ticker):
    table = pd.read_csv(f"sample/prices/{ticker}.csv", index_col="Date", parse_dates=True)
    return table["AdjClose"].pct_change().dropna()[-1260:]
a, b = returns("IWM"), returns("QQQ")
"""
_REPORT = 'qs.reports.html(a, benchmark=b, output="theirs.html")\n'

_AGAIN = f"""
import time
for _ in range({{}}):
    begun = time.perf_counter()
    {_REPORT}    print(time.perf_counter() - begun)
"""


def ours(formats: str, *more: str) -> list[str]:
    words = ["compare", "IWM", "QQQ", "--data", "sample", "--format", formats, "--out", "ours", "--quiet"]
    return [sys.executable, "-m", "reportgen", *words, *more]


def theirs() -> list[str]:
    return [sys.executable, "-c", _THEIRS + _REPORT]


def cold(folder: Path, runs: int) -> list[Row]:
    """Processes of their own, by turns."""
    works = [lambda c=c: seconds_of(c, folder) for c in (ours(ALL), ours(ALL, "--one-process"), ours(HTML), theirs())]
    by_turns(works, 1)
    all_, one, html, qs = by_turns(works, runs)
    against = f"quantstats cold {qs[0]:.2f} s"
    return [
        Row("cold: HTML, PDF, mail, facts, gate", f"{all_[0]:.2f} s", against, all_[1], "0.50, aim 0.40"),
        Row("cold: the same in one process", f"{one[0]:.2f} s", against, one[1]),
        Row("cold: HTML alone, gate", f"{html[0]:.2f} s", against, html[1], "0.30"),
    ]


def memory(folder: Path) -> list[Row]:
    """The largest sum of proportional shares, watched from outside."""

    def peak(command: list[str]) -> float:
        process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with watched(process.pid) as peaks:
            process.wait()
        return peaks[0]

    mine, html, others = peak(ours(ALL)), peak(ours(HTML)), peak(theirs())
    against = f"quantstats {others:.0f} MB"
    return [
        Row("peak memory: all forms, both processes", f"{mine:.0f} MB", against, mine / others, "1.00"),
        Row("peak memory: HTML alone", f"{html:.0f} MB", against, html / others),
    ]


@dataclass(frozen=True, slots=True)
class Warm:
    """Median seconds of a later report: ours without and with the funds measured before, and the layout within."""

    anew: float
    measured: float
    layout: float


def warm(folder: Path, runs: int) -> list[Row]:
    """Later reports of one process, the data in memory."""
    html, every = _warm(folder, ("html",), runs), _warm(folder, ("html", "pdf", "mail"), runs)
    done = subprocess.run(
        [sys.executable, "-c", _THEIRS + _AGAIN.format(runs + 1)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    qs = statistics.median(float(line) for line in done.stdout.split("\n")[1:] if _is_number(line))
    against = f"quantstats warm {qs:.2f} s"
    return [
        Row("warm: HTML, funds measured before", f"{html.measured:.3f} s", against, html.measured / qs, "0.10"),
        Row("warm: HTML, funds measured anew", f"{html.anew:.3f} s", against, html.anew / qs),
        Row("warm: all forms, funds measured before", f"{every.measured:.2f} s", against, every.measured / qs, "0.40"),
        Row("warm: all forms, funds measured anew", f"{every.anew:.2f} s", against, every.anew / qs),
        Row(
            "of it WeasyPrint's own layout",
            f"{every.layout:.2f} s",
            f"{every.measured:.2f} s",
            every.layout / every.measured,
            "at least 0.60",
        ),
    ]


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()


def _warm(folder: Path, formats: tuple[str, ...], runs: int) -> Warm:
    from reportgen.batch import stock
    from reportgen.config import Settings
    from reportgen.metrics import Shelf
    from reportgen.model import Request
    from reportgen.pipeline import Job, Watch, load, make_from
    from reportgen.render import _layout
    from reportgen.sources import open_source

    settings, request = Settings(formats=formats, output=folder / "ours"), Request(("IWM", "QQQ"))
    source = stock(open_source("files", folder / "sample"), request.tickers, request.context)
    job, shelf, spent = Job(request, source, settings), Shelf(), [0.0]
    laid_out = _layout._paginated

    def timed(*given: object) -> bytes:
        begun = time.perf_counter()
        pages = laid_out(*given)  # type: ignore[arg-type]
        spent[0] = time.perf_counter() - begun
        return pages

    def one(kept: Shelf | None) -> float:
        begun = time.perf_counter()
        watch = Watch(time.perf_counter)
        make_from(load(job, watch), job, watch, kept)
        return time.perf_counter() - begun

    with mock.patch.object(_layout, "_paginated", timed):
        one(shelf)
        anew, before = ([one(kept) for _ in range(runs)] for kept in (None, shelf))
    return Warm(statistics.median(anew), statistics.median(before), spent[0])


def instant(folder: Path, runs: int) -> list[Row]:
    """What answers at once."""
    works: list[Callable[[], float]] = [
        partial(seconds_of, [sys.executable, "-m", "reportgen", word], folder) for word in ("--help", "--version")
    ]
    found = by_turns(works, 2 * runs)
    names = ("--help", "--version")
    return [Row(f"`{name}`", f"{s:.2f} s", "", None, "0.20 s") for name, (s, _) in zip(names, found, strict=True)]


def rows(runs: int) -> list[Row]:
    """Every row, on the sample as a folder."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        export = [sys.executable, "-m", "reportgen", "demo", "--export-data", "sample", "--quiet"]
        seconds_of(export, folder)
        return [*cold(folder, runs), *memory(folder), *warm(folder, runs), *instant(folder, runs)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    print(f"{machine()}\n\n{table(rows(asked.runs))}")


if __name__ == "__main__":
    main()
