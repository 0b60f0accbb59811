"""`reportgen site`: the archive as a folder of pages that any web host serves."""

from __future__ import annotations

import json
from pathlib import Path

import click

from reportgen.cli._article import say


@click.command("site")
@click.option(
    "--out", type=click.Path(path_type=Path), help="Folder to write to [default: site, in the output folder]."
)
@click.option("--issues", type=click.Path(path_type=Path), help="Folder of the issues [default: output].")
@click.option("--config", type=click.Path(path_type=Path), help="Settings file [default: reportgen.toml, if present].")
@click.option("--private", is_flag=True, help="Show issues whose data may not be published, too: for your eyes only.")
@click.option("--json", "as_json", is_flag=True, help="Tell progress and result as JSON lines.")
@click.option("--quiet", is_flag=True, help="Say nothing unless something is wrong.")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def command(
    *,
    out: Path | None,
    issues: Path | None,
    config: Path | None,
    private: bool,
    as_json: bool,
    quiet: bool,
    debug: bool,
) -> int:
    """Write the archive of all issues: a first page with a search, a page an issue, and an Atom feed.

    Held issues are never in it, nor are issues that wait for an approval that the settings ask for, nor, without
    --private, those whose data may not be published. The former archive is there until the new one is complete.
    """
    del debug  # read by the error handler
    from reportgen.archive import Archive, build
    from reportgen.config import settings_of
    from reportgen.delivery.folders.lock import locked
    from reportgen.resources import template_folders

    settings = settings_of(config)
    output = issues or settings.output
    archive = Archive(
        output=output,
        place=out or settings.site.folder or output / "site",
        publication=settings.publication,
        address=settings.site.address,
        approval=settings.schedule.approval,
        rights=None if private else settings.licence.rights,
        templates=template_folders(settings.templates),
        subscribe=f"{settings.delivery.base}/subscribe" if settings.delivery.base is not None else None,
    )

    def progress(path: str) -> None:
        if as_json:
            say(json.dumps({"event": "issue", "path": path}))
        elif not quiet:
            say(f"  {path}", err=True)

    with locked(output):
        written = build(archive, progress)
    if as_json:
        withheld = [{"folder": str(folder), "reason": reason} for folder, reason in written.withheld]
        told = {"event": "site", "folder": str(written.place), "issues": len(written.shown), "withheld": withheld}
        say(json.dumps(told))
    elif not quiet:
        say(str(written.place / "index.html"))
        for folder, reason in written.withheld:
            say(f"not shown: {folder} {reason}", err=True)
    return 0
