"""Briefs made once for all tests that look at them: a simulated quarter, and one of real data."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from reportgen.batch import stock
from reportgen.brief import BriefJob, Outcome, Telling, run
from reportgen.config import Settings
from reportgen.pipeline import Source
from reportgen.sources import open_source
from tests.brief.quarter import FRIDAYS, PAIRS, Quarter
from tests.conftest import drawn_seed

REAL_PAIRS = (("IWM", "QQQ"), ("SPY", "QQQ"), ("XLE", "XLK"), ("TLT", "HYG"), ("GLD", "SPY"))
REAL_FRIDAYS = tuple(date(2026, 2, 13) + timedelta(weeks=week) for week in range(12))
"""To 2026-05-01; 2026-04-03, Good Friday, is among them."""


@dataclass(frozen=True)
class Issue:
    """One issue as its folder tells it."""

    folder: Path
    outcome: Outcome

    @property
    def as_of(self) -> date:
        return self.outcome.as_of

    def read(self, name: str) -> Any:  # noqa: ANN401 - whatever the file holds
        return json.loads((self.folder / name).read_text())


def settings_for(folder: Path, pairs: tuple[tuple[str, ...], ...], **changed: str) -> Settings:
    base = Settings(output=folder, formats=("html",))
    return replace(base, brief=replace(base.brief, pairs=pairs, **changed))  # type: ignore[arg-type]


def issue(source: Source, settings: Settings, as_of: date | None) -> Issue:
    outcome = run(BriefJob(source, settings, as_of), Telling(lambda: 0.0))
    return Issue(outcome.folder, outcome)


@pytest.fixture(scope="session")
def simulated_quarter(tmp_path_factory: pytest.TempPathFactory) -> tuple[Issue, ...]:
    """Twelve weekly issues of five comparisons, whose fees, portfolios and sizes change."""
    settings = settings_for(tmp_path_factory.mktemp("quarter"), PAIRS)
    source = Quarter(drawn_seed())
    return tuple(issue(source, settings, day) for day in FRIDAYS)


@pytest.fixture(scope="session")
def real_quarter(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Issue, ...]:
    """Twelve weekly issues of five comparisons of real data, a holiday Friday among them."""
    settings = settings_for(tmp_path_factory.mktemp("real"), REAL_PAIRS)
    tickers = (ticker for pair in REAL_PAIRS for ticker in pair)
    source = stock(open_source("files", real_data), tickers, settings.context)
    return tuple(issue(source, settings, day) for day in REAL_FRIDAYS)


@pytest.fixture(scope="session")
def sample_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return settings_for(tmp_path_factory.mktemp("sample"), (("IWM", "QQQ"), ("SPY", "QQQ")))


@pytest.fixture(scope="session")
def two_issues(sample_settings: Settings) -> tuple[Issue, Issue]:
    """Two weekly issues of the simulated sample."""
    source = open_source("sample")
    return issue(source, sample_settings, date(2026, 3, 20)), issue(source, sample_settings, date(2026, 3, 27))
