"""From a provider's words to ours: asset classes of fund categories, daily multiples in names, foreign listings."""

from __future__ import annotations

import re
from collections.abc import Mapping

from reportgen.model import AssetClass

# Morningstar's US fund categories, as Yahoo prints them. What is not listed is "unknown": a class is never guessed.
_CATEGORIES: Mapping[AssetClass, str] = {
    "equity": """
        Large Blend; Large Growth; Large Value; Mid-Cap Blend; Mid-Cap Growth; Mid-Cap Value; Small Blend;
        Small Growth; Small Value; Foreign Large Blend; Foreign Large Growth; Foreign Large Value;
        Foreign Small/Mid Blend; Foreign Small/Mid Growth; Foreign Small/Mid Value; World Large Stock;
        Global Large-Stock Blend; Global Large-Stock Growth; Global Large-Stock Value; Global Small/Mid Stock;
        World Small/Mid Stock; Diversified Emerging Mkts; Diversified Pacific/Asia; Pacific/Asia ex-Japan Stk;
        China Region; India Equity; Japan Stock; Europe Stock; Latin America Stock; Miscellaneous Region;
        Communications; Consumer Cyclical; Consumer Defensive; Equity Energy; Energy Limited Partnership;
        Equity Precious Metals; Financial; Health; Industrials; Infrastructure; Natural Resources; Real Estate;
        Global Real Estate; Technology; Utilities; Miscellaneous Sector
    """,
    "bond": """
        Bank Loan; Convertibles; Corporate Bond; Emerging Markets Bond; Emerging-Markets Local-Currency Bond;
        Global Bond; Global Bond-USD Hedged; High Yield Bond; High Yield Muni; Inflation-Protected Bond;
        Short-Term Inflation-Protected Bond; Intermediate Core Bond; Intermediate Core-Plus Bond;
        Intermediate Government; Intermediate-Term Bond; Long Government; Long-Term Bond; Multisector Bond;
        Muni National Interm; Muni National Long; Muni National Short; Muni California Intermediate;
        Muni California Long; Muni New York Intermediate; Muni New York Long; Muni Target Maturity;
        Nontraditional Bond; Preferred Stock; Securitized Bond - Diversified; Securitized Bond - Focused;
        Short Government; Short-Term Bond; Target Maturity; Ultrashort Bond; World Bond; World Bond-USD Hedged;
        Government Mortgage-Backed Bond
    """,
    "commodity": """
        Commodities Broad Basket; Commodities Focused; Commodities Agriculture; Commodities Energy;
        Commodities Industrial Metals; Commodities Precious Metals
    """,
    "leveraged": """
        Trading--Leveraged Equity; Trading--Inverse Equity; Trading--Leveraged Debt; Trading--Inverse Debt;
        Trading--Leveraged Commodities; Trading--Inverse Commodities; Trading--Leveraged Real Estate;
        Trading--Miscellaneous; Trading--Inverse-Miscellaneous
    """,
    "mixed": """
        Allocation--15% to 30% Equity; Allocation--30% to 50% Equity; Allocation--50% to 70% Equity;
        Allocation--70% to 85% Equity; Allocation--85%+ Equity; Conservative Allocation; Moderate Allocation;
        Moderately Conservative Allocation; Moderately Aggressive Allocation; Aggressive Allocation;
        Global Allocation; World Allocation; Tactical Allocation; Global Moderate Allocation;
        Global Moderately Aggressive Allocation; Global Conservative Allocation; Multi-Asset Overlay;
        Target-Date Retirement; Target-Date 2030; Target-Date 2040; Target-Date 2050
    """,
}
_CLASS_OF: Mapping[str, AssetClass] = {
    " ".join(category.split()).lower(): asset_class
    for asset_class, listed in _CATEGORIES.items()
    for category in listed.split(";")
}
ASSET_CLASSES: tuple[AssetClass, ...] = ("equity", "bond", "commodity", "leveraged", "mixed", "unknown")

_MULTIPLE = re.compile(r"(?<![\w.])(-?)(\d(?:\.\d{1,2})?)x(?!\w)", re.IGNORECASE)
_INVERSE = re.compile(r"\b(bear|inverse|ultrashort|short (?=s&p|qqq|russell|dow|nasdaq|midcap|20\+))", re.IGNORECASE)
# ProShares states the multiple by the name of the family; the first that fits counts.
_FAMILIES = tuple(
    (re.compile(pattern, re.IGNORECASE), multiple)
    for pattern, multiple in (
        (r"\bUltraPro Short\b", -3.0),
        (r"\bUltraPro\b", 3.0),
        (r"\bProShares UltraShort\b", -2.0),
        (r"\bProShares Ultra\b", 2.0),
        (r"\bProShares Short\b", -1.0),
    )
)

# Yahoo's suffixes of exchanges outside the United States.
_EXCHANGES: Mapping[str, tuple[str, str]] = {
    "AS": ("Amsterdam", "EUR"), "AX": ("Sydney", "AUD"), "BO": ("Mumbai", "INR"), "BR": ("Brussels", "EUR"),
    "CO": ("Copenhagen", "DKK"), "DE": ("Frankfurt", "EUR"), "F": ("Frankfurt", "EUR"), "HE": ("Helsinki", "EUR"),
    "HK": ("Hong Kong", "HKD"), "IL": ("London", "USD or EUR"), "JO": ("Johannesburg", "ZAR"),
    "KS": ("Seoul", "KRW"), "L": ("London", "GBP or pence"), "LS": ("Lisbon", "EUR"), "MC": ("Madrid", "EUR"),
    "MI": ("Milan", "EUR"), "MX": ("Mexico City", "MXN"), "NS": ("Mumbai", "INR"), "NZ": ("Wellington", "NZD"),
    "OL": ("Oslo", "NOK"), "PA": ("Paris", "EUR"), "SA": ("São Paulo", "BRL"), "SI": ("Singapore", "SGD"),
    "SS": ("Shanghai", "CNY"), "ST": ("Stockholm", "SEK"), "SW": ("Zurich", "CHF"), "SZ": ("Shenzhen", "CNY"),
    "T": ("Tokyo", "JPY"), "TA": ("Tel Aviv", "ILS"), "TO": ("Toronto", "CAD"), "TW": ("Taipei", "TWD"),
    "V": ("Toronto", "CAD"), "VI": ("Vienna", "EUR"), "WA": ("Warsaw", "PLN"),
}  # fmt: skip


def asset_class_of(category: str | None, name: str = "") -> AssetClass:
    """The asset class of a Morningstar category; a name that states a daily multiple makes a fund leveraged."""
    stated = leverage_of(name)
    if stated is not None and stated != 1.0:
        return "leveraged"
    return _CLASS_OF.get(" ".join((category or "").split()).lower(), "unknown")


def leverage_of(name: str) -> float | None:
    """The daily multiple that a name states: 3.0 for "UltraPro QQQ", -2.0 for "-2x"; None where it states none."""
    match = _MULTIPLE.search(name)
    if match:
        size = float(match[2])
        return -size if match[1] or _INVERSE.search(name) else size
    for pattern, multiple in _FAMILIES:
        if pattern.search(name):
            return multiple
    return None


def foreign_listing(ticker: str) -> tuple[str, str] | None:
    """City and currency of a ticker with a foreign exchange's suffix; None for a listing in the United States."""
    _, dot, suffix = ticker.rpartition(".")
    return _EXCHANGES.get(suffix) if dot else None
