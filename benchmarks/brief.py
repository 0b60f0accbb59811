"""What a brief costs: time and memory of 5 and of 50 comparisons, and of the same comparisons made one by one.

    python -m benchmarks.brief [--pairs 5 50] [--pdf]

Each case runs in a process of its own, on simulated funds over ten years, as HTML (with --pdf as PDF too). Claims are
ratios: a brief against its own comparisons one by one, and 50 comparisons against 5.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

AS_OF = date(2026, 3, 27)
YEARS = 10


def case(pairs: int, *, whole: bool, pdf: bool) -> dict[str, float]:
    """One brief (whole), or its comparisons one by one, in this process: seconds and the peak of memory in MB."""
    from reportgen.brief import BriefJob, Telling, run
    from reportgen.config import Settings
    from reportgen.model import Request
    from reportgen.pipeline import Job, Watch, make
    from reportgen.sources.sample import SampleSource, universe

    source = SampleSource(universe(2 * pairs, YEARS)).ready()
    compared = tuple((f"F{2 * n + 1:04d}", f"F{2 * n + 2:04d}") for n in range(pairs))
    formats = ("html", "pdf") if pdf else ("html",)
    with tempfile.TemporaryDirectory() as folder:
        base = Settings(output=Path(folder), formats=formats)
        settings = replace(base, brief=replace(base.brief, pairs=compared))
        before, begun = _peak(), time.perf_counter()
        if whole:
            outcome = run(BriefJob(source, settings, AS_OF), Telling(time.perf_counter))
            assert outcome.status == "issued", outcome.clearance.findings[:3]
        else:
            for pair in compared:
                made = make(Job(Request(pair, AS_OF), source, settings), Watch(time.perf_counter))
                assert made.clearance.cleared
        return {"seconds": time.perf_counter() - begun, "megabytes": _peak(), "of the data": before}


def _peak() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / (1024 * 1024 if sys.platform == "darwin" else 1024)


def measured(pairs: int, *, whole: bool, pdf: bool) -> dict[str, float]:
    """A case in a process of its own."""
    told = [sys.executable, "-m", "benchmarks.brief", "--case", str(pairs), *(["--whole"] if whole else [])]
    done = subprocess.run([*told, *(["--pdf"] if pdf else [])], check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, nargs="+", default=[5, 50])
    parser.add_argument("--pdf", action="store_true")
    parser.add_argument("--case", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--whole", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.case:
        print(json.dumps(case(asked.case, whole=asked.whole, pdf=asked.pdf)))
        return
    print(f"{'comparisons':>11} {'brief':>9} {'one by one':>11} {'ratio':>6} {'peak':>8} {'data':>8}")
    for pairs in asked.pairs:
        alone = measured(pairs, whole=False, pdf=asked.pdf)
        brief = measured(pairs, whole=True, pdf=asked.pdf)
        ratio = brief["seconds"] / alone["seconds"]
        print(
            f"{pairs:>11} {brief['seconds']:>7.1f} s {alone['seconds']:>9.1f} s {ratio:>6.2f} "
            f"{brief['megabytes']:>5.0f} MB {brief['of the data']:>5.0f} MB"
        )


if __name__ == "__main__":
    main()
