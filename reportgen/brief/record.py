"""The files beside the pages: facts, manifest, conditions, changes, and last the record of the run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from reportgen import compose
from reportgen._version import __version__
from reportgen.brief.changes import Change, Claimed
from reportgen.brief.comparisons import Held, Written
from reportgen.model import Article, Artifact, Clearance, Fact, Measurements, Recipe, Snapshot, plain
from reportgen.model.serial import in_lines, to_json

SCHEMA = 1
_JSON = "application/json"


def claims_of(written: Sequence[Written]) -> tuple[Claimed, ...]:
    """Every claim that the comparisons tested."""
    return tuple(
        Claimed(one.slug, tested.claim.fact, tested.claim.side, tested.claim.text, tested.verdict)
        for one in written
        for tested in one.commentary.claims
    )


def facts(measured: Measurements, snapshot: Snapshot, written: Sequence[Written]) -> Artifact:
    """facts.json: every fact once, with the comparisons and the claims."""
    document = to_json(measured, snapshot.sources)
    document["comparisons"] = {one.slug: list(one.snapshot.tickers) for one in written}
    document["claims"] = [
        {
            "comparison": one.slug,
            "fact": tested.claim.fact,
            "side": tested.claim.side,
            "text": tested.claim.text,
            "verdict": tested.verdict,
            "adjusted_p": tested.claim.adjusted_p,
        }
        for one in written
        for tested in one.commentary.claims
    ]
    return as_file("facts.json", document)


def manifest(article: Article, snapshot: Snapshot, files: Sequence[Artifact]) -> Artifact:
    """manifest.json: what every article's holds, the hash of each price history, and one over all that was read."""
    document = dict(compose.manifest(article, snapshot, files))
    histories = {ticker: snapshot.histories[ticker].sha256 for ticker in sorted(snapshot.histories)}
    parts = {"histories": histories, "sources": document["sources"]}
    document["histories"] = histories
    document["sha256"] = hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
    return as_file("manifest.json", document)


def changes(found: Sequence[Change], before: date | None, as_of: date) -> Artifact:
    """changes.json: every change, printed or not, with both values and both dates."""
    rows = [
        {
            "kind": change.kind,
            "subject": change.subject,
            "metric": change.metric,
            "comparison": change.comparison,
            "before": _side(change.before, before),
            "now": _side(change.now, as_of),
            "told": change.told and list(change.told),
            "text": change.text,
        }
        for change in found
    ]
    since = before and before.isoformat()
    return as_file("changes.json", {"schema": SCHEMA, "since": since, "as_of": as_of.isoformat(), "changes": rows})


def _side(fact: Fact | None, issue: date | None) -> dict[str, Any] | None:
    if fact is None:
        return None
    value = fact.value.isoformat() if isinstance(fact.value, date) else fact.value
    dated = fact.as_of or issue
    bounds = fact.interval
    interval = {"interval": [bounds.low, bounds.high]} if bounds is not None else {}
    return {"fact": fact.id, "key": fact.key, "value": value, "date": dated and dated.isoformat(), **interval}


@dataclass(frozen=True, slots=True)
class Run:
    """What the record of a run tells of."""

    article: Article
    clearance: Clearance
    sending: Clearance
    written: Sequence[Written]
    held: Sequence[Held]
    recipe: Recipe | None = None

    @property
    def status(self) -> str:
        """What became of the brief: "issued", "part" where a comparison is held back, or "held"."""
        if not self.clearance.cleared:
            return "held"
        return "part" if self.held else "issued"


def run(told: Run, artifacts: Sequence[Artifact], seconds: Mapping[str, float]) -> Artifact:
    """run.json: what was issued, held or left out; its files with their hashes; how long each step took."""
    article = told.article
    document = {
        "schema": SCHEMA,
        "reportgen": __version__,
        "kind": "brief",
        "status": told.status,
        "slug": article.slug,
        "title": plain(article.masthead.title),
        "headline": plain(article.masthead.headline),
        "publication": article.masthead.publication,
        "simulated": article.simulated,
        "funds": list(article.tickers),
        "as_of": article.as_of.isoformat(),
        "issue_date": article.issue_date.isoformat(),
        "version": article.version,
        "corrections": [{**asdict(each), "at": each.at.isoformat()} for each in article.corrections],
        "recipe": told.recipe and {**asdict(told.recipe), "as_of": told.recipe.as_of and str(told.recipe.as_of)},
        "printed": compose.printed_as_json(article),
        "pairs": [*map(_written, told.written), *map(_held, told.held)],
        "checked": dict(told.clearance.checked),
        "findings": [asdict(finding) for finding in told.clearance.findings],
        "withheld": [asdict(finding) for finding in told.sending.findings],
        "steps": {name: round(each, 4) for name, each in seconds.items()},
        "artifacts": [{"name": a.name, "bytes": len(a.content), "sha256": a.sha256} for a in artifacts],
    }
    return as_file("run.json", document)


def _written(one: Written) -> dict[str, Any]:
    return {"slug": one.slug, "tickers": list(one.snapshot.tickers), "status": "issued"}


def _held(one: Held) -> dict[str, Any]:
    findings = [asdict(finding) for finding in one.findings]
    told = {"slug": one.slug, "tickers": list(one.tickers), "status": "held", "reason": one.reason}
    return {**told, "findings": findings}


def as_file(name: str, content: Mapping[str, object]) -> Artifact:
    """JSON as a file, the same content always the same bytes."""
    return Artifact(name, _JSON, in_lines(content))
