"""The sample as a source: what it serves, what it refuses, and that it is the same everywhere."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from reportgen.errors import DataError, UsageError
from reportgen.model import ContextFunds, Request
from reportgen.sources import open_source
from reportgen.sources.sample import SampleSource, sample, universe

PAIR = Request(("IWM", "QQQ"))

# Changes only when the sample is changed on purpose, or when the exchange's sessions are corrected.
SESSIONS = 3078
FINGERPRINT = "4ea4a618f033f6c8273c40a4d117ddf9f3ecb212e39693d78f85d4401c03acd5"

_PROGRAM = """
import hashlib
from reportgen.sources.sample import sample
known = sample()
digest = hashlib.sha256()
for history in known.histories.values():
    digest.update(history.sha256.encode())
lines = [(t, [(r.name, r.market_value, r.sector) for r in h.rows]) for t, h in known.holdings.items()]
digest.update(repr(lines).encode())
print(digest.hexdigest())
"""


def fingerprint() -> str:
    digest = hashlib.sha256()
    for history in sample().histories.values():
        digest.update(history.sha256.encode())
    lines = [(t, [(r.name, r.market_value, r.sector) for r in h.rows]) for t, h in sample().holdings.items()]
    digest.update(repr(lines).encode())
    return digest.hexdigest()


def test_the_sample_is_the_same_to_the_last_bit() -> None:
    assert sample().days.size == SESSIONS
    assert fingerprint() == FINGERPRINT


def test_the_processors_features_change_nothing() -> None:
    multiarray = pytest.importorskip("numpy._core._multiarray_umath")
    chosen = [name for name in multiarray.__cpu_dispatch__ if multiarray.__cpu_features__.get(name)]
    if not chosen:
        pytest.skip("this processor has no features that numpy could leave unused")
    environment = os.environ | {"NPY_DISABLE_CPU_FEATURES": " ".join(chosen), "LC_ALL": "C", "TZ": "Asia/Tokyo"}
    told = subprocess.run([sys.executable, "-c", _PROGRAM], env=environment, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == FINGERPRINT


def test_the_pair_with_everything_an_article_needs() -> None:
    snapshot = SampleSource().load(PAIR)
    assert snapshot.simulated
    assert snapshot.as_of == date(2026, 3, 27)
    assert snapshot.issues == ()
    assert set(snapshot.histories) == {"IWM", "QQQ", *ContextFunds().tickers}
    assert snapshot.holdings.keys() == {"IWM", "QQQ"}
    assert {h.scope for h in snapshot.holdings.values()} == {"full"}
    assert snapshot.risk_free is not None
    assert 0.02 < snapshot.risk_free.values[-1] < 0.05
    assert snapshot.histories["IWM"].first == date(2013, 12, 31)
    assert np.array_equal(snapshot.sessions, snapshot.histories["IWM"].dates)


def test_every_source_is_recorded_as_simulated_and_free_to_send_on() -> None:
    snapshot = SampleSource().load(PAIR)
    records = [record for record in snapshot.sources if record.kind != "calendar"]
    assert {record.kind for record in records} == {"prices", "fund facts", "holdings", "rates"}
    assert all("imulated" in record.name and record.publishable and len(record.sha256) == 64 for record in records)
    used = {history.source for history in snapshot.histories.values()} | {h.source for h in snapshot.holdings.values()}
    assert used < {record.id for record in records}


@pytest.mark.parametrize(
    ("asked", "found"), [(date(2024, 6, 28), date(2024, 6, 28)), (date(2026, 3, 22), date(2026, 3, 20))]
)
def test_other_days_within_the_sample(asked: date, found: date) -> None:
    snapshot = SampleSource().load(replace(PAIR, as_of=asked))
    assert snapshot.as_of == found
    assert all(history.last == found for history in snapshot.histories.values())


def test_facts_and_portfolios_of_another_time_are_not_used() -> None:
    snapshot = SampleSource().load(replace(PAIR, as_of=date(2024, 6, 28)))
    assert snapshot.holdings == {}
    assert snapshot.funds["IWM"].facts == {}
    assert snapshot.funds["IWM"].name == "iShares Russell 2000 ETF"


def test_days_outside_the_sample_are_refused() -> None:
    for day in (date(2013, 6, 3), date(2026, 4, 30)):
        with pytest.raises(DataError, match="as-of"):
            SampleSource().load(replace(PAIR, as_of=day))


def test_an_unknown_fund_is_refused_with_the_samples_own() -> None:
    with pytest.raises(DataError) as caught:
        SampleSource().load(Request(("IWN", "QQQ")))
    assert "IWN" in caught.value.what
    assert caught.value.fix is not None
    assert caught.value.fix.startswith("Did you mean IWM?")
    assert "QQQ, SPY" in caught.value.fix


def test_an_unknown_benchmark_is_refused_too() -> None:
    with pytest.raises(DataError, match="VTI"):
        SampleSource().load(replace(PAIR, context=ContextFunds(benchmark="VTI")))


def test_what_is_no_ticker_is_refused() -> None:
    with pytest.raises(UsageError):
        SampleSource().load(Request(("../IWM", "QQQ")))


def test_lower_case_is_understood_and_progress_is_told() -> None:
    told: list[str] = []
    snapshot = SampleSource().load(Request(("iwm", "spy")), told.append)
    assert snapshot.tickers == ("IWM", "SPY")
    assert told == ["simulated sample"]


def test_it_is_opened_by_name() -> None:
    assert open_source("sample").name == "sample"


def test_a_universe_serves_invented_funds_and_the_yardsticks() -> None:
    snapshot = SampleSource(universe(3, years=2)).load(Request(("F0001", "F0003")))
    assert snapshot.issues == ()
    assert snapshot.histories["F0001"].first == date(2024, 3, 27)
    assert "SPY" in snapshot.histories
    assert len(snapshot.holdings["F0003"].rows) == 121


def test_a_universes_fund_does_not_depend_on_the_others() -> None:
    few, many = universe(2, years=1), universe(5, years=1)
    assert few.histories["F0002"].sha256 == many.histories["F0002"].sha256
    assert few.histories["F0001"].close[-1] != few.histories["F0002"].close[-1]


@pytest.mark.parametrize(("count", "years"), [(0, 5), (10_000, 5), (1, 0), (1, 13)])
def test_a_universe_that_cannot_be(count: int, years: int) -> None:
    with pytest.raises(ValueError, match=r"universe|no session"):
        universe(count, years)
