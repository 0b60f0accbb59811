"""Cells and rows of tables, made from facts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from reportgen import formatting
from reportgen.model import (
    DIFFERENCE,
    Cell,
    Day,
    Fact,
    Measurements,
    Name,
    Number,
    Parameter,
    Reading,
    Run,
    Runs,
    Table,
    Text,
)

Shown = Callable[[Reading], Run]

_LONGEST_REASON = len("data begin 2024-03-01")

_WINDOW_NAMES = {
    "1W": "1 week",
    "1M": "1 month",
    "3M": "3 months",
    "YTD": "Year to date",
    "1Y": "1 year",
    "3Y": "3 years",
    "5Y": "5 years",
    "10Y": "10 years",
    "SI": "Whole common history",
}


def text(words: str) -> Runs:
    """Words as runs."""
    return (Text(words),)


def head(words: str, *, numeric: bool = False) -> Cell:
    """A cell that heads a row or a column with plain words."""
    return Cell(text(words), header=True, numeric=numeric)


def ticker_head(ticker: str) -> Cell:
    """A cell that heads a fund's column."""
    return Cell((Name(ticker),), header=True, numeric=True)


def day_cell(day: date | None, fact: str | None = None) -> Cell:
    """A date as tables show it, with the fact whose date it is; "undated" where the source gives none."""
    if day is None:
        return Cell(text("undated"))
    return Cell((Day(day, formatting.short_date(day), fact),))


def window_name(code: str) -> Runs:
    """A window in words: "5 years"."""
    return (Parameter("window", code, _WINDOW_NAMES.get(code, code.removeprefix("CY"))),)


def label_of(measured: Measurements, metric: str) -> Runs:
    """A metric's label as its specification writes it; labels may hold numbers, such as "Growth of $1,000"."""
    return (Parameter(metric, "label", measured.specs[metric].label),)


def fact_cell(
    measured: Measurements, ticker: str, metric: str, code: str | None, shown: Shown, second: str | None = None
) -> Cell:
    """A fact as a table's cell: shown, or "n/a" and why; "n/a" alone where there was nothing to measure."""
    fact = measured.find(ticker, metric, code, second=second)
    if fact is None:
        return Cell(text("n/a"), numeric=True)
    if fact.missing is not None:
        return Cell((Number(fact.id, f"n/a, {fact.missing}"),), numeric=True)
    return Cell((shown(measured.reading(fact)),), numeric=True)


def fact_row(
    measured: Measurements,
    heading: Runs,
    metric: str,
    code: str | None,
    shown: Shown = formatting.value,
    gap: Shown | None = None,
) -> tuple[Cell, ...]:
    """One metric across the funds; with two funds and `gap`, the difference as the last cell."""
    cells = [fact_cell(measured, ticker, metric, code, shown) for ticker in measured.tickers]
    if gap is not None and len(measured.tickers) == 2:
        first, second = measured.tickers
        cells.append(fact_cell(measured, first, DIFFERENCE + metric, code, gap, second))
    return (Cell(heading, header=True), *cells)


def footnoted(measured: Measurements, table: Table) -> Table:
    """The table with long reasons for "n/a" moved into its note, each once; short ones stay in their cells."""
    reasons: dict[str, list[Fact]] = {}

    def short(cell: Cell) -> Cell:
        for run in cell.runs:
            fact = measured.facts.get(run.fact) if isinstance(run, Number) and run.text.startswith("n/a") else None
            if fact is not None and fact.missing is not None and len(fact.missing) > _LONGEST_REASON:
                reasons.setdefault(fact.missing, []).append(fact)
                return replace(cell, runs=(Number(fact.id, "n/a"),))
        return cell

    body = tuple(tuple(map(short, row)) for row in table.body)
    note: list[Run] = list(table.note)
    for reason, facts in reasons.items():
        tickers = dict.fromkeys(fact.subject for fact in facts)
        note += [Text(" " if note else ""), Name(", ".join(tickers)), Text(": "), Number(facts[0].id, f"n/a, {reason}")]
        note.append(Text("."))
    return replace(table, body=body, note=tuple(note))


def is_known(measured: Measurements, metric: str, code: str | None) -> bool:
    """Whether any fund has a value for the metric."""
    facts = (measured.find(ticker, metric, code) for ticker in measured.tickers)
    return any(fact is not None and fact.missing is None for fact in facts)


def fund_columns(tickers: Sequence[str], first: str, last: Sequence[str] = ()) -> tuple[Cell, ...]:
    """A head row: what the rows are, a column a fund, then further columns, called by names."""
    further = (Cell((Name(name),), header=True, numeric=True) for name in last)
    return (head(first), *map(ticker_head, tickers), *further)
