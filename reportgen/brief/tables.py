"""The cover's tables: the week of every fund and comparison, and the calendar of the coming two weeks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from reportgen import formatting
from reportgen.brief.comparisons import Written
from reportgen.compose import _cells as cells
from reportgen.model import (
    DIFFERENCE,
    Block,
    Cell,
    DatedEvent,
    Day,
    Measurements,
    Name,
    Paragraph,
    Reading,
    Run,
    Snapshot,
    Table,
    Text,
)

_WINDOWS = ("1W", "1M", "YTD", "1Y")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def moves(written: Sequence[Written], snapshot: Snapshot, measured: Measurements) -> tuple[Block, ...]:
    """A table of the funds and one of the comparisons."""
    return _funds(snapshot, measured), _comparisons(written, measured)


def _funds(snapshot: Snapshot, measured: Measurements) -> Table:
    """Every fund with its full name, its week, how many of its own past weeks were lower, and its longer returns."""
    signed: Callable[[Reading], Run] = lambda reading: formatting.signed_percent(reading, 1)  # noqa: E731
    share: Callable[[Reading], Run] = lambda reading: formatting.percent(reading, 0)  # noqa: E731
    heads = (
        cells.head("Fund"),
        cells.head("Name"),
        Cell(cells.window_name("1W"), header=True, numeric=True),
        cells.head("Past weeks lower", numeric=True),
        *(Cell(cells.window_name(code), header=True, numeric=True) for code in _WINDOWS[1:]),
    )
    rows = tuple(
        (
            Cell((Name(ticker),), header=True),
            Cell((Name(snapshot.funds[ticker].name),)),
            cells.fact_cell(measured, ticker, "total_return", "1W", signed),
            cells.fact_cell(measured, ticker, "move_percentile", "1W", share),
            *(cells.fact_cell(measured, ticker, "total_return", code, signed) for code in _WINDOWS[1:]),
        )
        for ticker in _by_week(measured)
    )
    caption = (Text("Total returns to "), Day(measured.as_of, formatting.long_date(measured.as_of)))
    note = "Past weeks lower: the share of up to five years of the fund’s own weeks that were lower, signs kept."
    return cells.footnoted(measured, Table("funds-week", caption, (heads,), rows, cells.text(note)))


def _by_week(measured: Measurements) -> list[str]:
    """The funds from the week's largest rise to its largest fall; those without a figure last."""

    def rank(ticker: str) -> tuple[bool, float]:
        fact = measured.find(ticker, "total_return", "1W")
        known = fact is not None and fact.missing is None
        return (not known, -fact.number if fact is not None and known else 0.0)

    return sorted(measured.tickers, key=rank)


def _comparisons(written: Sequence[Written], measured: Measurements) -> Table:
    """Every comparison's market impact and, for two funds, the difference of the week."""
    heads = (
        cells.head("Comparison"),
        cells.head("Who led the week"),
        cells.head("Largest move", numeric=True),
        cells.head("Past weeks with less", numeric=True),
        cells.head("Market impact", numeric=True),
    )
    rows = tuple(_comparison(one) for one in written)
    caption = cells.text("Comparisons of the week")
    note = (
        "Largest move: of one fund, or of one against another, whatever its sign. Past weeks with less: the share of "
        "up to five years of weeks whose largest move was smaller; where it is half or less, market impact is zero."
    )
    return cells.footnoted(measured, Table("comparisons-week", caption, (heads,), rows, cells.text(note)))


def _comparison(one: Written) -> tuple[Cell, ...]:
    tickers = one.snapshot.tickers
    impact = cells.fact_cell(one.measurements, "article", "market_impact", None, formatting.ratio)
    named = formatting.joined(tuple((Name(ticker),) for ticker in tickers), "or")
    return (Cell(named, header=True), _leader(one.measurements), *_unusual(one.measurements), impact)


def _leader(measured: Measurements) -> Cell:
    """Which fund returned the most over the week, and by how much it led the last."""
    ahead, *_, behind = _by_week(measured)
    found = (
        measured.find(a, f"{DIFFERENCE}total_return", "1W", second=b) for a, b in ((ahead, behind), (behind, ahead))
    )
    fact = next((each for each in found if each is not None and each.missing is None), None)
    if fact is None:
        return Cell(cells.text("n/a"))
    gap = formatting.points(measured.reading(fact))
    if gap.text.startswith("0.0 "):
        return Cell(cells.text("level"))
    return Cell((Name(ahead), Text(" led "), Name(behind), Text(" by "), gap))


def _unusual(measured: Measurements) -> tuple[Cell, Cell]:
    """The largest move behind the market impact, with whose it was, and the share of past weeks that saw less."""
    fact = measured.find("article", "market_impact", None)
    if fact is None or fact.missing is not None:
        return Cell(cells.text("n/a"), numeric=True), Cell(cells.text("n/a"), numeric=True)
    reading = measured.reading(fact)
    movers = tuple((Name(ticker),) for ticker in str(fact.details["mover"]).split(":"))
    size = formatting.detail_percent(reading, "largest_move", 1)
    share = formatting.detail_percent(reading, "share", 1)
    return Cell((*formatting.joined(movers, "against"), Text(": "), size), numeric=True), Cell((share,), numeric=True)


def calendar(events: Sequence[DatedEvent]) -> Block:
    """The scheduled events of the coming two weeks, or a sentence where none is known."""
    if not events:
        return Paragraph((Text("No scheduled event is known for the coming two weeks."),))
    rows = tuple(
        (
            Cell((Name(event.name[:1].upper() + event.name[1:]),), header=True),
            Cell((Text(f"{_WEEKDAYS[event.day.weekday()]}, "), Day(event.day, formatting.short_date(event.day)))),
            Cell((Name(event.source),)),
        )
        for event in events
    )
    heads = tuple(map(cells.head, ("Event", "Day", "Date from")))
    return Table("calendar", cells.text("The coming two weeks"), (heads,), rows)
