"""Mails in doubt: handed over, and no answer. What the relay's log shows, and what an operator decides."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection

from reportgen.delivery.store import outbox
from reportgen.delivery.store.addresses import address_of
from reportgen.delivery.store.events import record
from reportgen.errors import DataError

Word = Literal["accepted", "failed", "resend"]

_IDENTITY = re.compile(r"\bcleanup\[\d+\]: (\w+): message-id=<([^>]+)>")
_QUEUED = re.compile(r"\bqmgr\[\d+\]: (\w+): from=<[^>]*>, size=\d+, nrcpt=\d+ \(queue active\)")


def taken_by_postfix(log: Path) -> frozenset[str]:
    """The Message-IDs of the mails that a log of Postfix shows to have been taken.

    `cleanup` logs a Message-ID while the mail comes in; only when `qmgr` queued it afterwards was it taken. Raises
    DataError where the log cannot be read.
    """
    identities: dict[str, str] = {}
    taken = set()
    try:
        with log.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                if found := _IDENTITY.search(line):
                    identities[found[1]] = found[2]
                elif (found := _QUEUED.search(line)) and found[1] in identities:
                    taken.add(identities[found[1]])
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror}.", where=str(log), fix="Name the relay's log.") from error
    return frozenset(taken)


def resolve(
    db: Connection, issue: int, was_taken: Callable[[int], bool], word: Word | None, only: str | None, *, now: datetime
) -> dict[str, int]:
    """Decide on an issue's mails in doubt; how many became what.

    was_taken: whether the relay's log shows a subscriber's mail. word: "accepted", "failed", "resend", or None to leave
    the others in doubt. only: one address, or None for all. Raises DataError for an address without a mail in doubt.
    """
    key = address_of(only).key if only is not None else None
    chosen = [held for held in outbox.doubtful(db, issue) if key is None or held.address.lower() == key]
    if key is not None and not chosen:
        raise DataError("has no mail in doubt.", where=only, fix="See: reportgen mail status")
    done = {"accepted": 0, "failed": 0, "sent again": 0, "left in doubt": 0}
    for held in chosen:
        who = held.subscriber
        if was_taken(who):
            outbox.move(db, issue, who, "in_doubt", "accepted", now=now, reply="found in the relay's log")
            done["accepted"] += 1
        elif word == "resend":
            outbox.resend(db, issue, who, now=now)
            done["sent again"] += 1
        elif word is not None:
            outbox.move(db, issue, who, "in_doubt", word, now=now, reply="by the operator's word")
            done[word] += 1
        else:
            done["left in doubt"] += 1
    record(db, "resolved", now=now, issue=issue, detail=", ".join(f"{count} {what}" for what, count in done.items()))
    return done
