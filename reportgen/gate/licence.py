"""Check for whoever sends: may figures of these sources go to subscribers?

Reading is free: whoever builds an article may look at it, whatever its sources' licences say; the page repeats them.
Before anything goes to subscribers, delivery asks here.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

from reportgen.model import LICENCES, RESTRICTED, Clearance, Finding, Rights, SourceRecord, right_to

_NO_RIGHTS: Rights = MappingProxyType({})
_MOST_NAMED = 3


def may_send(sources: Iterable[SourceRecord], rights: Rights = _NO_RIGHTS) -> Clearance:
    """Clearance to send what was made from these sources, or a finding for each licence that forbids it.

    sources: of every article in the mail and in its attachments (`Article.sources`, or `sources_from_json` of a
    facts.json). rights: the publisher's own, by provider, as the settings state them on the day of sending: one that
    was stated when the article was built, and is so no more, does not count. A source whose provider is none of those
    known can be freed by its folder's `source.toml` only.
    """
    asked = tuple(dict.fromkeys(sources))
    withheld: dict[tuple[str, str], list[SourceRecord]] = {}
    for source in asked:
        if not source.publishable and not right_to(source.provider, rights):
            withheld.setdefault((source.provider, source.terms), []).append(source)
    findings = (_finding(provider, terms, kept) for (provider, terms), kept in withheld.items())
    return Clearance(tuple(findings), {"sources": len(asked)})


def _finding(provider: str, terms: str, kept: list[SourceRecord]) -> Finding:
    named = ", ".join(source.id for source in kept[:_MOST_NAMED])
    more = f" and {len(kept) - _MOST_NAMED} more" if len(kept) > _MOST_NAMED else ""
    message = f"{named}{more} may not be sent to subscribers: {terms.rstrip('.')}"
    return Finding(
        "licence", LICENCES[provider].provider if provider in LICENCES else "sources", message, _fix(provider)
    )


def _fix(provider: str) -> str:
    if provider in RESTRICTED:
        own = f'{provider} = "contract no. ..."'
        return f"State your own right in the settings, under [licence]: {own}; or use another source."
    return "Say publishable = true in the data folder's source.toml, if that is your right; or use another source."
