"""A benchmark's rows, the machine they were measured on, and the table that `make bench` writes."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

_NAMED = ("numpy", "weasyprint", "matplotlib", "jinja2", "quantstats", "distributed")


@dataclass(frozen=True, slots=True)
class Row:
    """One measured thing: its name, what was found, what it is held against, and what is to be reached."""

    name: str
    found: str
    against: str = ""
    ratio: float | None = None
    reach: str = ""

    def line(self) -> str:
        ratio = "" if self.ratio is None else f"**{self.ratio:.2f}**"
        return f"| {self.name} | {self.found} | {self.against} | {ratio} | {self.reach} |"


def table(rows: Iterable[Row]) -> str:
    """The rows as a table in Markdown."""
    head = "| what | measured | against | ratio | to reach |\n|---|---|---|---|---|"
    return "\n".join([head, *(row.line() for row in rows)])


def machine() -> str:
    """Processors, memory, Python and the versions of what decides the time."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = ", ".join(f"{name} {version(name)}" for name in _NAMED)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{platform.machine()}, {cores} processors, {memory:.0f} GB, Python {platform.python_version()}, {versions}"


def seconds_of(command: Sequence[str], folder: Path) -> float:
    """Wall seconds of a command in a process of its own."""
    begun = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    taken = time.perf_counter() - begun
    if done.returncode:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}: {done.stderr[-500:]}")
    return taken


def by_turns(works: Sequence[Callable[[], float]], runs: int) -> list[tuple[float, float]]:
    """Each work's median seconds and its median ratio to the last one, measured by turns, side by side."""
    taken = [[work() for work in works] for _ in range(runs)]
    return [
        (statistics.median(turn[i] for turn in taken), statistics.median(turn[i] / turn[-1] for turn in taken))
        for i in range(len(works))
    ]
