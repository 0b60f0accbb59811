"""What a provider's licence lets a publisher do, by provider: the sentence printed, and whether figures may be sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Licence:
    """Who the provider is, whether its figures may be sent to subscribers, and the terms in one sentence."""

    provider: str
    publishable: bool
    terms: str


LICENCES: Mapping[str, Licence] = {
    "yahoo": Licence("Yahoo Finance", False, "Yahoo Finance data are for personal use only."),
    "stooq": Licence("Stooq", False, "Stooq data are for personal use only."),
    "alpha vantage": Licence(
        "Alpha Vantage", False, "Alpha Vantage data are for personal use unless a commercial plan says otherwise."
    ),
    "ishares": Licence("BlackRock iShares", False, "BlackRock's holdings files are for personal, non-commercial use."),
    "invesco": Licence("Invesco", False, "Invesco's holdings files are subject to the issuer's terms of use."),
    "ssga": Licence("State Street", False, "State Street's holdings files are subject to the issuer's terms of use."),
    "sec": Licence("SEC filing", True, "SEC filings are public."),
    "fred": Licence("FRED", True, "U.S. government data, public domain, by way of FRED."),
    "cboe": Licence("FRED (Cboe)", False, "Cboe's index values are copyrighted; personal use only."),
    "ice": Licence("FRED (ICE Data Indices)", False, "ICE's spread data are for personal use only."),
    "own": Licence("own file", True, "A file of the publisher's own; its licence is the publisher's to know."),
    "calendar": Licence("calendar", True, "Facts in the public domain."),
}
