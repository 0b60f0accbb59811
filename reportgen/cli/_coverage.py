"""`reportgen rules coverage`: which rules speak, over many pairs of a data folder."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reportgen.cli._article import day
from reportgen.cli._rules import CONFIG, DEBUG, JSON, given
from reportgen.errors import DataError

if TYPE_CHECKING:
    from reportgen.config import Settings
    from reportgen.model import Commentary
    from reportgen.narrative import Rule, Words
    from reportgen.narrative.coverage import RuleCoverage

Pair = tuple[str, str]
_LONGEST_REASON = 100


@click.command("coverage")
@click.option("--data", type=click.Path(path_type=Path), required=True, help="Folder of price files.")
@click.option("--pairs", type=click.IntRange(min=1), default=50, show_default=True, help="How many pairs, at most.")
@click.option("--as-of", metavar="DATE", callback=day, help="Judge at this day's close [default: the last common day].")
@CONFIG
@JSON
@DEBUG
def coverage(*, data: Path, pairs: int, as_of: date | None, config: Path | None, as_json: bool, debug: bool) -> None:
    """Tell how often each rule speaks over many pairs of a folder's funds, and which never does.

    The pairs are spread evenly over all there are, and are the same every time. About a second each.
    """
    del debug  # read by the error handler
    from reportgen import narrative
    from reportgen.narrative.coverage import cover

    settings, folders, specs, words = given(config)
    rules = narrative.load_rules(folders, specs, words, settings.disabled_rules)
    study = Study(data, settings, as_of, rules, words)
    chosen = spread(tuple(combinations(study.tickers(), 2)), pairs)
    found = cover(rules, study.commentaries(chosen))
    if len(study.unusable) == len(chosen):
        raise DataError("No pair of the folder can be compared.", where=str(data), fix=_first(study.unusable))
    if as_json:
        answer = {"pairs": len(chosen), "unusable": study.unusable, "rules": [one.as_json() for one in found]}
        click.echo(json.dumps(answer, indent=1))
        return
    for line in table(found):
        click.echo(line)


@dataclass
class Study:
    """The commentaries of many pairs, one after the other; progress goes to standard error."""

    data: Path
    settings: Settings
    as_of: date | None
    rules: Sequence[Rule]
    words: Words
    unusable: dict[str, str] = field(default_factory=dict)

    def tickers(self) -> tuple[str, ...]:
        """The folder's funds whose prices can be read."""
        from reportgen.sources.survey import survey

        found = tuple(status.ticker for status in survey(self.data) if status.first is not None)
        if len(found) < 2:
            raise DataError("The folder holds no two funds to compare.", where=str(self.data), fix="Add price files.")
        return found

    def commentaries(self, chosen: Sequence[Pair]) -> Iterator[Commentary]:
        """What the rules say of each pair; a pair that cannot be compared is told of and left out."""
        from reportgen import metrics, narrative
        from reportgen.model import Request
        from reportgen.sources import open_source

        source = open_source("files", self.data)
        for number, pair in enumerate(chosen, 1):
            click.echo(f"  {number}/{len(chosen)} {' '.join(pair)}", err=True)
            try:
                snapshot = source.load(Request(pair, self.as_of, self.settings.context))
                measured = metrics.measure(snapshot)
            except DataError as problem:
                click.echo(f"    left out: {problem}", err=True)
                self.unusable[" ".join(pair)] = str(problem)
                continue
            yield narrative.comment(measured, snapshot, self.rules, self.words)


def spread(pairs: Sequence[Pair], most: int) -> tuple[Pair, ...]:
    """At most so many of the pairs, at even distances from the first to the last."""
    count = min(most, len(pairs))
    return tuple(pairs[i * len(pairs) // count] for i in range(count))


def table(found: Sequence[RuleCoverage]) -> Iterator[str]:
    """The report in words: those that spoke, the most talkative first, then those that never did."""
    yield f"{'rule':<40} {'spoke':>9}  verdicts, and the commonest reason for silence"
    for one in sorted(found, key=lambda one: (-one.spoke, one.rule)):
        told = ", ".join(f"{verdict} {count}" for verdict, count in one.verdicts.items()) or "never"
        reason = _shortened(one.commonest_reason)
        why = f"; silent {one.silent}: {reason}" if reason is not None else ""
        yield f"{one.rule:<40} {one.spoke:>4}/{one.articles:<4}  {told}{why}"
    never = sum(not one.spoke for one in found)
    articles = found[0].articles if found else 0
    yield f"{len(found)} rules over {articles} pairs: {never} never spoke"


def _shortened(reason: str | None) -> str | None:
    return reason if reason is None or len(reason) <= _LONGEST_REASON else f"{reason[: _LONGEST_REASON - 3]}..."


def _first(unusable: dict[str, str]) -> str:
    pair, reason = next(iter(unusable.items()))
    return f"Of {pair}: {reason}"
