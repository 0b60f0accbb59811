"""Whether mail hosts can believe that a mail is ours: SPF (RFC 7208), DKIM (RFC 6376), DMARC (RFC 7489), alignment."""

from __future__ import annotations

import base64
import binascii
import ipaddress
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from reportgen.delivery.checks import spf as spf_of
from reportgen.delivery.checks.dns import RecordType, Resolver
from reportgen.delivery.checks.spf import MOST_LOOKUPS, Address

Level = Literal["ok", "advice", "bad"]
_DER_1024, _DER_2048 = 150, 280
"""Bytes from which a public RSA key has 1,024 and 2,048 bits: 162 and 294, with room for odd exponents."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. advice: it works, and could be better; bad: mail will be refused or go astray."""

    what: str
    level: Level
    told: str


def spf(resolver: Resolver, domain: str) -> Finding:
    """The SPF record of the envelope's domain: one, well ended, and not too costly."""
    records = spf_of.records(resolver, domain)
    if len(records) != 1:
        told = "no record" if not records else f"{len(records)} records, and there must be one"
        return Finding("SPF", "bad", f'{domain}: {told}; publish TXT "v=spf1 include:<your relay> -all"')
    terms = records[0].lower().split()[1:]
    cost = _cost(resolver, domain, 0)
    if cost > MOST_LOOKUPS:
        return Finding("SPF", "bad", f"{domain}: takes {cost} DNS questions, and {MOST_LOOKUPS} are allowed")
    end = terms[-1] if terms else ""
    if end in {"-all", "~all"} or end.startswith("redirect="):
        return Finding("SPF", "ok", f"{domain}: {records[0]} ({cost} DNS questions)")
    if end in {"all", "+all"}:
        return Finding("SPF", "bad", f"{domain}: ends in {end}, so that everybody may send for you")
    return Finding("SPF", "advice", f"{domain}: does not end in -all or ~all, so that it forbids nothing")


def sends_from(resolver: Resolver, address: Address, sender: str) -> Finding:
    """Whether an address may send in the name of the envelope's sender, by its SPF record."""
    found = spf_of.evaluate(resolver, address, sender)
    told = f"{address} for {sender.rpartition('@')[2]}: {found.result} ({found.by})"
    return Finding("SPF", "ok" if found.result == "pass" else "bad", told)


def reverse(resolver: Resolver, address: Address) -> Finding:
    """Whether the name of an address leads back to it, as Gmail and Yahoo ask for."""
    names = resolver.ask(address.reverse_pointer, "PTR")
    kind: RecordType = "A" if address.version == 4 else "AAAA"
    for name in names:
        if any(_same(found, address) for found in resolver.ask(name.rstrip("."), kind)):
            return Finding("reverse", "ok", f"{address} is {name.rstrip('.')}, which is {address}")
    told = f"is called {', '.join(names)}, which is not {address}" if names else "has no name (PTR)"
    return Finding("reverse", "bad", f"{address} {told}; Gmail and Yahoo refuse such senders")


def dkim(resolver: Resolver, domain: str, selector: str) -> Finding:
    """The public key below a selector of the From domain: there, not revoked, strong, and not in test."""
    name = f"{selector}._domainkey.{domain}"
    records = [record for record in resolver.ask(name, "TXT") if "p=" in record]
    if len(records) != 1:
        told = "no key" if not records else f"{len(records)} keys, and there must be one"
        return Finding("DKIM", "bad", f"{name}: {told}; publish the TXT record that your relay gives you")
    tags = _tags(records[0])
    key = "".join(tags.get("p", "").split())
    if not key:
        return Finding("DKIM", "bad", f"{name}: the key is revoked (p= is empty)")
    if "sha256" not in tags.get("h", "sha256"):
        return Finding("DKIM", "bad", f"{name}: h= does not allow sha256")
    try:
        size = len(base64.b64decode(key, validate=True))
    except (binascii.Error, ValueError):
        return Finding("DKIM", "bad", f"{name}: the key is not base64")
    return _strength(name, tags, size)


def dmarc(resolver: Resolver, domain: str) -> Finding:
    """The DMARC record of the From domain, or of the nearest domain above it."""
    found = _dmarc_record(resolver, domain)
    if found is None:
        advice = f'publish TXT "v=DMARC1; p=none; rua=mailto:dmarc@{domain}" at _dmarc.{domain}'
        return Finding("DMARC", "bad", f"{domain}: no record; {advice}. Gmail, Yahoo and Microsoft ask for one")
    where, tags = found
    policy = tags.get("p", "") if where == domain else tags.get("sp", tags.get("p", ""))
    if policy not in {"none", "quarantine", "reject"}:
        return Finding("DMARC", "bad", f"_dmarc.{where}: p={policy} is none of none, quarantine, reject")
    if "rua" not in tags:
        return Finding("DMARC", "advice", f"_dmarc.{where}: p={policy}; without rua= nobody tells you what fails")
    if policy == "none":
        return Finding("DMARC", "advice", f"_dmarc.{where}: p=none; quarantine or reject keep others from your name")
    return Finding("DMARC", "ok", f"_dmarc.{where}: p={policy}")


def alignment(resolver: Resolver, from_domain: str, envelope_domain: str) -> Finding:
    """Whether SPF speaks for the From domain too: the same domain, or, where DMARC allows it, one of the same owner."""
    found = _dmarc_record(resolver, from_domain)
    owner, tags = found if found is not None else (from_domain, {})
    if envelope_domain == from_domain:
        return Finding("alignment", "ok", f"From and envelope are both of {from_domain}")
    related = _below(envelope_domain, owner) and _below(from_domain, owner)
    if related and tags.get("aspf", "r") != "s":
        return Finding("alignment", "ok", f"{envelope_domain} and {from_domain} belong to {owner}")
    told = (
        f"the envelope is of {envelope_domain} and the From of {from_domain}; then DKIM alone must speak for the mail"
    )
    return Finding("alignment", "advice", told)


def bounce_host(resolver: Resolver, domain: str) -> Finding:
    """Whether bounces can come back: the envelope's domain takes mail."""
    hosts = resolver.ask(domain, "MX") or resolver.ask(domain, "A") or resolver.ask(domain, "AAAA")
    if not hosts or any(host.split() == ["0", "."] for host in hosts):
        return Finding("bounces", "bad", f"{domain} takes no mail (no MX), so bounces get lost and mail is distrusted")
    return Finding("bounces", "ok", f"{domain} takes mail at {', '.join(sorted(hosts))}")


def _same(text: str, address: Address) -> bool:
    try:
        return ipaddress.ip_address(text) == address
    except ValueError:
        return False


def _strength(name: str, tags: Mapping[str, str], size: int) -> Finding:
    kind = tags.get("k", "rsa")
    if kind == "rsa" and size < _DER_1024:
        return Finding("DKIM", "bad", f"{name}: a key of less than 1,024 bits counts for nothing")
    if "y" in tags.get("t", "").split(":"):
        return Finding("DKIM", "advice", f"{name}: marked as a test (t=y); remove that once it works")
    if kind == "rsa" and size < _DER_2048:
        return Finding("DKIM", "advice", f"{name}: less than 2,048 bits; make a new key")
    return Finding("DKIM", "ok", f"{name}: {kind}")


def _cost(resolver: Resolver, domain: str, depth: int) -> int:
    """The DNS questions behind a record; more than are allowed as soon as they are, and for records in a circle."""
    if depth > MOST_LOOKUPS:
        return MOST_LOOKUPS + 1
    cost = 0
    for term in (term for record in spf_of.records(resolver, domain)[:1] for term in record.lower().split()[1:]):
        bare = term.lstrip("+-~?")
        if bare in {"a", "mx", "ptr"} or bare.startswith(("a:", "a/", "mx:", "mx/", "ptr:", "exists:")):
            cost += 1
        elif bare.startswith(("include:", "redirect=")):
            target = bare.partition(":")[2] or bare.partition("=")[2]
            cost += 1 + _cost(resolver, target, depth + 1)
        if cost > MOST_LOOKUPS:
            return cost
    return cost


def _dmarc_record(resolver: Resolver, domain: str) -> tuple[str, Mapping[str, str]] | None:
    """The record of a domain, or of the nearest one above it that has one, and where it is."""
    for where in _upwards(domain):
        records = [
            tags for record in resolver.ask(f"_dmarc.{where}", "TXT") if (tags := _tags(record)).get("v") == "DMARC1"
        ]
        if len(records) == 1:
            return where, records[0]
    return None


def _upwards(domain: str) -> Iterator[str]:
    labels = domain.split(".")
    yield from (".".join(labels[start:]) for start in range(len(labels) - 1))


def _below(domain: str, owner: str) -> bool:
    return domain == owner or domain.endswith(f".{owner}")


def _tags(record: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in record.split(";"))
    return {name.strip().lower(): value.strip() for name, sign, value in pairs if sign}
