"""What is written in place of an article that is held: each finding with its file, line and fact."""

from __future__ import annotations

from collections import Counter
from html import escape

from reportgen.model import Artifact, Clearance, Finding

_HEAD = "This article is held. Nothing was published; an earlier version is untouched."
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.4rem .8rem .4rem 0;"
    "border-bottom:1px solid #8888;overflow-wrap:anywhere}"
)
_COLUMNS = ("Check", "Where", "File", "Line", "Fact", "What is wrong", "What to do")


def notice(clearance: Clearance, slug: str) -> tuple[Artifact, Artifact]:
    """The notice as "notice.txt" and as "held.html"; both list every finding, each on one line of printable words."""
    clearance = Clearance(tuple(map(_printable, clearance.findings)), clearance.checked)
    lines = [_HEAD, "", *(f"- {_told(each)}" for each in clearance.findings)]
    text = Artifact("notice.txt", "text/plain", ("\n".join(lines) + "\n").encode())
    return text, Artifact("held.html", "text/html", _page(clearance, slug).encode())


def _printable(finding: Finding) -> Finding:
    """The finding without line breaks and invisible characters, which a name that it quotes may hold."""
    check, where, message, fix, file, fact = map(
        _words, (finding.check, finding.where, finding.message, finding.fix, finding.file, finding.fact)
    )
    return Finding(check, where, message, fix, file, finding.line, fact)


def _words(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " if c.isspace() else "" for c in text).split())


def _told(finding: Finding) -> str:
    place = f" ({finding.file}:{finding.line})" if finding.file and finding.line else ""
    return f"{finding.check}: {finding.where}{place}: {finding.message}. {finding.fix}"


def _page(clearance: Clearance, slug: str) -> str:
    counts = Counter(each.check for each in clearance.findings)
    summary = ", ".join(f"{count} of {name}" for name, count in counts.most_common())
    head = "".join(f'<th scope="col">{name}</th>' for name in _COLUMNS)
    rows = "\n".join(_row(each) for each in clearance.findings)
    title = f"Held: {escape(_words(slug))}"
    return (
        f'<!DOCTYPE html>\n<html lang="en-US">\n<head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style></head>\n<body>\n<main>\n<h1>{title}</h1>\n"
        f"<p>{_HEAD}</p>\n<p>Findings: {escape(summary)}.</p>\n"
        f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>\n</main>\n</body>\n</html>\n"
    )


def _row(finding: Finding) -> str:
    line = "" if finding.line is None else str(finding.line)
    columns = (finding.check, finding.where, finding.file, line, finding.fact, finding.message, finding.fix)
    return f"<tr>{''.join(f'<td>{escape(column)}</td>' for column in columns)}</tr>"
