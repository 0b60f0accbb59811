"""What a provider's licence lets a publisher do, by provider: the sentence printed, and whether figures may be sent.

Settings and data folders name a provider by its key here; what a publisher has agreed with one stands in the settings.
"""

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
    "alpha_vantage": Licence(
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

RESTRICTED = tuple(provider for provider, licence in LICENCES.items() if not licence.publishable)
"""The providers whose figures may be sent to nobody, unless the publisher has a right of its own."""

Rights = Mapping[str, str]
"""The publisher's own right by provider, as the settings state it: {"yahoo": "contract no. 12"}."""


def right_to(provider: str, rights: Rights) -> str:
    """The publisher's own right to a provider's figures; empty where there is none."""
    return rights.get(provider, "").strip() if provider in RESTRICTED else ""


def own_terms(provider: str, right: str) -> str:
    """The sentence printed, in place of the provider's terms, where the publisher has a right of its own."""
    return f"{LICENCES[provider].provider} data are published under the publisher's own licence: {right.rstrip('.')}."
