"""Many articles: how fast, on one worker and two, through Dask, and whether memory stays flat.

    python -m benchmarks.batch [--pairs 1 10 100] [--funds 40] [--long 500] [--dask 200]

Funds come from the simulator, written out as a data folder, five years of daily data each; every pair differs. Each
case is the command line in a process of its own, with its start. Seconds are the batch's own, without Python's start,
where a rate is told.
"""

from __future__ import annotations

import argparse
import itertools
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.memory import watched
from benchmarks.rows import Row, machine, table

ALL, HTML = "html,pdf,mail", "html"
_SETTLED = 50
"""Articles after which memory must not grow any more."""


@dataclass(frozen=True, slots=True)
class Case:
    """One batch: its seconds from start to end, the articles a second, and the memory at each article, in megabytes."""

    count: int
    seconds: float
    rate: float
    memory: list[float] = field(default_factory=list)
    stages: dict[str, float] = field(default_factory=dict)

    @property
    def growth(self) -> float:
        """The largest memory after the first 50 articles against the largest until then."""
        return max(self.memory[_SETTLED:]) / max(self.memory[:_SETTLED])

    @property
    def measuring(self) -> float:
        """The share of an article's time that measuring takes."""
        return self.stages["measure"] / sum(self.stages.values())


class Bench:
    """A folder of invented funds, and batches of them."""

    def __init__(self, folder: Path, funds: int) -> None:
        from reportgen.sources.sample import export, universe

        self.folder = folder
        export(folder / "data", universe(funds))
        self.all_pairs = list(itertools.combinations([f"F{n:04d}" for n in range(1, funds + 1)], 2))
        self.runs = 0

    def run(self, count: int, formats: str, *crew: str, watch: bool = False) -> Case:
        """Makes the articles of `count` pairs, spread over all of the funds, into a new folder."""
        step = max(len(self.all_pairs) // count, 1)
        pairs = self.all_pairs[::step][:count]
        listed, out = self.folder / "pairs.csv", self.folder / f"out-{self.runs}"
        self.runs += 1
        listed.write_text("".join(f"{a},{b}\n" for a, b in pairs))
        words = ["batch", str(listed), "--data", str(self.folder / "data"), "--out", str(out), "--format", formats]
        command = [sys.executable, "-m", "reportgen", *words, "--json", *crew]
        begun = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        memory: list[float] = []
        with watched(process.pid, 0.25 if watch else 60.0) as peaks:
            assert process.stdout is not None
            for line in process.stdout:
                memory.append(peaks[1])
                last = json.loads(line)
        code = process.wait()
        seconds = time.perf_counter() - begun
        if code or last["issued"] != len(pairs):
            sys.exit(f"{' '.join(command)} ended with {code}: {last}")
        return Case(len(pairs), seconds, len(pairs) / last["seconds"], memory, _stages(out))


def _stages(out: Path) -> dict[str, float]:
    """The seconds of each stage over the last half of the articles, whose funds were measured before."""
    records = sorted(out.rglob("run.json"), key=lambda path: path.stat().st_mtime)
    found: dict[str, float] = {}
    for path in records[len(records) // 2 :]:
        for stage in json.loads(path.read_text())["stages"]:
            found[stage["name"]] = found.get(stage["name"], 0.0) + stage["seconds"]
    return found


_LOOP = "n = 0\nfor i in range(30_000_000): n += i * i % 7"


def bound() -> Row:
    """What two processes gain here at most: a loop of plain Python twice, one after the other and side by side."""

    def seconds(at_once: int) -> float:
        begun = time.perf_counter()
        for _ in range(2 // at_once):
            running = [subprocess.Popen([sys.executable, "-c", _LOOP]) for _ in range(at_once)]
            for process in running:
                process.wait()
        return time.perf_counter() - begun

    one, two = seconds(1), seconds(2)
    return Row("the machine: a loop twice, two processes", f"{two:.1f} s", f"one process {one:.1f} s", two / one)


def curve(bench: Bench, counts: list[int], formats: str, name: str) -> Iterator[Row]:
    """One worker and two, by the number of pairs."""
    for count in counts:
        one, two = (bench.run(count, formats, "--workers", workers) for workers in ("1", "2"))
        told = f"{two.seconds:.1f} s, {two.rate:.1f} a second"
        against = f"one worker {one.seconds:.1f} s, {one.rate:.1f} a second"
        reach = "0.56" if count >= 100 else ""
        yield Row(f"{name}: {two.count} pairs, two workers", told, against, two.seconds / one.seconds, reach)


def long_run(bench: Bench, count: int) -> Iterator[Row]:
    """Complete articles for a long while: rate, memory, and the share of measuring."""
    case = bench.run(count, ALL, "--workers", "2", watch=True)
    yield Row(f"all forms: {case.count} pairs, two workers", f"{case.rate:.1f} a second", "", None, "3 a second")
    after = f"{max(case.memory[_SETTLED:]):.0f} MB after the first {_SETTLED}"
    until = f"{max(case.memory[:_SETTLED]):.0f} MB until then"
    yield Row("memory of the parent and both workers", after, until, case.growth, "1.00")
    yield Row("measuring, funds measured before", f"{case.measuring:.1%} of an article", "", None, "10 %")


def through_dask(bench: Bench, count: int) -> Row:
    """The same batch by two processes of a Dask cluster and by the pool of processes."""
    dask, pool = bench.run(count, HTML, "--local-cluster", "2"), bench.run(count, HTML, "--workers", "2")
    against = f"pool {pool.seconds:.1f} s"
    name = f"HTML: {count} pairs through Dask, two processes"
    return Row(name, f"{dask.seconds:.1f} s", against, dask.seconds / pool.seconds, "1.30")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, nargs="+", default=[1, 10, 100])
    parser.add_argument("--complete", type=int, nargs="*", default=[1, 10, 40], help="pairs of all forms")
    parser.add_argument("--funds", type=int, default=40)
    parser.add_argument("--long", type=int, default=120, help="pairs of the long run; 0 leaves it out")
    parser.add_argument("--dask", type=int, default=100, help="pairs through Dask; 0 leaves it out")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), asked.funds)
        print(f"{machine()}\n\n{table(())}", flush=True)
        print(bound().line(), flush=True)
        for row in (*curve(bench, asked.pairs, HTML, "HTML"), *curve(bench, asked.complete, ALL, "all forms")):
            print(row.line(), flush=True)
        if asked.dask:
            print(through_dask(bench, asked.dask).line(), flush=True)
        for row in long_run(bench, asked.long) if asked.long else ():
            print(row.line(), flush=True)


if __name__ == "__main__":
    main()
