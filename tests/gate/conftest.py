"""A small sound article, which each test spoils in one place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from reportgen.config import Settings
from reportgen.model import (
    Article,
    Artifact,
    Cell,
    Fact,
    Masthead,
    Measurements,
    MetricSpec,
    Name,
    Number,
    Paragraph,
    Request,
    Run,
    Section,
    Table,
    Text,
)
from reportgen.pipeline import Job, Made, Watch, make
from reportgen.sources import open_source

DAY = date(2026, 3, 27)

FACTS = (
    Fact("QQQ", "max_drawdown", "fraction", -0.351225, code="5Y", n=1256, details={"trough": date(2022, 11, 3)}),
    Fact("QQQ", "net_assets", "usd", 395_123_000_000.0),
    Fact("QQQ", "holdings_count", "count", 1942),
    Fact("IWM", "max_drawdown", "fraction", missing="began 2024-03-01", code="5Y"),
    Fact("QQQ", "largest_sector", "text", "Technology"),
    Fact("IWM", "diff.cagr", "fraction", -0.0972, second="QQQ", code="5Y"),
    Fact("IWM", "diff.expense_ratio", "fraction", 0.0001, second="QQQ"),
    Fact("QQQ", "growth_of_1000", "usd", 1833.9998, code="5Y"),
    Fact("IWM", "growth_of_1000", "usd", 1172.02, code="5Y"),
    Fact("QQQ", "total_return", "fraction", 0.834, code="5Y"),
    Fact("IWM", "correlation", "ratio", 0.834, second="QQQ", code="5Y"),
)


def spec(name: str) -> MetricSpec:
    label = name.replace("_", " ")
    return MetricSpec(name, label, "fraction", 2, "risk", "a formula", "a reference", parameters={"level": 0.05})


@pytest.fixture
def measured() -> Measurements:
    specs = {fact.metric: spec(fact.metric) for fact in FACTS}
    return Measurements(DAY, ("IWM", "QQQ"), {fact.id: fact for fact in FACTS}, {}, specs)


@pytest.fixture
def sound(measured: Measurements) -> Article:
    legend = Paragraph((Text("Past performance is not a promise of future results."),), "legend")
    returns = Table("returns", (Text("Returns"),), ((Cell((Text("Window"),)),),), ((Cell((Text("five years"),)),),))
    duties = Paragraph(
        (Text("Written by rules. This is not investment advice. Conflict of interest: "), Name("none")), "note"
    )
    return Article(
        slug="iwm-vs-qqq",
        tickers=("IWM", "QQQ"),
        as_of=DAY,
        issue_date=DAY,
        version=1,
        masthead=Masthead((Name("IWM"),), (Text("A headline"),), "The Brief", ()),
        sections=(
            Section("returns", (Text("Returns"),), (returns, legend)),
            Section("sources", (Text("Sources"),), (Paragraph((Text("Prices"),)),), appendix=True),
            Section("disclosures", (Text("Disclosures"),), (duties,), appendix=True),
        ),
        charts={},
        measurements=measured,
        names=frozenset({"The Brief", "none", "Russell 2000"}),
        days=frozenset({date(2022, 11, 3)}),
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


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The sample article with its page and its PDF, as the pipeline makes them."""
    settings = Settings(output=tmp_path_factory.mktemp("gate"), publication="The Brief 24", formats=("html", "pdf"))
    return make(Job(Request(("IWM", "QQQ")), open_source("sample"), settings), Watch(lambda: 0.0))


def file_of(made: Made, media_type: str) -> Artifact:
    return next(artifact for artifact in made.artifacts if artifact.media_type == media_type)
