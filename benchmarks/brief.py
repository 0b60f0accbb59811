"""What a brief costs: time and memory of 5 and of 50 comparisons, and of the same comparisons made one by one.

    python -m benchmarks.brief [--pairs 5 50] [--pdf]

Each case runs in a process of its own, on simulated funds over ten years, as HTML (with --pdf as PDF too), and writes
its files. Either no fund is in two comparisons ("apart"), or each is in two ("ring"), as in a publisher's own list. One
by one is what `reportgen compare` does for each, without what starting the program costs. Times are of the processor,
user and system; claims are ratios: a brief against its own comparisons one by one, and 50 comparisons against 5.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

AS_OF = date(2026, 3, 27)
YEARS = 10


@dataclass(frozen=True)
class Case:
    """A brief (whole), or its comparisons one by one. ring: each fund is in two comparisons."""

    pairs: int
    whole: bool
    ring: bool
    pdf: bool

    @property
    def compared(self) -> tuple[tuple[str, str], ...]:
        if self.ring:
            return tuple((_fund(n), _fund((n + 1) % self.pairs)) for n in range(self.pairs))
        return tuple((_fund(2 * n), _fund(2 * n + 1)) for n in range(self.pairs))

    def run(self) -> dict[str, float]:
        """In this process: seconds of the processor, the peak of memory in MB, and what the data took of it."""
        from reportgen.brief import BriefJob, Telling, run
        from reportgen.config import Settings
        from reportgen.model import Request
        from reportgen.pipeline import Job, Watch
        from reportgen.pipeline import run as issue
        from reportgen.sources.sample import SampleSource, universe

        funds = len({ticker for pair in self.compared for ticker in pair})
        source = SampleSource(universe(funds, YEARS)).ready()
        with tempfile.TemporaryDirectory() as folder:
            base = Settings(output=Path(folder), formats=("html", "pdf") if self.pdf else ("html",))
            settings = replace(base, brief=replace(base.brief, pairs=self.compared))
            before, begun = _peak(), _spent()
            if self.whole:
                outcome = run(BriefJob(source, settings, AS_OF), Telling(time.perf_counter))
                assert outcome.status == "issued", outcome.clearance.findings[:3]
            else:
                for pair in self.compared:
                    made = issue(Job(Request(pair, AS_OF), source, settings), Watch(time.perf_counter))
                    assert made.clearance.cleared, made.clearance.findings[:3]
            return {"seconds": _spent() - begun, "megabytes": _peak(), "of the data": before}

    def measured(self) -> dict[str, float]:
        """In a process of its own."""
        told = json.dumps([self.pairs, self.whole, self.ring, self.pdf])
        command = [sys.executable, "-m", "benchmarks.brief", "--case", told]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        found: dict[str, float] = json.loads(done.stdout)
        return found


def _fund(number: int) -> str:
    return f"F{number + 1:04d}"


def _peak() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _spent() -> float:
    times = os.times()
    return times.user + times.system


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, nargs="+", default=[5, 50])
    parser.add_argument("--pdf", action="store_true")
    parser.add_argument("--case", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.case:
        print(json.dumps(Case(*json.loads(asked.case)).run()))
        return
    print(f"{'comparisons':>11} {'funds':>6} {'brief':>9} {'one by one':>11} {'ratio':>6} {'peak':>8} {'data':>8}")
    for pairs in asked.pairs:
        for ring in (False, True):
            alone = Case(pairs, whole=False, ring=ring, pdf=asked.pdf).measured()
            brief = Case(pairs, whole=True, ring=ring, pdf=asked.pdf).measured()
            print(
                f"{pairs:>11} {'ring' if ring else 'apart':>6} {brief['seconds']:>7.1f} s {alone['seconds']:>9.1f} s "
                f"{brief['seconds'] / alone['seconds']:>6.2f} {brief['megabytes']:>5.0f} MB "
                f"{brief['of the data']:>5.0f} MB"
            )


if __name__ == "__main__":
    main()
