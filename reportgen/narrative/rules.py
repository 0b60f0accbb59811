"""Reads rule files: a TOML header inside a Jinja comment, then the text.

Header keys: section, topic and priority are needed; the others are window, assets, roles, when, claim, watch,
speaks_on, [[example]], and

- scope: "pair" (the default: every pair is asked and tested, the clearest is printed), "fund" (every fund by itself,
  as x) or "article" (once, about all funds);
- effect: an arithmetic expression, how large the difference is in multiples of what is worth telling; it chooses among
  pairs, funds and rules of equal priority. Without it a claim's value against its interval's half width counts;
- most: how many funds a rule of scope "fund" may be printed for (1);
- story: who is commonly thought to be ahead, in words. A claim with a story can be contradicted, and its text tells
  the story; a claim without one is a question, told in the direction of the data;
- favors: "x" or "y", whom the sentence shows in the better light; with a claim, where it is supported (where it is
  contradicted the other). Neighbors that agree or differ are joined by the words of words.toml's [joining];
- theme: what a headline or first answer is about; the first answer takes the headline's theme and funds;
- ties: "speak" for a rule that has words for two funds with the same value of its roles' metric; without it, it is
  silent about them;
- watch: a condition that later issues of a brief look for; expects: what the statement says of the week in which it
  occurs. Without expects, only whether it occurred is told;
- decides: the condition of `watch` in words, as the list of open statements prints it;
- note: anything the author wants to say to the next reader.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from reportgen import resources
from reportgen.errors import TemplateError
from reportgen.model import AssetClass, MetricSpec
from reportgen.narrative.header import UnreadableError, is_sound, read_source
from reportgen.narrative.language import Language
from reportgen.narrative.names import CODES
from reportgen.narrative.problems import Complaints, Problem, nearest
from reportgen.narrative.syntax import ClaimTest, Expression, FactName, Piece
from reportgen.narrative.words import Words

SECTIONS = (
    "headline", "answer", "summary", "own", "returns", "risk", "concentration", "breadth", "credit", "second-order",
    "flows", "cost", "horizon-weeks", "horizon-months", "horizon-years", "tail", "contrarian", "same", "outlook",
)  # fmt: skip
BOOKS: Mapping[str, tuple[str, ...]] = {"commentary": SECTIONS, "brief": ("week", "watch")}
"""The sections of each book of rules, by its folder: an article's, and those of a weekly brief over all comparisons."""
Scope = Literal["pair", "fund", "article"]
Expected = Literal["supported", "contradicted", "inconclusive", "descriptive", "silent"]
FOLDER = "commentary"
_HEADER = re.compile(r"\A\{#---[ \t]*\n(?P<header>.*?)\n---#\}", re.DOTALL)
_LONGEST_REASON = 200
_KEYS: Mapping[str, type | tuple[type, ...]] = {
    "section": str, "topic": str, "priority": int, "window": str, "assets": list, "roles": str, "when": str,
    "claim": str, "watch": str, "expects": str, "decides": str, "story": str, "favors": str, "theme": str,
    "speaks_on": str, "scope": str, "effect": str, "most": int, "ties": str, "note": str, "example": list,
}  # fmt: skip
_EXAMPLE_KEYS: Mapping[str, type | tuple[type, ...]] = {
    "facts": dict, "interval": list, "expect": str, "says": (str, list), "note": str,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Roles:
    """x is the fund with the most (or least) of a metric, y the other; `by` None keeps the order asked for."""

    most: bool = True
    by: FactName | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """One embedded case: facts by name, the claim's interval, and what is expected to be said."""

    line: int
    facts: Mapping[str, Any]
    expect: Expected
    interval: tuple[float, float] | None = None
    says: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, read and checked. `name` is its path below templates/commentary without the suffix."""

    name: str
    path: Path
    section: str
    topic: str
    priority: int
    text: tuple[Piece, ...]
    scope: Scope = "pair"
    window: str | None = None
    assets: frozenset[AssetClass] = frozenset(get_args(AssetClass))
    roles: Roles = Roles()
    when: Expression | None = None
    claim: ClaimTest | None = None
    effect: Expression | None = None
    watch: str | None = None
    expects: str | None = None
    decides: tuple[Piece, ...] = ()
    story: str | None = None
    favors: str = ""
    theme: str = ""
    speaks_on_missing: bool = False
    speaks_on_ties: bool = False
    most: int = 1
    examples: tuple[Example, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)


def load_rules(
    folders: Sequence[Path] | None,
    catalogue: Mapping[str, MetricSpec],
    words: Words,
    disabled: Sequence[str] = (),
    book: str = FOLDER,
) -> tuple[Rule, ...]:
    """Every rule of the template folders, a user's file before the shipped one of the same name.

    Raises TemplateError that lists every error, one a line, when any rule is wrong.
    """
    rules, problems = read_rules(folders, catalogue, words, book)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise TemplateError("\n".join(map(str, errors[:100])), fix="`reportgen rules check` lists them.")
    if unknown := sorted(set(disabled) - {rule.name for rule in rules}):
        hint = nearest(unknown[0], (rule.name for rule in rules))
        raise TemplateError(f"there is no rule {unknown[0]!r} to disable{hint}.")
    return tuple(rule for rule in rules if rule.name not in disabled)


def read_rules(
    folders: Sequence[Path] | None, catalogue: Mapping[str, MetricSpec], words: Words, book: str = FOLDER
) -> tuple[tuple[Rule, ...], tuple[Problem, ...]]:
    """The rules that can be used, by name, and every problem found in any file."""
    from reportgen.narrative.lint import lint

    rules: list[Rule] = []
    problems: list[Problem] = []
    for name, path in resources.merged(f"{book}/**/*.j2", folders or resources.template_folders()):
        rule, complaints = _read(path, name.removeprefix(f"{book}/").removesuffix(".j2"), catalogue, book)
        if rule is not None:
            usable = not _is_wrong(complaints)
            lint(rule, words, complaints, whole=usable)
            if usable:
                rules.append(rule)
        problems.extend(complaints.problems)
    return tuple(rules), tuple(sorted(problems))


def read_rule(
    path: Path, name: str, catalogue: Mapping[str, MetricSpec], book: str = FOLDER
) -> tuple[Rule | None, Complaints]:
    """One file's rule, or None where it cannot be used, and what is wrong with it."""
    rule, complaints = _read(path, name, catalogue, book)
    return (None if _is_wrong(complaints) else rule), complaints


def _is_wrong(complaints: Complaints) -> bool:
    return any(problem.severity == "error" for problem in complaints.problems)


def _read(path: Path, name: str, catalogue: Mapping[str, MetricSpec], book: str) -> tuple[Rule | None, Complaints]:
    """One file's rule as far as it can be read, so that every mistake in it is found at once."""
    try:
        source = read_source(path)
    except UnreadableError as reason:
        complaints = Complaints(str(path), "")
        complaints.add(str(reason), (1, 1))
        return None, complaints
    complaints = Complaints(str(path), source)
    match = _HEADER.match(source)
    if match is None:
        complaints.add("begins with {#--- on a line of its own, then the header in TOML, then ---#}", (1, 1))
        return None, complaints
    header = _toml(match["header"], complaints)
    if header is None or not is_sound(header, complaints):
        return None, complaints
    fitting = _fitting(header, _KEYS, complaints, 1)
    text = "\n" * match[0].count("\n") + source[match.end() :]
    wrong = frozenset(header) - frozenset(fitting)
    return _Reader(path, name, fitting, wrong, complaints, catalogue, BOOKS[book]).rule(text), complaints


def _toml(header: str, complaints: Complaints) -> dict[str, Any] | None:
    try:
        return tomllib.loads("\n" + header)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as problem:
        place = re.search(r"\(at line (\d+), column (\d+)\)", str(problem))
        at = (int(place[1]), int(place[2])) if place else (header.count("\n") + 2, 1)
        reason = re.sub(r" [(]at .*", "", str(problem))[:_LONGEST_REASON]
        complaints.add(f"the header is not TOML: {reason}", at)
        return None


def _fitting(
    table: Mapping[str, Any], keys: Mapping[str, type | tuple[type, ...]], complaints: Complaints, line: int
) -> dict[str, Any]:
    """The keys that are known and hold what they should; the others are complained of."""
    fitting: dict[str, Any] = {}
    for key, value in table.items():
        if key not in keys:
            complaints.add(f"unknown key {key!r}{nearest(key, keys)}", complaints.find(key, line))
        elif not isinstance(value, keys[key]) or isinstance(value, bool):
            complaints.add(f"{key} cannot be {value!r}", complaints.find(key, line))
        else:
            fitting[key] = value
    return fitting


class _Reader:
    """Turns one header and text into a Rule. wrong: keys that were complained of already and are left out here."""

    def __init__(
        self,
        path: Path,
        name: str,
        header: dict[str, Any],
        wrong: frozenset[str],
        complaints: Complaints,
        catalogue: Mapping[str, MetricSpec],
        sections: tuple[str, ...] = SECTIONS,
    ) -> None:
        self.path, self.name, self.header, self.wrong, self.complaints = path, name, header, wrong, complaints
        self.sections = sections
        window = header.get("window")
        if window is not None and window.lower() not in CODES:
            self._complain("window", f"unknown window {window!r}{nearest(window, CODES.values())}")
            window = None
        self.window = CODES[window.lower()] if window is not None else None
        self.language = Language(catalogue, self.window, complaints)

    def rule(self, text: str) -> Rule:
        header = self.header
        claim = self.language.claim(header["claim"], self._line("claim")) if "claim" in header else None
        for key in ("watch", "expects"):
            self._expression(key, "bool")
        return Rule(
            name=self.name,
            path=self.path,
            section=self._one_of("section", self.sections, None),
            topic=self._needed("topic", ""),
            priority=self._needed("priority", 0),
            text=self.language.text(text, claim),
            scope=self._one_of("scope", get_args(Scope), "pair"),  # type: ignore[arg-type]
            window=self.window,
            assets=self._assets(),
            roles=self._roles(),
            when=self._expression("when", "bool"),
            claim=claim,
            effect=self._expression("effect", "number"),
            watch=header.get("watch"),
            expects=header.get("expects"),
            decides=self._decides(claim),
            story=header.get("story"),
            favors=self._one_of("favors", ("x", "y"), ""),
            theme=header.get("theme", ""),
            speaks_on_missing=self._one_of("speaks_on", ("missing",), "") == "missing",
            speaks_on_ties=self._one_of("ties", ("speak",), "") == "speak",
            most=self._most(),
            examples=self._examples(),
            sources={key: header[key] for key in ("roles", "when", "claim", "effect") if key in header},
        )

    def _decides(self, claim: ClaimTest | None) -> tuple[Piece, ...]:
        """The condition in words; its lines are counted as the file's."""
        if "decides" not in self.header:
            if "watch" in self.header:
                self._complain("watch", "a watched condition needs its words: decides")
            return ()
        return self.language.text("\n" * (self._line("decides") - 1) + self.header["decides"], claim)

    def _line(self, key: str) -> int:
        return self.complaints.find(key)[0]

    def _complain(self, key: str, message: str) -> None:
        self.complaints.add(message, self.complaints.find(key))

    def _needed(self, key: str, default: Any) -> Any:  # noqa: ANN401  the key's type was checked before
        if key not in self.header and key not in self.wrong:
            self._complain("", f"the header needs {key}")
        return self.header.get(key, default)

    def _one_of(self, key: str, choices: Sequence[str], default: str | None) -> str:
        value: str = self._needed(key, "") if default is None else self.header.get(key, default)
        if key in self.header and value not in choices:
            self._complain(
                key, f"{key} cannot be {value!r}{nearest(value, choices)}; it is one of {', '.join(choices)}"
            )
        return value

    def _most(self) -> int:
        most: int = self.header.get("most", 1)
        if most < 1:
            self._complain("most", f"most cannot be {most}: a rule that may never be printed is better deleted")
        return most

    def _assets(self) -> frozenset[AssetClass]:
        known = get_args(AssetClass)
        assets = self.header.get("assets", list(known))
        for asset in assets:
            if asset not in known:
                self._complain("assets", f"unknown asset class {asset!r}{nearest(str(asset), known)}")
        return frozenset(assets) if all(isinstance(a, str) for a in assets) else frozenset()

    def _expression(self, key: str, wants: str) -> Expression | None:
        if key not in self.header:
            return None
        return self.language.expression(self.header[key], self._line(key), wants=wants)

    def _roles(self) -> Roles:
        source = self.header.get("roles", "asked")
        match source.split():
            case ["asked"]:
                return Roles()
            case [("most" | "least") as which, metric]:
                name = self.language.expression(f"x.{metric}", self._line("roles"), wants="number")
                return Roles(which == "most", name if isinstance(name, FactName) else None)
        self._complain("roles", 'roles are "most METRIC", "least METRIC" or "asked"')
        return Roles()

    def _examples(self) -> tuple[Example, ...]:
        examples: list[Example] = []
        line = 1
        for table in self.header.get("example", ()):
            line = self.complaints.find("[[example]]", line + 1)[0]
            if not isinstance(table, dict) or table != _fitting(table, _EXAMPLE_KEYS, self.complaints, line):
                continue
            expect: Any = table.get("expect")
            if expect not in get_args(Expected):
                self.complaints.add(f"an example expects one of {', '.join(get_args(Expected))}", (line, 1))
                continue
            interval = table.get("interval")
            if interval is not None and not _is_interval(interval):
                self.complaints.add("an example's interval is [low, high]", (line, 1))
                continue
            says = table.get("says", ())
            says = (says,) if isinstance(says, str) else tuple(map(str, says))
            bounds = (float(interval[0]), float(interval[1])) if interval is not None else None
            examples.append(Example(line, table.get("facts", {}), expect, bounds, says))
        return tuple(examples)


def _is_interval(value: list[object]) -> bool:
    return len(value) == 2 and all(isinstance(v, int | float) for v in value) and value[0] <= value[1]  # type: ignore[operator]
