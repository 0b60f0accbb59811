"""`reportgen fetch A [B ...]`: live data as a snapshot, a folder of plain files that rebuilds offline."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from reportgen.cli._article import day
from reportgen.cli._live import PARTLY, Teller, fetch_funds
from reportgen.errors import UsageError


@click.command("fetch")
@click.argument("tickers", nargs=-1, required=True)
@click.option("--as-of", metavar="DATE", callback=day, help="Fetch up to this day [default: the last closed session].")
@click.option("--years", type=click.IntRange(1, 60), help="How many years back [default: 10].")
@click.option("--into", type=click.Path(path_type=Path), help="The snapshot's folder [default: snapshots/<session>].")
@click.option("--holdings", type=click.Path(path_type=Path), help="Folder of local holdings files, used first.")
@click.option("--benchmark", help="One benchmark for all funds [default: by asset class].")
@click.option("--config", type=click.Path(path_type=Path), help="Settings file [default: reportgen.toml, if present].")
@click.option("--quiet", is_flag=True, help="Say nothing unless something is wrong.")
@click.option("--json", "as_json", is_flag=True, help="Tell progress and result as JSON lines.")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def command(
    *,
    tickers: tuple[str, ...],
    as_of: date | None,
    years: int | None,
    into: Path | None,
    holdings: Path | None,
    benchmark: str | None,
    config: Path | None,
    quiet: bool,
    as_json: bool,
    debug: bool,
) -> int:
    """Fetch prices, fund facts, holdings and rates of funds, and of the funds that they are measured against.

    A second fetch into the same folder asks only for what is missing. Exit code 6 when some part could not be had.
    """
    del debug  # read by the error handler
    from reportgen.config import settings_of
    from reportgen.sources import normalised_ticker

    if holdings is not None and not holdings.is_dir():
        raise UsageError(f"There is no folder {holdings}.", fix="Name a folder of holdings files with --holdings DIR.")
    settings = settings_of(config)
    context = replace(settings.context, benchmark=normalised_ticker(benchmark)) if benchmark else settings.context
    asked = tuple(dict.fromkeys(map(normalised_ticker, tickers)))
    teller = Teller(quiet, as_json)
    fetched = fetch_funds(asked, context, settings, teller, as_of=as_of, years=years, into=into, local=holdings)
    teller.result(fetched)
    return PARTLY if fetched.missing else 0
