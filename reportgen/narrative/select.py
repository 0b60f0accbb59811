"""Chooses what is printed: one scene a rule, one statement a topic, few a section, no fact told in three places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reportgen.model import Silence, Statement, Verdict, facts_in, plain
from reportgen.narrative.rules import BOOKS, Rule

LIMITS: Mapping[str, int] = {
    "headline": 1, "answer": 3, "summary": 4, "own": 2, "returns": 1, "risk": 3, "concentration": 2, "breadth": 1,
    "credit": 2, "second-order": 1, "flows": 2, "cost": 2, "horizon-weeks": 3, "horizon-months": 2, "horizon-years": 2,
    "tail": 3, "contrarian": 2, "same": 2, "outlook": 2, "week": 5, "watch": 2,
}  # fmt: skip
"""Statements a section, so that an article of two funds keeps to some thousand words."""

SECTIONS = tuple(section for sections in BOOKS.values() for section in sections)
_OPENING = frozenset({"headline", "answer", "summary"})
"""The opening repeats by nature what the body explains; together it counts as one place."""
_PLACES = 2
FIRST_ANSWER = "answer-matters"
LONGEST = 930
LONGER_A_FUND = 150
"""Words of an article of two funds, and how many each further fund may add."""
_STRENGTH = {"supported": 2, "contradicted": 2, "inconclusive": 1, "descriptive": 0}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A statement that could be printed; `effect` is comparable among rules of one topic and priority.

    found: the verdict on the claim as the rule writes it, where the statement may tell it in the data's direction.
    """

    rule: Rule
    statement: Statement
    effect: float
    found: Verdict = "descriptive"

    @property
    def favored(self) -> str | None:
        """The fund that the statement shows in the better light, if its rule says so and its claim is settled."""
        role = self.rule.favors
        if self.rule.claim is not None and self.found == "contradicted":
            role = {"x": "y", "y": "x"}.get(role, "")
        if self.rule.claim is not None and self.found in ("inconclusive", "descriptive"):
            return None
        return self.statement.roles.get(role)

    @property
    def rank(self) -> tuple[float, ...]:
        """The higher the better; ties are broken by name, and by the order asked for, which sorting keeps."""
        return (self.statement.priority, _STRENGTH[self.statement.verdict], self.effect)


def select(candidates: Sequence[Candidate]) -> tuple[Mapping[str, tuple[Candidate, ...]], list[Silence]]:
    """What is printed, by section in printing order, and the statements that were passed over with the reason."""
    silent: list[Silence] = []
    left = _answer_the_headline(candidates, silent)
    left = _one_scene_a_rule(left, silent)
    left = _one_a_topic(left, silent)
    left = _few_a_section(left, silent)
    left = _no_fact_everywhere(left, silent)
    left = _within_length(left, silent)
    by_section = {
        section: tuple(c for c in left if c.statement.section == section)
        for section in SECTIONS
        if any(c.statement.section == section for c in left)
    }
    return by_section, silent


def _best_first(candidates: Iterable[Candidate]) -> list[Candidate]:
    by_name = sorted(candidates, key=lambda c: c.rule.name)
    return sorted(by_name, key=lambda c: c.rank, reverse=True)


def _passed(candidate: Candidate, reason: str) -> Silence:
    return Silence(candidate.statement.rule, reason, candidate.statement.roles)


def _who(candidate: Candidate) -> str:
    return " and ".join(candidate.statement.roles.values()) or "all funds"


def _answer_the_headline(candidates: Sequence[Candidate], silent: list[Silence]) -> list[Candidate]:
    """Keeps, of the first answer's candidates, those with the headline's theme and funds, if there are any."""
    heads = [c for c in candidates if c.statement.section == "headline"]
    if not heads:
        return list(candidates)
    head = _best_first(heads)[0]
    answers = [c for c in candidates if c.statement.topic == FIRST_ANSWER]
    fitting = [c for c in answers if c.rule.theme == head.rule.theme and _funds(c) == _funds(head)]
    if not fitting:
        return list(candidates)
    others = [c for c in answers if c not in fitting]
    silent.extend(_passed(c, f"the headline is about {head.rule.theme} of {_who(head)}") for c in others)
    return [c for c in candidates if c not in others]


def _funds(candidate: Candidate) -> frozenset[str]:
    return frozenset(candidate.statement.roles.values())


def _one_scene_a_rule(candidates: Sequence[Candidate], silent: list[Silence]) -> list[Candidate]:
    """The clearest pair speaks for a rule; all pairs were tested. A fund's rule may speak for several funds."""
    by_rule: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        by_rule[candidate.rule.name].append(candidate)
    kept: list[Candidate] = []
    for same in by_rule.values():
        ranked = _best_first(same)
        most = ranked[0].rule.most if ranked[0].rule.scope == "fund" else 1
        told = ranked[:most]
        kept.extend(c for c in same if c in told)
        silent.extend(_passed(c, f"told of {_who(told[0])}, where it is clearer") for c in ranked[most:])
    return kept


def _one_a_topic(candidates: Sequence[Candidate], silent: list[Silence]) -> list[Candidate]:
    winners: dict[tuple[str, str], Candidate] = {}
    for candidate in _best_first(candidates):
        winners.setdefault((candidate.statement.section, candidate.statement.topic), candidate)
    kept: list[Candidate] = []
    for candidate in candidates:
        winner = winners[candidate.statement.section, candidate.statement.topic]
        if candidate.rule.name == winner.rule.name:
            kept.append(candidate)
        else:
            silent.append(_passed(candidate, f"{winner.rule.name} speaks about {winner.statement.topic}"))
    return kept


def _few_a_section(candidates: Sequence[Candidate], silent: list[Silence]) -> list[Candidate]:
    by_section: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in _best_first(candidates):
        by_section[candidate.statement.section].append(candidate)
    kept: list[Candidate] = []
    for section in SECTIONS:
        ranked = _in_printing_order(by_section[section])
        limit = LIMITS[section]
        # Warnings are not commentary: however many there are, none gives way.
        warnings = [c for c in ranked if c.statement.topic.startswith("warning")]
        others = [c for c in ranked if c not in warnings]
        chosen = [*warnings, *others[:limit]]
        kept.extend(c for c in ranked if c in chosen)
        silent.extend(_passed(c, f"the section {section} is full") for c in others[limit:])
    return kept


def _in_printing_order(candidates: Sequence[Candidate]) -> list[Candidate]:
    return sorted(candidates, key=lambda c: (-c.statement.priority, c.rule.name))


def _no_fact_everywhere(candidates: Sequence[Candidate], silent: list[Silence]) -> list[Candidate]:
    """Keeps a statement unless each fact it prints was printed in two places before."""
    places: dict[str, set[str]] = defaultdict(set)
    kept: list[Candidate] = []
    for candidate in candidates:
        statement = candidate.statement
        place = "opening" if statement.section in _OPENING else statement.section
        printed = facts_in(statement.runs)
        worn = [fact for fact in printed if len(places[fact] - {place}) >= _PLACES]
        if printed and len(worn) == len(printed):
            silent.append(_passed(candidate, f"its facts were told twice already, {worn[0]} among them"))
            continue
        for fact in printed:
            places[fact].add(place)
        kept.append(candidate)
    return kept


def _within_length(candidates: Sequence[Candidate], silent: list[Silence]) -> list[Candidate]:
    """Drops what matters least until the prose has its length; a section keeps one statement, and warnings stay."""
    kept = list(candidates)
    funds = {ticker for c in candidates for ticker in c.statement.roles.values()}
    longest = LONGEST + LONGER_A_FUND * max(0, len(funds) - 2)
    while sum(map(_words, kept)) > longest:
        spare = [c for c in kept if _can_go(c, kept)]
        if not spare:
            break
        least = min(spare, key=lambda c: (*c.rank, c.rule.name))
        kept.remove(least)
        silent.append(_passed(least, f"the article would be longer than {longest} words"))
    return kept


def _words(candidate: Candidate) -> int:
    return len(plain(candidate.statement.runs).split())


def _can_go(candidate: Candidate, kept: Sequence[Candidate]) -> bool:
    statement = candidate.statement
    if statement.section in _OPENING or statement.topic.startswith("warning"):
        return False
    return sum(c.statement.section == statement.section for c in kept) > 1
