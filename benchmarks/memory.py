"""How much memory a process and all that it started take together: the sum of their proportional shares (Linux)."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def watched(pid: int, glance: float = 0.01) -> Iterator[list[float]]:
    """Looks again and again at the memory of a process and its children; the largest sum, in megabytes,
    stands first in the list, and the last sum second."""
    peak, ended = [0.0, 0.0], threading.Event()

    def look() -> None:
        while not ended.wait(glance):
            peak[1] = sum(map(_share, _family(pid)))
            peak[0] = max(peak)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield peak
    finally:
        ended.set()
        watcher.join()


def _family(pid: int) -> Iterator[int]:
    yield pid
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _family(int(child))


def _share(pid: int) -> float:
    """A process's proportional share of memory in megabytes; nothing where it has ended or cannot be looked at."""
    with contextlib.suppress(OSError):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
    return 0.0
