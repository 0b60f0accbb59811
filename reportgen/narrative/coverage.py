"""Which rules speak, over many articles: how often, with which verdict, and why the others stay silent."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from reportgen.model import Commentary, Silence
from reportgen.narrative.rules import Rule


@dataclass(frozen=True, slots=True)
class RuleCoverage:
    """What became of one rule over `articles` articles.

    spoke: in how many of them it was printed; verdicts: how often with which; reasons: why it was not, the commonest
    first, each article once, with x and y instead of tickers and DATE instead of days.
    """

    rule: str
    articles: int
    spoke: int = 0
    verdicts: Mapping[str, int] = field(default_factory=dict)
    reasons: Mapping[str, int] = field(default_factory=dict)

    @property
    def silent(self) -> int:
        """In how many articles it was not printed."""
        return self.articles - self.spoke

    @property
    def commonest_reason(self) -> str | None:
        """Why it was silent most often; None where it always spoke."""
        return next(iter(self.reasons), None)

    def as_json(self) -> dict[str, object]:
        return {
            "rule": self.rule,
            "articles": self.articles,
            "spoke": self.spoke,
            "silent": self.silent,
            "verdicts": dict(self.verdicts),
            "reasons": dict(self.reasons),
        }


def cover(rules: Sequence[Rule], commentaries: Iterable[Commentary]) -> tuple[RuleCoverage, ...]:
    """Every rule's coverage over these commentaries, in the order of the rules.

    A rule that is printed for one pair of an article and passed over for another has spoken in it.
    """
    articles = 0
    spoke: Counter[str] = Counter()
    verdicts: dict[str, Counter[str]] = {rule.name: Counter() for rule in rules}
    reasons: dict[str, Counter[str]] = {rule.name: Counter() for rule in rules}
    for commentary in commentaries:
        articles += 1
        printed = {s.rule: s.verdict for told in commentary.statements.values() for s in told}
        for name, verdict in printed.items():
            spoke[name] += 1
            verdicts[name][verdict] += 1
        for name, reason in _why(commentary.silent, printed):
            reasons[name][reason] += 1
    return tuple(_coverage(rule.name, articles, spoke, verdicts[rule.name], reasons[rule.name]) for rule in rules)


def _coverage(
    name: str, articles: int, spoke: Counter[str], verdicts: Counter[str], reasons: Counter[str]
) -> RuleCoverage:
    # Equal counts stand in alphabetical order, so that the report does not depend on the order of the articles.
    ranked = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    return RuleCoverage(name, articles, spoke[name], dict(sorted(verdicts.items())), dict(ranked))


def _why(silences: Iterable[Silence], printed: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """One reason for each rule that an article does not print: of several scenes the commonest."""
    by_rule: dict[str, Counter[str]] = {}
    for silence in silences:
        if silence.rule not in printed:
            by_rule.setdefault(silence.rule, Counter())[general(silence)] += 1
    for name, found in by_rule.items():
        yield name, min(found, key=lambda reason: (-found[reason], reason))


def general(silence: Silence) -> str:
    """The reason without the article's own tickers and days, so that the same reason is counted as one."""
    reason = silence.reason
    for role, ticker in silence.roles.items():
        reason = re.sub(rf"(?<![\w.^-]){re.escape(ticker)}(?![\w-])", role, reason)
    return re.sub(r"\b\d{4}-\d{2}-\d{2}\b", "DATE", reason)
