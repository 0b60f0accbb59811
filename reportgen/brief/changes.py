"""What changed between two issues, from their facts alone: every entry can be made again from two files of facts.

Compared is what both issues have, by the same method: a new version of a method card is no change of a fact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from reportgen.brief.thresholds import FACTS, FEE, PAIR_FACTS, RANKS, SECTOR, Threshold
from reportgen.model import Fact

Kind = Literal["fee", "holding in", "holding out", "verdict", "rank", "sector", "fact"]
ORDER: tuple[Kind, ...] = ("fee", "verdict", "rank", "holding in", "holding out", "sector", "fact")
"""The order in which changes are told."""
_HOLDING = "top_holding"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim as an issue tested it."""

    comparison: str
    fact: str
    side: Literal[-1, 1]
    text: str
    verdict: str

    @property
    def answer(self) -> int:
        """The side of zero on which the data put the fact, or 0 where they do not settle it."""
        return {"supported": self.side, "contradicted": -self.side}.get(self.verdict, 0)


@dataclass(frozen=True, slots=True)
class Issued:
    """What one issue printed: its comparisons, its facts by id, its claims."""

    comparisons: Mapping[str, tuple[str, ...]]
    facts: Mapping[str, Fact]
    claims: tuple[Claimed, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed. before, now: the facts, where there was one (for a rank, those of the fund now first).

    comparison: for what concerns one comparison only. told: a claim's answers, or the orders of a rank, as words.
    side: for a verdict, the side of zero on which the later claim puts the fact.
    """

    kind: Kind
    subject: str
    metric: str
    before: Fact | None = None
    now: Fact | None = None
    comparison: str | None = None
    told: tuple[str, str] | None = None
    text: str = ""
    side: Literal[-1, 1] = 1


def between(before: Issued, now: Issued) -> tuple[Change, ...]:
    """Every change, by kind, then as the later issue has the facts."""
    found = (*_moved(before, now), *_holdings(before, now), *_ranks(before, now), *_verdicts(before, now))
    return tuple(sorted(found, key=lambda change: ORDER.index(change.kind)))


def comparable(before: Fact | None, now: Fact | None) -> bool:
    """Whether two facts are known, and made by the same method, on the same basis, from the same kind of data."""
    if before is None or now is None or before.missing is not None or now.missing is not None:
        return False
    same = ("taxonomy", "benchmark", "credit", "rates", "scope")
    return (before.method, before.basis) == (now.method, now.basis) and all(
        before.details.get(name) == now.details.get(name) for name in same
    )


def _moved(before: Issued, now: Issued) -> Iterator[Change]:
    """Facts of a fund or a pair that passed their thresholds."""
    limits = {(each.metric, each.code): each for each in (FEE, SECTOR, *FACTS, *PAIR_FACTS)}
    for id_, fact in now.facts.items():
        threshold = limits.get((fact.metric, fact.code))
        earlier = before.facts.get(id_)
        if threshold is None or earlier is None or fact.issue is not None or not comparable(earlier, fact):
            continue
        if threshold.passed(earlier.number, fact.number):
            yield Change(_kind(threshold), _who(fact), fact.metric, earlier, fact)


def _kind(threshold: Threshold) -> Kind:
    return "fee" if threshold is FEE else "sector" if threshold is SECTOR else "fact"


def _who(fact: Fact) -> str:
    return f"{fact.subject}:{fact.second}" if fact.second else fact.subject


def _holdings(before: Issued, now: Issued) -> Iterator[Change]:
    """Lines that entered or left a fund's ten largest, told by ticker where there is one, else by name."""
    for fund in _subjects(now):
        then, today = _largest(before, fund), _largest(now, fund)
        if not then or not today or not comparable(*(next(iter(each.values())) for each in (then, today))):
            continue
        yield from (Change("holding in", fund, _HOLDING, None, today[line]) for line in today if line not in then)
        yield from (Change("holding out", fund, _HOLDING, then[line], None) for line in then if line not in today)


def _subjects(issued: Issued) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ticker for funds in issued.comparisons.values() for ticker in funds))


def _largest(issued: Issued, fund: str) -> dict[str, Fact]:
    found = (
        fact
        for fact in issued.facts.values()
        if (fact.subject, fact.metric) == (fund, _HOLDING) and fact.missing is None and fact.issue is None
    )
    return {str(fact.details.get("ticker") or (fact.key or "").casefold()): fact for fact in found}


def _ranks(before: Issued, now: Issued) -> Iterator[Change]:
    """Orders of a comparison's funds that are not what they were."""
    for comparison, funds in now.comparisons.items():
        if before.comparisons.get(comparison) != funds:
            continue
        for metric, code in RANKS:
            then, today = (_values(issued, funds, metric, code) for issued in (before, now))
            if then is None or today is None or not all(comparable(then[t], today[t]) for t in funds):
                continue
            orders = _order(then), _order(today)
            if orders[0] != orders[1]:
                first = orders[1][0][0]
                told = _written(orders[0]), _written(orders[1])
                yield Change("rank", first, metric, then[first], today[first], comparison, told)


def _values(issued: Issued, funds: Sequence[str], metric: str, code: str | None) -> dict[str, Fact] | None:
    """The facts that rank the funds of a comparison; None where one is not known."""
    ids = {ticker: f"{ticker}/{metric}/{code}" if code else f"{ticker}/{metric}" for ticker in funds}
    found = {ticker: issued.facts[id_] for ticker, id_ in ids.items() if id_ in issued.facts}
    return found if len(found) == len(funds) and all(f.missing is None for f in found.values()) else None


def _order(facts: Mapping[str, Fact]) -> tuple[tuple[str, ...], ...]:
    """The funds from the largest value down, those of one value together."""
    values = sorted({fact.number for fact in facts.values()}, reverse=True)
    return tuple(tuple(sorted(t for t, fact in facts.items() if fact.number == value)) for value in values)


def _written(order: tuple[tuple[str, ...], ...]) -> str:
    return ", ".join(" and ".join(equal) for equal in order)


def _verdicts(before: Issued, now: Issued) -> Iterator[Change]:
    """Claims whose answer is not what it was, where the fact is made as it was."""
    then = {(each.comparison, each.fact): each for each in before.claims}
    for claim in now.claims:
        earlier = then.get((claim.comparison, claim.fact))
        facts = before.facts.get(claim.fact), now.facts.get(claim.fact)
        if earlier is None or earlier.answer == claim.answer or not comparable(*facts):
            continue
        told = _seen_from(claim, earlier), claim.verdict
        yield Change("verdict", claim.fact, "claim", *facts, claim.comparison, told, claim.text, claim.side)


def _seen_from(claim: Claimed, earlier: Claimed) -> str:
    """The earlier verdict on what is claimed now: a claim told the other way round was contradicted if supported."""
    if earlier.side == claim.side:
        return earlier.verdict
    return {"supported": "contradicted", "contradicted": "supported"}.get(earlier.verdict, earlier.verdict)
