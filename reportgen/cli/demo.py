"""`reportgen demo`: the article from the simulated sample, offline."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from reportgen.cli._article import Voice, make, press_option, pressing, talk_options
from reportgen.cli.compare import recipe_of

DEMO_TICKERS = ("IWM", "QQQ")


@click.command("demo")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder to write to [default: output].")
@click.option(
    "--export-data",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write the sample as a data folder instead, for `compare --data`.",
)
@press_option
@talk_options
def command(
    *,
    out: Path | None,
    export_data: Path | None,
    one_process: bool,
    open_it: bool,
    quiet: bool,
    as_json: bool,
    debug: bool,
) -> int:
    """Write the article that compares IWM and QQQ, from simulated sample data.

    Nothing is fetched and nothing is real: every page is marked as simulated. With --export-data the sample is
    written as a folder of price, fact and holdings files, which is a good start for a folder of your own.
    """
    del debug  # read by the error handler
    if export_data is not None:
        return _export(export_data, quiet=quiet)
    with pressing(None, one_process=one_process) as press:
        from reportgen.config import Settings
        from reportgen.model import Request
        from reportgen.pipeline import Job
        from reportgen.sources import open_source

        settings = replace(Settings(), source="sample", output=out or Path("output"))
        request = Request(DEMO_TICKERS)
        job = Job(request, open_source("sample"), settings, recipe=recipe_of(request, settings), press=press)
        return make(job, Voice(quiet, as_json), open_it=open_it)


def _export(folder: Path, *, quiet: bool) -> int:
    from reportgen.sources.sample import export

    export(folder)
    if not quiet:
        click.echo(f"Sample data written to {folder}; try: reportgen compare IWM QQQ --data {folder}")
    return 0
