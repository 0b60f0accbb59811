"""`reportgen correct ISSUE --reason ...`: the next version of an issue, which lists what changed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from reportgen.cli._article import Voice, make, talk_options
from reportgen.cli.brief import BriefVoice, make_brief


@click.command("correct")
@click.argument("issue")
@click.option("--reason", required=True, help="What was wrong, in a sentence; the issue, archive and feed print it.")
@click.option("--data", type=click.Path(path_type=Path), help="Folder to read [default: the one that was read].")
@click.option("--snapshot", type=click.Path(path_type=Path), help="Fetched folder to read [default: as --data].")
@click.option("--out", type=click.Path(path_type=Path), help="Folder of the issues [default: output].")
@click.option("--config", type=click.Path(path_type=Path), help="Settings file [default: reportgen.toml, if present].")
@talk_options
def command(
    *,
    issue: str,
    reason: str,
    data: Path | None,
    snapshot: Path | None,
    out: Path | None,
    config: Path | None,
    open_it: bool,
    quiet: bool,
    as_json: bool,
    debug: bool,
) -> int:
    """Make an issue again as its next version, such as `reportgen correct 2026-03-27/iwm-vs-qqq --reason "..."`.

    It is made from what it was made from before: the same funds, day, settings and folder of data, in which the mistake
    has been mended. The new version lists every printed number that changed, old and new; the former one stays in the
    issue's folder, as v1, v2 and so on.
    """
    del debug  # read by the error handler
    from reportgen.brief import BriefJob
    from reportgen.config import settings_of
    from reportgen.correction import job
    from reportgen.delivery.folders import issues
    from reportgen.delivery.folders.lock import locked

    output = out or settings_of(config).output
    folder = issues.find(output, issue)
    now = datetime.now(UTC).replace(microsecond=0)
    with locked(output):
        again = job(folder, output, reason, now, data=data, snapshot=snapshot)
        if isinstance(again, BriefJob):
            return make_brief(again, BriefVoice(quiet=quiet, as_json=as_json))
        return make(again, Voice(quiet, as_json), open_it=open_it)
