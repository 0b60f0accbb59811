"""Check: funds, windows and verdicts in a sentence agree with the facts that it cites."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reportgen.gate import _numerals
from reportgen.gate._walk import block_runs, is_kind, paragraphs, tables, texts
from reportgen.model import (
    Article,
    Claim,
    Fact,
    Finding,
    Name,
    Number,
    Paragraph,
    Parameter,
    Run,
    Runs,
    Table,
    Tag,
    Text,
)

_CODES = {
    "week": "1W", "one week": "1W", "month": "1M", "one month": "1M", "three months": "3M", "one year": "1Y",
    "three years": "3Y", "five years": "5Y", "ten years": "10Y",
}  # fmt: skip
_SPAN = re.compile(rf"\bover (?:the (?:past|last) )?({'|'.join(_CODES)})\b", re.IGNORECASE)
_FOR = re.compile(r"(?: percent| times| holdings| a year)?(?: for | of | in | \()")
_NEXT = re.compile(r" |: ")
_OPENING = re.compile(r".*(?:[.;:,] | and )", re.DOTALL)
_THEN = re.compile(r" (?:(?!and |or |both |each |than |against |over |for |from )[a-z]+ ){1,3}")
_ENDS = re.compile(r"[.;?!](?: |$)")
_FIX = "Mend the rule that says it."
_CHANCE = 0.10
_INCONCLUSIVE = re.compile(r"\bdata do not (?:separate|settle)\b", re.IGNORECASE)


def check(article: Article) -> Iterator[Finding]:
    """A finding for each number given to a wrong fund, window that no fact has, and verdict against its evidence."""
    for place, runs in texts(article):
        yield from _wrong_funds(article, place, runs)
    for place, paragraph in paragraphs(article):
        yield from _wrong_windows(article, place, paragraph.runs, paragraph.facts)
        yield from _wrong_verdicts(article, place, paragraph)
    for place, runs in _bulleted(article):
        yield from _wrong_windows(article, place, runs, ())
    for section, table in tables(article):
        yield from _wrong_columns(article, f"section {section.id}, table {table.id}", table)
        if is_kind(table, "claims"):
            yield from _wrong_rows(table)


def _bulleted(article: Article) -> Iterator[tuple[str, Runs]]:
    for section in article.sections:
        for block in section.blocks:
            if not isinstance(block, Paragraph | Table):
                for runs in block_runs(block):
                    yield f"section {section.id}", runs


def _wrong_funds(article: Article, place: str, runs: Runs) -> Iterator[Finding]:
    """Numbers bound to a fund by the words next to them: "3.2% for IWM", "IWM 3.2%"."""
    for at, run in enumerate(runs):
        fact = article.measurements.facts.get(run.fact) if isinstance(run, Number) else None
        if fact is None or fact.second is not None or fact.subject not in article.tickers or fact.key is not None:
            continue
        ticker = _owner(article, runs, at)
        if ticker is not None and ticker != fact.subject:
            message = f"{run.text!r} is told of {ticker}, and is {fact.id}"
            yield Finding("funds", place, message, _FIX, fact=fact.id)


def _owner(article: Article, runs: Runs, at: int) -> str | None:
    """The fund that a number is told of, where the words leave no doubt."""

    def ticker(position: int) -> str | None:
        run = runs[position] if 0 <= position < len(runs) else None
        return run.text if isinstance(run, Name) and run.text in article.tickers else None

    def link(position: int, pattern: re.Pattern[str]) -> bool:
        run = runs[position] if 0 <= position < len(runs) else None
        return isinstance(run, Text) and pattern.fullmatch(run.text) is not None

    if link(at + 1, _FOR):
        return ticker(at + 2)
    opens = at < 3 or link(at - 3, _OPENING)
    return ticker(at - 2) if link(at - 1, _NEXT) or (opens and link(at - 1, _THEN)) else None


def _wrong_windows(article: Article, place: str, runs: Runs, more: tuple[str, ...]) -> Iterator[Finding]:
    ids = [run.fact for run in runs if isinstance(run, Number)] + list(more)
    facts = [article.measurements.facts[each] for each in ids if each in article.measurements.facts]
    codes = {fact.code for fact in facts}
    if not codes - {None}:
        return
    bound = False
    for run in runs:
        if isinstance(run, Number):
            fact = article.measurements.facts.get(run.fact)
            bound = bound or (fact is not None and fact.code is not None)
        for said, found in _spans(run.text) if isinstance(run, Text) else ():
            bound = bound and not _ENDS.search(said)
            about = bound or found[0][0] == "O"
            if about and _CODES[found[1].lower()] not in codes and not _is_defined(article, facts, found[1]):
                yield Finding("windows", place, f"{found[0]!r} is the window of no fact cited there", _FIX)
        bound = bound and not (isinstance(run, Text) and _ENDS.search(run.text))


def _spans(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    """Each window named in a text, with the words before it: a window told after a number belongs to it."""
    return ((text[: found.start()], found) for found in _SPAN.finditer(text))


def _is_defined(article: Article, facts: list[Fact], span: str) -> bool:
    """Whether a fact's own definition speaks of the span: a percentile against ten years has no window of its own."""
    specs = (article.measurements.specs.get(fact.metric) for fact in facts)
    return any(spec is not None and span.lower() in f"{spec.label} {spec.formula}".lower() for spec in specs)


def _wrong_columns(article: Article, place: str, table: Table) -> Iterator[Finding]:
    """Numbers that stand under another fund's name."""
    if not table.head:
        return
    heads = [_sole_ticker(article, cell.runs) for cell in table.head[-1]]
    for row in table.body:
        for ticker, cell in zip(heads, row, strict=False):
            for run in cell.runs if ticker and not cell.header else ():
                fact = article.measurements.facts.get(run.fact) if isinstance(run, Number) else None
                if fact is not None and ticker not in (fact.subject, fact.second):
                    message = f"{run.text!r} stands under {ticker}, and is {fact.id}"
                    yield Finding("funds", place, message, "Give each fund its own column.", fact=fact.id)
        yield from _row_windows(article, place, row[0].runs, tuple(run for cell in row[1:] for run in cell.runs))


def _row_windows(article: Article, place: str, head: Runs, runs: Runs) -> Iterator[Finding]:
    """Numbers in a row that a window or a metric heads, and that are of another."""
    codes = {run.name for run in head if isinstance(run, Parameter) and run.metric == "window"}
    metrics = {run.metric for run in head if isinstance(run, Parameter) and run.name == "label"}
    for run in runs:
        fact = article.measurements.facts.get(run.fact) if isinstance(run, Number) else None
        if fact is None:
            continue
        if codes and fact.code not in codes:
            message = f"{run.text!r} stands in the row of {', '.join(codes)}, and is {fact.id}"
            yield Finding("windows", place, message, "Give each window its own row.", fact=fact.id)
        if metrics and fact.metric.removeprefix("diff.") not in metrics:
            message = f"{run.text!r} stands in the row of {', '.join(metrics)}, and is {fact.id}"
            yield Finding("numbers", place, message, "Give each measure its own row.", fact=fact.id)


def _sole_ticker(article: Article, runs: Runs) -> str | None:
    text = "".join(run.text for run in runs)
    return text if text in article.tickers else None


def _wrong_verdicts(article: Article, place: str, paragraph: Paragraph) -> Iterator[Finding]:
    printed = [run.verdict for run in paragraph.runs if isinstance(run, Tag)]
    if paragraph.verdict != "descriptive":
        printed.append(paragraph.verdict)
    told = [verdict for _, verdict in paragraph.claims if verdict != "descriptive"]
    if paragraph.claims and printed != told:
        yield Finding("verdicts", place, f"the marks {printed} are not the verdicts {told}", "Print each verdict.")
    for claim, verdict in paragraph.claims:
        fact = article.measurements.facts.get(claim.fact)
        if fact is not None and fact.missing is None and not _bears(fact, claim, verdict):
            message = f"{verdict!r} is not what {claim.fact} says of {claim.text!r}"
            yield Finding("verdicts", place, message, "Let the data decide.", fact=claim.fact)
    if any(_INCONCLUSIVE.search(run.text) for run in paragraph.runs if isinstance(run, Text)):
        facts = [f for each in paragraph.facts if (f := article.measurements.facts.get(each)) and f.interval]
        if facts and not any(_is_open(fact) for fact in facts):
            yield Finding("verdicts", place, "the data are said to settle nothing, and they do", _FIX, fact=facts[0].id)


def _is_open(fact: Fact) -> bool:
    bounds = fact.interval
    return bounds is not None and (bounds.low <= 0 <= bounds.high or bounds.p > _CHANCE / 100)


def _bears(fact: Fact, claim: Claim, verdict: str) -> bool:
    """Whether a fact's interval, and its p where adjusted, bear a verdict out."""
    if verdict == "descriptive" or fact.interval is None:
        return True
    low, high = sorted((claim.side * fact.interval.low, claim.side * fact.interval.high))
    clear = claim.adjusted_p is None or claim.adjusted_p <= _CHANCE
    if verdict == "supported":
        return low > 0 and clear
    return (high < 0 and clear) if verdict == "contradicted" else not ((low > 0 or high < 0) and clear)


def _wrong_rows(table: Table) -> Iterator[Finding]:
    """Rows of the table of claims whose verdict is not what their own interval says."""
    for row in table.body:
        words = "".join(run.text for run in row[-1].runs)
        bounds = [_numerals.read(run.text) for cell in row for run in cell.runs if _is_bound(run)]
        if len(bounds) != 2 or bounds[0] is None or bounds[1] is None:
            continue
        low, high = bounds[0].value, bounds[1].value
        wrong = (words == "supported" and low < 0) or (words == "contradicted" and high > 0)
        if wrong or words not in ("supported", "contradicted", "not settled"):
            name = "".join(run.text for run in row[0].runs)
            message = f"{words!r} is not what the interval of {name!r} says"
            yield Finding("verdicts", "table claims", message, "Let the data decide.")


def _is_bound(run: Run) -> bool:
    return isinstance(run, Number) and (run.detail or "").endswith(("interval.low", "interval.high"))
