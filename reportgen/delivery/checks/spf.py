"""What an SPF record says of one address that sends: check_host of RFC 7208, with its limits.

Macros that name the sender's mailbox or the greeting are filled in by what stands for them; %{p} is "unknown", as the
standard advises.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Literal

from reportgen.delivery.checks.dns import RecordType, Resolver

Result = Literal["pass", "fail", "softfail", "neutral", "none", "permerror"]
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
MOST_LOOKUPS = 10
"""DNS questions that a record may cost whoever checks it (RFC 7208, 4.6.4)."""
MOST_VOID = 2
"""Of these, how many may have no answer."""
_MOST_HOSTS = 10
_QUALIFIERS: dict[str, Result] = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}
_NAME = re.compile(r"([A-Za-z][A-Za-z0-9._-]*)(.*)", re.DOTALL)
_TAIL = re.compile(r"(?::([^/\s]*(?:\{[^}]*\}[^/\s]*)*))?(?:/(\d{1,3}))?(?://(\d{1,3}))?")
_NAMES = frozenset({"all", "a", "mx", "ptr", "include", "exists"})
_MACRO = re.compile(r"%(?:([%_-])|\{([slodiphcrtv])(\d{0,3})(r?)([-.+,/_=]*)\})", re.IGNORECASE)
_SIMPLE = {"%": "%", "_": " ", "-": "%20"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came out, and the term that decided it; for an error, what is wrong."""

    result: Result
    by: str


def records(resolver: Resolver, domain: str) -> list[str]:
    """The SPF records of a domain; there must be one."""
    found = resolver.ask(domain, "TXT")
    return [record for record in found if record.lower() == "v=spf1" or record.lower().startswith("v=spf1 ")]


def evaluate(resolver: Resolver, address: Address, sender: str) -> Verdict:
    """Whether an address may send in the name of an envelope's sender. Raises NetworkError where DNS is silent."""
    check = _Check(resolver, address, sender)
    try:
        return check.host(sender.rpartition("@")[2].lower())
    except _WrongError as error:
        return Verdict("permerror", str(error))


class _WrongError(Exception):
    """The record cannot be evaluated: a permanent error."""


@dataclass(slots=True)
class _Check:
    resolver: Resolver
    address: Address
    sender: str
    lookups: int = 0
    void: int = 0

    def host(self, domain: str) -> Verdict:
        found = records(self.resolver, domain)
        if not found:
            return Verdict("none", f"{domain} has no record")
        if len(found) > 1:
            raise _WrongError(f"{domain} has {len(found)} records")
        redirect: str | None = None
        for term in found[0].split()[1:]:
            sign, name, mark, value, four, six = self._parsed(term)
            if mark == "=":
                redirect = value if name == "redirect" else redirect
            elif self._matches(name, value, four, six, domain):
                return Verdict(_QUALIFIERS[sign or "+"], f"{term} of {domain}")
        if redirect is None:
            return Verdict("neutral", f"no term of {domain} names it")
        self._count(redirect)
        verdict = self.host(self._filled(redirect, domain))
        if verdict.result == "none":
            raise _WrongError(f"redirect={redirect} leads to no record")
        return verdict

    @staticmethod
    def _parsed(term: str) -> tuple[str, str, str | None, str, int | None, int | None]:
        """Qualifier, name, "=" for a modifier, value, and the lengths of networks of a term."""
        sign = term[0] if term[0] in _QUALIFIERS else ""
        split = _NAME.fullmatch(term.removeprefix(sign))
        name, tail = (split[1].lower(), split[2]) if split else ("", "")
        if tail.startswith("="):
            return sign, name, "=", tail[1:], None, None
        if name in ("ip4", "ip6"):
            return sign, name, None, tail.removeprefix(":"), None, None
        found = _TAIL.fullmatch(tail)
        if found is None or name not in _NAMES:
            raise _WrongError(f"{term} is no term")
        return sign, name, None, found[1] or "", _whole(found[2], 32), _whole(found[3], 128)

    def _matches(self, name: str, value: str, four: int | None, six: int | None, domain: str) -> bool:
        if name == "all":
            return True
        if name in ("ip4", "ip6"):
            return self._within(value)
        self._count(name)
        target = self._filled(value, domain)
        match name:
            case "a":
                matched = self._one_of(target, four, six)
            case "mx":
                matched = self._mx(target, four, six)
            case "ptr":
                matched = self._named(target)
            case "exists":
                matched = bool(self._ask(target, "A"))
            case _:
                matched = self._included(target)
        return matched

    def _included(self, domain: str) -> bool:
        verdict = self.host(domain)
        if verdict.result == "none":
            raise _WrongError(f"include:{domain} leads to no record")
        return verdict.result == "pass"

    def _within(self, value: str) -> bool:
        try:
            network = ipaddress.ip_network(value, strict=False)
        except ValueError:
            raise _WrongError(f"{value} is no network") from None
        return network.version == self.address.version and self.address in network

    def _mx(self, domain: str, four: int | None, six: int | None) -> bool:
        hosts = [record.split()[-1] for record in self._ask(domain, "MX")]
        if len(hosts) > _MOST_HOSTS:
            raise _WrongError(f"mx:{domain} names more than {_MOST_HOSTS} hosts")
        return any(self._one_of(host, four, six) for host in hosts if host != ".")

    def _one_of(self, host: str, four: int | None, six: int | None) -> bool:
        length, kind = (four, "A") if self.address.version == 4 else (six, "AAAA")
        full = 32 if self.address.version == 4 else 128
        found = self._ask(host, "A" if kind == "A" else "AAAA")
        return any(self._within(f"{each}/{full if length is None else length}") for each in found)

    def _named(self, domain: str) -> bool:
        names = self._ask(self.address.reverse_pointer, "PTR")[:_MOST_HOSTS]
        bare = [name.lower().rstrip(".") for name in names]
        return any((n == domain or n.endswith(f".{domain}")) and self._one_of(n, None, None) for n in bare)

    def _ask(self, name: str, kind: RecordType) -> tuple[str, ...]:
        found = self.resolver.ask(name.rstrip("."), kind)
        if not found:
            self.void += 1
            if self.void > MOST_VOID:
                raise _WrongError(f"more than {MOST_VOID} DNS questions have no answer, the last for {name}")
        return found

    def _count(self, what: str) -> None:
        self.lookups += 1
        if self.lookups > MOST_LOOKUPS:
            raise _WrongError(f"more than {MOST_LOOKUPS} DNS questions, at {what}")

    def _filled(self, text: str, domain: str) -> str:
        """A domain as a term gives it, macros filled in; the record's own where it gives none."""
        if not text:
            return domain
        if "%" in _MACRO.sub("", text):
            raise _WrongError(f"{text} holds a macro that is none")
        return _MACRO.sub(lambda found: self._macro(found, domain), text).lower().rstrip(".")

    def _macro(self, found: re.Match[str], domain: str) -> str:
        if found[1]:
            return _SIMPLE[found[1]]
        local, _, of = self.sender.rpartition("@")
        four = self.address.version == 4
        dotted = str(self.address) if four else ".".join(self.address.exploded.replace(":", ""))
        values = {
            "s": self.sender, "l": local or "postmaster", "o": of, "d": domain, "i": dotted, "h": of,
            "v": "in-addr" if four else "ip6",
        }  # fmt: skip
        parts = re.split(f"[{re.escape(found[5] or '.')}]", values.get(found[2].lower(), "unknown"))
        if found[4]:
            parts.reverse()
        return ".".join(parts[-int(found[3]) :] if found[3] and int(found[3]) else parts)


def _whole(text: str | None, most: int) -> int | None:
    if text is None:
        return None
    if int(text) > most:
        raise _WrongError(f"/{text} is no length of a network")
    return int(text)
