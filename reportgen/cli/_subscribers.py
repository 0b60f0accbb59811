"""The commands below `reportgen subscribers` that are about one person, one list or the keys."""

from __future__ import annotations

import json
import secrets
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reportgen.cli._article import day, say
from reportgen.cli._mail import key_file, mail_options, moment, result, settings_at, store_of
from reportgen.errors import DataError, UsageError

if TYPE_CHECKING:
    from reportgen.config import Settings

STATES = ("pending", "confirmed", "left")
_TOLD = {
    "added": "{address} is on {list}.",
    "known": "{address} was on {list} already; nothing was changed.",
    "left": "{address} left {list} after that consent; nothing was changed.",
    "suppressed": "{address} is suppressed and gets no mail; nothing was changed.",
}


@click.command("add")
@click.argument("address")
@click.option("--list", "list_name", metavar="NAME", help="The list [default: the first of the settings].")
@click.option("--consent-source", required=True, metavar="TEXT", help='Where the consent came from: "paper form".')
@click.option("--consent-date", metavar="DATE", callback=day, help="When it was given [default: today].")
@mail_options
def add(
    *,
    address: str,
    list_name: str | None,
    consent_source: str,
    consent_date: date | None,
    config: Path | None,
    quiet: bool,
    as_json: bool,
    debug: bool,
) -> int:
    """Put an address on a list by a consent that you have on record.

    Exit code 0 when it is on the list, 6 when it is not, because it left later or is suppressed.
    """
    del debug  # read by the error handler
    from reportgen.delivery.roster import Given, consent_of
    from reportgen.delivery.store import consents

    settings, now = settings_at(config), moment()
    given = Given(
        settings.delivery.lists, now.date(), known_list(settings, list_name), consent_source, consent_date or now.date()
    )
    consent = consent_of(address, given)
    if consent_date is None:
        consent = replace(consent, consented=now)
    store = store_of(settings, create=True)
    with store.write() as db:
        (done,) = consents.enrol(db, [consent], now=now)
    store.close()
    written = consent.address.written
    facts = {"event": done, "address": written, "list": consent.list}
    result(_TOLD[done].format(address=written, list=consent.list), facts, as_json=as_json, quiet=quiet)
    return 0 if done in {"added", "known"} else 6


def known_list(settings: Settings, name: str | None) -> str:
    """The list named, or the first of the settings. Raises UsageError for one that the settings do not have."""
    lists = settings.delivery.lists
    if name is not None and name not in lists:
        raise UsageError(f"there is no list {name!r}.", fix=f"Known are {', '.join(lists)}; see [delivery] lists.")
    return name or lists[0]


@click.command("erase")
@click.argument("address")
@mail_options
def erase(*, address: str, config: Path | None, quiet: bool, as_json: bool, debug: bool) -> int:
    """Forget a person: the address goes, and a hash stays so that it is never written to again.

    Exit code 4 when nobody of that address is known.
    """
    del debug  # read by the error handler
    from reportgen.delivery.store import subscribers

    store = store_of(settings_at(config))
    with store.write() as db:
        person = subscribers.find(db, address)
        if person is None:
            raise DataError("nobody of that address is known; nothing was changed.", fix="Look at its spelling.")
        subscribers.erase(db, person.id, now=moment())
    store.close()
    told = f"Subscriber {person.id} is erased. Copies of the store and earlier exports still hold the address."
    result(told, {"event": "erased", "subscriber": person.id}, as_json=as_json, quiet=quiet)
    return 0


@click.command("list")
@click.option("--list", "list_name", metavar="NAME", help="This list only.")
@click.option("--state", type=click.Choice(STATES), help="This state only.")
@mail_options
def show(
    *, list_name: str | None, state: str | None, config: Path | None, quiet: bool, as_json: bool, debug: bool
) -> None:
    """List every subscriber: address, list, state, and the day and source of the request."""
    del debug, quiet  # the list is all that is said
    from reportgen.delivery.store import consents

    settings = settings_at(config)
    store = store_of(settings)
    wanted = None if list_name is None else known_list(settings, list_name)
    with store.read() as db:
        for member in consents.members(db, list_name=wanted, state=state):
            asked = member.requested_at.date().isoformat()
            if as_json:
                facts = {"address": member.address, "list": member.list, "state": member.state}
                say(json.dumps({**facts, "requested": asked, "source": member.source}, ensure_ascii=False))
            else:
                say(f"{member.address:<40} {member.list:<12} {member.state:<9} {asked}  {member.source or ''}".rstrip())
    store.close()


@click.command("lists")
@mail_options
def lists(*, config: Path | None, quiet: bool, as_json: bool, debug: bool) -> None:
    """Show each list with its title and how many are pending, confirmed, or have left."""
    del debug, quiet  # the list is all that is said
    from reportgen.delivery.store import consents

    settings = settings_at(config)
    store = store_of(settings, create=True)
    with store.read() as db:
        found = consents.counts(db)
    store.close()
    for name in dict.fromkeys((*settings.delivery.lists, *found)):
        numbers = {state: found.get(name, {}).get(state, 0) for state in STATES}
        known = name in settings.delivery.lists
        if as_json:
            say(json.dumps({"list": name, "title": settings.web.title(name), "in_settings": known, **numbers}))
        else:
            told = "".join(f"{number:>8} {state}" for state, number in numbers.items())
            say(f"{name:<16}{told}  {settings.web.title(name) if known else '(not in the settings)'}")


@click.command("keys")
@click.option("--new", is_flag=True, help="Add a key; mails sent from now on are signed with it.")
@mail_options
def keys(*, new: bool, config: Path | None, quiet: bool, as_json: bool, debug: bool) -> None:
    """Show the signing keys by number and day, never their secrets, or make a new one.

    Old keys stay in the file: every link to leave that was ever mailed goes on working. After a leak make two new
    ones, because the two newest are good for confirming and choosing.
    """
    del debug, quiet  # read by the error handler
    from reportgen.delivery.signed.keys import SECRET_BYTES, add_key, read_keys

    path = key_file(settings_at(config))
    ring = add_key(path, secrets.token_bytes(SECRET_BYTES), moment().date()) if new else read_keys(path)
    for key in ring.keys:
        newest = key is ring.newest
        facts = {"key": key.number, "made": key.made.isoformat(), "signs": newest, "file": str(path)}
        result(
            f"{key.number:>3}  {key.made.isoformat()}{'  signs' if newest else ''}", facts, as_json=as_json, quiet=False
        )
