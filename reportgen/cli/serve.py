"""`reportgen serve`: the archive and the subscriber pages, on this machine behind a reverse proxy."""

from __future__ import annotations

import contextlib
import secrets
import signal
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reportgen.cli._article import say
from reportgen.cli._mail import key_file, mail_options, moment, result, settings_at, store_of
from reportgen.cli._sending import connector
from reportgen.errors import SettingsError, UsageError, WriteError

if TYPE_CHECKING:
    import socket

    from starlette.types import ASGIApp

    from reportgen.config import Settings
    from reportgen.delivery.signed.keys import KeyRing
    from reportgen.delivery.store import Store
    from reportgen.delivery.web.app import Limits
    from reportgen.delivery.web.desk import Desk

_HOUR = timedelta(hours=1)
_LETTERS_A_DAY = 3
_CAPACITY = 10_000
_AT_ONCE = 200
"""Requests that are worked on at the same time; more are told to come back."""


@click.command("serve")
@click.option("--host", help="Where to listen [default: 127.0.0.1, this machine alone].")
@click.option("--port", type=click.IntRange(0, 65535), help="The port [default: 8025]; 0 for any that is free.")
@mail_options
def command(*, host: str | None, port: int | None, config: Path | None, quiet: bool, as_json: bool, debug: bool) -> int:
    """Serve the archive and the pages on which people subscribe, confirm, choose and leave.

    It speaks plain HTTP and belongs behind a reverse proxy that speaks HTTPS (docs/subscribers.md). It writes no
    access log. Ctrl-C ends it, after the sign-ups that wait have been answered.
    """
    del debug  # read by the error handler
    try:
        import uvicorn
    except ImportError as error:
        fix = "Run: pip install 'fund-reportgen[delivery,web]'"
        raise UsageError(f"{error.name} is not installed.", fix=fix) from error
    from reportgen.delivery.signed.keys import read_keys
    from reportgen.delivery.web.members import StoreMembers

    settings = settings_at(config)
    ring = read_keys(key_file(settings))
    store = store_of(settings, create=True)
    desk = desk_of(settings, ring, store)
    running = uvicorn.Server(
        uvicorn.Config(
            application_of(settings, ring, store, desk), access_log=False, log_level="warning", server_header=False,
            proxy_headers=True, forwarded_allow_ips=list(settings.web.proxies), limit_concurrency=_AT_ONCE,
            timeout_keep_alive=5, timeout_graceful_shutdown=10, h11_max_incomplete_event_size=16_384, lifespan="off",
        )
    )  # fmt: skip
    listening = _listening(host or settings.web.host, settings.web.port if port is None else port)
    where = _address(listening)
    result(f"Serving on {where}; Ctrl-C ends it.", {"event": "serving", "address": where}, as_json=as_json, quiet=quiet)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a service manager's end is as orderly as Ctrl-C
    StoreMembers(store).forget(moment())
    desk.open()
    try:
        with contextlib.suppress(KeyboardInterrupt):  # raised once more by uvicorn after it has ended
            running.run(sockets=[listening])
    finally:
        desk.close()
        store.close()
    return 0


def application_of(settings: Settings, ring: KeyRing, store: Store, desk: Desk) -> ASGIApp:
    """The web application of a publisher's settings. Raises SettingsError where it does not know its own address."""
    from reportgen.delivery.web.app import Front, Publisher, application
    from reportgen.delivery.web.members import StoreMembers
    from reportgen.resources import template_folders

    publisher = Publisher(
        settings.publication,
        _base(settings),
        {name: settings.web.title(name) for name in settings.delivery.lists},
        settings.delivery.postal_address,
        settings.site.folder or settings.output / "site",
        template_folders(settings.templates),
    )
    front = Front(publisher, ring, StoreMembers(store), desk, _limits(settings), moment)
    return application(front)


def desk_of(settings: Settings, ring: KeyRing, store: Store) -> Desk:
    """Who answers sign-ups, by the relay or into the outbox folder."""
    from reportgen.delivery.mail.post import post_of
    from reportgen.delivery.signed.links import Links
    from reportgen.delivery.web.desk import Desk
    from reportgen.delivery.web.letters import Letters
    from reportgen.delivery.web.limits import Limit
    from reportgen.delivery.web.members import StoreMembers
    from reportgen.delivery.web.room import StoreRoom
    from reportgen.resources import template_folders

    delivery = settings.delivery
    if delivery.sender is None:
        raise SettingsError("letters need a sender.", where="[delivery]", fix='Set from = "brief@example.com".')
    letters = Letters(
        Links(_base(settings), ring),
        delivery.sender_name or settings.publication,
        delivery.sender,
        {name: settings.web.title(name) for name in delivery.lists},
        delivery.bounce_address,
        delivery.postal_address,
        template_folders(settings.templates),
    )
    limit = Limit(_LETTERS_A_DAY, 24 * _HOUR, secrets.token_bytes(32), _CAPACITY)
    tell = lambda what: say(f"reportgen: {what}", err=True)  # noqa: E731
    post = post_of(connector(settings, "letters"))
    return Desk(StoreMembers(store), StoreRoom(store), letters, post, limit, moment, tell)


def _limits(settings: Settings) -> Limits:
    from reportgen.delivery.web.app import Limits
    from reportgen.delivery.web.limits import Limit

    secret = secrets.token_bytes(32)
    visitor = Limit(settings.web.sign_ups_per_visitor, _HOUR, secret, _CAPACITY)
    return Limits(visitor, Limit(settings.web.sign_ups_per_hour, _HOUR, secret, 1))


def _base(settings: Settings) -> str:
    if settings.delivery.base is None:
        fix = 'Set base = "https://mail.example.com", or "http://localhost:8025" to try it on this machine.'
        raise SettingsError("the web part does not know where visitors find it.", where="[delivery]", fix=fix)
    return settings.delivery.base.rstrip("/")


def _listening(host: str, port: int) -> socket.socket:
    import socket

    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        fix = "Name another with --host and --port."
        raise WriteError(f"cannot listen: {error.strerror or error}.", where=f"{host}:{port}", fix=fix) from error


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
