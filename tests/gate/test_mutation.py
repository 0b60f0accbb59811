"""The gate's own test: 200 seeded corruptions, nearly all of them caught; clean articles, none of them held."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations
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
from tests.gate import mutations

pytestmark = pytest.mark.slow
EACH = {"article": 10, "page": 9, "paper": 6}
FUNDS = ("IWM", "QQQ", "SPY", "TLT", "GLD", "TQQQ", "HYG", "ARKK")
SAMPLES = (("SPY", "TLT"), ("QQQ", "SPY"), ("IWM", "GLD"), ("SPY", "QQQ", "IWM"))
GROUPS = (("IWM", "QQQ", "SPY"), ("QQQ", "TLT", "GLD", "ARKK"), FUNDS[:5])
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


def made_of(source: Path | None, tickers: Sequence[str], out: Path, formats: tuple[str, ...]) -> Made:
    opened = open_source("sample") if source is None else open_source("files", source)
    as_of = None if source is None else date(2026, 3, 27)
    settings = Settings(output=out, publication="Brief 24", formats=formats)
    return make(Job(Request(tuple(tickers), as_of), opened, settings), Watch(lambda: 0.0))


@pytest.mark.parametrize("tickers", SAMPLES, ids="-".join)
def test_clean_sample_articles_are_cleared(tmp_path: Path, tickers: Sequence[str]) -> None:
    assert made_of(None, tickers, tmp_path, ("html", "pdf")).clearance.findings == ()


@pytest.mark.real_data
@pytest.mark.parametrize("tickers", [*combinations(FUNDS, 2), *GROUPS], ids="-".join)
def test_clean_real_articles_are_cleared(tmp_path: Path, real_data: Path, tickers: Sequence[str]) -> None:
    made = made_of(real_data, tickers, tmp_path, ("html", "pdf"))
    assert made.clearance.findings == ()
