"""A fund's holdings file for a snapshot: a local one first, else the issuer's where its route is known."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reportgen.errors import DataError, MalformedError
from reportgen.model import LICENCES
from reportgen.sources._folder import holdings_in
from reportgen.sources._raw import RawFile, read_raw
from reportgen.sources._web import Web
from reportgen.sources.holdings import read_holdings
from reportgen.sources.holdings._lines import HoldingsFile
from reportgen.sources.holdings._routes import address_of, route_of


@dataclass(frozen=True, slots=True)
class Found:
    """A holdings file that reads as one: its path in the snapshot, and where it came from (None: a local file)."""

    path: str
    content: bytes
    source: str
    url: str | None


def find(ticker: str, local: Path | None, web: Web) -> Found | None:
    """The file, or None where there is no local one and no route is known.

    Raises DataError for a local file that cannot be used, NetworkError where the download fails, MalformedError where
    what was downloaded is no holdings file.
    """
    own = [read_raw(path) for path in (holdings_in(local).get(ticker, ()) if local is not None else ())]
    if own:
        newest = max(((read_holdings(raw, ticker), raw) for raw in own), key=lambda pair: pair[0].holdings.as_of)
        return _found(ticker, *newest, url=None)
    route = route_of(ticker)
    if route is None:
        return None
    url = address_of(route, ticker)
    name = f"{ticker}{route.suffix}"
    raw = RawFile(Path(name), name, web.get(url))
    try:
        return _found(ticker, read_holdings(raw, ticker), raw, url=url)
    except DataError as error:
        fix = "Download the file by hand, and give its folder with --holdings DIR."
        raise MalformedError(f"The holdings of {ticker} from {route.issuer}: {error.what}", fix=fix) from None


def _found(ticker: str, file: HoldingsFile, raw: RawFile, url: str | None) -> Found:
    suffix = raw.path.suffix.lower() or ".csv"
    path = f"holdings/{ticker}_{file.holdings.as_of}{suffix}"
    return Found(path, raw.content, LICENCES[file.provider].provider, url)
