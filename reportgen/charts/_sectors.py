"""The funds' sector weights as charts need them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reportgen import formatting
from reportgen.charts._chart import Absent
from reportgen.charts._palette import fund_role
from reportgen.charts._words import listed
from reportgen.model import Fact, Measurements, Name, Reading, Runs, Text

METRIC = "sector_weight"
_SPOKEN = 3
"""So many sectors of each fund are named in the alternative text."""


@dataclass(frozen=True, slots=True)
class Fund:
    """One fund's weights by sector, those that are known, and whose sectors they are."""

    ticker: str
    role: str
    weights: Mapping[str, Reading]
    taxonomy: str | None

    @property
    def ranked(self) -> list[str]:
        """Its sectors, the heaviest first, ties by name."""
        return sorted(self.weights, key=lambda sector: (-self.weights[sector].fact.number, sector))


@dataclass(frozen=True, slots=True)
class Compared:
    """The funds whose sectors are known, and the tickers of the rest."""

    funds: tuple[Fund, ...]
    others: tuple[str, ...]

    @property
    def agree(self) -> bool:
        """Whether all follow one taxonomy, so that equal names mean equal things."""
        return len({fund.taxonomy for fund in self.funds}) == 1


def compared(measurements: Measurements) -> Compared | Absent:
    """The funds with sectors; Absent where fewer than two have any."""
    funds: list[Fund] = []
    for i, ticker in enumerate(measurements.tickers):
        known = [fact for fact in measurements.family(ticker, METRIC) if fact.missing is None]
        if known:
            weights = {fact.key: measurements.reading(fact) for fact in known if fact.key}
            funds.append(Fund(ticker, fund_role(i), weights, _taxonomy(measurements, ticker, known[0])))
    named = {fund.ticker for fund in funds}
    others = tuple(ticker for ticker in measurements.tickers if ticker not in named)
    if len(funds) < 2:
        return Absent(f"no sector weights are known of {' and '.join(others)}")
    return Compared(tuple(funds), others)


def _taxonomy(measurements: Measurements, ticker: str, fact: Fact) -> str | None:
    """Whose sectors these are, as the weights say or else the largest sector."""
    largest = measurements.find(ticker, "largest_sector")
    for details in (fact.details, largest.details if largest else {}):
        if isinstance(taxonomy := details.get("taxonomy"), str):
            return taxonomy
    return None


def tickers(funds: Sequence[Fund]) -> Runs:
    """The funds by name: "IWM and QQQ"."""
    return listed([(Name(fund.ticker),) for fund in funds])


def top(fund: Fund) -> Runs:
    """The fund's largest sectors with their weights, for alternative texts."""
    told = fund.ranked[:_SPOKEN]
    phrases: list[Runs] = [(Name(sector), Text(" "), formatting.percent(fund.weights[sector])) for sector in told]
    return (Name(fund.ticker), Text(": "), *listed(phrases))


def without(others: Sequence[str]) -> list[Runs]:
    """The sentence about the funds whose sectors are not known, if there are any."""
    if not others:
        return []
    return [(Text("No sector weights are known of "), *listed([(Name(t),) for t in others]), Text("."))]
