"""Freezing: from an issue's folder and the settings to the one message that all recipients share.

Once frozen, an issue is sent from the store alone. A later change of settings, keys, folder or program version changes
none of its bytes, so that a mail which is sent again is the same mail.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from reportgen.config import Delivery
from reportgen.delivery.folders import issues as folders
from reportgen.delivery.mail.content import Content, Enclosure, read_mail
from reportgen.delivery.mail.message import Builder, Outgoing, checked, message_id, pieces
from reportgen.delivery.mail.template import Sender, body, headers
from reportgen.delivery.signed.keys import KeyRing
from reportgen.delivery.signed.links import Links
from reportgen.delivery.store.issues import Draft, Issue
from reportgen.delivery.store.outbox import Claim
from reportgen.errors import DataError, HeldError, SettingsError
from reportgen.model import IssueRecord

_MANIFEST = "manifest.json"
_MAILS = {"article": "article.eml", "brief": "brief.eml"}
_PAPERS = {"article": "article.pdf", "brief": "brief.pdf"}


@dataclass(frozen=True, slots=True)
class Terms:
    """What, beside the content, a message is made from; kept with the frozen issue.

    from_address: the From; bounces: the mailbox of the envelope's sender, if bounces come back to a signed address;
    leave: the base of the web part; key: the number of the newest key at the time; stamp: what the Message-IDs are
    derived from.
    """

    from_address: str
    bounces: str | None
    base: str
    key: int
    stamp: str

    def as_json(self) -> Mapping[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


def draft(
    folder: Path, record: IssueRecord, delivery: Delivery, ring: KeyRing, *, list_name: str, now: datetime
) -> Draft:
    """What would be frozen of an issue for a list, checked byte for byte.

    The folder's files must be those that were issued. Raises HeldError for an issue without a mail form, SettingsError
    for settings that sending needs and that are not there, DataError for a mail file that is not ours.
    """
    folders.check_files(folder, record)
    name = issue_name(record, list_name)
    wanted = required(delivery)
    content = _content(folder, record, delivery)
    sender = _sender(record, delivery, wanted, ring, list_name, now)
    head, whole = headers(content, sender), body(content, sender)
    checked(head, whole)
    stamp = f"{name} {now.isoformat()}"
    terms = Terms(wanted.sender, delivery.bounce_address, wanted.base, ring.newest.number, stamp)
    expires = now + timedelta(hours=delivery.expire_hours)
    return Draft(name, list_name, content.subject, head, whole, terms.as_json(), expires)


def issue_name(record: IssueRecord, list_name: str) -> str:
    """How an issue is called in the store: "2026-03-27/iwm-vs-qqq:weekly"; a later version "...@2:weekly"."""
    version = f"@{record.version}" if record.version > 1 else ""
    return f"{record.as_of.isoformat()}/{record.slug}{version}:{list_name}"


@dataclass(frozen=True, slots=True)
class Required:
    """The settings without which nothing can be sent."""

    sender: str
    base: str


def required(delivery: Delivery) -> Required:
    """Those settings. Raises SettingsError that names all that are missing."""
    if delivery.sender is None or delivery.base is None:
        given = {"from": delivery.sender, "base": delivery.base}
        missing = [name for name, value in given.items() if value is None]
        fix = "Set them under [delivery] in reportgen.toml; docs/delivery.md says what they mean."
        raise SettingsError(f"mail cannot be sent without {', '.join(missing)}.", fix=fix)
    return Required(delivery.sender, delivery.base.rstrip("/"))


def builder(issue: Issue, content: tuple[bytes, bytes], ring: KeyRing) -> Builder:
    """What makes an issue's messages. Raises SettingsError when the key that it was frozen with is gone."""
    terms = Terms(**issue.terms)
    key = ring.find(terms.key)
    if key is None:
        fix = "Restore the file of keys from its copy."
        raise SettingsError(f"key {terms.key}, with which {issue.name} was frozen, is gone.", fix=fix)
    links = Links(terms.base, KeyRing(tuple(k for k in ring.keys if k.number <= terms.key)))
    bounces = terms.bounces
    head, whole = content
    return Builder(
        pieces(head),
        pieces(whole),
        sender_of=lambda who: links.bounce_address(bounces, issue.id, who) if bounces else terms.from_address,
        leave_of=lambda who: _last(links.leave(who, issue.list)),
        lists_of=lambda who: _last(links.preferences(who, issue.frozen_at)),
        id_of=message_id(key.secret, terms.stamp, terms.from_address.partition("@")[2]),
    )


def sample(made: Draft, ring: KeyRing, address: str, now: datetime) -> Outgoing:
    """A draft's message for an address that is no subscriber's: its links lead nowhere."""
    issue = Issue(0, made.name, made.list, "ready", None, made.subject, made.content_hash, made.terms, 1, now, now)
    return builder(issue, (made.head, made.body), ring).build(Claim(0, 0, address, 1, now.replace(microsecond=0)))


def simulated(folder: Path, record: IssueRecord) -> bool:
    """Whether an issue's data are simulated, as its manifest says. Raises DataError where it does not say."""
    path = folder / _MANIFEST
    try:
        said = (
            json.loads(path.read_text(encoding="utf-8"))["article"]["simulated"] if _MANIFEST in record.files else None
        )
    except (OSError, ValueError, KeyError, TypeError):
        said = None
    if not isinstance(said, bool):
        what = "does not say whether the issue's data are simulated."
        raise DataError(what, where=str(path), fix="Make the issue again.")
    return said


def _last(link: str) -> str:
    """The token at the end of a link."""
    return link.rpartition("/")[2]


def _start(link: str) -> str:
    """A link up to its token."""
    return link.removesuffix(_last(link))


def _content(folder: Path, record: IssueRecord, delivery: Delivery) -> Content:
    name = _MAILS[record.kind]
    if name not in record.files:
        raise HeldError("has no mail form.", where=str(folder), fix="Make it again with --format html,pdf,mail.")
    content = read_mail((folder / name).read_bytes(), str(folder / name))
    if delivery.pdf != "attached":
        return content
    paper = _PAPERS[record.kind]
    if paper not in record.files:
        raise HeldError("has no PDF to attach.", where=str(folder), fix="Make it with --format html,pdf,mail.")
    attached = Enclosure(f"{record.slug}-{record.as_of}.pdf", "application/pdf", (folder / paper).read_bytes())
    return replace(content, attached=(attached,))


def _sender(
    record: IssueRecord, delivery: Delivery, wanted: Required, ring: KeyRing, list_name: str, now: datetime
) -> Sender:
    if delivery.pdf == "linked" and delivery.pdf_link is None:
        raise SettingsError("pdf is linked, and pdf_link does not say where to.", fix="Set it under [delivery].")
    link = delivery.pdf_link if delivery.pdf == "linked" else None
    filled = link and link.replace("{as_of}", record.as_of.isoformat()).replace("{slug}", record.slug)
    domain = wanted.sender.partition("@")[2]
    links = Links(wanted.base, ring)
    name = delivery.sender_name or record.publication
    return Sender(
        name=name,
        address=wanted.sender,
        reply_to=delivery.reply_to,
        list_id=delivery.list_id or f"{list_name}.{domain}",
        list_title=name,
        archive=delivery.archive or wanted.base,
        postal=delivery.postal_address,
        pdf=filled,
        leave=_start(links.leave(0, list_name)),
        leave_mail=delivery.unsubscribe_mailbox,
        lists=_start(links.preferences(0, now)) if len(delivery.lists) > 1 else None,
    )
