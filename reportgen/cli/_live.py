"""What commands that fetch share: the clock, the pauses, the provider, and telling what is done."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.cli._article import say

if TYPE_CHECKING:
    from reportgen.config import FetchSettings, Settings
    from reportgen.model import ContextFunds
    from reportgen.sources.fetch import Fetched, Told, Tools

PARTLY = 6
_LIBRARIES = ("curl_cffi", "exchange_calendars", "numpy", "pandas", "yfinance")


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells each step of a fetch: a line a part on standard error, or a JSON line."""

    quiet: bool = False
    as_json: bool = False

    def __call__(self, told: Told) -> None:
        if self.as_json:
            event = {"event": "fetch", "status": told.status, "kind": told.kind, "subject": told.subject}
            say(json.dumps({**event, "message": told.message or None}))
        elif told.status in ("missing", "waiting") or (told.status != "asking" and not self.quiet):
            line = f"  {told.status:<8} {told.subject:<8} {told.kind}"
            say(f"{line}: {told.message}" if told.message else line, err=True)

    def result(self, fetched: Fetched) -> None:
        """Tell where the snapshot is, and what it lacks."""
        if self.as_json:
            lacking = [{"kind": m.kind, "subject": m.subject, "reason": m.reason} for m in fetched.missing]
            counts = {"new": fetched.new, "kept": fetched.kept, "missing": lacking}
            say(json.dumps({"event": "fetched", "folder": str(fetched.folder), **counts}))
            return
        if fetched.missing:
            parts = "part is" if len(fetched.missing) == 1 else "parts are"
            say(f"{len(fetched.missing)} {parts} missing; the same command asks for them again.", err=True)
        if not self.quiet:
            say(str(fetched.folder))


def fetch_funds(
    tickers: tuple[str, ...],
    context: ContextFunds,
    settings: Settings,
    teller: Teller,
    *,
    as_of: date | None = None,
    years: int | None = None,
    into: Path | None = None,
    local: Path | None = None,
) -> Fetched:
    """Fetch what articles about the funds need, into a folder a session unless another one is named.

    Raises UsageError where yfinance is not installed, and what `fetch` raises.
    """
    from reportgen import calendar
    from reportgen.sources._wanted import Order
    from reportgen.sources.fetch import fetch
    from reportgen.sources.yahoo._extra import demand

    demand()
    session = calendar.session_on_or_before(as_of) if as_of else calendar.last_closed(now())
    order = Order(
        tickers,
        session,
        into or settings.fetch.folder / session.isoformat(),
        context,
        settings.fetch.years if years is None else years,
        local or settings.fetch.holdings,
    )
    return fetch(order, _tools(settings.fetch, teller))


def with_live_data(settings: Settings, funds: Iterable[str], teller: Teller, as_of: date | None = None) -> Settings:
    """The settings, whose source is a snapshot of these funds, fetched now, where it was live data."""
    if settings.source != "yahoo":
        return settings
    fetched = fetch_funds(tuple(dict.fromkeys(funds)), settings.context, settings, teller, as_of=as_of)
    return replace(settings, source="snapshot", data=fetched.folder)


def now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


def _tools(settings: FetchSettings, teller: Teller) -> Tools:
    import platformdirs

    from reportgen.sources._web import UrlWeb
    from reportgen.sources.fetch import Told, Tools
    from reportgen.sources.yahoo._market import PatientMarket
    from reportgen.sources.yahoo._session import Pace
    from reportgen.sources.yahoo._yfinance import YfinanceMarket

    pace = Pace(settings.pause, time.monotonic, time.sleep)
    cache = settings.cache or platformdirs.user_cache_path("reportgen") / "yahoo"
    market = YfinanceMarket(cache, pace, settings.timeout)
    if not market.cached:
        teller(Told("note", "prices", "cache", f"{cache} cannot be written; yfinance works without its cache"))

    def wait(seconds: float, why: str) -> None:
        teller(Told("waiting", "prices", f"{seconds:g} s", why))
        time.sleep(seconds)

    patient = PatientMarket(market, wait, settings.back_off)
    return Tools(patient, UrlWeb(pace.keep, settings.timeout), now, teller, _versions())


def _versions() -> Mapping[str, str]:
    from importlib.metadata import version

    return {name: version(name) for name in _LIBRARIES}
