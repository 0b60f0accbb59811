"""The tables [web] and [bounces]: how the web part listens, what it offers, when an address is given up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reportgen.config._checks import Key, list_of, text
from reportgen.config._delivery import host, list_name, whole

_TITLE_FORM = 'must be a list\'s name and its title, such as "weekly: The Friday Brief"'


@dataclass(frozen=True, slots=True)
class Web:
    """How `reportgen serve` listens and what it offers. titles: "name: title" of lists, for people to read."""

    host: str = "127.0.0.1"
    port: int = 8025
    titles: tuple[str, ...] = ()
    proxies: tuple[str, ...] = ("127.0.0.1", "::1")
    sign_ups_per_hour: int = 200
    sign_ups_per_visitor: int = 5

    def title(self, name: str) -> str:
        """A list's title; its name, set in words, where the settings give none."""
        given = dict(title.split(": ", 1) for title in self.titles)
        return given.get(name, name.replace("-", " ").capitalize())


@dataclass(frozen=True, slots=True)
class Bounces:
    """When an address is given up: after `soft_limit` soft bounces within `soft_days` days, or a hard one."""

    soft_limit: int = 5
    soft_days: int = 60


def title(value: object) -> str | None:
    """A list's name, a colon, and its title."""
    if not isinstance(value, str) or text(value) is not None:
        return _TITLE_FORM
    name, colon, words = value.partition(": ")
    return None if colon and words.strip() and list_name(name) is None else _TITLE_FORM


WEB_KEYS: Mapping[str, Key] = {
    "host": Key("web.host", host, "where to listen; this machine alone, behind a reverse proxy"),
    "port": Key("web.port", whole(0, 65535), "the port to listen on; 0 for any that is free"),
    "titles": Key("web.titles", list_of(title, "titles"), 'what lists are called, such as "weekly: The Friday Brief"'),
    "proxies": Key("web.proxies", list_of(host, "hosts"), "reverse proxies whose word on a visitor's address counts"),
    "sign_ups_per_hour": Key("web.sign_ups_per_hour", whole(1, 10**6), "sign-ups taken from all visitors in an hour"),
    "sign_ups_per_visitor": Key("web.sign_ups_per_visitor", whole(1, 10**4), "sign-ups taken from one in an hour"),
}
BOUNCES_KEYS: Mapping[str, Key] = {
    "soft_limit": Key("bounces.soft_limit", whole(1, 100), "soft bounces after which an address is given up"),
    "soft_days": Key("bounces.soft_days", whole(1, 3650), "the days within which they count"),
}
