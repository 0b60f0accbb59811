"""The article's tables: what the funds are, what they returned, what they risked, what they hold."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen import formatting
from reportgen.compose import _cells as cells
from reportgen.model import Cell, Day, Fact, Fund, Measurements, Name, Number, Parameter, Runs, Snapshot, Table, Text

MOST_YEARS = 10
CUMULATIVE = ("1W", "1M", "3M", "YTD", "1Y")
ANNUAL = ("3Y", "5Y", "10Y")
"""Windows told per year. A year is told as it was: 365 days are not quite a year of 365.25."""
_STATED = ("expense_ratio", "net_assets", "distribution_yield", "holdings_count")
_PORTFOLIO = ("top10_weight", "effective_holdings", "largest_sector")


def profile(snapshot: Snapshot, measured: Measurements) -> Table:
    """Table 1: index or category, cost, size, yield, what is held and inception, each with its own date."""
    rows = (
        _category_row(snapshot),
        *((*cells.fact_row(measured, cells.label_of(measured, m), m, None), _as_of(measured, m)) for m in _STATED),
        *(
            (*cells.fact_row(measured, cells.label_of(measured, m), m, None), _as_of(measured, m))
            for m in _PORTFOLIO
            if cells.is_known(measured, m, None)
        ),
        _inception_row(snapshot),
    )
    table = Table(
        "profile",
        cells.text("What the funds are"),
        ((*cells.fund_columns(snapshot.tickers, "Fact"), cells.head("As of")),),
        rows,
    )
    return cells.footnoted(measured, table)


def _category_row(snapshot: Snapshot) -> tuple[Cell, ...]:
    def cell(fund: Fund) -> Cell:
        words = fund.index or fund.category
        return Cell((Name(words),) if words else cells.text("not stated"), numeric=True)

    return (cells.head("Index or category"), *(cell(snapshot.funds[t]) for t in snapshot.tickers), Cell(()))


def _inception_row(snapshot: Snapshot) -> tuple[Cell, ...]:
    def cell(fund: Fund) -> Cell:
        shown = cells.day_cell(fund.inception)
        return Cell(shown.runs if fund.inception else cells.text("not stated"), numeric=True)

    return (cells.head("Inception"), *(cell(snapshot.funds[t]) for t in snapshot.tickers), Cell(()))


def _as_of(measured: Measurements, metric: str) -> Cell:
    """The dates of a row's facts: one where they agree, else each with its fund; "later" marks one after the as-of."""
    facts = [fact for ticker in measured.tickers if (fact := measured.find(ticker, metric)) and fact.missing is None]
    days = list(dict.fromkeys(fact.as_of for fact in facts))
    if len(days) <= 1:
        return Cell(_dated(facts[0], measured) if facts else ())
    named = len(facts) < len(measured.tickers) or len(facts) > 2  # two dates in the order of the columns need no names
    parts = [((Name(f.subject), Text(" ")) if named else ()) + cells.day_cell(f.as_of, f.id).runs for f in facts]
    later = any(day is not None and day > measured.as_of for day in days)
    joined = tuple(run for i, part in enumerate(parts) for run in ((Text(", "), *part) if i else part))
    return Cell((*joined, Text(" (later)")) if later else joined)


def _dated(fact: Fact, measured: Measurements) -> Runs:
    later = fact.as_of is not None and fact.as_of > measured.as_of
    runs = cells.day_cell(fact.as_of, fact.id).runs
    return (*runs, Text(" (later)")) if later else runs


def of_prices(measured: Measurements) -> tuple[str, ...]:
    """The funds whose returns are price returns, because nothing is known of what they paid."""
    named = [f.subject for f in measured if f.metric == "total_return" and f.basis == "price"]
    return tuple(ticker for ticker in measured.tickers if ticker in named)


def returns(measured: Measurements) -> Table:
    """Table 2: cumulative returns up to one year, annual ones above, and what $1,000 became."""
    gap = formatting.signed_points
    rows = [cells.fact_row(measured, cells.window_name(c), "total_return", c, gap=gap) for c in CUMULATIVE]
    rows += [_long_row(measured, code) for code in ANNUAL]
    if not cells.is_known(measured, "cagr", "10Y") and cells.is_known(measured, "cagr", "SI"):
        heading = (*cells.window_name("SI"), Text(", per year"))
        rows[-1] = cells.fact_row(measured, heading, "cagr", "SI", gap=gap)
    growth = "growth_of_1000"
    for code in ("5Y",) if cells.is_known(measured, growth, "5Y") else ("SI",):
        heading = (*cells.label_of(measured, growth), Text(", "), *cells.window_name(code))
        rows.append(cells.fact_row(measured, heading, growth, code, formatting.dollars, gap=formatting.signed_dollars))
    return Table(
        "returns",
        (
            Text("Returns to " if of_prices(measured) else "Total returns to "),
            Day(measured.as_of, formatting.long_date(measured.as_of)),
            Text("; per year above one year"),
        ),
        (cells.fund_columns(measured.tickers, "Window", _gap_columns(measured)),),
        tuple(rows),
    )


def _long_row(measured: Measurements, code: str) -> tuple[Cell, ...]:
    heading = (*cells.window_name(code), Text(", per year"))
    return cells.fact_row(measured, heading, "cagr", code, gap=formatting.signed_points)


def _gap_columns(measured: Measurements) -> Sequence[str]:
    """What the last column is called where there is one: "IWM less QQQ"."""
    return (" less ".join(measured.tickers),) if len(measured.tickers) == 2 else ()


def risk(measured: Measurements) -> Table:
    """Table 3: volatility, beta, drawdown with its three dates, shortfall with its count, worst week and month."""
    code = long_window(measured)
    rows = [cells.fact_row(measured, cells.label_of(measured, "volatility"), "volatility", code)]
    rows.append(cells.fact_row(measured, cells.label_of(measured, "beta"), "beta", code))
    rows.append(cells.fact_row(measured, cells.label_of(measured, "max_drawdown"), "max_drawdown", code))
    rows += [_detail_row(measured, code, name) for name in ("peak", "trough", "recovered")]
    rows.append(cells.fact_row(measured, _shortfall_label(measured, code), "expected_shortfall_95", code))
    rows += [cells.fact_row(measured, cells.label_of(measured, m), m, code) for m in ("worst_week", "worst_month")]
    table = Table(
        "risk",
        (Text("Risk: "), *cells.window_name(code)),
        (cells.fund_columns(measured.tickers, "Measure"),),
        tuple(rows),
    )
    return cells.footnoted(measured, table)


def long_window(measured: Measurements) -> str:
    """The longest window that risk is told over: five years, or all that the funds have in common."""
    return "5Y" if all(_has(measured, t, "5Y") for t in measured.tickers) else "SI"


def _has(measured: Measurements, ticker: str, code: str) -> bool:
    fact = measured.find(ticker, "total_return", code)
    return fact is not None and fact.missing is None


def _detail_row(measured: Measurements, code: str, name: str) -> tuple[Cell, ...]:
    heading = {"peak": "from the peak of", "trough": "to the trough of", "recovered": "recovered on"}[name]

    def cell(ticker: str) -> Cell:
        fact = measured.find(ticker, "max_drawdown", code)
        if fact is None or fact.missing is not None or name not in fact.details:
            return Cell(cells.text("n/a"), numeric=True)
        day = fact.details[name]
        if isinstance(day, str) or day is None:
            return Cell(cells.text("not recovered"), numeric=True)
        return Cell((Day(day, formatting.short_date(day), fact.id),), numeric=True)  # type: ignore[arg-type]

    return (Cell(cells.text(heading), header=True), *map(cell, measured.tickers))


def _shortfall_label(measured: Measurements, code: str) -> Runs:
    label = cells.label_of(measured, "expected_shortfall_95")
    fact = measured.find(measured.tickers[0], "expected_shortfall_95", code)
    if fact is None or fact.missing is not None or "count" not in fact.details:
        return label
    count = Number(fact.id, f"{fact.details['count']}", "count")
    return (*label, Text(" (mean of "), count, Text(" days)"))


def calendar_years(measured: Measurements) -> Table | None:
    """The last calendar years' total returns, latest first; None where no year is complete."""
    found = [f.code for t in measured.tickers for f in measured if f.metric == "calendar_return" and f.subject == t]
    known = {code for code in found if code and cells.is_known(measured, "calendar_return", code)}
    codes = sorted(known, reverse=True)[:MOST_YEARS]
    if not codes:
        return None
    rows = tuple(
        cells.fact_row(measured, (Parameter("window", code, code.removeprefix("CY")),), "calendar_return", code)
        for code in codes
    )
    return Table(
        "calendar-years",
        cells.text("Return by calendar year" if of_prices(measured) else "Total return by calendar year"),
        (cells.fund_columns(measured.tickers, "Year"),),
        rows,
        compact=True,
    )
