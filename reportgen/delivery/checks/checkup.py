"""Looks at the set-up of a delivery before readers do: who may send, the relay, the keys, and leaving by one click."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from reportgen.delivery.checks import authentication
from reportgen.delivery.checks.authentication import Finding
from reportgen.delivery.checks.dns import Resolver
from reportgen.delivery.checks.spf import Address
from reportgen.delivery.signed.keys import KeyRing
from reportgen.delivery.signed.links import Links
from reportgen.errors import ReportgenError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message

    from reportgen.config import Delivery
    from reportgen.delivery.store import Store

_FORM = [(b"content-type", b"application/x-www-form-urlencoded"), (b"host", b"localhost")]
_ONE_CLICK = b"List-Unsubscribe=One-Click"


def names(
    resolver: Resolver, delivery: Delivery, selectors: Sequence[str], addresses: Sequence[Address] = ()
) -> Iterator[Finding]:
    """What DNS says of the From domain, of the envelope's, and of the addresses that the relay sends from."""
    if delivery.sender is None:
        yield Finding("DNS", "bad", "no sender is set: [delivery] from")
        return
    ours = delivery.sender.rpartition("@")[2].lower()
    sender = delivery.bounce_address or delivery.sender
    envelope = sender.rpartition("@")[2].lower()
    yield authentication.spf(resolver, envelope)
    for address in addresses:
        yield authentication.sends_from(resolver, address, sender)
        yield authentication.reverse(resolver, address)
    for selector in selectors:
        yield authentication.dkim(resolver, ours, selector)
    if not selectors:
        yield Finding(
            "DKIM", "advice", f"not looked at; name the selector that your relay signs {ours} with: --selector"
        )
    yield authentication.dmarc(resolver, ours)
    yield authentication.alignment(resolver, ours, envelope)
    yield authentication.bounce_host(resolver, envelope)


def wording(delivery: Delivery) -> Iterator[Finding]:
    """What every mail has to carry."""
    base = delivery.base
    if base is None:
        yield Finding("leaving", "bad", "no address of the web part is set, so nobody can leave: [delivery] base")
    elif not base.startswith("https:"):
        yield Finding("leaving", "bad", f"{base} is no https address; one-click unsubscribing needs one (RFC 8058)")
    else:
        yield Finding("leaving", "ok", f"{base}/leave/<token>")
    for value, what, told in (
        (delivery.bounce_address, "bounces", "no bounce_address: bounces come to the sender, and suppress nobody"),
        (delivery.postal_address, "address", "no postal_address: US law asks for one in commercial mail (CAN-SPAM)"),
        (delivery.unsubscribe_mailbox, "mailto", "no unsubscribe_mailbox: some mail programs leave by mail only"),
    ):
        yield Finding(what, "ok", value) if value else Finding(what, "advice", told)


def relay(greet: Callable[[], str | None] | None) -> Finding:
    """Whether the relay answers, with a certificate that is to be trusted, and lets us in."""
    if greet is None:
        return Finding("relay", "advice", "none is set: mails are written as files")
    wrong = greet()
    if wrong is None:
        return Finding("relay", "ok", "answers, is encrypted as the settings say, and lets us in")
    return Finding("relay", "bad", wrong)


def leaving(make: Callable[[Store], ASGIApp], ring: KeyRing, now: datetime) -> Finding:
    """One click of a subscriber made for it, in a store made for it, through the application as it is set up.

    A GET must change nothing, the POST that a mail provider makes must end the subscription, and a forged link nothing.
    """
    from reportgen.delivery.store import open_store, subscribers

    with TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'test.db'}")
        with store.write() as db:
            person = subscribers.add(
                db, "test@example.com", "test", now=now, source="doctor", confirmed=True
            ).subscriber
        path = Links("", ring).leave(person, "test")
        states = [(_ask(make(store), method, where), _state(store, person)) for method, where in (
            ("GET", path), ("POST", f"{path[:-1]}{'A' if path[-1] != 'A' else 'B'}"), ("POST", path), ("POST", path),
        )]  # fmt: skip
        store.close()
    expected = [(200, "confirmed"), (404, "confirmed"), (200, "left"), (200, "left")]
    if states == expected:
        return Finding("one click", "ok", "a test subscriber left by one POST; GET and a forged link changed nothing")
    return Finding("one click", "bad", f"a test subscriber could not leave: {states} instead of {expected}")


def told(look: Callable[[], Finding], what: str) -> Finding:
    """A finding, or the error that stood in its way as one."""
    try:
        return look()
    except ReportgenError as error:
        return Finding(what, "bad", str(error))


def _state(store: Store, person: int) -> str | None:
    from reportgen.delivery.store import subscribers

    with store.read() as db:
        standing = subscribers.standing_of(db, person, "test")
    return None if standing is None else standing.state


def _ask(app: ASGIApp, method: str, path: str) -> int:
    """The status of one answer of the application, without a network."""
    statuses: list[int] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": _ONE_CLICK if method == "POST" else b"", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "headers": _FORM,
        "client": ("127.0.0.1", 0), "server": ("localhost", 80),
    }  # fmt: skip

    async def ask() -> None:
        await app(scope, receive, send)

    asyncio.run(ask())
    return statuses[0] if statuses else 0
