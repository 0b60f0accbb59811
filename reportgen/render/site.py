"""The archive's pages: its first page, one page a version of an issue, styles, fonts and the search."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from markupsafe import Markup

from reportgen.formatting import long_date
from reportgen.model import Artifact, Correction, Shown
from reportgen.render._environment import fill
from reportgen.render._styles import FACES, linked, read
from reportgen.resources import find, template_folders

AREA = "site"
_BODY = re.compile(rb'<body[^>]*>(?:\s*<a class="skip"[^>]*>[^<]*</a>)?')
"""Where a page begins: behind the link that skips to its content, which has to be the first."""
_DATA = {"facts.json": "Every figure", "changes.json": "What changed", "corrections.json": "What was corrected"}


def first_page(
    issues: Sequence[Shown],
    publication: str,
    folders: tuple[Path, ...] | None = None,
    *,
    subscribe: str | None = None,
) -> Artifact:
    """The page that lists every issue; they are given latest first. subscribe: the page to subscribe on, if any."""
    years = [(year, tuple(group)) for year, group in groupby(issues, key=lambda issue: issue.record.as_of.year)]
    context: dict[str, object] = {"root": "", "publication": publication, "years": years, "long_date": long_date}
    context["subscribe"] = subscribe
    return _page("index.html", "index.html.j2", context, folders)


def issue_pages(issue: Shown, publication: str, folders: tuple[Path, ...] | None = None) -> Iterator[Artifact]:
    """The page of an issue, and one for each version that it replaced, marked as such."""
    successors = {each.version - 1: each for each in issue.record.corrections}
    for version in (issue, *issue.former):
        current = version is issue
        context = {
            "root": "../" * (version.path.count("/") + 1),
            "publication": publication,
            "issue": version,
            "current": current,
            "replaced_by": None if current else successors.get(version.record.version),
            "latest": "../index.html",
            "latest_version": issue.record.version,
            "data": [(name, label) for name, label in _DATA.items() if name in version.files],
            "changed": changed,
            "long_date": long_date,
        }
        yield _page(f"{version.path}/index.html", "issue.html.j2", context, folders)


def changed(correction: Correction) -> str:
    """How many numbers a correction moved, in words and a count."""
    match correction.changed:
        case 0:
            return "No number changed."
        case 1:
            return "1 number changed."
        case count:
            return f"{count:,} numbers changed."


def marked(page: bytes, version: int, latest: int) -> bytes:
    """A replaced version's page with a note at its top that leads to the version in force."""
    note = Markup(
        '<aside class="banner" aria-label="Replaced version"><p>Version {} of this issue has been replaced. '
        '<a href="../index.html">See version {}</a></p></aside>'
    ).format(version, latest)
    found = _BODY.search(page)
    if found is None:
        raise ValueError("the page has no body")
    return page[: found.end()] + b"\n" + note.encode() + page[found.end() :]


def assets(folders: tuple[Path, ...] | None = None) -> Iterator[Artifact]:
    """What the pages need beside them: styles, fonts, the search."""
    places = folders or template_folders()
    sheets = (linked("fonts/{}.woff2", "woff2"), read("article/base.css", places), read("site/site.css", places))
    yield Artifact("site.css", "text/css", "\n".join(sheets).encode())
    yield Artifact("search.js", "text/javascript", find("site/search.js", places).read_bytes())
    for _, _, name in FACES:
        font = find(f"article/fonts/{name}.woff2", places).read_bytes()
        yield Artifact(f"fonts/{name}.woff2", "font/woff2", font)


def _page(name: str, template: str, context: dict[str, object], folders: tuple[Path, ...] | None) -> Artifact:
    text = fill(template, folders or template_folders(), context, AREA)
    return Artifact(name, "text/html", text.encode())
