"""The archive's feed (Atom, RFC 4287): the latest issues, and corrections as updates of the same entry."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, time
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from reportgen.model import Artifact, IssueRecord, Shown
from reportgen.render.site import changed

NAME = "feed.xml"
MOST = 60
"""How many issues the feed tells; the archive has them all."""
_ATOM = "http://www.w3.org/2005/Atom"
_TYPES = {".html": "text/html", ".pdf": "application/pdf"}


def render(issues: Sequence[Shown], publication: str, address: str | None) -> Artifact:
    """The feed of issues, given latest first, of which there is at least one.

    address: where the archive is on the web; without it links are relative, which readers of feeds may not follow.
    """
    base = f"{address.rstrip('/')}/" if address else ""
    ET.register_namespace("", _ATOM)
    feed = ET.Element(f"{{{_ATOM}}}feed", {"xml:lang": "en-US"})
    _add(feed, "id", base or identity(publication, None, "archive"))
    _add(feed, "title", publication)
    _add(feed, "updated", max(map(_updated, issues)).isoformat())
    _add(_add(feed, "author"), "name", publication)
    _add(feed, "link", rel="self", type="application/atom+xml", href=f"{base}{NAME}")
    _add(feed, "link", rel="alternate", type="text/html", href=f"{base}index.html")
    for issue in issues[:MOST]:
        _entry(feed, issue, publication, address, base)
    ET.indent(feed, "")
    text = ET.tostring(feed, encoding="unicode")
    return Artifact(NAME, "application/atom+xml", f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode())


def identity(publication: str, address: str | None, name: str) -> str:
    """A name for ever: it depends on the archive's host, else on the publication, and on no version.

    name: the issue's as-of and slug, such as "2026-03-27/iwm-vs-qqq". A tag URI (RFC 4151) where the archive has a host
    of its own, a UUID made from the names where it has none.
    """
    host = urlsplit(address).hostname if address else None
    if host is None:
        return uuid.uuid5(uuid.NAMESPACE_OID, f"{publication}\n{name}").urn
    day, _, slug = name.partition("/")
    path = urlsplit(address or "").path.strip("/")
    return f"tag:{host},{day}:{f'{path}/' if path else ''}{slug}"


def _entry(feed: ET.Element, issue: Shown, publication: str, address: str | None, base: str) -> None:
    record = issue.record
    entry = _add(feed, "entry")
    _add(entry, "id", identity(publication, address, f"{record.as_of.isoformat()}/{record.slug}"))
    mark = " (simulated data)" if record.simulated else ""
    mark += f" (corrected, version {record.version})" if record.version > 1 else ""
    _add(entry, "title", f"{record.title} {record.as_of.isoformat()}{mark}")
    _add(entry, "published", _start(record).isoformat())
    _add(entry, "updated", _updated(issue).isoformat())
    _add(entry, "summary", _summary(record))
    _add(entry, "link", rel="alternate", type="text/html", href=f"{base}{issue.path}/index.html")
    for ending, media in _TYPES.items():
        if name := issue.file(ending):
            _add(entry, "link", rel="related", type=media, href=f"{base}{issue.path}/{name}")
    for fund in record.funds:
        _add(entry, "category", term=fund)


def _summary(record: IssueRecord) -> str:
    told = (f"Version {each.version}: {each.reason} {changed(each)}" for each in reversed(record.corrections))
    return " ".join((f"{record.headline}.", *told))


def _start(record: IssueRecord) -> datetime:
    return datetime.combine(record.issue_date, time(), UTC)


def _updated(issue: Shown) -> datetime:
    """When an issue last changed: its latest correction, or else its date of issue."""
    return max((each.at for each in issue.record.corrections), default=_start(issue.record))


def _add(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> ET.Element:
    child = ET.SubElement(parent, f"{{{_ATOM}}}{tag}", attributes)
    child.text = text
    return child
