"""Where issuers publish full holdings files: one table, with what is known of each route and when it last worked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

Issuer = Literal["ishares", "invesco", "ssga"]

# Products are numbered at iShares; a ticker that is not listed here has no route.
_ISHARES: Mapping[str, str] = {
    "AGG": "239458/ishares-core-total-us-bond-market-etf",
    "HYG": "239565/ishares-iboxx-high-yield-corporate-bond-etf",
    "IEF": "239456/ishares-710-year-treasury-bond-etf",
    "IJH": "239763/ishares-core-sp-midcap-etf",
    "IJR": "239774/ishares-core-sp-smallcap-etf",
    "IVV": "239726/ishares-core-sp-500-etf",
    "IWB": "239707/ishares-russell-1000-etf",
    "IWM": "239710/ishares-russell-2000-etf",
    "IWV": "239714/ishares-russell-3000-etf",
    "LQD": "239566/ishares-iboxx-investment-grade-corporate-bond-etf",
    "SOXX": "239705/ishares-semiconductor-etf",
    "TLT": "239454/ishares-20-year-treasury-bond-etf",
}
_INVESCO = ("QQQ", "QQQM", "RSP")
_SSGA = (
    "DIA", "KRE", "SPY", "XBI", "XLB", "XLC", "XLE", "XLF", "XLI", "XLK", "XLP", "XLRE", "XLU", "XLV", "XLY",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Route:
    """One issuer's way to its files.

    address: with {ticker}, {lower} and {product}. suffix: of the file as it is served. last_seen: the day on which a
    download by this program was last seen to work, or None: never yet. known_from: what the route is known from.
    """

    issuer: Issuer
    address: str
    suffix: str
    tickers: tuple[str, ...]
    last_seen: date | None
    known_from: str


ROUTES: tuple[Route, ...] = (
    Route(
        "ishares",
        "https://www.ishares.com/us/products/{product}/1467271812596.ajax?fileType=csv&fileName={ticker}_holdings"
        "&dataType=fund",
        ".csv",
        tuple(_ISHARES),
        None,
        "public programs that use it; some report since 2026 that it sends the product's web page, which is refused",
    ),
    Route(
        "invesco",
        "https://dng-api.invesco.com/cache/v1/accounts/en_US/shareclasses/{ticker}/holdings/fund?idType=ticker"
        "&interval=monthly&productType=ETF",
        ".json",
        _INVESCO,
        None,
        "public programs that use it; they report that it answers by ticker for the large funds only",
    ),
    Route(
        "ssga",
        "https://www.ssga.com/library-content/products/fund-data/etfs/us/holdings-daily-us-en-{lower}.xlsx",
        ".xlsx",
        _SSGA,
        None,
        "the issuer's product pages, which link to it, and public programs that use it",
    ),
)


def route_of(ticker: str) -> Route | None:
    """The route of a fund's issuer, or None where none is known."""
    return next((route for route in ROUTES if ticker in route.tickers), None)


def address_of(route: Route, ticker: str) -> str:
    """Where the route leads for a fund that is listed in it."""
    return route.address.format(ticker=ticker, lower=ticker.lower(), product=_ISHARES.get(ticker, ""))
