"""A small sound article, which each test spoils in one place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from reportgen.model import (
    Article,
    Cell,
    Fact,
    Masthead,
    Measurements,
    MetricSpec,
    Name,
    Number,
    Paragraph,
    Run,
    Section,
    Table,
    Text,
)

DAY = date(2026, 3, 27)

FACTS = (
    Fact("QQQ", "max_drawdown", "fraction", -0.351225, code="5Y", n=1256, details={"trough": date(2022, 11, 3)}),
    Fact("QQQ", "net_assets", "usd", 395_123_000_000.0),
    Fact("QQQ", "holdings_count", "count", 1942),
    Fact("IWM", "max_drawdown", "fraction", missing="began 2024-03-01", code="5Y"),
    Fact("QQQ", "largest_sector", "text", "Technology"),
    Fact("IWM", "diff.cagr", "fraction", -0.0972, second="QQQ", code="5Y"),
    Fact("IWM", "diff.expense_ratio", "fraction", 0.0001, second="QQQ"),
)


def spec(name: str) -> MetricSpec:
    return MetricSpec(name, name.replace("_", " "), "fraction", 2, "risk", "a formula", "a reference")


@pytest.fixture
def measured() -> Measurements:
    specs = {fact.metric: spec(fact.metric) for fact in FACTS}
    return Measurements(DAY, ("IWM", "QQQ"), {fact.id: fact for fact in FACTS}, {}, specs)


@pytest.fixture
def sound(measured: Measurements) -> Article:
    legend = Paragraph((Text("Past performance is not a promise."),), "legend")
    returns = Table("returns", (Text("Returns"),), ((Cell((Text("Window"),)),),), ((Cell((Text("none"),)),),))
    duties = Paragraph((Text("Written by rules. Conflict of interest: none. This is not investment advice."),), "note")
    return Article(
        slug="iwm-vs-qqq",
        tickers=("IWM", "QQQ"),
        as_of=DAY,
        issue_date=DAY,
        version=1,
        masthead=Masthead((Name("IWM"),), (Text("A headline"),), "The Brief", ()),
        sections=(
            Section("returns", (Text("Returns"),), (returns, legend)),
            Section("sources", (Text("Sources"),), (), appendix=True),
            Section("disclosures", (Text("Disclosures"),), (duties,), appendix=True),
        ),
        charts={},
        measurements=measured,
    )


@pytest.fixture
def saying(sound: Article) -> Callable[..., Article]:
    """The sound article with one more paragraph of the runs given."""

    def add(*runs: Run) -> Article:
        section = Section("more", (Text("More"),), (Paragraph(runs),))
        return replace(sound, sections=(*sound.sections, section))

    return add


def number(fact: str, text: str, detail: str | None = None) -> Number:
    return Number(fact, text, detail)
