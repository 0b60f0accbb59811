"""facts.toml: single facts and distributions corrected by the publisher, each with the source that it cites."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from reportgen.errors import Issue
from reportgen.model import Fund, FundFact, SourceRecord
from reportgen.sources._base import nearest
from reportgen.sources._fund_toml import FACT_UNITS, IDENTITY, checked, with_identity
from reportgen.sources._payments import without
from reportgen.sources._prices import PriceFile
from reportgen.sources._raw import RawFile
from reportgen.sources._values import uppercase, words

_KEYS: Mapping[str, tuple[str, ...]] = {
    "fact": ("ticker", "name", "value", "as_of", "source"),
    "distribution": ("ticker", "day", "amount", "source"),
    "accept": ("ticker", "day", "source"),
}


@dataclass(frozen=True, slots=True)
class Correction:
    """One entry: of which kind, for whom, what, and on whose word. `day` dates a fact or names the day concerned."""

    kind: str
    ticker: str
    name: str
    value: float | str | date | None
    day: date | None
    source: str
    where: str

    @property
    def record(self) -> SourceRecord:
        """The source cited, as one of the snapshot's sources."""
        stated = repr((self.kind, self.ticker, self.name, self.value, self.day))
        return SourceRecord(
            id=self.id,
            name=f"Correction of {self.ticker}: {self.source}",
            kind="fund facts" if self.kind == "fact" else "prices",
            publishable=True,
            terms="A correction by the publisher, from the source named.",
            sha256=hashlib.sha256(stated.encode()).hexdigest(),
            as_of=self.day,
        )

    @property
    def id(self) -> str:
        return f"{self.where}#{self.ticker}/{self.name if self.kind == 'fact' else self.day}"


def read_corrections(raw: RawFile, data: Mapping[str, Any]) -> tuple[Correction, ...]:
    """Every correction, in the file's order. Raises DataError for one that is incomplete or cites no source."""
    found = []
    for kind, entries in data.items():
        if kind not in _KEYS or not isinstance(entries, list):
            raise raw.error(f"[{kind}] is unknown.", fix="Entries begin with [[fact]], [[distribution]] or [[accept]].")
        for entry in entries:
            if not isinstance(entry, Mapping):
                raise raw.error(f"{kind} is not a list of tables.", fix=f"Begin each entry with [[{kind}]].")
            found.append(_correction(raw, kind, entry))
    return tuple(found)


def _correction(raw: RawFile, kind: str, entry: Mapping[str, object]) -> Correction:
    ticker = uppercase(words(str(entry.get("ticker", ""))))
    label = f"[[{kind}]] {ticker}".strip()
    for key in entry:
        if key not in _KEYS[kind]:
            alike = nearest(key, _KEYS[kind], most=1)
            raise raw.error(f"{label} has the unknown key {key!r}.", fix=f"Did you mean {alike[0]}?" if alike else None)
    missing = [key for key in _KEYS[kind] if key not in entry and key != "as_of"]
    if missing:
        why = "A correction must cite its source." if missing == ["source"] else "Complete the entry."
        raise raw.error(f"{label} has no {' and no '.join(missing)}.", fix=why)
    name = str(entry.get("name", kind))
    if kind == "fact" and name not in FACT_UNITS and name not in IDENTITY:
        alike = nearest(name, (*FACT_UNITS, *IDENTITY), most=1)
        raise raw.error(f"{label}: {name!r} is no fact.", fix=f"Did you mean {alike[0]}?" if alike else None)
    value = None
    if kind != "accept":
        value = checked(
            raw, ticker, name if kind == "fact" else "amount", entry["value" if kind == "fact" else "amount"]
        )
    dated = entry.get("as_of" if kind == "fact" else "day")
    day = checked(raw, ticker, "day", dated) if dated is not None else None
    assert day is None or isinstance(day, date)
    return Correction(kind, ticker, name, value, day, str(checked(raw, ticker, "source", entry["source"])), raw.name)


def corrected_profiles(
    ticker: str, profiles: Sequence[Fund], corrections: Sequence[Correction]
) -> tuple[tuple[Fund, ...], tuple[Issue, ...]]:
    """A fund's profiles with single facts replaced in all of them, and a note for each."""
    own = [c for c in corrections if c.kind == "fact" and c.ticker == ticker]
    if not own:
        return tuple(profiles), ()
    profiles = list(profiles) or [Fund(ticker, ticker)]
    issues = []
    for c in own:
        assert c.value is not None
        before = _before(profiles[0], c.name)
        if c.name in FACT_UNITS:
            fact = FundFact(c.value, FACT_UNITS[c.name], c.day, c.id)
            profiles = [replace(p, facts={n: f for n, f in p.facts.items() if n != c.name}) for p in profiles]
            profiles[0] = replace(profiles[0], facts={**profiles[0].facts, c.name: fact})
        else:
            profiles[0] = with_identity(profiles[0], {c.name: c.value})
        message = f"{c.name} was set to {c.value} ({before} before) on the word of: {c.source}."
        issues.append(Issue("note", "corrected-fact", ticker, message, c.where))
    return tuple(profiles), tuple(issues)


def _before(fund: Fund, name: str) -> object:
    if name in FACT_UNITS:
        return fund.facts[name].value if name in fund.facts else "not stated"
    return getattr(fund, name) or "not stated"


def corrected_prices(file: PriceFile, corrections: Sequence[Correction]) -> tuple[PriceFile, tuple[Issue, ...]]:
    """A history with single distributions replaced, and a note for each."""
    history = file.history
    paid = np.array(history.distributions)
    issues, days = [], set(file.decided)
    for c in corrections:
        if c.kind != "distribution" or c.ticker != history.ticker:
            continue
        assert c.day is not None
        assert isinstance(c.value, float)
        at = np.flatnonzero(history.dates == np.datetime64(c.day, "D"))
        if at.size == 0:
            message = f"The distribution of {c.day} could not be corrected: the prices have no such day."
            issues.append(Issue("warning", "correction-not-applied", history.ticker, message, str(c.day)))
            continue
        message = f"The distribution was set to {c.value:g} ({paid[at[0]]:g} before) on the word of: {c.source}."
        issues.append(Issue("note", "corrected-distribution", history.ticker, message, str(c.day)))
        paid[at[0]] = c.value
        days.add(c.day)
    if not issues:
        return file, ()
    left = without(file.issues, frozenset(issue.where for issue in issues if issue.where))
    changed = replace(file, history=replace(history, distributions=paid), issues=left, decided=frozenset(days))
    return changed, tuple(issues)


def accepted(corrections: Sequence[Correction]) -> dict[tuple[str, str], str]:
    """The findings that somebody vouches for: series and date, with the source cited."""
    return {(c.ticker, str(c.day)): c.source for c in corrections if c.kind == "accept"}
