"""Which of several fund facts and holdings count: those of days near the as-of; the others are named as unused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from reportgen.errors import Issue
from reportgen.model import Fund, FundFact, Holdings

# A fund fact or a holdings file counts from this long before the as-of to this long after it.
EARLIEST, LATEST = timedelta(days=100), timedelta(days=45)


def _near(day: date | None, as_of: date) -> bool:
    return day is None or as_of - EARLIEST <= day <= as_of + LATEST


def _preference(day: date | None, as_of: date) -> tuple[bool, int]:
    """Sorts the latest on or before the as-of first, then the earliest after it."""
    if day is None:
        return (True, EARLIEST.days)
    return (day > as_of, abs((as_of - day).days))


def choose_facts(ticker: str, profiles: Sequence[Fund], held: Sequence[date], as_of: date, issues: list[Issue]) -> Fund:
    """The fund with the facts that are dated near the as-of; identity comes from the first profile.

    held: the days of its holdings. `unused` of the fund says of which day that is known which is too far away.
    """
    unused = _too_far({"holdings": held}, as_of)
    if not profiles:
        message = f"No fund facts of {ticker} were found: costs, size and category are not known."
        issues.append(Issue("note", "no-fund-facts", ticker, message))
        return Fund(ticker, ticker, unused=unused)
    facts: dict[str, FundFact] = {}
    far: dict[str, Sequence[date | None]] = {}
    for name in dict.fromkeys(name for profile in profiles for name in profile.facts):
        stated = [profile.facts[name] for profile in profiles if name in profile.facts]
        near = [fact for fact in stated if _near(fact.as_of, as_of)]
        if near:
            facts[name] = min(near, key=lambda fact: _preference(fact.as_of, as_of))
        else:
            far[name] = [fact.as_of for fact in stated]
    dropped = {day for days in far.values() for day in days if day is not None}
    issues += _about_dates(ticker, "fund facts", [f.as_of for f in facts.values()], dropped, as_of)
    began = _inception(profiles[0], as_of, issues)
    return replace(profiles[0], facts=facts, inception=began, unused={**unused, **_too_far(far, as_of)})


def _too_far(stated: Mapping[str, Sequence[date | None]], as_of: date) -> dict[str, date]:
    """For each name of which nothing is dated near the as-of, the day nearest to it."""
    found = {}
    for name, days in stated.items():
        known = [day for day in days if day is not None and not _near(day, as_of)]
        if known and len(known) == len(days):
            found[name] = min(known, key=lambda day: abs(as_of - day))
    return found


def _inception(fund: Fund, as_of: date, issues: list[Issue]) -> date | None:
    """The day the fund began, unless that is after the as-of, when it had prices already."""
    if fund.inception is None or fund.inception <= as_of:
        return fund.inception
    message = f"{fund.ticker} is said to begin on {fund.inception}, after the as-of {as_of}; it is not used."
    issues.append(Issue("warning", "strange-fund-fact", fund.ticker, message, str(fund.inception)))
    return None


def choose_holdings(ticker: str, candidates: Iterable[Holdings], as_of: date, issues: list[Issue]) -> Holdings | None:
    """The issuer's full file before the provider's ten lines; of each the latest on or before the as-of first."""
    candidates = tuple(candidates)
    near = [holdings for holdings in candidates if _near(holdings.as_of, as_of)]
    dropped = {h.as_of for h in candidates if not _near(h.as_of, as_of) and h.scope == "full"}
    if not near:
        issues += _about_dates(ticker, "holdings", [], {h.as_of for h in candidates}, as_of)
        return None
    chosen = min(near, key=lambda h: (h.scope != "full", *_preference(h.as_of, as_of)))
    issues += _about_dates(ticker, "holdings", [chosen.as_of], dropped if chosen.scope != "full" else set(), as_of)
    return chosen


def _about_dates(
    ticker: str, what: str, used: Iterable[date | None], dropped: Iterable[date], as_of: date
) -> list[Issue]:
    issues = []
    later = sorted({day for day in used if day is not None and day > as_of})
    if later:
        message = f"The {what} of {ticker} are of {later[-1]}, after the as-of {as_of}."
        issues.append(Issue("note", "dated-later", ticker, message, str(later[-1])))
    for day in sorted(dropped):
        message = f"The {what} of {ticker} of {day} were not used: too far from the as-of {as_of}."
        issues.append(Issue("note", "dated-too-far", ticker, message, str(day)))
    return issues
