"""How often something may happen, counted in bounded memory by a clock that is given."""

from __future__ import annotations

import hmac
import ipaddress
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(slots=True)
class Limit:
    """At most `most` times in a window for each key, over windows that begin with a key's first try.

    It remembers `capacity` keys; when there are more, the one whose window is oldest is forgotten. Keys are kept as
    HMACs under a secret of this process, so that its memory names nobody.
    """

    most: int
    window: timedelta
    secret: bytes
    capacity: int = 10_000
    _seen: OrderedDict[bytes, tuple[datetime, int]] = field(default_factory=OrderedDict)

    def allows(self, key: str, now: datetime) -> bool:
        """Count one try; False when it is one too many."""
        name = hmac.digest(self.secret, key.encode("utf-8", "surrogatepass"), "sha256")[:16]
        began, count = self._seen.get(name, (now, 0))
        if now - began >= self.window:
            began, count = now, 0
            self._seen.pop(name, None)
        self._seen[name] = (began, count + 1)
        while len(self._seen) > self.capacity:
            self._seen.popitem(last=False)
        return count < self.most

    def __len__(self) -> int:
        return len(self._seen)


def client_key(host: str) -> str:
    """What a visitor is counted by: an IPv4 address, or an IPv6 one's /64 network, which one person has whole."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False))
