"""What one article costs: by format and stage, cold and warm, with peak memory; and what each lever is worth.

Run: python -m benchmarks.page [RUNS]
Cold is a process of its own, with the command line; its memory is the largest sum of the proportional shares (PSS) of
all its processes, looked at every hundredth of a second (Linux). Warm is the third article of one process. A lever is
measured on and off by turns, side by side: trust the ratio, and not the seconds, on a machine that does other work.
"""

from __future__ import annotations

import contextlib
import io
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from unittest import mock

from benchmarks.memory import watched
from reportgen import charts
from reportgen.charts import _curves
from reportgen.config import Settings
from reportgen.model import Article, Block, Bullets, Paragraph, Ref, Request, Runs
from reportgen.pipeline import STAGES, Job, Made, Watch, make
from reportgen.render import _layout, pdf
from reportgen.render._weasyprint import library
from reportgen.resources import template_folders
from reportgen.sources import open_source

FUNDS = ("IWM", "QQQ")
FORMATS = ("html", "pdf", "mail")
WARM_UP = 2
_HELP = 'import sys; from reportgen import cli; sys.exit(cli.run(["--help"]))'


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds by stage, the wall's seconds and the peak of memory in megabytes (0 where it was not looked at)."""

    stages: dict[str, float]
    wall: float
    megabytes: float = 0.0


def cold(format_: str) -> Cost:
    """One article by the command line, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        words = ["compare", *FUNDS, "--source", "sample", "--format", format_, "--out", folder, "--json"]
        begun = time.perf_counter()
        process = subprocess.Popen([sys.executable, "-m", "reportgen", *words], stdout=subprocess.PIPE, text=True)
        with watched(process.pid) as peak:
            told, _ = process.communicate()
        wall = time.perf_counter() - begun
    if process.returncode:
        raise SystemExit(f"the article could not be made: exit code {process.returncode}")
    events = [json.loads(line) for line in told.splitlines()]
    stages = {e["name"]: e["seconds"] for e in events if e["event"] == "stage" and e["seconds"] is not None}
    return Cost(stages, wall, peak[0])


def warm(format_: str) -> Cost:
    """The third article of this process."""
    for _ in range(WARM_UP):
        made(format_)
    watch = Watch(time.perf_counter)
    begun = time.perf_counter()
    made(format_, watch)
    return Cost(watch.seconds, time.perf_counter() - begun)


def made(format_: str, watch: Watch | None = None) -> Made:
    job = Job(Request(FUNDS), open_source("sample"), Settings(formats=(format_,)))
    return make(job, watch or Watch(time.perf_counter))


def ratio(on: Callable[[], object], off: Callable[[], object], runs: int) -> tuple[float, float, float]:
    """Median seconds with and without a lever, by turns, and the median of the pairs' ratios."""
    pairs = [(_timed(on), _timed(off)) for _ in range(runs)]
    ons, offs = zip(*pairs, strict=True)
    return statistics.median(ons), statistics.median(offs), statistics.median(a / b for a, b in pairs)


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def without_appendix(article: Article) -> Article:
    """The article's body alone, without the links that lead from its sentences to the appendix."""

    def unlinked(runs: Runs) -> Runs:
        return tuple(run for run in runs if not isinstance(run, Ref))

    def block(one: Block) -> Block:
        match one:
            case Paragraph(runs=runs):
                return replace(one, runs=unlinked(runs))
            case Bullets(items=items):
                return replace(one, items=tuple((title, unlinked(runs)) for title, runs in items))
            case _:
                return one

    kept = (section for section in article.sections if not section.appendix)
    return replace(article, sections=tuple(replace(s, blocks=tuple(map(block, s.blocks))) for s in kept))


def levers(article: Article, drawn: Made) -> Iterator[tuple[str, Callable[[], object], Callable[[], object]]]:
    """Each lever's name, the work with it and the work without it."""

    def laid_out() -> object:
        return pdf.render(article)

    def collected() -> object:
        with mock.patch.object(_layout, "without_collector", contextlib.nullcontext):
            return pdf.render(article)

    def parsed_anew() -> object:
        _layout.toolbox_of.cache_clear()
        return pdf.render(article)

    def styled(rule: str) -> Callable[[], object]:
        folder = Path(tempfile.mkdtemp())
        own = folder / "article" / "print.css"
        own.parent.mkdir()
        shipped = template_folders()[0] / "article" / "print.css"
        own.write_text(shipped.read_text("utf-8") + rule, "utf-8")
        return lambda: pdf.render(article, folders=template_folders(folder))

    def every_point() -> Article:
        with mock.patch.object(_curves, "MOST_POINTS", 10**9):
            painted = charts.draw(drawn.measurements, drawn.snapshot, commentary=drawn.commentary)
        return replace(article, charts=painted)

    full, in_columns = every_point(), ".particulars dl, .appendix { columns: 2 }"
    yield "no garbage collector during layout", laid_out, collected
    yield "stylesheets and fonts read once a process", laid_out, parsed_anew
    yield "no CSS columns", laid_out, styled(f"\n{in_columns}\n")
    yield "charts' texts set whole, not letter by letter", laid_out, lambda: _by_letters(article)
    yield "table-layout fixed", laid_out, styled("\ntable { table-layout: auto }\n")
    yield "curves of at most 330 points", laid_out, lambda: pdf.render(full)
    yield "charts as lean SVG, not as PNG by matplotlib", *_painting(drawn)
    yield "command line loads nothing heavy for --help", *_starting()
    yield "libraries found without ldconfig and gcc", *_loading()


def _by_letters(article: Article) -> object:
    with mock.patch.object(library().svg.Node, "text", property(lambda node: node._etree_node.text)):
        return pdf.render(article)


def _painting(drawn: Made) -> tuple[Callable[[], object], Callable[[], object]]:
    def paint(*, mail: bool) -> object:
        painted = charts.draw(drawn.measurements, drawn.snapshot, commentary=drawn.commentary, mail=mail)
        return [dict(chart.images) for chart in painted.values()]

    return lambda: paint(mail=False), lambda: paint(mail=True)


def _starting() -> tuple[Callable[[], object], Callable[[], object]]:
    eager = "import numpy, pandas, jinja2, weasyprint, matplotlib.figure; "
    return lambda: _python(_HELP), lambda: _python(eager + _HELP)


def _loading() -> tuple[Callable[[], object], Callable[[], object]]:
    def load(plainly: str) -> Callable[[], object]:
        code = f"import contextlib; from reportgen.render import _weasyprint as w; {plainly}w.library()"
        return lambda: _python(code)

    return load(""), load("w._plain_library_names = contextlib.nullcontext; ")


def _python(code: str) -> None:
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)


def show(title: str, costs: dict[str, Cost]) -> None:
    print(f"\n{title:<10}" + "".join(f"{format_:>9}" for format_ in costs))
    for stage in STAGES:
        cells = (f"{cost.stages.get(stage.name, 0.0):9.2f}" for cost in costs.values())
        print(f"{stage.name:<10}" + "".join(cells))
    print(f"{'wall':<10}" + "".join(f"{cost.wall:9.2f}" for cost in costs.values()))
    if any(cost.megabytes for cost in costs.values()):
        print(f"{'peak MB':<10}" + "".join(f"{cost.megabytes:9.0f}" for cost in costs.values()))


def appendix(article: Article, runs: int) -> None:
    """How many pages the appendix takes, and what laying it out costs."""
    body = without_appendix(article)
    pages = [_pages(pdf.render(each).content) for each in (article, body)]
    whole, alone, _ = ratio(lambda: pdf.render(article), lambda: pdf.render(body), runs)
    print(f"\nbody: {pages[1]} pages, {alone:.2f} s; appendix: {pages[0] - pages[1]} pages, {whole - alone:.2f} s")


def _pages(content: bytes) -> int:
    import pikepdf

    with pikepdf.open(io.BytesIO(content)) as document:
        return len(document.pages)


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    show("cold, s", {format_: cold(format_) for format_ in FORMATS})
    show("warm, s", {format_: warm(format_) for format_ in FORMATS})
    drawn = made("pdf")
    appendix(drawn.article, runs)
    print(f"\n{'lever':<46}{'with, s':>9}{'without':>9}{'ratio':>7}")
    for name, on, off in levers(drawn.article, drawn):
        with_, without, share = ratio(on, off, runs)
        print(f"{name:<46}{with_:9.3f}{without:9.3f}{share:7.2f}")


if __name__ == "__main__":
    main()
