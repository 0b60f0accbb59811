"""Fetches a snapshot: asks for each part that is wanted and not there yet, and puts the folder in place whole."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from reportgen import calendar
from reportgen._version import __version__
from reportgen.errors import (
    DataError,
    IncompleteError,
    Issue,
    MalformedError,
    NetworkError,
    RateLimitedError,
    UnknownSymbolError,
    UnreachableError,
    UsageError,
)
from reportgen.model import LICENCES, as_date
from reportgen.sources import _fetch_holdings as fetch_holdings
from reportgen.sources._fred import address, fetch_series
from reportgen.sources._raw import read_raw
from reportgen.sources._wanted import MOST_YEARS, Order, Wanted, wanted
from reportgen.sources._web import Web
from reportgen.sources.store import (
    SESSIONS,
    Manifest,
    Missing,
    Part,
    PartKind,
    is_snapshot,
    read_manifest,
    recover,
    refuse_other,
    write_snapshot,
)
from reportgen.sources.yahoo._fields import profile_of
from reportgen.sources.yahoo._market import Market, Question
from reportgen.sources.yahoo._prices import outline_of, prices_of, year_paid

Status = Literal["asking", "got", "kept", "missing", "waiting", "note"]

REASONS: Mapping[type[DataError], str] = {
    RateLimitedError: "rate-limited",
    UnreachableError: "unreachable",
    UnknownSymbolError: "not found",
    MalformedError: "malformed",
    IncompleteError: "incomplete",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One step of a fetch, for whoever watches: what is done with which part of which subject."""

    status: Status
    kind: PartKind
    subject: str
    message: str = ""


@dataclass(frozen=True)
class Tools:
    """What a fetch works with. now: the present moment, with its time zone. tell: hears each step.

    versions: of the libraries used, for the manifest.
    """

    market: Market
    web: Web
    now: Callable[[], datetime]
    tell: Callable[[Told], None] = lambda _: None
    versions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of a fetch: the folder, how many parts are new, how many were there, and what is still missing."""

    folder: Path
    new: int
    kept: int
    missing: tuple[Missing, ...]


@dataclass
class _Basket:
    """What has been collected so far."""

    order: Order
    tools: Tools
    parts: dict[tuple[str, str], Part] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    missing: list[Missing] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    def tell(self, status: Status, part: Wanted, message: str = "") -> None:
        self.tools.tell(Told(status, part.kind, part.subject, message))

    def put(
        self, kind: PartKind, subject: str, path: str, content: bytes, source: str, url: str | None, *,
        complete: bool = True,
    ) -> None:  # fmt: skip
        """Add a file as a part, in place of an earlier one."""
        moment = self.tools.now().astimezone(UTC).isoformat(timespec="seconds")
        digest = hashlib.sha256(content).hexdigest()
        self.parts[kind, subject] = Part(path, kind, subject, source, url, moment, digest, complete)
        self.contents[path] = content


def fetch(order: Order, tools: Tools) -> Fetched:
    """Fetch what the order wants and its folder does not hold yet.

    A part that cannot be had is recorded as missing, and the rest goes on; a provider that is out of reach or that
    limits us is not asked further. Raises that error where no fund's prices were got at all, UsageError for an order
    that cannot be, DataError for an as-of that has not closed, WriteError where the folder cannot be written. Whatever
    is raised, the folder is as it was.
    """
    _refuse(order, tools)
    recover(order.into)
    refuse_other(order.into)
    earlier = read_manifest(order.into) if is_snapshot(order.into) else None
    if earlier is not None and (earlier.as_of != order.as_of or earlier.years < order.years):
        what = f"{order.into} holds a snapshot of {earlier.as_of} that reaches back {earlier.years} years."
        raise UsageError(what, fix="Name another folder with --into: a snapshot is never replaced by another one.")
    basket = _Basket(order, tools)
    if earlier is not None:
        basket.parts = {(part.kind, part.subject): part for part in earlier.parts}
        basket.issues = list(earlier.issues)
    _collect(basket)
    if not any(basket.parts.get(("prices", ticker)) for ticker in order.tickers):
        raise _nothing(basket)
    _put_sessions(basket)
    new = len(basket.contents)
    if new or earlier is None:
        write_snapshot(order.into, _manifest(basket, earlier), basket.contents)
    return Fetched(order.into, new, len(basket.parts) - new, tuple(basket.missing))


def _refuse(order: Order, tools: Tools) -> None:
    if not order.tickers:
        raise UsageError("No fund was named.", fix="Name one or several tickers, such as: reportgen fetch IWM QQQ")
    if not 1 <= order.years <= MOST_YEARS:
        raise UsageError(f"{order.years} years cannot be fetched.", fix=f"Ask for 1 to {MOST_YEARS}.")
    last = calendar.last_closed(tools.now())
    if order.as_of > last:
        raise DataError(f"The session of {order.as_of} has not closed yet.", fix=f"The last closed one is of {last}.")


def _collect(basket: _Basket) -> None:
    """Ask for every part that is not there. A provider that failed as a whole is asked no more."""
    stopped: dict[str, DataError] = {}
    for part in wanted(basket.order):
        there = basket.parts.get((part.kind, part.subject))
        provider = _provider(part)
        if there is not None and there.complete and not (part.full and _is_outline(basket, part)):
            basket.tell("kept", part)
        elif provider in stopped:
            _miss(basket, part, stopped[provider])
        else:
            error = _tried(basket, part)
            if isinstance(error, RateLimitedError | UnreachableError) and part.kind != "holdings":
                stopped[provider] = error


def _tried(basket: _Basket, part: Wanted) -> DataError | None:
    """Ask for one part; the error, where it cannot be had."""
    basket.tell("asking", part)
    try:
        _get(basket, part)
    except DataError as error:
        _miss(basket, part, error)
        basket.tell("missing", part, f"{REASONS.get(type(error), 'unusable')}: {error.what}")
        return error
    return None


def _provider(part: Wanted) -> str:
    return {"prices": "yahoo", "fund facts": "yahoo", "rates": "fred"}.get(part.kind, part.subject)


def _is_outline(basket: _Basket, part: Wanted) -> bool:
    """Whether the profile that is there is a yardstick's, which says little: its prices told it."""
    facts, prices = (basket.parts.get((kind, part.subject)) for kind in ("fund facts", "prices"))
    return part.kind == "fund facts" and facts is not None and prices is not None and facts.url == prices.url


def _get(basket: _Basket, part: Wanted) -> None:
    if part.kind == "prices":
        _get_prices(basket, part)
    elif part.kind == "fund facts":
        _get_profile(basket, part)
    elif part.kind == "rates":
        _get_rates(basket, part)
    else:
        _get_holdings(basket, part)


def _get_prices(basket: _Basket, part: Wanted) -> None:
    order, ticker = basket.order, part.subject
    answer = basket.tools.market.ask(Question(ticker, "prices", order.start, order.as_of))
    prices = prices_of(ticker, answer, order.as_of)
    source = LICENCES["yahoo"].provider
    basket.put("prices", ticker, f"prices/{ticker}.csv", prices.content, source, answer.url, complete=prices.complete)
    if not part.full and not ticker.startswith("^") and ("fund facts", ticker) not in basket.parts:
        told = outline_of(ticker, answer, basket.tools.now().date())
        basket.put("fund facts", ticker, f"fund_facts/{ticker}.json", told, source, answer.url)
    basket.tell("got", part, prices.lacking or "")


def _get_profile(basket: _Basket, part: Wanted) -> None:
    ticker = part.subject
    prices = basket.parts.get(("prices", ticker))
    if prices is None:
        raise IncompleteError(f"The profile of {ticker} was not asked for: its prices are missing.")
    answer = basket.tools.market.ask(Question(ticker, "profile"))
    content = basket.contents.get(prices.path) or read_raw(basket.order.into / prices.path).content
    paid = year_paid(ticker, content)
    profile, issues = profile_of(ticker, answer, basket.tools.now().date(), paid)
    source = LICENCES["yahoo"].provider
    basket.put("fund facts", ticker, f"fund_facts/{ticker}.json", profile, source, answer.url)
    basket.issues = [issue for issue in basket.issues if issue.subject != ticker] + list(issues)
    basket.tell("got", part, " ".join(issue.message for issue in issues))


def _get_rates(basket: _Basket, part: Wanted) -> None:
    order, series = basket.order, part.subject
    content = fetch_series(basket.tools.web, series, order.start, order.as_of)
    url = address(series, order.start, order.as_of)
    basket.put("rates", series, f"rates/{series}.csv", content, "FRED", url)
    basket.tell("got", part)


def _get_holdings(basket: _Basket, part: Wanted) -> None:
    """The issuer's file, local ones first; a fund without a route has none, which is no failure."""
    found = fetch_holdings.find(part.subject, basket.order.local, basket.tools.web)
    if found is None:
        basket.tell("note", part, "no route to the issuer's file is known; give it with --holdings DIR")
        return
    basket.put("holdings", part.subject, found.path, found.content, found.source, found.url)
    basket.tell("got", part, found.path)


def _miss(basket: _Basket, part: Wanted, error: DataError) -> None:
    reason = REASONS.get(type(error), "unusable")
    basket.missing.append(Missing(part.kind, part.subject, reason, error.what))


def _nothing(basket: _Basket) -> NetworkError:
    """Why nothing came: the first fund's own error, of its class."""
    first = next(m for m in basket.missing if m.kind == "prices")
    kind = next((kind for kind, reason in REASONS.items() if reason == first.reason), NetworkError)
    error = kind(first.message, fix="Nothing was saved. Run the command again later, or use --data DIR.")
    assert isinstance(error, NetworkError)
    return error


def _put_sessions(basket: _Basket) -> None:
    if ("calendar", "sessions") not in basket.parts:
        days = "\n".join(as_date(day).isoformat() for day in calendar.every_session())
        basket.put("calendar", "sessions", SESSIONS, f"date\n{days}\n".encode(), "exchange_calendars", None)


def _manifest(basket: _Basket, earlier: Manifest | None) -> Manifest:
    order = basket.order
    about = Manifest(order.as_of, order.years, (), versions={"reportgen": __version__, **basket.tools.versions})
    return replace(
        earlier or about,
        parts=tuple(basket.parts[key] for key in sorted(basket.parts)),
        missing=tuple(basket.missing),
        issues=tuple(basket.issues),
    )
