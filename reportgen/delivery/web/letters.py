"""The two letters of the web part: one asks to confirm a sign-up, one tells who is subscribed already how to choose."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from reportgen.delivery.signed.links import Links
from reportgen.delivery.web.members import Asked
from reportgen.delivery.web.pages import fill

NO_ISSUE = 0
"""The number of the issue in a letter's return address: no issue has it."""
_POLICY = SMTP.clone(max_line_length=998, cte_type="7bit")


@dataclass(frozen=True, slots=True)
class Letters:
    """Writes letters in the publisher's name.

    titles: each list's title; bounces: the mailbox that bounces come back to, if there is one; folders: where
    templates are looked for.
    """

    links: Links
    publication: str
    sender: str
    titles: Mapping[str, str]
    bounces: str | None
    postal_address: str | None
    folders: tuple[Path, ...]

    def to(self, asked: Asked, now: datetime) -> EmailMessage:
        """The letter that answers a sign-up. It is made from its arguments alone; the same give the same bytes."""
        letter = EmailMessage(policy=_POLICY)
        name = _one_line(self.publication)
        local, _, domain = self.sender.rpartition("@")
        letter["From"] = Address(display_name=name, username=local, domain=domain)
        letter["To"] = asked.address
        letter["Subject"] = f"Confirm your subscription to {name}" if asked.waiting else f"Your subscription to {name}"
        letter["Date"] = now
        letter["Message-ID"] = f"<{self._id(asked, now)}@{domain}>"
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(self._text(asked, now))
        return letter

    def envelope(self, asked: Asked) -> str:
        """The envelope's sender of a letter: a signed address, so that a bounce suppresses what was typed wrongly."""
        return self.links.bounce_address(self.bounces, NO_ISSUE, asked.subscriber) if self.bounces else self.sender

    def _text(self, asked: Asked, now: datetime) -> str:
        link = self.links.confirm(asked.subscriber, asked.waiting, now) if asked.waiting else None
        names = {
            "publication": self.publication,
            "titles": [self.titles.get(name, name) for name in asked.waiting],
            "confirm": link,
            "preferences": self.links.preferences(asked.subscriber, now),
            "postal_address": self.postal_address,
        }
        return fill("letter.txt.j2", self.folders, names)

    def _id(self, asked: Asked, now: datetime) -> str:
        said = f"{asked.subscriber} {' '.join(asked.waiting)} {now.isoformat()}".encode()
        return hashlib.blake2b(said, key=self.links.ring.newest.secret, digest_size=16).hexdigest()


def _one_line(text: str) -> str:
    """A text that may stand in a header."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
