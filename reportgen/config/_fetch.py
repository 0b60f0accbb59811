"""The table [fetch]: how live data are fetched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reportgen.config._checks import Key, number_from, text


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """folder: where snapshots go, one folder a session. years: how far back. pause, back_off and timeout: seconds
    between requests, before the first new try (then doubled), and until an answer counts as none. cache: yfinance's
    own. holdings: local files that come before downloads.
    """

    folder: Path = Path("snapshots")
    years: int = 10
    pause: float = 1.0
    back_off: float = 10.0
    timeout: float = 30.0
    cache: Path | None = None
    holdings: Path | None = None


FETCH_KEYS: Mapping[str, Key] = {
    "folder": Key("fetch.folder", text, "where snapshots of live data go", path=True),
    "years": Key("fetch.years", number_from(1, 60, whole=True), "how many years of prices are fetched"),
    "pause": Key("fetch.pause", number_from(0, 60), "seconds between two requests; 1 is polite"),
    "back_off": Key("fetch.back_off", number_from(0, 600), "seconds before a refused request is tried again"),
    "timeout": Key("fetch.timeout", number_from(0.1, 600), "seconds after which an answer counts as none"),
    "cache": Key("fetch.cache", text, "the folder of yfinance's own cache", path=True),
    "holdings": Key("fetch.holdings", text, "a folder of holdings files that come before downloads", path=True),
}
