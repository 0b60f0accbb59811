"""What stage 3 says: typed runs of text, statements with their evidence, and what stayed silent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Verdict = Literal["supported", "contradicted", "inconclusive", "descriptive"]
MARKS: Mapping[Verdict, str] = {
    "supported": "supported by the data",
    "contradicted": "a common story contradicted by the data",
    "inconclusive": "not settled by the data",
}
"""What is printed behind a sentence that rests on a tested claim; only a common story can be contradicted."""
TELLING = 14
"""How many of an article's claims are worth a row; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Text:
    """Words without a digit."""

    text: str


@dataclass(frozen=True, slots=True)
class Number:
    """A fact's value as printed; `detail` names the entry of the fact's details that is shown instead of the value.

    former: it is the fact of the version that a correction replaces.
    """

    fact: str
    text: str
    detail: str | None = None
    former: bool = False


@dataclass(frozen=True, slots=True)
class Name:
    """A proper name that may hold digits: a fund, an index, a company, a source."""

    text: str


@dataclass(frozen=True, slots=True)
class Day:
    """A date as printed; `fact` is the fact it belongs to, if it is one; `former` as in `Number`."""

    day: date
    text: str
    fact: str | None = None
    former: bool = False


@dataclass(frozen=True, slots=True)
class Parameter:
    """A constant of a metric's definition, such as a confidence level or a window's length."""

    metric: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Ordinal:
    """A number that counts things on the page: a footnote, a table's number, a rank."""

    value: int
    text: str


@dataclass(frozen=True, slots=True)
class Tag:
    """The mark behind a sentence that rests on a tested claim: "supported by the data"."""

    verdict: Verdict
    text: str


@dataclass(frozen=True, slots=True)
class Ref:
    """A link between a sentence and the note that lists its facts; `back` leads from the note to the sentence."""

    number: int
    back: bool = False

    @property
    def text(self) -> str:
        return str(self.number)

    @property
    def anchor(self) -> str:
        """What the link itself is called, so that the other one can lead to it."""
        return f"{'note' if self.back else 'sentence'}-{self.number}"

    @property
    def target(self) -> str:
        """The anchor that it leads to."""
        return Ref(self.number, not self.back).anchor


Run = Text | Number | Name | Day | Parameter | Ordinal | Tag | Ref
Runs = tuple[Run, ...]


def plain(runs: Runs) -> str:
    """The runs as plain text."""
    return "".join(run.text for run in runs)


def unlinked(runs: Runs) -> Runs:
    """The runs without their links to notes, for what has no notes."""
    return tuple(run for run in runs if not isinstance(run, Ref))


def facts_in(runs: Runs) -> tuple[str, ...]:
    """The ids of the facts that the runs print, each once, in order."""
    ids = (run.fact for run in runs if isinstance(run, Number | Day) and run.fact)
    return tuple(dict.fromkeys(ids))


@dataclass(frozen=True, slots=True)
class Claim:
    """The tested part of a statement: the fact (a value or a difference) whose sign is claimed.

    side is +1 when the claim says the fact is above zero, -1 when below. adjusted_p is None until it is tested.
    """

    fact: str
    side: Literal[-1, 1]
    text: str
    adjusted_p: float | None = None


@dataclass(frozen=True, slots=True)
class Tested:
    """A claim that the article asked of the data, whether or not a sentence tells it. `rules` are those that asked."""

    claim: Claim
    verdict: Verdict
    rules: tuple[str, ...]
    observations: int | None
    printed: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """What a rule says, one to three sentences, with all that it rests on. `roles` maps x and y to tickers.

    joins: it continues the paragraph of the statement before it in its section. decides: the condition `watch` in
    words. favors: the fund that it shows in the better light, where its claim settles that.
    """

    rule: str
    section: str
    topic: str
    priority: int
    runs: Runs
    facts: tuple[str, ...]
    verdict: Verdict = "descriptive"
    claim: Claim | None = None
    roles: Mapping[str, str] = field(default_factory=dict)
    watch: str | None = None
    expects: str | None = None
    decides: Runs = ()
    favors: str | None = None
    window: str | None = None
    joins: bool = False


@dataclass(frozen=True, slots=True)
class Silence:
    """A rule that said nothing, about whom, and why."""

    rule: str
    reason: str
    roles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Commentary:
    """What the rules say: statements by section in printing order, and every silent rule with the reason.

    claims: every claim tested, each fact once, the most telling first. words: what the graded words of this article
    mean, as rows of what is measured and the words with their limits.
    """

    statements: Mapping[str, tuple[Statement, ...]]
    silent: tuple[Silence, ...]
    themes: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    claims: tuple[Tested, ...] = ()
    words: tuple[tuple[str, Runs], ...] = ()

    def section(self, name: str) -> tuple[Statement, ...]:
        return self.statements.get(name, ())

    def tested(self) -> Mapping[str, tuple[Claim, Verdict]]:
        """The most telling claims with their verdicts, by the fact claimed: those printed first, then the clearest."""
        if self.claims:
            return {one.claim.fact: (one.claim, one.verdict) for one in self.claims[:TELLING]}
        return {
            statement.claim.fact: (statement.claim, statement.verdict)
            for statements in self.statements.values()
            for statement in statements
            if statement.claim is not None and statement.verdict != "descriptive"
        }
