"""What the commands of `reportgen mail` share: the settings they need, and how they speak."""

from __future__ import annotations

import json
import platform
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.cli._mail import key_file, relay_password, store_of
from reportgen.errors import HeldError, SettingsError

if TYPE_CHECKING:
    from reportgen.config import Settings
    from reportgen.delivery.mail.relay import RelaySettings, Transport
    from reportgen.delivery.signed.keys import KeyRing
    from reportgen.delivery.store import Store
    from reportgen.model import IssueRecord


@contextmanager
def opened(settings: Settings, *, create: bool = False) -> Iterator[Store]:
    """The mail store of the settings, closed at the end of the block."""
    store = store_of(settings, create=create)
    try:
        yield store
    finally:
        store.close()


def keys(settings: Settings) -> KeyRing:
    """The signing keys. Raises SettingsError where there are none."""
    from reportgen.delivery.mail.freezing import required
    from reportgen.delivery.signed.keys import read_keys

    required(settings.delivery)
    return read_keys(key_file(settings))


def machine() -> str:
    """What tells this machine from others."""
    path = Path("/etc/machine-id")
    known = path.read_text(encoding="ascii").strip() if path.is_file() else ""
    return known or platform.node()


def boot() -> str | None:
    """What tells this start of the machine from all others; None where the system does not say (but Linux, most)."""
    path = Path("/proc/sys/kernel/random/boot_id")
    try:
        return path.read_text(encoding="ascii").strip() or None
    except (OSError, ValueError):
        return None


def relay(settings: Settings) -> RelaySettings | None:
    """The relay of the settings, its password from the environment or a file; None where none is set."""
    from reportgen.delivery.mail.relay import PORTS, RelaySettings

    given = settings.delivery
    if given.relay_host is None:
        return None
    return RelaySettings(
        host=given.relay_host,
        port=given.relay_port or PORTS[given.relay_tls],
        tls=given.relay_tls,
        user=given.relay_user,
        password=relay_password(given) if given.relay_user else None,
        ca=given.relay_ca,
        hello=_hello(),
    )


def connector(settings: Settings, name: str) -> Callable[[], Transport]:
    """What connects to the relay, or writes files of an issue where none is set."""
    from reportgen.delivery.mail.files import Files
    from reportgen.delivery.mail.relay import Relay

    given = relay(settings)
    if given is None:
        folder = settings.delivery.outbox / name.replace(":", "_")
        return lambda: Files(folder)
    return lambda: Relay(given)


@dataclass(frozen=True, slots=True)
class Found:
    """An issue in the output folder: where it lies, and what its record says."""

    folder: Path
    record: IssueRecord


def found(settings: Settings, issue: str) -> Found:
    """The issue that a person names. Raises UsageError where there is none."""
    from reportgen.delivery.folders import issues

    folder = issues.find(settings.output, issue)
    return Found(folder, issues.read(folder))


def refuse_unsendable(settings: Settings, issue: Found, *, simulated: bool) -> None:
    """Raises HeldError for an issue that may not go to subscribers.

    It waits for its approval, its sources' licences forbid it, or its data are simulated and `simulated` does not say
    that this is meant.
    """
    from reportgen import gate
    from reportgen.delivery.folders import approval
    from reportgen.delivery.mail.freezing import simulated as is_simulated
    from reportgen.model.serial import sources_from_json

    where = str(issue.folder)
    if not approval.may_go_out(issue.folder, approval=settings.schedule.approval):
        raise HeldError("waits for its approval.", where=where, fix="Read it, and run: reportgen approve")
    facts = [name for name in issue.record.files if Path(name).name == "facts.json"]
    if not facts:
        raise HeldError("has no facts.json, so its sources are unknown.", where=where, fix="Make the issue again.")
    sources = [
        source
        for name in facts
        for source in sources_from_json(json.loads((issue.folder / name).read_text(encoding="utf-8")))
    ]
    findings = gate.may_send(sources, settings.licence.rights).findings
    if findings:
        raise HeldError("; ".join(f.message for f in findings) + ".", where=where, fix=findings[0].fix)
    if is_simulated(issue.folder, issue.record) and not simulated:
        fix = "Send it to test addresses with test-send, or say --allow-simulated if readers shall have it."
        raise HeldError("is made from simulated data.", where=where, fix=fix)


def chosen_list(settings: Settings, asked: str | None) -> str:
    """The list asked for, or the first of the settings. Raises SettingsError for one that they do not name."""
    known = settings.delivery.lists
    if asked is not None and asked not in known:
        raise SettingsError(f"there is no list {asked!r}.", fix=f"Known are {', '.join(known)}; see [delivery] lists.")
    return asked or known[0]


def _hello() -> str:
    """The name by which we greet the relay: this machine's, where it is one that SMTP allows."""
    name = platform.node()
    return name if name.replace("-", "").replace(".", "").isalnum() and name.isascii() else "localhost"
