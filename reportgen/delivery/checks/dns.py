"""DNS behind a seam of one method: asked of the network, or of a file of answers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from reportgen.errors import DataError, NetworkError, UsageError

RecordType = Literal["TXT", "MX", "A", "AAAA", "PTR"]
_PATIENCE = 10.0
"""Seconds to wait for an answer."""


class Resolver(Protocol):
    """Who is asked for DNS records."""

    def ask(self, name: str, kind: RecordType) -> tuple[str, ...]:
        """The records of a name, texts joined; none where there is none. Raises NetworkError without an answer."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers that are known: {"example.com": {"TXT": ["v=spf1 -all"], "MX": ["10 mx.example.com"]}}."""

    known: Mapping[str, Mapping[str, Sequence[str]]]

    def ask(self, name: str, kind: RecordType) -> tuple[str, ...]:
        return tuple(self.known.get(name.lower().rstrip("."), {}).get(kind, ()))


def answers_of(path: Path) -> Answers:
    """The answers of a file. Raises DataError where it is not of that form."""
    fix = 'Write {"example.com": {"TXT": ["v=spf1 -all"]}}.'
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"holds no DNS answers: {error}.", where=str(path), fix=fix) from error
    fits = isinstance(document, dict) and all(isinstance(kinds, dict) for kinds in document.values())
    if not fits or not all(_texts(records) for kinds in document.values() for records in kinds.values()):
        raise DataError("holds no DNS answers.", where=str(path), fix=fix)
    return Answers({name.lower().rstrip("."): kinds for name, kinds in document.items()})


class SystemResolver:
    """The DNS servers of this machine, or one that is named by address and port.

    Raises UsageError where dnspython is not installed.
    """

    def __init__(self, at: tuple[str, int] | None = None) -> None:
        try:
            import dns.resolver
        except ImportError as error:
            fix = "Run: pip install 'fund-reportgen[delivery]', or give the answers with --dns FILE."
            raise UsageError("dnspython is not installed.", fix=fix) from error
        self._resolver = dns.resolver.Resolver(configure=at is None)
        if at is not None:
            self._resolver.nameservers = [at[0]]
            self._resolver.port = at[1]

    def ask(self, name: str, kind: RecordType) -> tuple[str, ...]:
        import dns.exception
        import dns.resolver

        try:
            found = self._resolver.resolve(name, kind, lifetime=_PATIENCE)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return ()
        except dns.exception.DNSException as error:
            raise NetworkError(f"DNS does not answer: {error}.", where=name, fix="Try again, or use --dns.") from error
        if kind == "TXT":
            return tuple(b"".join(record.strings).decode("ascii", "replace") for record in found)
        return tuple(record.to_text() for record in found)


def _texts(records: object) -> bool:
    return isinstance(records, list) and all(isinstance(record, str) for record in records)
