"""`reportgen compare A B [...]`: the article for two to five funds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reportgen.cli._article import Voice, make, press_option, pressing, talk_options
from reportgen.cli._live import Teller, with_live_data
from reportgen.cli._options import as_of_option, config_option, data_options, form_options, issue_options, out_option
from reportgen.errors import UsageError

if TYPE_CHECKING:
    from reportgen.config import Settings
    from reportgen.model import Recipe, Request
    from reportgen.sources import Source


@click.command("compare")
@click.argument("tickers", nargs=-1, required=True)
@data_options
@as_of_option
@out_option
@form_options
@issue_options
@config_option
@press_option
@talk_options
def command(
    *,
    tickers: tuple[str, ...],
    data: Path | None,
    snapshot: Path | None,
    source: str | None,
    as_of: date | None,
    out: Path | None,
    formats: str | None,
    pdf: str | None,
    benchmark: str | None,
    issue_date: date | None,
    allow_stale: str | None,
    config: Path | None,
    one_process: bool,
    open_it: bool,
    quiet: bool,
    as_json: bool,
    debug: bool,
) -> int:
    """Write the article that compares two to five funds, such as `reportgen compare IWM QQQ --data prices/`."""
    del debug  # read by the error handler
    with pressing(formats, one_process=one_process) as press:
        from reportgen.model import Request
        from reportgen.pipeline import Job
        from reportgen.sources import checked_tickers, open_source, sourced

        asked = checked_tickers(tickers)
        settings = sourced(settings_from(config, out, formats, benchmark, pdf), data, source, snapshot)
        settings = with_live_data(settings, asked, Teller(quiet, as_json), as_of)
        request = Request(asked, as_of, settings.context, days_of(allow_stale))
        opened, recipe = open_source(settings.source, settings.data), recipe_of(request, settings)
        job = Job(request, opened, settings, issue_date, recipe=recipe, press=press)
        return make(job, Voice(quiet, as_json), open_it=open_it)


def chosen_source(
    settings: Settings, data: Path | None, source: str | None, snapshot: Path | None = None
) -> Source | None:
    """The source that the command line names, or else the settings'; None where live data are to be fetched.

    Raises UsageError when the command line names two.
    """
    from reportgen.sources import open_source, sourced

    chosen = sourced(settings, data, source, snapshot)
    return None if chosen.source == "yahoo" else open_source(chosen.source, chosen.data)


def recipe_of(request: Request, settings: Settings) -> Recipe:
    """What the issue's record keeps, so that `reportgen correct` can make it again."""
    from reportgen.config import as_tables
    from reportgen.model import Recipe

    return Recipe(request.tickers, request.as_of, request.allow_stale, as_tables(settings, settings.output))


def days_of(text: str | None) -> int:
    """How many days old data may be. Raises UsageError for what is no number of days."""
    if text is None:
        return 0
    digits = text.removesuffix("d")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 4):
        raise UsageError(f"--allow-stale {text!r} is not a number of days.", fix="Write it like 3d.")
    return int(digits)


def settings_from(
    config: Path | None, out: Path | None, formats: str | None, benchmark: str | None, pdf: str | None
) -> Settings:
    """The settings file's settings, with what the command line says on top."""
    from reportgen.config import FORMATS, settings_of
    from reportgen.sources import normalised_ticker

    settings = settings_of(config)
    if benchmark:
        settings = replace(settings, context=replace(settings.context, benchmark=normalised_ticker(benchmark)))
    if out is not None:
        settings = replace(settings, output=out)
    if pdf is not None:
        settings = replace(settings, pdf="a-3a" if pdf == "a-3a" else "ua-1")
    if formats is not None:
        asked = tuple(dict.fromkeys(part.strip().lower() for part in formats.split(",") if part.strip()))
        wrong = [name for name in asked if name not in FORMATS]
        if wrong or not asked:
            named = repr(wrong[0]) if wrong else "nothing"
            raise UsageError(f"--format names {named}.", fix=f"Known are {', '.join(FORMATS)}.")
        settings = replace(settings, formats=asked)
    return settings
