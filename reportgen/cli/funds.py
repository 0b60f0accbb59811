"""`reportgen funds --data DIR`: what a data folder holds."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command("funds")
@click.option("--data", type=click.Path(path_type=Path), required=True, help="Folder of price files.")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def command(*, data: Path, as_json: bool, debug: bool) -> None:
    """List the funds in a data folder: from when to when, and what is wrong with them."""
    del debug  # read by the error handler
    from reportgen.sources.survey import survey

    statuses = survey(data)
    if as_json:
        click.echo(json.dumps([status.as_json() for status in statuses], indent=1))
        return
    for status in statuses:
        click.echo(status.line())
        for issue in status.issues:
            click.echo(f"    {issue.severity}: {issue.message}")
