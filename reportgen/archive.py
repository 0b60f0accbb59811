"""The archive: a static site of every issue that may be shown, which any web host serves and a browser opens as files.

Nothing in it needs a server, and nothing in it is about persons: who approved an issue, where its data lay and how it
is sent stay in the output folder.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from reportgen import gate
from reportgen.delivery import folder as delivery
from reportgen.delivery import issues
from reportgen.delivery.approval import may_go_out
from reportgen.errors import DataError, WriteError
from reportgen.model import Artifact, Rights, Shown
from reportgen.model.serial import sources_from_json
from reportgen.render import feed, site

MARKER = "archive.json"
"""By this file an archive of ours is known: no other folder is ever replaced."""
PUBLIC = frozenset(
    f"{name}"
    for kind in ("article", "brief")
    for name in (f"{kind}.html", f"{kind}.pdf", "facts.json", "manifest.json", "changes.json", "corrections.json")
)
"""The files of an issue that the archive shows; records, mails and approvals stay behind."""


@dataclass(frozen=True, slots=True)
class Archive:
    """What to write: from which output folder, to where, under which name and address.

    approval: whether only issues that somebody has approved are shown. rights: the publisher's own to publish a
    provider's figures; None for a private archive, which shows every issue. templates: where templates are looked for.
    subscribe: the page to subscribe on, where there is one.
    """

    output: Path
    place: Path
    publication: str
    address: str | None
    approval: bool
    rights: Rights | None
    templates: tuple[Path, ...]
    subscribe: str | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """What the archive shows, and the issues that it does not, each with the reason."""

    place: Path
    shown: tuple[Shown, ...]
    withheld: tuple[tuple[Path, str], ...]


def build(archive: Archive, progress: Callable[[str], None] = lambda _: None) -> Written:
    """Write the archive; the former one is there until the new one is complete.

    Raises DataError when there is no issue to show or a file is not the one that was issued, WriteError when the place
    holds something else than an archive of ours.
    """
    reasons = {folder: _reason(folder, archive) for folder in issues.folders(archive.output)}
    cleared = tuple(folder for folder, reason in reasons.items() if reason is None)
    withheld = tuple((folder, reason) for folder, reason in reasons.items() if reason is not None)
    if not cleared:
        why = f"; {withheld[0][0].relative_to(archive.output)} {withheld[0][1]}" if withheld else ""
        fix = "Make an issue first, or free one that is withheld; the archive was not changed."
        raise DataError(f"holds no issue to show{why}.", where=str(archive.output), fix=fix)
    _refuse_strangers(archive.place)
    shown = tuple(_shown(folder, archive.output) for folder in cleared)
    with delivery.replacing(archive.place) as new:
        for issue, folder in zip(shown, cleared, strict=True):
            progress(issue.path)
            for artifact in (*_files(issue, folder, archive.output), *_pages(issue, archive)):
                delivery.write(new, artifact)
        for artifact in _whole(shown, archive):
            delivery.write(new, artifact)
    return Written(archive.place, shown, withheld)


def _reason(folder: Path, archive: Archive) -> str | None:
    """Why an issue is not shown; None when it is."""
    if not may_go_out(folder, approval=archive.approval):
        return "waits for an approval: reportgen approve"
    if archive.rights is None:
        return None
    path = folder / "facts.json"
    try:
        sources = sources_from_json(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, KeyError, TypeError, ValueError):
        raise DataError("cannot be read.", where=str(path), fix="Make the issue again.") from None
    findings = gate.may_send(sources, archive.rights).findings
    return f"may not be published: {findings[0].message}. {findings[0].fix}" if findings else None


def _shown(folder: Path, output: Path) -> Shown:
    record = issues.read(folder)
    files = tuple(name for name in record.files if name in PUBLIC)
    former = tuple(_shown(each, output) for each in issues.earlier(folder))
    return Shown(record, folder.relative_to(output).as_posix(), files, former)


def _files(issue: Shown, folder: Path, output: Path) -> Iterator[Artifact]:
    """The files of an issue and of its earlier versions, each checked against its record; old pages are marked."""
    issues.check_files(folder, issue.record)
    for name in issue.files:
        yield Artifact(f"{issue.path}/{name}", "", (folder / name).read_bytes())
    for version in issue.former:
        place = output / version.path
        issues.check_files(place, version.record)
        for name in version.files:
            content = (place / name).read_bytes()
            if name.endswith(".html"):
                content = site.marked(content, version.record.version, issue.record.version)
            yield Artifact(f"{version.path}/{name}", "", content)


def _pages(issue: Shown, archive: Archive) -> Iterator[Artifact]:
    return site.issue_pages(issue, archive.publication, archive.templates)


def _whole(shown: tuple[Shown, ...], archive: Archive) -> Iterator[Artifact]:
    """What belongs to the archive as a whole."""
    yield site.first_page(shown, archive.publication, archive.templates, subscribe=archive.subscribe)
    yield feed.render(shown, archive.publication, archive.address)
    yield from site.assets(archive.templates)
    told = {"generator": "reportgen", "issues": [issue.path for issue in shown]}
    yield Artifact(MARKER, "application/json", (json.dumps(told, indent=1) + "\n").encode())


def _refuse_strangers(place: Path) -> None:
    """A folder that holds anything else than an archive of ours is the user's: it is never replaced."""
    if place.is_dir() and any(place.iterdir()) and not (place / MARKER).is_file():
        fix = "Name an empty or a new folder with --out, or move the files away."
        raise WriteError("holds files that are no archive of reportgen.", where=str(place), fix=fix)
