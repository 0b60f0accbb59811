"""The manifest that travels with an article: what it was made from, by which versions, and what came with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from reportgen._version import __version__
from reportgen.model import DIFFERENCE, Article, Artifact, Snapshot

SCHEMA = 1


def manifest(article: Article, snapshot: Snapshot, files: Sequence[Artifact]) -> Mapping[str, Any]:
    """The manifest as JSON holds it; dates are ISO dates.

    Each source with its licence and the SHA-256 of what was read; the version of the program, of the article and of
    each metric's card; each of `files` with its SHA-256.
    """
    return {
        "schema": SCHEMA,
        "article": {
            "slug": article.slug,
            "funds": list(article.tickers),
            "as_of": article.as_of.isoformat(),
            "issue_date": article.issue_date.isoformat(),
            "version": article.version,
            "simulated": article.simulated,
        },
        "versions": {"reportgen": __version__, "methods": _cards(article)},
        "sources": [
            {name: value.isoformat() if name == "as_of" and value else value for name, value in asdict(source).items()}
            for source in snapshot.sources
        ],
        "files": [{"name": file.name, "bytes": len(file.content), "sha256": file.sha256} for file in files],
    }


def _cards(article: Article) -> dict[str, int]:
    """The version of the card of every metric that was measured."""
    specs = article.measurements.specs
    used = {fact.metric.removeprefix(DIFFERENCE) for fact in article.measurements}
    return {name: specs[name].card for name in sorted(used) if name in specs}
