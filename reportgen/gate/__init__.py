"""Stage 7: reads the finished article as a sceptic would, and holds it when something must not be published.

The gate parses every printed number back and compares it with its fact. It knows the model only, and never the code
that formatted the numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from reportgen.errors import Issue
from reportgen.gate import blocks, page, runs
from reportgen.gate._walk import texts
from reportgen.model import Article, Artifact, Clearance, Finding, Number


def check(article: Article, artifacts: Iterable[Artifact], issues: Iterable[Issue] = ()) -> Clearance:
    """Clearance for an article and its files; every finding is collected, none stops the others.

    issues: problems in the data; one of severity "error" holds the article.
    """
    findings: list[Finding] = [
        Finding("data", _place(issue), issue.message.rstrip("."), "Mend the data, or allow it where that can be.")
        for issue in issues
        if issue.severity == "error"
    ]
    findings += runs.check(article)
    findings += blocks.check(article)
    pages = [a for a in artifacts if a.media_type == "text/html"]
    for artifact in pages:
        findings += page.check(artifact.content.decode(), artifact.name)
    return Clearance(tuple(findings), _counts(article, len(pages)))


def _place(issue: Issue) -> str:
    return f"{issue.subject}, {issue.where}" if issue.where else issue.subject


def _counts(article: Article, pages: int) -> dict[str, int]:
    """What was looked at, for run.json."""
    kinds: Counter[bool] = Counter(isinstance(run, Number) for _, sequence in texts(article) for run in sequence)
    return {"numbers": kinds[True], "texts": kinds[False], "pages": pages}
