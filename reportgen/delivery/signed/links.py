"""What every mail carries so that its reader can leave, choose, confirm, and so that its bounce finds the way back.

| what | where | says |
|---|---|---|
| leave a list | <base>/leave/<token> | subscriber and list |
| leave by mail | mailto:<mailbox>?subject=<token> | the same token |
| choose lists | <base>/lists/<token> | subscriber |
| confirm | <base>/confirm/<token> | subscriber and lists |
| bounce | <box>+<token>@<domain>, the envelope's sender | issue and subscriber |
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from reportgen.delivery.signed.keys import KeyRing
from reportgen.delivery.signed.tokens import Purpose, check, sign
from reportgen.delivery.signed.verp import read_return, return_address


@dataclass(frozen=True, slots=True)
class Links:
    """Makes the links of one publisher. base: the address of the web part, without a slash at its end."""

    base: str
    ring: KeyRing

    def leave(self, subscriber: int, list_name: str) -> str:
        """Where one click, or a POST as RFC 8058 has it, ends a subscription; good for ever."""
        return f"{self.base}/leave/{self._leave(subscriber, list_name)}"

    def leave_by_mail(self, mailbox: str, subscriber: int, list_name: str) -> str:
        """The same as a mailto link, for List-Unsubscribe; `reportgen bounces` reads what comes to the mailbox."""
        return f"mailto:{mailbox}?subject={self._leave(subscriber, list_name)}"

    def preferences(self, subscriber: int, made: datetime) -> str:
        """The page where a subscriber chooses lists. made: when the mail was made; it is part of the link."""
        return f"{self.base}/lists/{sign(self.ring, Purpose.PREFERENCES, str(subscriber), made)}"

    def confirm(self, subscriber: int, lists: Sequence[str], made: datetime) -> str:
        """The page whose button confirms a sign-up."""
        return f"{self.base}/confirm/{sign(self.ring, Purpose.CONFIRM, ' '.join([str(subscriber), *lists]), made)}"

    def bounce_address(self, mailbox: str, issue: int, subscriber: int) -> str:
        """The envelope's sender of one mail. Raises SettingsError where the mailbox's name is too long for it."""
        return return_address(self.ring, mailbox, f"{issue}.{subscriber}")

    def _leave(self, subscriber: int, list_name: str) -> str:
        return sign(self.ring, Purpose.LEAVE, f"{subscriber} {list_name}")


@dataclass(frozen=True, slots=True)
class Told:
    """What a token of a link says: a subscriber, lists, and when it was made (None where it never expires)."""

    subscriber: int
    lists: tuple[str, ...]
    made: datetime | None


@dataclass(frozen=True, slots=True)
class Bounced:
    """Whose mail came back."""

    issue: int
    subscriber: int


def told(ring: KeyRing, purpose: Purpose, token: str, now: datetime) -> Told | None:
    """What a link's token says; None for whatever is not a token of ours, of that purpose, in its time."""
    claim = check(ring, purpose, token, now)
    if claim is None:
        return None
    subscriber, *lists = claim.says.split(" ")
    return Told(int(subscriber), tuple(lists), claim.made)


def bounced(ring: KeyRing, mailbox: str, address: str, now: datetime) -> Bounced | None:
    """Whose mail came back to an address; None where it is not one of ours, or forged."""
    says = read_return(ring, mailbox, address, now)
    if says is None:
        return None
    issue, _, subscriber = says.partition(".")
    return Bounced(int(issue), int(subscriber))
