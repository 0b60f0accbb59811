"""The settings and their keys: each key's name, type and meaning stands once, in `KEYS`.

A table with settings of its own has a module beside this one, with its group and its keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from reportgen.config._branding import BRANDING_KEYS, Branding
from reportgen.config._brief import BRIEF, COVER, Brief
from reportgen.config._checks import Key, link, list_of, one_of, some_of, text, ticker
from reportgen.config._delivery import DELIVERY_KEYS, Delivery
from reportgen.config._fetch import FETCH_KEYS, FetchSettings
from reportgen.config._licence import LICENCE_KEYS, OwnLicences
from reportgen.config._schedule import SCHEDULE_KEYS, SITE_KEYS, Schedule, Site
from reportgen.config._sources import source_name
from reportgen.config._web import BOUNCES_KEYS, WEB_KEYS, Bounces, Web
from reportgen.model import ContextFunds

FORMATS = ("html", "pdf", "mail")
DEFAULT_FORMATS = ("html", "pdf")
PAGE_SIZES = ("A4", "Letter")
PDF_VARIANTS = ("ua-1", "a-3a")
SECTIONS = (
    "answer", "summary", "own", "returns", "risk", "concentration", "breadth", "credit", "second-order", "flows",
    "cost", "horizon-weeks", "horizon-months", "horizon-years", "tail", "contrarian", "same", "outlook",
)  # fmt: skip
"""The sections that settings may leave out; those that the law or the house demands are not among them."""
NO_CONFLICT = "The publisher has not declared a position in the funds named here."


@dataclass(frozen=True, slots=True)
class Settings:
    """What a publisher decides; every field has a default, so that no file is needed."""

    source: str = "yahoo"
    data: Path | None = None
    context: ContextFunds = field(default_factory=ContextFunds)
    output: Path = Path("output")
    formats: tuple[str, ...] = DEFAULT_FORMATS
    page: Literal["A4", "Letter"] = "A4"
    pdf: Literal["ua-1", "a-3a"] = "ua-1"
    omitted_sections: tuple[str, ...] = ()
    disabled_rules: tuple[str, ...] = ()
    templates: Path | None = None
    publication: str = "reportgen"
    conflict: str = NO_CONFLICT
    link: str | None = None
    section_order: tuple[str, ...] = ()
    branding: Branding = field(default_factory=Branding)
    delivery: Delivery = field(default_factory=Delivery)
    web: Web = field(default_factory=Web)
    bounces: Bounces = field(default_factory=Bounces)
    licence: OwnLicences = field(default_factory=OwnLicences)
    schedule: Schedule = field(default_factory=Schedule)
    site: Site = field(default_factory=Site)
    brief: Brief = field(default_factory=Brief)
    fetch: FetchSettings = field(default_factory=FetchSettings)


KEYS: Mapping[str, Mapping[str, Key]] = {
    "source": {
        "kind": Key("source", source_name, "where data come from: files, sample, yahoo, or an installed source's name"),
        "data": Key("data", text, "the folder of price files, or of the snapshot, for those kinds", path=True),
    },
    "fetch": FETCH_KEYS,
    "context": {
        "benchmark": Key("context.benchmark", ticker, "one benchmark for every fund, instead of one by asset class"),
        "equity_benchmark": Key("context.equity_benchmark", ticker, "the benchmark of equity funds"),
        "bond_benchmark": Key("context.bond_benchmark", ticker, "the benchmark of bond funds"),
        "credit": Key("context.credit", ticker, "the high-yield fund that stands for credit"),
        "rates": Key("context.rates", ticker, "the Treasury fund that stands for rates"),
        "investment_grade": Key("context.investment_grade", ticker, "the investment-grade bond fund"),
        "long_rates": Key("context.long_rates", ticker, "the long Treasury fund"),
        "technology": Key("context.technology", ticker, "the technology sector fund"),
        "companions": Key("context.companions", list_of(ticker, "tickers"), "funds watched for second-order effects"),
    },
    "sections": {
        "omit": Key("omitted_sections", list_of(one_of(*SECTIONS), "section names"), "sections to leave out"),
        "order": Key(
            "section_order",
            list_of(one_of(*SECTIONS, *COVER), "section names"),
            "sections to tell first, in this order, of an article and of a brief's cover",
        ),
        "disable_rules": Key("disabled_rules", list_of(text, "rule names"), "commentary rules to switch off"),
    },
    "output": {
        "folder": Key("output", text, "where articles are written; relative to the settings file", path=True),
        "formats": Key("formats", some_of(*FORMATS), "html, pdf, mail: one or several"),
        "page": Key("page", one_of(*PAGE_SIZES), "the PDF's paper: A4 or Letter"),
        "pdf": Key("pdf", one_of(*PDF_VARIANTS), "the PDF's standard: ua-1 for readers, a-3a for archives"),
    },
    "branding": BRANDING_KEYS,
    "mail": {
        "link": Key("link", link, "where the full article will be, for the mail; {as_of} and {slug} are filled in"),
    },
    "delivery": DELIVERY_KEYS,
    "web": WEB_KEYS,
    "bounces": BOUNCES_KEYS,
    "licence": LICENCE_KEYS,
    "schedule": SCHEDULE_KEYS,
    "site": SITE_KEYS,
    "brief": BRIEF,
}
