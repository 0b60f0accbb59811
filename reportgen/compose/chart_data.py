"""The data behind the charts as compact tables, and where the full curves are that no table can hold.

Only facts are printed. A curve's points are not facts: they travel in facts.json under the name of their series, which
the last table gives.
"""

from __future__ import annotations

from collections.abc import Iterator

from reportgen import formatting
from reportgen.compose import _cells as cells
from reportgen.compose import evidence
from reportgen.compose.body import Material
from reportgen.model import (
    Cell,
    Chart,
    Fact,
    Measurements,
    Name,
    Reading,
    Runs,
    Section,
    Table,
    Text,
)

_SECTOR, _MOVE, _SHARE = "sector_weight", "total_return", "move_percentile"
_QUANTILES = ("low", "median", "high")


def section(material: Material) -> Section | None:
    """A table for each chart that has no table beside it; None where nothing was drawn."""
    found: list[Table] = []
    if "sectors" in material.charts:
        found += _sectors(material.measured)
    if "horizon" in material.charts:
        found.append(_moves(material.measured))
    curves = [chart for chart in material.charts.values() if chart.spec.series]
    if curves:
        found.append(_curves(material.measured, curves))
    if not found:
        return None
    return Section("chart-data", cells.text("Data behind the charts"), tuple(found), appendix=True)


def _sectors(measured: Measurements) -> Iterator[Table]:
    """Sector weights, a table for each taxonomy with the funds that follow it."""
    followers: dict[str | None, dict[str, dict[str, Fact]]] = {}
    for ticker in measured.tickers:
        weights = {f.key: f for f in measured.family(ticker, _SECTOR) if f.key and f.missing is None}
        if weights:
            taxonomy = next(iter(weights.values())).details.get("taxonomy")
            followers.setdefault(taxonomy if isinstance(taxonomy, str) else None, {})[ticker] = weights
    for number, (taxonomy, funds) in enumerate(followers.items()):
        of: Runs = (Text(" ("), Name(taxonomy), Text(")")) if taxonomy else ()
        name = "sector-weights" if number == 0 else f"sector-weights-{number + 1}"
        head = (cells.head("Sector"), *map(cells.ticker_head, funds))
        yield Table(name, (Text("Sector weights"), *of), (head,), _weights(measured, funds), compact=True)


def _weights(measured: Measurements, funds: dict[str, dict[str, Fact]]) -> tuple[tuple[Cell, ...], ...]:
    """A row for each sector of any fund, the heaviest first; a fund without it has an empty cell."""
    heaviest: dict[str, float] = {}
    for weights in funds.values():
        for sector, fact in weights.items():
            heaviest[sector] = max(heaviest.get(sector, fact.number), fact.number)

    def cell(fact: Fact | None) -> Cell:
        return Cell((formatting.value(measured.reading(fact)),) if fact else cells.text("–"), numeric=True)

    ranked = sorted(heaviest, key=lambda sector: (-heaviest[sector], sector))
    return tuple(
        (Cell((Name(sector),), header=True), *(cell(weights.get(sector)) for weights in funds.values()))
        for sector in ranked
    )


def _moves(measured: Measurements) -> Table:
    """Each fund's latest moves, the share of past ones that were lower, and those past moves' quantiles."""
    known = [
        fact
        for ticker in measured.tickers
        for fact in measured
        if fact.metric == _SHARE and fact.subject == ticker and fact.missing is None
    ]
    spec = measured.specs[_SHARE]
    low, high = (formatting.parameter(Reading(known[0], spec), name) for name in ("low", "high"))
    heads = (
        cells.head("Fund and window"),
        *(cells.head(words, numeric=True) for words in ("Latest move", "Above")),
        Cell((low,), header=True, numeric=True),
        cells.head("Median", numeric=True),
        Cell((high,), header=True, numeric=True),
    )
    rows = tuple(_move_row(measured, fact) for fact in known)
    caption = cells.text("Latest moves, and quantiles of past ones of that length")
    return Table("latest-moves", caption, (heads,), rows, _counted([measured.reading(f) for f in known]), compact=True)


def _counted(shares: list[Reading]) -> Runs:
    """How many past moves there are, where all funds and windows have as many."""
    counts = {share.fact.details["count"] for share in shares}
    many: Runs = (formatting.detail_count(shares[0], "count"), Text(" ")) if len(counts) == 1 else ()
    return (Text("Above: the share of the fund’s own "), *many, Text("past moves that were lower."))


def _move_row(measured: Measurements, fact: Fact) -> tuple[Cell, ...]:
    reading = measured.reading(fact)
    window = cells.window_name(fact.code) if fact.code else ()
    quantiles = (Cell((formatting.detail_percent(reading, name, 1),), numeric=True) for name in _QUANTILES)
    return (
        Cell((Name(fact.subject), Text(", "), *window), header=True),
        cells.fact_cell(measured, fact.subject, _MOVE, fact.code, formatting.signed_percent),
        Cell((formatting.percent(reading),), numeric=True),
        *quantiles,
    )


def _curves(measured: Measurements, charts: list[Chart]) -> Table:
    """What is printed on each chart of curves, and the names of its series."""
    rows = tuple(
        (
            Cell(chart.spec.title, header=True),
            Cell(evidence.told(measured, chart.spec.facts)),
            Cell((Name(", ".join(chart.spec.series)),)),
        )
        for chart in charts
    )
    heads = tuple(map(cells.head, ("Chart", "Figures on it", "Series")))
    note = "Every point of these curves is in the file facts.json that comes with this article, under the series’ name."
    return Table("curves", cells.text("Curves"), (heads,), rows, cells.text(note), compact=True)
