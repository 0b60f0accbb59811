"""Reads the parts of one request from a data folder: prices, fund facts, holdings, rates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Literal

from reportgen.errors import DataError, Issue
from reportgen.model import LICENCES, DatedSeries, Fund, Holdings, PriceHistory, SourceRecord
from reportgen.sources._base import PriceBasis, nearest
from reportgen.sources._classes import foreign_listing
from reportgen.sources._corrections import Correction, corrected_prices, corrected_profiles, read_corrections
from reportgen.sources._folder import DataFolder
from reportgen.sources._fund_json import FundProfile, read_fund_json
from reportgen.sources._fund_toml import FundEntry, read_funds_toml
from reportgen.sources._kept import Kept, Read
from reportgen.sources._marker import FILE_NAME, Marker, read_marker
from reportgen.sources._prices import PriceFile, read_prices
from reportgen.sources._rates import BILL, PLAIN, known_rate, read_bill, read_rate
from reportgen.sources.holdings import HoldingsFile, read_holdings
from reportgen.sources.quality import on_sessions

Kind = Literal["prices", "fund facts", "holdings", "rates", "calendar"]

_RATE_PROVIDERS: Mapping[str, str] = {"DGS3MO": "fred", "DGS10": "fred", "VIX": "cboe", "HY_OAS": "ice"}


@dataclass
class Gatherer:
    """Collects what files hold about the tickers that it is told to read.

    kept: what several requests share: with it, no file is read or parsed a second time.
    """

    folder: DataFolder
    basis: PriceBasis | None = None
    kept: Kept = field(default_factory=Kept)
    prices: dict[str, PriceFile] = field(default_factory=dict)
    funds: dict[str, tuple[Fund, ...]] = field(default_factory=dict)
    holdings: dict[str, tuple[Holdings, ...]] = field(default_factory=dict)
    series: dict[str, DatedSeries] = field(default_factory=dict)
    sources: list[SourceRecord] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    corrections: tuple[Correction, ...] = field(init=False)
    entries: Mapping[str, FundEntry] = field(init=False)
    marker: Marker = field(init=False)

    def __post_init__(self) -> None:
        self.corrections, self.entries, self.marker, self._own_funds = self.kept.once(("tables",), self._tables)

    def _tables(self) -> tuple[tuple[Correction, ...], Mapping[str, FundEntry], Marker, Read | None]:
        """What the publisher's own tables in the folder say."""
        facts, funds, marker = (self.folder.toml(name) for name in ("facts.toml", "funds.toml", FILE_NAME))
        return (
            read_corrections(*facts) if facts else (),
            read_funds_toml(*funds) if funds else {},
            read_marker(*marker) if marker else Marker(),
            Read.of(funds[0]) if funds else None,
        )

    @property
    def histories(self) -> dict[str, PriceHistory]:
        return {ticker: file.history for ticker, file in self.prices.items()}

    def compared(self, ticker: str) -> None:
        """All that is known about a fund that is compared. Raises DataError for what is unknown or no fund."""
        refuse_kind(ticker)
        if ticker not in self.folder.prices:
            raise unknown(ticker, self.folder)
        self._prices(ticker)
        self._facts(ticker, compared=True)
        for path in self.folder.holdings.get(ticker, ()):
            raw, file = self.kept.once(("holdings", ticker, path.name), partial(self._held, path, ticker))
            self.holdings[ticker] = (*self.holdings.get(ticker, ()), file.holdings)
            self.issues += file.issues
            self._record(raw, f"Holdings of {ticker}", "holdings", file.provider, file.holdings.as_of)

    def _held(self, path: Path, ticker: str) -> tuple[Read, HoldingsFile]:
        raw = self.folder.read(path)
        return Read.of(raw), read_holdings(raw, ticker)

    def yardstick(self, ticker: str, *, needed: bool) -> None:
        """A context fund. One that is absent or cannot be used is left out, unless it was asked for by name."""
        if ticker not in self.folder.prices:
            if needed:
                raise unknown(ticker, self.folder)
            return
        try:
            self._prices(ticker)
            self._facts(ticker, compared=False)
        except DataError as error:
            if needed:
                raise
            self.prices.pop(ticker, None)
            message = f"The yardstick was left out: {error.what}"
            self.issues.append(Issue("warning", "unusable-context", ticker, message, error.where))

    def rates(self) -> None:
        """Every known series in rates/, and the Treasury bill among the prices, turned from discount to yield."""
        for path in self.folder.rates:
            raw, series = self.kept.once(("rates", path.name), partial(self._rate, path))
            self.series[series.name] = series
            self._record(raw, PLAIN[series.name], "rates", _RATE_PROVIDERS[series.name], None)
        if BILL in self.folder.prices:
            self._bill()

    def _rate(self, path: Path) -> tuple[Read, DatedSeries]:
        known = known_rate(path.stem)
        assert known is not None
        raw = self.folder.read(path)
        return Read.of(raw), read_rate(raw, *known)

    def _prices(self, ticker: str) -> None:
        raw, file, noted = self.kept.once(("prices", ticker), partial(self._priced, ticker))
        self.prices[ticker] = file
        self.issues += (*file.issues, *noted)
        self._record(raw, f"Daily prices of {ticker}", "prices", file.provider, file.history.last)

    def _priced(self, ticker: str) -> tuple[Read, PriceFile, tuple[Issue, ...]]:
        raw = self.folder.read(self.folder.prices[ticker])
        entry = self.entries.get(ticker)
        told = entry.basis if entry is not None and entry.basis is not None else self.basis
        file, corrected = corrected_prices(read_prices(raw, ticker, told), self.corrections)
        file, dropped = on_sessions(file)
        return Read.of(raw), file, (*corrected, *dropped)

    def _facts(self, ticker: str, *, compared: bool) -> None:
        """The fund's profiles, the publisher's own words before the provider's, with corrections applied."""
        profiles = []
        if ticker in self.folder.facts:
            profiles.append(self._provider_facts(ticker, compared=compared))
        if ticker in self.entries and self._own_funds is not None:
            entry = self.entries[ticker]
            profiles.insert(0, entry.over(profiles[0] if profiles else Fund(ticker, ticker)))
            self._record(self._own_funds, f"Facts of {ticker}", "fund facts", "own", entry.as_of)
        corrected, issues = corrected_profiles(ticker, profiles, self.corrections)
        for fund in corrected:
            refuse_currency(fund)
        if corrected:
            self.funds[ticker] = corrected
        self.issues += issues

    def _provider_facts(self, ticker: str, *, compared: bool) -> Fund:
        raw, profile = self.kept.once(("facts", ticker), partial(self._profile, ticker))
        if profile.refused:
            fix = "Only funds can be compared."
            raise DataError(f"{ticker} is {profile.refused}, not a fund.", where=raw.name, fix=fix)
        # Of a yardstick only the returns and the name are used: what is odd about its facts concerns nobody.
        if compared:
            self.issues += profile.issues
            if profile.holdings is not None:
                self.holdings[ticker] = (*self.holdings.get(ticker, ()), profile.holdings)
        self._record(raw, f"Fund facts of {ticker}", "fund facts", "yahoo", profile.as_of)
        return profile.fund

    def _profile(self, ticker: str) -> tuple[Read, FundProfile]:
        raw = self.folder.read(self.folder.facts[ticker])
        return Read.of(raw), read_fund_json(raw, ticker)

    def _bill(self) -> None:
        raw, series = self.kept.once(("bill",), self._billed)
        self.series[BILL] = series
        self._record(raw, PLAIN[BILL], "rates", "yahoo", None)

    def _billed(self) -> tuple[Read, DatedSeries]:
        raw = self.folder.read(self.folder.prices[BILL])
        return Read.of(raw), read_bill(raw)

    def _record(self, raw: Read, name: str, kind: Kind, provider: str, as_of: date | None) -> None:
        licence = self.marker.licence or LICENCES[provider]
        name = f"{name}, {licence.provider}"
        self.sources.append(
            SourceRecord(
                id=raw.name,
                name=name,
                kind=kind,
                publishable=licence.publishable,
                terms=licence.terms,
                sha256=raw.sha256,
                as_of=as_of,
                provider="" if self.marker.licence else provider,
            )
        )


def refuse_currency(fund: Fund) -> None:
    """Raises DataError for a fund that is not quoted in dollars."""
    if fund.currency != "USD":
        raise DataError(f"{fund.ticker} is quoted in {fund.currency}.", fix="Only funds in USD can be compared.")


def refuse_kind(ticker: str) -> None:
    """Raises DataError for what a ticker alone shows to be no US fund: an index, a currency, a foreign listing."""
    if ticker.startswith("^"):
        raise DataError(f"{ticker} is an index, not a fund.", fix="Compare a fund that tracks it.")
    if "=" in ticker:
        raise DataError(f"{ticker} is a currency or a future, not a fund.", fix="Only funds can be compared.")
    listing = foreign_listing(ticker)
    if listing is not None:
        city, currency = listing
        raise DataError(
            f"{ticker} is listed in {city} and quoted in {currency}.",
            fix="Only funds in USD on US exchanges are compared.",
        )


def unknown(ticker: str, folder: DataFolder) -> DataError:
    """The error for a ticker without a price file, with the nearest names that there are."""
    known = [name for name in folder.prices if not name.startswith("^")]
    alike = nearest(ticker, known)
    fix = f"Did you mean {', '.join(alike)}?" if alike else f"There are {', '.join(sorted(known)[:12])}."
    return DataError(f"There are no prices of {ticker}.", where=str(folder.root), fix=fix)
