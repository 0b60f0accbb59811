"""[schedule] and [site]: when issues are made by themselves, who looks at them first, and where they are shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reportgen.config._checks import Key, text
from reportgen.config._delivery import address

_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]+)?(?:/[-\w.~%]+)*/?", re.ASCII)
_MOST_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Schedule:
    """When the timer looks whether an issue is due, and whether a second pair of eyes is asked for.

    time: of day in New York, such as "18:30". after_close: minutes between the close of the week's last session and
    the first run, so that the day's data are there. approval: issues wait for `reportgen approve`.
    operator: who gets a letter when a scheduled run fails, is held, or issues a part; None for nobody.
    """

    time: str = "18:30"
    after_close: int = 60
    approval: bool = False
    operator: str | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """Where the archive is: its address on the web, which feeds need, and the folder that it is written to.

    folder: None for `site` in the output folder.
    """

    address: str | None = None
    folder: Path | None = None


def _time(value: object) -> str | None:
    fits = isinstance(value, str) and _TIME.fullmatch(value)
    return None if fits else 'must be a time of day in New York, such as "18:30"'


def _minutes(value: object) -> str | None:
    fits = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_MINUTES
    return None if fits else f"must be a whole number of minutes from 0 to {_MOST_MINUTES}"


def _truth(value: object) -> str | None:
    return None if isinstance(value, bool) else "must be true or false"


def _address(value: object) -> str | None:
    fits = isinstance(value, str) and _ADDRESS.fullmatch(value)
    return None if fits else 'must be an address such as "https://example.com/brief"'


SCHEDULE_KEYS: Mapping[str, Key] = {
    "time": Key("schedule.time", _time, "when the timer looks whether an issue is due, New York time"),
    "after_close": Key("schedule.after_close", _minutes, "minutes after the week's last close before an issue is due"),
    "approval": Key("schedule.approval", _truth, "whether an issue waits for `reportgen approve` before it goes out"),
    "operator": Key("schedule.operator", address, "who gets a letter when a scheduled run fails or holds something"),
}
SITE_KEYS: Mapping[str, Key] = {
    "address": Key("site.address", _address, "where the archive will be on the web; ids in the feed are made of it"),
    "folder": Key("site.folder", text, "where the archive is written; relative to the settings file", path=True),
}
