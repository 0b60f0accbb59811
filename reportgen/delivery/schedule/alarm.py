"""The letter that tells the operator of a scheduled run that did not issue everything: what, how it ended, where."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from reportgen.headers import one_line

_POLICY = SMTP.clone(max_line_length=998, cte_type="7bit")
_ENDS = {3: "was held", 6: "issued a part"}


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a run did not issue everything.

    code: the exit code. what: in words, as the command line tells it. notice: where more is written; None where
    nothing was.
    """

    code: int
    what: str
    notice: Path | None = None


def letter(trouble: Trouble, publication: str, sender: str, operator: str, now: datetime) -> EmailMessage:
    """The letter about a run that ended at `now`. It is made from its arguments alone; the same give the same bytes."""
    made = EmailMessage(policy=_POLICY)
    local, _, domain = sender.rpartition("@")
    name = one_line(publication)
    made["From"] = Address(display_name=name, username=local, domain=domain)
    made["To"] = operator
    made["Subject"] = f"{name}: the scheduled brief {_end(trouble)} (exit code {trouble.code})"
    made["Date"] = now
    made["Message-ID"] = f"<{_id(trouble, now)}@{domain}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(_printable(_text(trouble, now)))
    return made


def _text(trouble: Trouble, now: datetime) -> str:
    notice = (
        str(trouble.notice) if trouble.notice is not None else "none was written; the issues in place are as they were"
    )
    return (
        f"The scheduled run of the brief {_end(trouble)} at {now.isoformat(timespec='minutes')}.\n\n"
        f"{trouble.what}\n\n"
        f"Exit code: {trouble.code}\n"
        f"Notice: {notice}\n"
    )


def _end(trouble: Trouble) -> str:
    return _ENDS.get(trouble.code, "failed")


def _printable(text: str) -> str:
    """A text that mail can carry: a path on disk may hold bytes that are no characters."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _id(trouble: Trouble, now: datetime) -> str:
    said = f"{trouble.code} {trouble.notice} {now.isoformat()} {_printable(trouble.what)}"
    return hashlib.blake2b(_printable(said).encode(), digest_size=16).hexdigest()
