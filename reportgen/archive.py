"""The archive: a static site of every issue that may be shown, which any web host serves and a browser opens as files.

Nothing in it needs a server, and nothing in it is about persons: who approved an issue, where its data lay and how it
is sent stay in the output folder.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

from reportgen import gate
from reportgen._version import __version__
from reportgen.delivery.folders import folder as delivery
from reportgen.delivery.folders import issues
from reportgen.delivery.folders.approval import may_go_out
from reportgen.errors import DataError, WriteError
from reportgen.fingerprint import of_templates
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


@dataclass(frozen=True, slots=True)
class Made:
    """What the archive's folder holds of an issue: the hash of all that it was made from, and that of each file."""

    inputs: str
    files: Mapping[str, str]


def build(archive: Archive, progress: Callable[[str], None] = lambda _: None) -> Written:
    """Write the archive; the former one is there until the new one is complete.

    What an issue's pages and files are made from is hashed; where nothing of it has changed, they are taken over from
    the former archive as they are. The result is the same, byte by byte, as that of a build from nothing.
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
        former, made = _former(archive.place), {}
        for issue, folder in zip(shown, cleared, strict=True):
            progress(issue.path)
            made[issue.path] = _filled(new, issue, folder, archive, former.get(issue.path))
        for artifact in (*_whole(shown, archive), _marker(made)):
            _put(new, artifact, archive.place)
    return Written(archive.place, shown, withheld)


def _put(new: Path, artifact: Artifact, former: Path) -> None:
    """A file of the archive as a whole: the former archive's where it is the same."""
    old = former / artifact.name
    if old.is_file() and old.read_bytes() == artifact.content:
        delivery.take_over(old, new / artifact.name)
    else:
        delivery.write(new, artifact)


def _filled(new: Path, issue: Shown, folder: Path, archive: Archive, former: Made | None) -> Made:
    """Put an issue's files and pages into the new folder: the former archive's where they are what they would be."""
    _check_versions(issue, folder, archive.output)
    inputs = _inputs(issue, folder, archive)
    if former is not None and former.inputs == inputs and _is_whole(archive.place, former):
        for name in former.files:
            delivery.take_over(archive.place / name, new / name)
        return former
    artifacts = (*_files(issue, folder, archive.output), *_pages(issue, archive))
    for artifact in artifacts:
        delivery.write(new, artifact)
    return Made(inputs, {artifact.name: artifact.sha256 for artifact in artifacts})


def _inputs(issue: Shown, folder: Path, archive: Archive) -> str:
    """The hash of all that an issue's part is made from; its record names its files by their hashes."""
    digest = hashlib.sha256()
    for part in (__version__, archive.publication, of_templates(archive.templates), issue.path):
        digest.update(repr(part).encode() + b"\n")
    for place in (folder, *(archive.output / version.path for version in issue.former)):
        digest.update((place / issues.RECORD).read_bytes())
    return digest.hexdigest()


def _is_whole(place: Path, made: Made) -> bool:
    """Whether every file is there and is the one that was written."""
    paths = ((place / name, sha256) for name, sha256 in made.files.items())
    return all(path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256 for path, sha256 in paths)


def _former(place: Path) -> Mapping[str, Made]:
    """What the archive in place holds, by issue; nothing where there is none or it does not say."""
    try:
        told = json.loads((place / MARKER).read_text(encoding="utf-8"))["made"]
        made = {path: Made(each["inputs"], dict(each["files"])) for path, each in told.items()}
    except (OSError, KeyError, TypeError, ValueError, AttributeError):
        return {}
    return {path: each for path, each in made.items() if all(_is_below(name, path) for name in each.files)}


def _is_below(name: str, path: str) -> bool:
    """Whether a file's name lies in the folder of its issue."""
    return name.startswith(f"{path}/") and ".." not in PurePosixPath(name).parts


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


def _check_versions(issue: Shown, folder: Path, output: Path) -> None:
    """Raises DataError unless every file of an issue and of its earlier versions is the one that was issued."""
    issues.check_files(folder, issue.record)
    for version in issue.former:
        issues.check_files(output / version.path, version.record)


def _files(issue: Shown, folder: Path, output: Path) -> Iterator[Artifact]:
    """The files of an issue and of its earlier versions; pages of these are marked."""
    for name in issue.files:
        yield Artifact(f"{issue.path}/{name}", "", (folder / name).read_bytes())
    for version in issue.former:
        place = output / version.path
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


def _marker(made: Mapping[str, Made]) -> Artifact:
    """The file by which the archive is known, and which tells the next build what need not be made again."""
    told = {"generator": "reportgen", "issues": list(made), "made": {path: asdict(each) for path, each in made.items()}}
    return Artifact(MARKER, "application/json", (json.dumps(told, indent=1) + "\n").encode())


def _refuse_strangers(place: Path) -> None:
    """A folder that holds anything else than an archive of ours is the user's: it is never replaced."""
    if place.is_dir() and any(place.iterdir()) and not (place / MARKER).is_file():
        fix = "Name an empty or a new folder with --out, or move the files away."
        raise WriteError("holds files that are no archive of reportgen.", where=str(place), fix=fix)
