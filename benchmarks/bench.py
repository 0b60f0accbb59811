"""All benchmarks into one file: what `make bench` runs.

    python -m benchmarks.bench [OUTPUT]

Some minutes on two processors. Each part can be run by itself, with more runs and longer lists.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.rows import machine

_PARTS = (
    ("One article", "article", ("--runs", "3")),
    ("Many articles", "batch", ()),
    ("Measuring", "metrics", ()),
    ("Pages and levers", "page", ("1",)),
    ("A brief", "brief", ("--pairs", "5")),
    ("Mail", "mail", ()),
)
_TABLES = frozenset({"article", "batch"})


def part(title: str, module: str, words: tuple[str, ...]) -> str:
    """What one benchmark prints, under its title: as it is where it is Markdown, else as plain text.

    One that cannot run here, as for want of a server to send to, says why in its place.
    """
    print(f"{title}: python -m benchmarks.{module} {' '.join(words)}", file=sys.stderr)
    command = [sys.executable, "-m", f"benchmarks.{module}", *words]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason was told"])[-1]
        return f"## {title}\n\nNot measured: {reason}"
    said = done.stdout.strip()
    return f"## {title}\n\n" + (said if module in _TABLES else f"```\n{said}\n```")


def main() -> None:
    output = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("output") / "bench.md"
    parts = [part(*each) for each in _PARTS]
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text("\n\n".join([f"# Measured on {machine()}", *parts, ""]), encoding="utf-8")
    print(f"Written to {output}", file=sys.stderr)


if __name__ == "__main__":
    main()
