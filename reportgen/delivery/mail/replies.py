"""What a relay's answer means: for the recipient, for the address, for the whole issue, for the relay.

| answer | meaning |
|---|---|
| 250 to the final dot | accepted |
| closed, silent or unreadable after the dot | in doubt, never failed |
| closed, silent or unreadable before it | deferred; the relay is given a rest |
| 421 anywhere | deferred; the relay is given a rest, the recipient is not to blame |
| 4xx | deferred, with growing pauses |
| 5.1.x to the recipient's address | failed, and the address suppressed |
| no TLS, or a certificate not to be trusted | the whole issue pauses |
| 5.7.x, 53x, a refused sender, 5.3.4, 5.6.x | the whole issue pauses; nobody is failed, nobody suppressed |
| any other 5xx | failed |
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Stage = Literal["connect", "tls", "login", "mail", "rcpt", "data", "body", "dot"]
Effect = Literal["accepted", "deferred", "failed", "in_doubt"]
_ENHANCED = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})(?:\s|$)")
_AUTHENTICATION = frozenset({530, 534, 535, 538})
_SENDER_STATUS = frozenset({7, 8})  # 5.1.7 and 5.1.8 blame the sender's address, not the recipient's
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Reply:
    """What a relay said, and at which step; its code is None where it said nothing: closed, silent, not SMTP.

    setup: the relay is not what the settings say, so that trying again helps nobody.
    """

    stage: Stage
    code: int | None
    text: str
    setup: bool = False

    @property
    def enhanced(self) -> tuple[int, int, int] | None:
        """The enhanced status, such as (5, 1, 1), if the text begins with one."""
        found = _ENHANCED.match(self.text)
        return (int(found[1]), int(found[2]), int(found[3])) if found else None

    def __str__(self) -> str:
        told = f"{self.code} {self.text}" if self.code is not None else self.text
        return f"{self.stage}: {' '.join(told.split())}"[:_LONGEST]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What follows from an answer.

    suppress: the address is never written to again. pause: the whole issue stops, and the row goes back. rest: no
    connection is tried for a while.
    """

    effect: Effect
    suppress: bool = False
    pause: bool = False
    rest: bool = False


def meaning(reply: Reply) -> Meaning:
    """What an answer means."""
    code, stage = reply.code, reply.stage
    if reply.setup:
        return Meaning("deferred", pause=True)
    if code is None or not 200 <= code < 600:
        return Meaning("in_doubt", rest=True) if stage == "dot" else Meaning("deferred", rest=True)
    if stage == "dot" and code < 400:
        return Meaning("accepted") if code == 250 else Meaning("in_doubt")
    if code < 500:
        return Meaning("deferred", rest=code == 421 or code < 400 or stage in ("connect", "tls", "login"))
    return _refused(reply)


def _refused(reply: Reply) -> Meaning:
    """What a 5xx answer means."""
    status = reply.enhanced or (5, 0, 0)
    if reply.stage in ("connect", "tls", "login", "mail") or reply.code in _AUTHENTICATION or status[1] == 7:
        return Meaning("deferred", pause=True)
    if status[1] == 1:
        ours = status[2] in _SENDER_STATUS or reply.stage != "rcpt"
        return Meaning("deferred", pause=True) if ours else Meaning("failed", suppress=True)
    if status[1] == 6 or status[1:] == (3, 4):
        return Meaning("deferred", pause=True)
    return Meaning("failed")
