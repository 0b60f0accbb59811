"""`reportgen init`: a few questions, and a settings file with a comment at every key."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from reportgen.cli._article import say
from reportgen.errors import UsageError, WriteError

_PAIR = "IWM QQQ"


@click.command("init")
@click.option("--publication", help="The publication's name.")
@click.option("--pair", "pairs", multiple=True, metavar='"A B"', help="A comparison; give one --pair for each.")
@click.option("--source", type=click.Choice(["files", "sample", "yahoo"]), help="Where data come from.")
@click.option("--data", type=click.Path(path_type=Path), help="The folder of price files, for --source files.")
@click.option("--form", type=click.Choice(["short", "full"]), help="How much of each comparison a brief prints.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("reportgen.toml"), help="The file to write.")
@click.option("--yes", is_flag=True, help="Ask nothing: take the defaults for what is not given.")
@click.option("--document", is_flag=True, help="Print the documentation of every key instead, as docs/settings.md.")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def command(
    *,
    publication: str | None,
    pairs: tuple[str, ...],
    source: str | None,
    data: Path | None,
    form: str | None,
    out: Path,
    yes: bool,
    document: bool,
    debug: bool,
) -> int:
    """Write a commented reportgen.toml. What no option tells is asked, unless --yes or no one is there to ask."""
    del debug  # read by the error handler
    from reportgen.config import documentation

    if document:
        say(documentation().rstrip("\n"))
        return 0
    if out.exists():
        raise WriteError("is there already.", where=str(out), fix="Change it, or name another file with --out.")
    ask = _asker(silent=yes or not sys.stdin.isatty())
    source = source or ask("Where do data come from (files, sample, yahoo)?", "files" if data else "yahoo")
    if source == "files" and data is None:
        data = Path(ask("In which folder are the price files?", "data"))
    given: dict[str, dict[str, object]] = {
        "source": {"kind": source, **({"data": data.as_posix()} if data is not None else {})},
        "branding": {"publication": publication or ask("What is the publication called?", "The Friday Brief")},
        "brief": {"pairs": _pairs(pairs, ask), "form": form or ask("Short or full articles (short, full)?", "short")},
    }
    _write(out, given)
    say(f"{out} is written; `reportgen brief --dry-run` says what it would do.")
    return 0


def _asker(*, silent: bool) -> Callable[[str, str], str]:
    """Asks on the terminal, with a default; where nobody is there, the default is the answer."""

    def ask(question: str, default: str) -> str:
        answer: Any = default if silent else click.prompt(question, default=default, err=True)
        return str(answer).strip()

    return ask


def _pairs(given: tuple[str, ...], ask: Callable[[str, str], str]) -> list[list[str]]:
    """The comparisons, from "IWM QQQ" or "IWM,QQQ"; several answers to one question are parted by semicolons."""
    from reportgen.sources import checked_tickers

    told = given or tuple(ask("Which funds are compared (several comparisons: IWM QQQ; SPY QQQ)?", _PAIR).split(";"))
    return [list(checked_tickers(pair.replace(",", " ").split())) for pair in told if pair.strip()]


def _write(out: Path, given: dict[str, dict[str, object]]) -> None:
    """The file, once the program reads it back without complaint."""
    import tomllib

    from reportgen.config import applied, beginning

    text = beginning(given)
    applied(tomllib.loads(text), out.parent)
    if not given["brief"]["pairs"]:
        raise UsageError("No comparison was named.", fix='Give one with --pair "IWM QQQ".')
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        what = f"cannot be written: {error.strerror or error}."
        raise WriteError(what, where=str(out), fix="Name another file with --out.") from error
