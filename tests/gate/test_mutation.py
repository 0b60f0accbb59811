"""The gate's own test: 200 seeded corruptions, nearly all of them caught; clean articles, none of them held.

Clean articles of real funds are drawn by the run's seed, 16 of them unless REPORTGEN_GATE_ARTICLES says otherwise:
`REPORTGEN_GATE_ARTICLES=120 pytest tests/gate/test_mutation.py -m real_data` is the whole proof. The pages of all pairs
of eight funds are cleared by `tests/pipeline` besides.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

import pytest

from reportgen import gate
from reportgen.config import Settings
from reportgen.errors import ReportgenError
from reportgen.gate import page, paper
from reportgen.model import Request
from reportgen.pipeline import Job, Made, Watch, make
from reportgen.render import html
from reportgen.sources import open_source
from tests.conftest import drawn_seed
from tests.gate import mutations

pytestmark = pytest.mark.slow
EACH = {"article": 10, "page": 9, "paper": 6}
SAMPLES = (("SPY", "TLT"), ("QQQ", "SPY"), ("IWM", "GLD"), ("SPY", "QQQ", "IWM"))
ARTICLES = int(os.environ.get("REPORTGEN_GATE_ARTICLES", "16"))
FIRST, LAST = date(2012, 1, 3), date(2026, 3, 27)
SEED = drawn_seed()
PARTS = 4
Table = dict[str, Counter[bool]]


def test_nearly_every_corruption_is_caught(finished: Made, capsys: pytest.CaptureFixture[str]) -> None:
    table: Table = {}
    in_text(finished, table)
    in_page(finished, table)
    in_paper(finished, table)
    tried = sum(counter.total() for counter in table.values())
    caught = sum(counter[True] for counter in table.values())
    with capsys.disabled():
        print()
        for kind, counter in (*table.items(), ("all", Counter({True: caught, False: tried - caught}))):
            print(f"{kind:<28}{counter[True]:>4} of {counter.total():>3} caught")
    assert tried >= 200
    assert caught >= 0.99 * tried


def in_text(made: Made, table: Table) -> None:
    for kind, corrupt in mutations.ARTICLE.items():
        chance = random.Random(kind)
        for _ in range(EACH["article"]):
            article = corrupt(chance, made.article)
            if article is None:
                continue
            try:
                held = not gate.check(article, [html.render(article)]).cleared
            except ReportgenError:
                held = True
            table.setdefault(kind, Counter())[held] += 1


def in_page(made: Made, table: Table) -> None:
    (sound,) = (a.content.decode() for a in made.artifacts if a.name == "article.html")
    for kind, edit in mutations.PAGE.items():
        chance = random.Random(kind)
        for _ in range(EACH["page"]):
            changed = edit(chance, sound)
            if changed is None or changed == sound:
                continue
            table.setdefault(kind, Counter())[bool(list(page.check(made.article, changed, "article.html")))] += 1


def in_paper(made: Made, table: Table) -> None:
    (sound,) = (a for a in made.artifacts if a.name == "article.pdf")
    for kind in ("lost", "doubled", "changed"):
        chance = random.Random(kind)
        for _ in range(EACH["paper"]):
            changed = replace(sound, content=mutations.paper(chance, sound.content, kind))
            held = bool(list(paper.check(made.article, changed)))
            table.setdefault(f"paper: a line {kind}", Counter())[held] += 1


def made_of(source: Path | None, tickers: Sequence[str], as_of: date | None, out: Path) -> Made:
    opened = open_source("sample") if source is None else open_source("files", source)
    settings = Settings(output=out, publication="Brief 24", formats=("html", "pdf"))
    return make(Job(Request(tuple(tickers), as_of), opened, settings), Watch(lambda: 0.0))


@pytest.mark.parametrize("tickers", SAMPLES, ids="-".join)
def test_clean_sample_articles_are_cleared(tmp_path: Path, tickers: Sequence[str]) -> None:
    assert made_of(None, tickers, None, tmp_path).clearance.findings == ()


def drawn(folder: Path) -> Iterator[tuple[tuple[str, ...], date]]:
    """Funds and days: mostly pairs on the last day, and now and then up to five funds, or a day of the past."""
    chance = random.Random(SEED)
    begun = {path.stem: date.fromisoformat(path.read_text().split("\n", 2)[1][:10]) for path in price_files(folder)}
    for _ in range(ARTICLES):
        count = chance.choice((2, 2, 2, 2, 3, 4, 5))
        funds = tuple(chance.sample(sorted(begun), count))
        earliest = max(FIRST, *(begun[fund] + timedelta(days=400) for fund in funds))
        past = earliest + timedelta(days=chance.randrange((LAST - earliest).days))
        yield funds, chance.choice((LAST, LAST, past))


def price_files(folder: Path) -> Iterator[Path]:
    return (path for path in (folder / "prices").glob("*.csv") if not path.stem.startswith("^"))


@pytest.mark.real_data
@pytest.mark.parametrize("part", range(PARTS))
def test_clean_real_articles_are_cleared(tmp_path: Path, real_data: Path, part: int) -> None:
    held = {}
    for funds, as_of in islice(drawn(real_data), part, None, PARTS):
        if findings := made_of(real_data, funds, as_of, tmp_path).clearance.findings:
            held[f"{' '.join(funds)} {as_of}"] = [f"{f.check}, {f.where}: {f.message}" for f in findings]
    assert held == {}, f"seed {SEED}"
