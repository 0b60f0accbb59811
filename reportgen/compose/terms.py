"""What may be done with the data, a sentence for each licence: the provider's terms or the publisher's own right."""

from __future__ import annotations

from collections.abc import Iterable

from reportgen.model import Rights, SourceRecord, own_terms, right_to


def all_terms(sources: Iterable[SourceRecord], rights: Rights) -> str:
    """The terms of every source, each sentence once."""
    return _joined(terms(source, rights) for source in sources)


def restrictions(sources: Iterable[SourceRecord], rights: Rights) -> str:
    """What may not be done with the data: the terms of every source that may not be published."""
    return _joined(source.terms for source in sources if not source.publishable and not _own(source, rights))


def terms(source: SourceRecord, rights: Rights) -> str:
    """The sentence printed about a source's licence."""
    own = _own(source, rights)
    return own_terms(source.provider, own) if own and not source.publishable else source.terms


def _own(source: SourceRecord, rights: Rights) -> str:
    return right_to(source.provider, rights)


def _joined(sentences: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(sentences))
