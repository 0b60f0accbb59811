"""The article's head: title, headline, dates, market impact, related tickers and themes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from reportgen import formatting
from reportgen.compose import terms
from reportgen.model import Commentary, Day, Masthead, Measurements, Name, Ordinal, Rights, Run, Runs, Snapshot, Text

PLAIN_HEADLINE: Runs = (Text("No clear difference"),)


def build(
    snapshot: Snapshot,
    measured: Measurements,
    commentary: Commentary,
    publication: str,
    issued: date,
    version: int,
    rights: Rights,
) -> Masthead:
    """The masthead. The headline is the headline rules' first statement."""
    spoken = commentary.section("headline")
    return Masthead(
        title=title(snapshot.tickers),
        headline=spoken[0].runs if spoken else PLAIN_HEADLINE,
        publication=publication,
        lines=tuple(_lines(snapshot, measured, commentary, issued, version, rights)),
    )


def title(tickers: Sequence[str]) -> Runs:
    """The tickers compared: "IWM or QQQ?"."""
    return (*formatting.joined(tuple((Name(ticker),) for ticker in tickers), "or"), Text("?"))


def funds(snapshot: Snapshot) -> Runs:
    """The funds compared by their full names: "iShares Russell 2000 ETF (IWM) and Invesco QQQ Trust (QQQ)"."""
    named: tuple[tuple[Run, ...], ...] = tuple(
        (Name(snapshot.funds[t].name), Text(" ("), Name(t), Text(")")) for t in snapshot.tickers
    )
    return formatting.joined(named)


def _lines(
    snapshot: Snapshot, measured: Measurements, commentary: Commentary, issued: date, version: int, rights: Rights
) -> Iterator[tuple[Runs, Runs]]:
    yield (Text("Funds"),), funds(snapshot)
    yield (Text("Issued"),), (_long(issued), Text(", version "), Ordinal(version, str(version)))
    yield (Text("Data as of"),), _as_of(snapshot)
    impact = measured.find("article", "market_impact")
    if impact is not None and impact.missing is None:
        yield (Text("Market impact"),), (formatting.ratio(measured.reading(impact)), Text(_impact_words(impact.number)))
    if kept := terms.restrictions(snapshot.sources, rights):
        yield (Text("Data licence"),), (Name(kept),)
    if commentary.related:
        yield (Text("Related tickers"),), _names(commentary.related)
    if commentary.themes:
        yield (Text("Themes"),), _names(commentary.themes)


def brief_lines(
    snapshot: Snapshot, comparisons: Sequence[Runs], issued: date, version: int, rights: Rights
) -> tuple[tuple[Runs, Runs], ...]:
    """The labelled lines of a brief of several comparisons, named as given."""
    named = tuple(run for i, one in enumerate(comparisons) for run in ((Text("; "), *one) if i else one))
    lines: list[tuple[Runs, Runs]] = [
        ((Text("Comparisons"),), named),
        ((Text("Issued"),), (_long(issued), Text(", version "), Ordinal(version, str(version)))),
        ((Text("Data as of"),), _as_of(snapshot)),
    ]
    if kept := terms.restrictions(snapshot.sources, rights):
        lines.append(((Text("Data licence"),), (Name(kept),)))
    return tuple(lines)


def _long(day: date) -> Day:
    return Day(day, formatting.long_date(day))


def _as_of(snapshot: Snapshot) -> Runs:
    close: tuple[Run, ...] = (Text("the close of "), _long(snapshot.as_of))
    if snapshot.requested is None or snapshot.requested == snapshot.as_of:
        return close
    return (*close, Text(", the last session with data on or before "), _long(snapshot.requested))


def _impact_words(score: float) -> str:
    """What a score says: how unusual the last five sessions were against five years of such spans."""
    if score <= 0:
        return " on a scale from zero to one: no more than half of the weeks of five years were quieter"
    return " on a scale from zero to one: how unusual the week's largest move is against five years of weeks"


def _names(words: Sequence[str]) -> Runs:
    return tuple(run for i, word in enumerate(words) for run in ((Text(", "), Name(word)) if i else (Name(word),)))
