"""`reportgen approve ISSUE`: a second pair of eyes lets an issue go out."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from reportgen.cli._article import say


@click.command("approve")
@click.argument("issue")
@click.option("--by", required=True, metavar="NAME", help="Who has read the issue and lets it go out.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder of the issues [default: output].")
@click.option("--config", type=click.Path(path_type=Path), help="Settings file [default: reportgen.toml, if present].")
@click.option("--json", "as_json", is_flag=True, help="Tell the result as a JSON line.")
@click.option("--quiet", is_flag=True, help="Say nothing unless something is wrong.")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def command(
    *, issue: str, by: str, out: Path | None, config: Path | None, as_json: bool, quiet: bool, debug: bool
) -> int:
    """Let an issue go out, such as `reportgen approve 2026-03-27/iwm-vs-qqq --by "A. Editor"`.

    Where `[schedule]` in the settings says `approval = true`, neither the archive nor the mail takes an issue that was
    not approved. An approval holds for the files as they are: an issue made again or corrected waits anew.
    """
    del debug  # read by the error handler
    from reportgen.config import settings_of
    from reportgen.delivery.folders import approval, issues
    from reportgen.delivery.folders.lock import locked

    output = out or settings_of(config).output
    folder = issues.find(output, issue)
    with locked(output):
        given = approval.approve(folder, by, datetime.now(UTC).replace(microsecond=0))
    if as_json:
        told = {"event": "approved", "folder": str(folder), "by": given.by, "at": given.at.isoformat()}
        say(json.dumps({**told, "version": given.version}))
    elif not quiet:
        say(f"{folder}: version {given.version} is approved by {given.by}.")
    return 0
