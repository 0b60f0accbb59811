"""Whole runs of `reportgen batch` in processes of their own, watched from outside."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

Watch = Callable[[int, dict[str, Any]], None]


def listed(folder: Path, *pairs: str) -> Path:
    path = folder / "pairs.csv"
    path.write_text("\n".join(pairs) + "\n")
    return path


def finished(folder: Path) -> int:
    """How many articles are there, whole."""
    return sum(json.loads(record.read_text())["status"] == "issued" for record in folder.rglob("run.json"))


def batch(
    folder: Path, pairs: Path, out: Path, *words: str, watch: Watch | None = None, prelude: str = ""
) -> tuple[int, Counter[str], str]:
    """Runs a batch; gives its exit code, how many have each status, and what it said of its errors.

    watch: is told of the process and each article, as it is done. prelude: code that runs before the program.
    """
    code = f"{prelude}\nimport sys\nfrom reportgen.cli import main\nif __name__ == '__main__': main()\n"
    program = folder / "program.py"
    program.write_text(code)
    command = [sys.executable, str(program), "batch", str(pairs), "--out", str(out), "--format", "html", "--json"]
    process = subprocess.Popen([*command, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stderr is not None
    lines: list[int] = []
    counts: Counter[str] = Counter()
    for line in process.stdout:
        event = json.loads(line)
        if event["event"] == "article":
            lines.append(event["line"])
            counts[event["status"]] += 1
            if watch is not None:
                watch(process.pid, event)
    said = process.stderr.read()
    process.stdout.close()
    process.stderr.close()
    assert len(lines) == len(set(lines)), "each comparison is told of once"
    return process.wait(), counts, said


def workers_of(pid: int) -> list[int]:
    """The processes that were started by a process, and by those, to make articles."""
    import psutil

    children = psutil.Process(pid).children(recursive=True)
    return [child.pid for child in children if "spawn_main" in " ".join(child.cmdline())]
