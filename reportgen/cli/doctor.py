"""`reportgen doctor`: whether this machine can make an article, and what to do where it cannot."""

from __future__ import annotations

import json
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

import click

from reportgen._version import __version__
from reportgen.errors import ReportgenError

WARNING = "warning: "
"""How an answer begins that is no failure, and yet something to see to."""
LIBRARIES = ("click", "exchange-calendars", "jinja2", "matplotlib", "numpy", "pandas", "weasyprint")


class Answer(NamedTuple):
    """One thing looked at: whether it is well, and what was seen or what to do."""

    what: str
    well: bool
    told: str

    @property
    def mark(self) -> str:
        """How the answer is marked in the list: a warning is no failure."""
        if not self.well:
            return "BAD"
        return "tip" if self.told.startswith(WARNING) else "ok "


@click.command("doctor")
@click.option("--out", type=click.Path(path_type=Path), default=Path("output"), help="The folder to be written to.")
@click.option("--delivery", is_flag=True, help="Look at the delivery instead: DNS, relay, keys, leaving.")
@click.option("--dns", type=click.Path(path_type=Path), help="With --delivery: a JSON file of DNS answers to believe.")
@click.option("--selector", "selectors", multiple=True, metavar="NAME", help="With --delivery: a DKIM key to look at.")
@click.option(
    "--sends-from", "addresses", multiple=True, metavar="IP", help="With --delivery: an address your relay sends from."
)
@click.option("--config", type=click.Path(path_type=Path), help="Settings file [default: reportgen.toml, if present].")
@click.option("--json", "as_json", is_flag=True, help="Print the answers as JSON.")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def command(
    *,
    out: Path,
    delivery: bool,
    dns: Path | None,
    selectors: tuple[str, ...],
    addresses: tuple[str, ...],
    config: Path | None,
    as_json: bool,
    debug: bool,
) -> int:
    """Check Python, Pango, fonts, templates, the output folder, the calendar and the versions of the libraries.

    With --delivery: SPF, DKIM, DMARC and their alignment, reverse DNS, the relay's encryption, the keys, and
    whether one click unsubscribes. Exit code 0 when all is well, 2 when something is not.
    """
    del debug  # read by the error handler
    if delivery:
        from reportgen.cli import _doctor_mail

        return _doctor_mail.look(config, dns, selectors, addresses, as_json=as_json)
    answers = list(examine(out))
    if as_json:
        click.echo(json.dumps([answer._asdict() for answer in answers], indent=1))
    else:
        for answer in answers:
            click.echo(f"{answer.mark}  {answer.what:<10} {answer.told}")
    return 0 if all(answer.well for answer in answers) else 2


def examine(out: Path) -> Iterator[Answer]:
    """Every check, one after the other; none stops the others."""
    yield Answer("reportgen", well=True, told=__version__)
    recent = sys.version_info >= (3, 11)
    yield Answer("Python", recent, platform.python_version() + ("" if recent else "; install 3.11 or newer"))
    for what, look in _CHECKS.items():
        try:
            yield Answer(what, well=True, told=look(out))
        except (ReportgenError, OSError) as error:
            yield Answer(what, well=False, told=str(error))
    for name in LIBRARIES:
        try:
            yield Answer(name, well=True, told=metadata.version(name))
        except metadata.PackageNotFoundError:
            yield Answer(name, well=False, told="is not installed; run: pip install fund-reportgen")


def _pango(_: Path) -> str:
    from reportgen.render.equipment import pango_version

    return pango_version()


def _fonts(_: Path) -> str:
    from reportgen.render.equipment import font_files
    from reportgen.resources import template_folders

    return f"{len(font_files(template_folders()))} font files"


def _templates(_: Path) -> str:
    from reportgen import metrics, narrative
    from reportgen.resources import template_folders

    folders, specs = template_folders(), metrics.catalogue()
    rules = narrative.load_rules(folders, specs, narrative.load_words(folders))
    return f"{len(rules)} rules, {len(specs)} metrics"


def _output(out: Path) -> str:
    """A file can be written where articles go, or in the nearest folder that exists above it."""
    folder = out.absolute()
    while not folder.exists():
        folder = folder.parent
    with tempfile.TemporaryFile(dir=folder):
        return f"{out} can be written"


def _calendar(_: Path) -> str:
    """Through when the dated events are listed, with a warning from 60 days before a list ends."""
    from reportgen.sources._events import event_issues, known_through

    ending = [issue.message for issue in event_issues(today()) if issue.severity == "warning"]
    return f"{WARNING}{' '.join(ending)}" if ending else f"dated events known through {known_through().isoformat()}"


def today() -> date:
    """The day by which the lists are judged."""
    return datetime.now(UTC).date()


def _live(_: Path) -> str:
    """Whether live data can be fetched; without the libraries everything else works."""
    from reportgen.sources.yahoo._extra import INSTALL, installed

    if not installed():
        return f"{WARNING}cannot be fetched, yfinance is not installed; run: {INSTALL}"
    return f"yfinance {metadata.version('yfinance')}, curl_cffi {metadata.version('curl_cffi')}"


_CHECKS: dict[str, Callable[[Path], str]] = {
    "Pango": _pango,
    "fonts": _fonts,
    "templates": _templates,
    "output": _output,
    "calendar": _calendar,
    "live data": _live,
}
