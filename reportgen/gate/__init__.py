"""Stage 7: reads the finished article as a sceptic would, and holds it when something must not be published.

The gate parses every printed number back and compares it with its fact, and every file with the article. It knows the
model only, and never the code that formatted the numbers or set the pages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from reportgen.errors import Issue
from reportgen.gate import blocks, charts, corrections, dates, files, mail, notes, page, runs, sense, words
from reportgen.gate._walk import texts
from reportgen.gate.licence import may_send as may_send
from reportgen.gate.notice import notice as notice
from reportgen.gate.origin import attached as attached
from reportgen.gate.origin import tells as tells
from reportgen.model import Article, Artifact, Clearance, Finding, Number

_PAGE = "text/html"
_MAIL = "message/rfc822"


def check(
    article: Article, artifacts: Iterable[Artifact], issues: Iterable[Issue] = (), *, formats: Sequence[str] = ()
) -> Clearance:
    """Clearance for an article and its files; every finding is collected, none stops the others.

    issues: problems in the data; one of severity "error" holds the article. formats: those asked for ("html", "pdf",
    "mail"), each of which must be there; without any, one page must be.
    """
    inspection = Inspection(article, issues)
    inspection.look(tuple(artifacts))
    return inspection.clearance(formats)


class Inspection:
    """The gate at work on one article, for files that come one after the other; `check` is for those at hand."""

    def __init__(self, article: Article, issues: Iterable[Issue] = ()) -> None:
        self.article = article
        self.seen: list[Artifact] = []
        self._told = [*read(article, issues), *charts.check(article)]
        self._files: list[Finding] = []
        self._pages: list[Finding] = []

    def look(self, artifacts: Sequence[Artifact]) -> None:
        """Checks files. What travels inside a PDF must come with it or before it."""
        self.seen += artifacts
        self._told += charts.check_files(self.article, artifacts)
        self._files += files.check(self.article, artifacts, self.seen)
        for artifact in artifacts:
            if artifact.media_type == _PAGE:
                self._pages += page.check(self.article, artifact.content.decode("utf-8", "replace"), artifact.name)
            elif artifact.media_type == _MAIL:
                self._pages += mail.check(self.article, artifact)

    def clearance(self, formats: Sequence[str] = ()) -> Clearance:
        """The answer, once every file was looked at. formats: those asked for, as for `check`."""
        pages = [artifact for artifact in self.seen if artifact.media_type == _PAGE]
        findings = [*self._told, *files.missing(self.seen, formats), *self._files, *self._pages]
        return Clearance(tuple(_located(findings, pages)), _counts(self.article, len(pages)))


def read(article: Article, issues: Iterable[Issue] = ()) -> tuple[Finding, ...]:
    """What is wrong with an article before any file shows it: its data, runs, words, sense, blocks and dates."""
    findings: list[Finding] = [
        Finding("data", _place(issue), issue.message.rstrip("."), "Mend the data, or allow it where that can be.")
        for issue in issues
        if issue.severity == "error"
    ]
    for each in (runs, words, sense, notes, blocks, dates, corrections):
        findings += each.check(article)
    return tuple(findings)


def _place(issue: Issue) -> str:
    return f"{issue.subject}, {issue.where}" if issue.where else issue.subject


def _located(findings: Sequence[Finding], pages: Sequence[Artifact]) -> list[Finding]:
    """The findings, those about a fact with the first line of a page that shows it."""
    if not findings or not pages:
        return list(findings)
    lines = pages[0].content.decode("utf-8", "replace").splitlines()

    def located(finding: Finding) -> Finding:
        if not finding.fact or finding.file:
            return finding
        shown = f'data-fact="{finding.fact}"'
        line = next((number for number, text in enumerate(lines, 1) if shown in text), None)
        return finding if line is None else replace(finding, file=pages[0].name, line=line)

    return [located(finding) for finding in findings]


def _counts(article: Article, pages: int) -> dict[str, int]:
    """What was looked at, for run.json."""
    kinds: Counter[bool] = Counter(isinstance(run, Number) for _, sequence in texts(article) for run in sequence)
    return {"numbers": kinds[True], "texts": kinds[False], "pages": pages}
