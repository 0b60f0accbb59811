"""The readers and the quality gate on real files, read in place."""

import shutil
from datetime import date
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from reportgen.errors import DataError
from reportgen.model import Holdings, Request, Snapshot
from reportgen.sources import open_source
from reportgen.sources._jumps import jump_issues, rebuild_issues
from reportgen.sources._prices import PriceFile, read_prices
from reportgen.sources._raw import read_raw
from reportgen.sources.holdings import read_holdings
from reportgen.sources.quality import examine
from reportgen.sources.survey import survey

pytestmark = pytest.mark.real_data
AS_OF = date(2026, 3, 27)


def load(folder: Path, *tickers: str, as_of: date | None = AS_OF) -> Snapshot:
    return open_source("files", folder).load(Request(tickers, as_of))


def full(folder: Path, name: str, ticker: str) -> Holdings:
    return read_holdings(read_raw(folder / name), ticker).holdings


def test_iwm_and_qqq(real_data: Path) -> None:
    snapshot = load(real_data, "IWM", "QQQ", as_of=date(2026, 3, 29))
    assert snapshot.as_of == AS_OF
    assert len(snapshot.histories) == 16
    assert snapshot.sessions[-1] == np.datetime64(AS_OF)
    assert snapshot.risk_free is not None
    assert snapshot.risk_free.source == "rates/DGS3MO.csv"
    assert {t: (h.scope, str(h.as_of), len(h.rows)) for t, h in snapshot.holdings.items()} == {
        "IWM": ("full", "2026-05-05", 1929),
        "QQQ": ("top-10", "2026-05-03", 10),
    }
    assert snapshot.holdings["QQQ"].sectors["Technology"] == 0.5054
    assert not [issue for issue in snapshot.issues if issue.severity == "error"]


def test_iwm_holdings_by_every_trap_of_the_file(real_data: Path) -> None:
    holdings = full(real_data, "holdings/IWM_2026-05-05.csv", "IWM")
    equity = np.array([row.market_value for row in holdings.rows if row.is_equity and (row.market_value or 0) > 0])
    weights = equity / equity.sum()
    assert (len(holdings.rows), equity.size) == (1929, 1924)
    assert round(1 / (weights**2).sum()) == 532
    assert sum(row.weight for row in holdings.rows) == pytest.approx(1.0)
    assert holdings.as_of == date(2026, 5, 5)


def test_qqq_and_spy_holdings(real_data: Path) -> None:
    qqq = full(real_data, "holdings/QQQ_2025-09-26.csv", "QQQ")
    assert (len(qqq.rows), qqq.as_of, qqq.rows[0].ticker) == (101, date(2025, 9, 26), "NVDA")
    spy = full(real_data, "holdings/SPY_2025-02-07.xlsx", "SPY")
    assert (len(spy.rows), spy.as_of, spy.rows[0].ticker) == (505, date(2025, 2, 7), "AAPL")


def test_filings(real_data: Path) -> None:
    dupree = full(real_data, "nport/NPORT.Dupree.xml", "DUPREE")
    assert dupree.as_of == date(2022, 12, 31)
    assert not any(row.is_equity for row in dupree.rows)
    with pytest.raises(DataError, match=r"weights sum to 0\.2%"):
        full(real_data, "nport/N-PORT_Sample_1.xml", "SAMPLE")


FUNDS = ("IWM", "QQQ", "SPY", "TLT", "GLD", "TQQQ", "HYG", "ARKK")


@pytest.mark.parametrize("pair", list(combinations(FUNDS, 2)), ids=":".join)
def test_every_pair_loads_and_nothing_holds_it(real_data: Path, pair: tuple[str, str]) -> None:
    snapshot = load(real_data, *pair, as_of=None)
    assert snapshot.as_of == date(2026, 5, 1)
    assert not [issue for issue in snapshot.issues if issue.severity == "error"]


def test_known_faults_of_the_real_data_are_noticed(real_data: Path) -> None:
    found = {(status.ticker, issue.code, issue.where) for status in survey(real_data) for issue in status.issues}
    assert {
        ("QQQ", "missing-distribution", "2020-06-22"),
        ("QQQ", "repeated-distribution", "2010-06-25"),
        ("HYG", "absurd-sector-weights", "fund_facts/HYG.json"),
    } <= found
    assert not [status for status in survey(real_data) for issue in status.issues if issue.severity == "error"]


def faulty(folder: Path, name: str) -> PriceFile:
    return read_prices(read_raw(folder / "faulty" / f"{name}.csv"), name)


def faults(file: PriceFile) -> set[tuple[str, str | None]]:
    """Everything but gaps against New York's calendar, which foreign listings do not follow."""
    gaps = {"missing-session", "extra-day", "missing-close"}
    return {(i.code, i.where) for i in (*file.issues, *examine(file, file.history.last)) if i.code not in gaps}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("DODFX-1d-cg-double-count", {("capital-gain-twice", "2025-12-18")}),
        ("MOB-ST-1d-bad-stock-split", {("price-jump", "2023-05-22"), ("price-jump", "2023-05-23")}),
        (
            "REL-L-1d-bad-div",
            {
                (code, day)
                for code in ("adjusted-close-differs", "large-distribution")
                for day in ("2022-04-28", "2022-08-04", "2023-04-27", "2023-08-03", "2024-05-02", "2024-08-01")
            },
        ),
        ("SSW-JO-1d-100x-error", {("hundredfold-price", "2023-05-02")}),
    ],
)
def test_each_fault_is_noticed_on_its_day_and_its_twin_is_clean(
    real_data: Path, name: str, expected: set[tuple[str, str]]
) -> None:
    assert faults(faulty(real_data, name)) == expected
    assert faults(faulty(real_data, f"{name}-fixed")) == set()


def test_the_wrong_rows_end_where_they_end(real_data: Path) -> None:
    (issue,) = jump_issues(faulty(real_data, "SSW-JO-1d-100x-error").history, None)
    assert "from 2023-05-02 to 2023-05-31" in issue.message


def test_a_gain_counted_twice_is_paid_once(real_data: Path) -> None:
    twice, once = (faulty(real_data, f"DODFX-1d-cg-double-count{twin}").history for twin in ("", "-fixed"))
    assert twice.distributions.tolist() == once.distributions.tolist()


def test_the_clean_control_is_clean(real_data: Path) -> None:
    file = faulty(real_data, "EWG-1d-no-bad-divs")
    assert file.issues == examine(file, file.history.last) == ()


def test_every_adjusted_close_rebuilds(real_data: Path) -> None:
    for path in sorted((real_data / "prices").glob("[A-Z]*.csv")):
        file = read_prices(read_raw(path), path.stem)
        assert file.adjusted is not None
        assert rebuild_issues(file.history, file.adjusted) == ()


def test_qqq_with_the_distribution_that_the_provider_lacks(real_data: Path, tmp_path: Path) -> None:
    for part in ("prices", "rates"):
        shutil.copytree(real_data / part, tmp_path / part)
    (tmp_path / "facts.toml").write_text(
        '[[distribution]]\nticker = "QQQ"\nday = 2020-09-21\namount = 0.388\nsource = "the issuer\'s list"\n'
    )
    snapshot = load(tmp_path, "IWM", "QQQ")
    qqq = snapshot.histories["QQQ"]
    assert qqq.distributions[qqq.dates == np.datetime64("2020-09-21")].tolist() == [0.388]
    found = {issue.code for issue in snapshot.issues if issue.subject == "QQQ"}
    assert "corrected-distribution" in found
    assert "missing-distribution" not in found
    assert "adjusted-close-differs" not in found
