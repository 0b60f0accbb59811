"""The part of `reportgen doctor` that looks at a delivery: names, relay, keys, and leaving."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.cli._article import say
from reportgen.cli._mail import key_file, moment, settings_at, store_of
from reportgen.cli._sending import relay as relay_of
from reportgen.cli.serve import application_of, desk_of
from reportgen.errors import UsageError

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from reportgen.config import Settings
    from reportgen.delivery.checks.authentication import Finding
    from reportgen.delivery.checks.dns import Resolver
    from reportgen.delivery.checks.spf import Address
    from reportgen.delivery.signed.keys import KeyRing
    from reportgen.delivery.store import Store

MARKS = {"ok": "ok ", "advice": "tip", "bad": "BAD"}


def look(
    config: Path | None, dns: Path | None, selectors: Sequence[str], addresses: Sequence[str], *, as_json: bool
) -> int:
    """Tell every finding; exit code 0 when none is bad, 2 when one is."""
    findings = list(examine(settings_at(config), dns, selectors, [_address(text) for text in addresses]))
    if as_json:
        say(json.dumps([{"what": f.what, "level": f.level, "told": f.told} for f in findings], indent=1))
    else:
        for finding in findings:
            say(f"{MARKS[finding.level]}  {finding.what:<10} {finding.told}")
    return 2 if any(finding.level == "bad" for finding in findings) else 0


def examine(
    settings: Settings, dns: Path | None, selectors: Sequence[str], addresses: Sequence[Address]
) -> Iterator[Finding]:
    """Every check, one after the other; none stops the others."""
    from reportgen.delivery.checks import checkup
    from reportgen.delivery.checks.authentication import Finding
    from reportgen.delivery.signed.keys import read_keys
    from reportgen.errors import ReportgenError

    try:
        yield from checkup.names(_resolver(dns), settings.delivery, selectors, addresses)
    except ReportgenError as error:
        yield Finding("DNS", "bad", str(error))
    yield from checkup.wording(settings.delivery)
    yield checkup.told(lambda: checkup.relay(_greeting(settings)), "relay")
    yield checkup.told(lambda: _store(settings), "store")
    try:
        ring = read_keys(key_file(settings))
        yield Finding("keys", "ok", f"{len(ring.keys)}, the newest of {ring.newest.made.isoformat()}")
    except ReportgenError as error:
        yield Finding("keys", "bad", str(error))
        return
    yield checkup.told(lambda: checkup.leaving(_application(settings, ring), ring, moment()), "one click")


def _address(text: str) -> Address:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        raise UsageError(f"{text!r} is no IP address.", fix="Name one that the relay sends from.") from None


def _resolver(dns: Path | None) -> Resolver:
    from reportgen.delivery.checks.dns import SystemResolver, answers_of

    return SystemResolver() if dns is None else answers_of(dns)


def _greeting(settings: Settings) -> Callable[[], str | None] | None:
    from reportgen.delivery.mail.relay import greet

    given = relay_of(settings)
    return None if given is None else lambda: greet(given)


def _store(settings: Settings) -> Finding:
    from reportgen.delivery.checks.authentication import Finding
    from reportgen.delivery.store import consents

    store = store_of(settings)
    with store.read() as db:
        confirmed = sum(states.get("confirmed", 0) for states in consents.counts(db).values())
    store.close()
    return Finding("store", "ok", f"{confirmed} confirmed subscriptions")


def _application(settings: Settings, ring: KeyRing) -> Callable[[Store], ASGIApp]:
    return lambda store: application_of(settings, ring, store, desk_of(settings, ring, store))
