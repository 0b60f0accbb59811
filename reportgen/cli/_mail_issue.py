"""`reportgen mail check|preview|test-send|freeze`: from an issue's folder to what will be sent."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from reportgen.cli import _sending
from reportgen.cli._mail import mail_options, moment, result
from reportgen.errors import SettingsError, UsageError

if TYPE_CHECKING:
    from reportgen.config import Settings
    from reportgen.delivery.mail.message import Outgoing

_SOMEBODY = "reader@example.com"


@click.command("check")
@click.argument("issue", required=False)
@click.option("--list", "list_name", help="The list [default: the first of the settings].")
@click.option("--allow-simulated", is_flag=True, help="An issue of simulated data may be sent.")
@mail_options
def check(
    *, issue: str | None, list_name: str | None, allow_simulated: bool, config: Path | None, quiet: bool,
    as_json: bool, debug: bool,
) -> int:  # fmt: skip
    """Check whether mail can be sent: settings, keys, store, relay; with ISSUE, whether that one may be.

    Nothing is sent and nothing is kept. The relay is greeted, with encryption and password, and left again.
    """
    del debug  # read by the error handler
    from reportgen.config import settings_of

    settings = settings_of(config)
    wanted = _sending.chosen_list(settings, list_name)
    told = [f"{len(_sending.keys(settings).keys)} signing keys"]
    with _sending.opened(settings) as store:
        told.append(f"mail store at {store.url.render_as_string()}")
    told.append(_greeting(settings))
    if issue is not None:
        found = _sending.found(settings, issue)
        _sending.refuse_unsendable(settings, found, simulated=allow_simulated)
        message = _built(settings, found, wanted, _SOMEBODY)
        told.append(f"{found.folder} may be sent: {len(message.plain):,} bytes a mail")
    for line in told:
        result(f"ok   {line}", {"event": "checked", "what": line}, quiet=quiet, as_json=as_json)
    return 0


@click.command("preview")
@click.argument("issue")
@click.option("--list", "list_name", help="The list [default: the first of the settings].")
@click.option("--to", "folder", type=click.Path(path_type=Path), help="Folder to write to [default: the outbox].")
@mail_options
def preview(
    *, issue: str, list_name: str | None, folder: Path | None, config: Path | None, quiet: bool, as_json: bool,
    debug: bool,
) -> int:  # fmt: skip
    """Write ISSUE's mail for a made-up reader as preview.eml, to look at it in a mail program."""
    del debug  # read by the error handler
    from reportgen.config import settings_of
    from reportgen.delivery.mail.files import write

    settings = settings_of(config)
    found = _sending.found(settings, issue)
    message = _built(settings, found, _sending.chosen_list(settings, list_name), _SOMEBODY)
    path = (folder or settings.delivery.outbox) / "preview.eml"
    write(path, message.plain, lambda: True)
    result(str(path), {"event": "written", "file": str(path)}, quiet=quiet, as_json=as_json)
    return 0


@click.command("test-send")
@click.argument("issue")
@click.argument("addresses", nargs=-1)
@click.option("--list", "list_name", help="The list [default: the first of the settings].")
@mail_options
def test_send(
    *, issue: str, addresses: tuple[str, ...], list_name: str | None, config: Path | None, quiet: bool,
    as_json: bool, debug: bool,
) -> int:  # fmt: skip
    """Send ISSUE to test addresses, those of the settings where none are given; no subscriber gets anything.

    Issues that may not be sent to subscribers may be tested, but only at addresses that the settings name.
    """
    del debug  # read by the error handler
    from reportgen.config import settings_of
    from reportgen.delivery.mail.replies import meaning
    from reportgen.errors import DataError

    settings = settings_of(config)
    allowed = settings.delivery.test_addresses
    strangers = sorted(set(addresses) - set(allowed))
    if strangers or not allowed:
        what = f"{strangers[0]} is no test address." if strangers else "there are no test addresses."
        raise UsageError(what, fix="Name it in test_addresses under [delivery].")
    found, wanted = _sending.found(settings, issue), _sending.chosen_list(settings, list_name)
    transport = _sending.connector(settings, "test")()
    refused = 0
    try:
        for address in addresses or allowed:
            reply = transport.submit(_built(settings, found, wanted, address), lambda: True)
            refused += reply is None or meaning(reply).effect != "accepted"
            event = {"event": "tested", "address": address, "reply": str(reply)}
            result(f"{address}: {reply}", event, quiet=quiet, as_json=as_json)
    finally:
        transport.close()
    if refused:
        raise DataError(f"the relay did not take {refused} of the test mails.", fix="See its answers above.")
    return 0


@click.command("freeze")
@click.argument("issue")
@click.option("--list", "list_name", help="The list [default: the first of the settings].")
@click.option("--allow-simulated", is_flag=True, help="Readers shall have an issue of simulated data.")
@mail_options
def freeze(
    *, issue: str, list_name: str | None, allow_simulated: bool, config: Path | None, quiet: bool, as_json: bool,
    debug: bool,
) -> int:  # fmt: skip
    """Freeze ISSUE for a list: who gets it and what it says, once and for all.

    What was frozen is sent from the store alone: later changes to the folder, the settings or the list of subscribers
    change nothing, save that who leaves or is suppressed gets nothing more.
    """
    del debug  # read by the error handler
    from reportgen.config import settings_of
    from reportgen.delivery.mail.freezing import draft
    from reportgen.delivery.store import issues

    settings = settings_of(config)
    wanted = _sending.chosen_list(settings, list_name)
    found = _sending.found(settings, issue)
    _sending.refuse_unsendable(settings, found, simulated=allow_simulated)
    now = moment()
    made = draft(found.folder, found.record, settings.delivery, _sending.keys(settings), list_name=wanted, now=now)
    with _sending.opened(settings) as store, store.write() as db:
        frozen = issues.freeze(db, made, now=now)
    told = f"{frozen.name}: frozen for {frozen.audience:,} subscribers; send it with: reportgen mail send {frozen.name}"
    event = {"event": "frozen", "issue": frozen.name, "audience": frozen.audience, "hash": frozen.content_hash}
    result(told, event, quiet=quiet, as_json=as_json)
    return 0


def _built(settings: Settings, found: _sending.Found, list_name: str, address: str) -> Outgoing:
    """The mail of an issue as it would be frozen now, for an address that is no subscriber's."""
    from reportgen.delivery.mail.freezing import draft, sample
    from reportgen.delivery.store.addresses import address_of

    now, ring = moment(), _sending.keys(settings)
    made = draft(found.folder, found.record, settings.delivery, ring, list_name=list_name, now=now)
    return sample(made, ring, address_of(address).written, now)


def _greeting(settings: Settings) -> str:
    """Greet the relay and leave it again. Raises SettingsError when it cannot be used."""
    from reportgen.delivery.mail.relay import greet

    given = _sending.relay(settings)
    if given is None:
        return f"no relay: mails are written to {settings.delivery.outbox}"
    failure = greet(given)
    if failure is not None:
        fix = "Look at relay_host, relay_port, relay_tls, relay_user and its password under [delivery]."
        raise SettingsError(f"the relay cannot be used: {failure}.", where=f"{given.host}:{given.port}", fix=fix)
    return f"relay {given.host}:{given.port} by {given.tls}"
