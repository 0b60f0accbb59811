"""A folder of files becomes a snapshot; what is wrong with the folder or the request is said in words."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from reportgen.errors import DataError, UsageError
from reportgen.model import ContextFunds, Request, Snapshot
from reportgen.sources import open_source

Write = Callable[..., Path]
JSON = {
    "longName": "Sample Fund",
    "category": "Small Blend",
    "expenseRatio": 0.19,
    "totalAssets": 1e9,
    "fetchedAt": "2024-12-20T10:00:00",
    "sectorWeightings": {"technology": 1.0},
}


def load(folder: Path, *tickers: str, as_of: date | None = None, **context: str) -> Snapshot:
    request = Request(tickers or ("IWM", "QQQ"), as_of, ContextFunds(**context))  # type: ignore[arg-type]
    return open_source("files", folder).load(request)


def codes(snapshot: Snapshot, subject: str | None = None) -> list[tuple[str, str]]:
    return [(i.severity, i.code) for i in snapshot.issues if subject is None or i.subject == subject]


@pytest.fixture
def folder(tmp_path: Path, write_prices: Write) -> Path:
    """Two funds, a benchmark, facts of one fund, and a rate."""
    for ticker in ("IWM", "QQQ", "SPY"):
        write_prices(ticker)
    (tmp_path / "fund_facts").mkdir()
    (tmp_path / "fund_facts" / "IWM.json").write_text(json.dumps(JSON))
    (tmp_path / "rates").mkdir()
    (tmp_path / "rates" / "DGS3MO.csv").write_text("date,value\n2024-01-02,5.0\n2024-12-31,4.0\n")
    return tmp_path


def test_a_snapshot_has_all_its_parts(folder: Path) -> None:
    snapshot = load(folder)
    assert snapshot.as_of == date(2024, 12, 31)
    assert snapshot.requested is None
    assert list(snapshot.histories) == ["IWM", "QQQ", "SPY"]
    assert snapshot.sessions.tolist() == snapshot.histories["IWM"].dates.tolist()
    assert snapshot.risk_free is not None
    assert snapshot.risk_free.values.tolist() == [0.05, 0.04]
    assert snapshot.funds["IWM"].facts["expense_ratio"].value == 0.0019
    assert snapshot.holdings["IWM"].sectors == {"Technology": 1.0}
    assert not snapshot.simulated
    assert {(record.id, record.publishable) for record in snapshot.sources} == {
        ("prices/IWM.csv", False),
        ("prices/QQQ.csv", False),
        ("prices/SPY.csv", False),
        ("fund_facts/IWM.json", False),
        ("rates/DGS3MO.csv", True),
        ("calendar", True),
    }
    assert all(len(record.sha256) == 64 for record in snapshot.sources)


def test_a_flat_folder_is_as_good(tmp_path: Path, write_prices: Write) -> None:
    write_prices("IWM", folder=".")
    write_prices("QQQ", folder=".")
    (tmp_path / "IWM.json").write_text(json.dumps(JSON))
    (tmp_path / "DGS3MO.csv").write_text("date,value\n2024-12-31,4.0\n")
    snapshot = load(tmp_path)
    assert snapshot.funds["IWM"].name == "Sample Fund"
    assert snapshot.risk_free is not None
    assert list(snapshot.histories) == ["IWM", "QQQ"]


def test_tickers_are_read_in_any_case_and_files_too(folder: Path) -> None:
    (folder / "prices" / "IWM.csv").rename(folder / "prices" / "iwm.us.csv")
    assert load(folder, "iwm", "Qqq").tickers == ("IWM", "QQQ")


def test_nothing_lies_after_the_as_of(folder: Path) -> None:
    snapshot = load(folder, as_of=date(2024, 6, 30))
    assert snapshot.as_of == date(2024, 6, 28)
    assert {history.last for history in snapshot.histories.values()} == {date(2024, 6, 28)}
    assert snapshot.sessions[-1] == np.datetime64("2024-06-28")
    assert snapshot.risk_free is not None
    assert snapshot.risk_free.values.tolist() == [0.05]
    assert ("note", "as-of-moved") in codes(snapshot)


@pytest.mark.parametrize(
    ("as_of", "used", "code"),
    [
        (date(2024, 12, 20), True, None),
        (date(2024, 12, 31), True, None),
        (date(2024, 11, 5), True, "dated-later"),  # 45 days before the facts
        (date(2024, 11, 4), False, "dated-too-far"),
    ],
)
def test_fund_facts_count_when_dated_near_the_as_of(folder: Path, as_of: date, used: bool, code: str | None) -> None:
    snapshot = load(folder, as_of=as_of)
    assert ("expense_ratio" in snapshot.funds["IWM"].facts) is used
    assert ("IWM" in snapshot.holdings) is used
    assert snapshot.funds["IWM"].name == "Sample Fund"
    found = {i.code for i in snapshot.issues if i.subject == "IWM"}
    assert found == ({code} if code else set())


def test_facts_are_forgotten_after_a_hundred_days(tmp_path: Path, write_prices: Write) -> None:
    for ticker in ("IWM", "QQQ"):
        write_prices(ticker, date(2024, 12, 2), date(2025, 3, 31))
    (tmp_path / "IWM.json").write_text("{}")
    (tmp_path / "fund_facts").mkdir()
    (tmp_path / "fund_facts" / "IWM.json").write_text(json.dumps(JSON))
    assert "net_assets" in load(tmp_path, as_of=date(2025, 3, 28)).funds["IWM"].facts
    assert "net_assets" not in load(tmp_path, as_of=date(2025, 3, 31)).funds["IWM"].facts


def test_what_is_known_of_another_time_only_is_named_with_its_day(folder: Path) -> None:
    (folder / "holdings").mkdir()
    (folder / "holdings" / "QQQ_2024-12-10.csv").write_text("Name,Ticker,Weight\nFirst,AAA,0.6\nSecond,BBB,0.4\n")
    early = load(folder, as_of=date(2024, 3, 1)).funds
    assert dict(early["IWM"].unused) == {
        name: date(2024, 12, 20) for name in ("holdings", "expense_ratio", "net_assets")
    }
    assert dict(early["QQQ"].unused) == {"holdings": date(2024, 12, 10)}
    assert not load(folder).funds["IWM"].unused


def test_a_fund_cannot_begin_after_the_as_of(folder: Path) -> None:
    (folder / "funds.toml").write_text("[IWM]\ninception = 2024-12-30\n")
    assert load(folder).funds["IWM"].inception == date(2024, 12, 30)
    early = load(folder, as_of=date(2024, 12, 27))
    assert early.funds["IWM"].inception is None
    assert ("warning", "strange-fund-fact") in codes(early, "IWM")


def test_rates_are_dated_by_the_last_day_used(folder: Path) -> None:
    for as_of, used in ((date(2024, 12, 31), date(2024, 12, 31)), (date(2024, 6, 28), date(2024, 1, 2))):
        (record,) = [record for record in load(folder, as_of=as_of).sources if record.kind == "rates"]
        assert record.as_of == used


@pytest.mark.parametrize("name", ["daily_adjusted_IWM", "daily_IWM", "iwm_us_d", "IWM"])
def test_providers_own_names_of_files_are_known(folder: Path, name: str) -> None:
    (folder / "prices" / "IWM.csv").rename(folder / "prices" / f"{name}.csv")
    assert load(folder).histories["IWM"].source == f"prices/{name}.csv"


def test_a_letter_that_only_looks_like_a_ticker_is_none(folder: Path) -> None:
    with pytest.raises(UsageError, match="is not a ticker"):
        load(folder, "\u017fPY", "QQQ")


HOLDINGS = "Name,Ticker,Weight,Sector\nFirst,AAA,0.6,Energy\nSecond,BBB,0.4,Utilities\n"


@pytest.mark.parametrize(
    ("days", "chosen"),
    [
        (["2024-12-01", "2024-12-31"], "2024-12-01"),  # on or before goes first
        (["2024-10-01", "2024-12-01"], "2024-12-01"),  # then the latest
        (["2024-12-30", "2025-01-10"], "2024-12-30"),  # then the earliest after
        (["2024-01-02", "2025-01-10"], "2025-01-10"),  # and full before the provider's ten
    ],
)
def test_which_holdings_count(folder: Path, days: list[str], chosen: str) -> None:
    (folder / "holdings").mkdir()
    for day in days:
        (folder / "holdings" / f"IWM_{day}.csv").write_text(HOLDINGS)
    holdings = load(folder, as_of=date(2024, 12, 20)).holdings["IWM"]
    assert (holdings.scope, str(holdings.as_of)) == ("full", chosen)


def test_a_holdings_file_that_is_a_page_stops_the_work(folder: Path) -> None:
    (folder / "holdings").mkdir()
    (folder / "holdings" / "IWM.csv").write_text("<!DOCTYPE html><html><title>Please sign in</title></html>")
    with pytest.raises(DataError, match=r'holdings/IWM\.csv: The file is an HTML page titled "Please sign in"'):
        load(folder)


def test_an_unknown_ticker_gets_the_nearest_names(folder: Path) -> None:
    with pytest.raises(DataError, match=r"no prices of IWN\. Did you mean IWM\?"):
        load(folder, "IWN", "QQQ")
    with pytest.raises(DataError, match=r"no prices of ZZZZZ\. There are IWM, QQQ, SPY\."):
        load(folder, "ZZZZZ", "QQQ")


def test_a_benchmark_that_was_asked_for_must_be_there(folder: Path) -> None:
    assert "VTI" not in load(folder).histories
    with pytest.raises(DataError, match="no prices of VTI"):
        load(folder, benchmark="vti")


@pytest.mark.parametrize("ticker", ["../IWM", "a/b", "..", "", " ", "IWM;rm", "A" * 30, "C:\\x"])
def test_what_is_no_ticker_is_refused_before_any_path_is_built(folder: Path, ticker: str) -> None:
    with pytest.raises(UsageError, match="is not a ticker"):
        load(folder, ticker, "QQQ")


@pytest.mark.parametrize(
    ("ticker", "words"),
    [("^IRX", "is an index"), ("REL.L", "listed in London"), ("EURUSD=X", "currency or a future")],
)
def test_what_is_no_us_fund_is_refused_with_words(folder: Path, ticker: str, words: str) -> None:
    with pytest.raises(DataError, match=words):
        load(folder, ticker, "QQQ")


@pytest.mark.parametrize(
    ("facts", "words"), [({"quoteType": "EQUITY"}, "IWM is a single stock"), ({"currency": "EUR"}, "quoted in EUR")]
)
def test_facts_that_show_no_us_fund_are_refused(folder: Path, facts: dict[str, str], words: str) -> None:
    (folder / "fund_facts" / "IWM.json").write_text(json.dumps({**JSON, **facts}))
    with pytest.raises(DataError, match=words):
        load(folder)


def test_an_empty_or_absent_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="There are no price files"):
        load(tmp_path)
    with pytest.raises(DataError, match="There is no folder"):
        load(tmp_path / "absent")
    with pytest.raises(UsageError, match="--data DIR"):
        open_source("files")


def test_two_files_of_one_ticker_are_refused(folder: Path) -> None:
    (folder / "prices" / "iwm.txt").write_text("")
    with pytest.raises(DataError, match="both files of IWM"):
        load(folder)


def test_a_yardstick_that_cannot_be_used_is_left_out_and_said(folder: Path, write_prices: Write) -> None:
    write_prices("HYG", change=lambda text: text.splitlines()[0])
    write_prices("GLD", end=date(2024, 12, 30))
    write_prices("TLT", change=lambda text: text.replace("Close,AdjClose", "Shut,AdjShut"))
    snapshot = load(folder)
    assert list(snapshot.histories) == ["IWM", "QQQ", "SPY"]
    assert codes(snapshot, "HYG") == codes(snapshot, "TLT") == [("warning", "unusable-context")]
    assert codes(snapshot, "GLD") == [("warning", "stale-context")]


def test_an_error_in_a_yardstick_holds_nothing_but_one_in_a_fund_does(folder: Path, write_prices: Write) -> None:
    def spoilt(text: str) -> str:
        lines = text.splitlines()
        cells = lines[60].split(",")
        cells[4] = "-1.0"
        return "\n".join([*lines[:60], ",".join(cells), *lines[61:]])

    write_prices("SPY", change=spoilt)
    snapshot = load(folder)
    assert "SPY" not in snapshot.histories
    assert codes(snapshot, "SPY") == [("warning", "unusable-context")]
    write_prices("QQQ", change=spoilt)
    assert ("error", "non-positive-close") in codes(load(folder), "QQQ")


def test_a_rate_that_ends_too_early_gives_way_to_the_bill(folder: Path, write_prices: Write) -> None:
    (folder / "rates" / "DGS3MO.csv").write_text("date,value\n2024-12-20,4.0\n")
    stale = load(folder)
    assert ("warning", "stale-risk-free") in codes(stale)
    write_prices("^IRX")
    fresh = load(folder)
    assert fresh.risk_free is not None
    assert fresh.risk_free.name == "^IRX"
    assert ("warning", "stale-risk-free") not in codes(fresh)


def test_without_a_rate_it_is_said(folder: Path) -> None:
    (folder / "rates" / "DGS3MO.csv").unlink()
    snapshot = load(folder)
    assert snapshot.risk_free is None
    assert ("note", "no-risk-free") in codes(snapshot)


def test_what_a_folder_says_about_itself(folder: Path) -> None:
    (folder / "source.toml").write_text(
        'simulated = true\nprovider = "The sample"\npublishable = true\nterms = "Invented."\n'
    )
    snapshot = load(folder)
    assert snapshot.simulated
    assert {record.terms for record in snapshot.sources if record.kind != "calendar"} == {"Invented."}
    (folder / "source.toml").write_text("simulated = 1\n")
    with pytest.raises(DataError, match="simulated is 1"):
        load(folder)


def test_a_basis_told_in_funds_toml_is_believed(folder: Path) -> None:
    bare = "Date,Open,High,Low,Close,Volume\n2024-12-30,1,1,1,10,5\n2024-12-31,1,1,1,11,6\n"
    (folder / "prices" / "QQQ.csv").write_text(bare)
    with pytest.raises(DataError, match=r"funds\.toml beside the prices: \[QQQ\]"):
        load(folder)
    (folder / "funds.toml").write_text('[QQQ]\nbasis = "total return"\nname = "Own Fund"\n')
    snapshot = load(folder)
    assert not snapshot.histories["QQQ"].distributions_known
    assert snapshot.funds["QQQ"].name == "Own Fund"


def test_corrections_are_applied_cited_and_said(folder: Path, write_prices: Write) -> None:
    (folder / "facts.toml").write_text("""
[[fact]]
ticker = "IWM"
name = "expense_ratio"
value = "0.20%"
as_of = 2024-12-01
source = "the prospectus of December 2024"

[[distribution]]
ticker = "QQQ"
day = 2024-09-23
amount = 0.388
source = "the issuer's list of distributions"
""")
    snapshot = load(folder)
    fact = snapshot.funds["IWM"].facts["expense_ratio"]
    assert (fact.value, fact.as_of) == (0.002, date(2024, 12, 1))
    paid = snapshot.histories["QQQ"]
    assert paid.distributions[paid.dates == np.datetime64("2024-09-23")].tolist() == [0.388]
    assert paid.distributions.sum() == 0.388
    assert codes(snapshot, "QQQ") == [("note", "corrected-distribution"), ("note", "no-fund-facts")]
    assert ("note", "corrected-fact") in codes(snapshot, "IWM")
    cited = {record.id: record.name for record in snapshot.sources if record.id.startswith("facts.toml")}
    assert cited == {
        "facts.toml#IWM/expense_ratio": "Correction of IWM: the prospectus of December 2024",
        "facts.toml#QQQ/2024-09-23": "Correction of QQQ: the issuer's list of distributions",
    }
    assert fact.source in cited


def test_an_accepted_finding_no_longer_holds(folder: Path, write_prices: Write) -> None:
    def crash(text: str) -> str:
        lines = text.splitlines()
        fallen = []
        for line in lines[120:]:
            cells = line.split(",")
            cells[4] = cells[5] = repr(float(cells[4]) / 5)
            fallen.append(",".join(cells))
        return "\n".join([*lines[:120], *fallen])

    write_prices("QQQ", change=crash)
    (error,) = [issue for issue in load(folder).issues if issue.severity == "error"]
    assert error.code == "price-jump"
    (folder / "facts.toml").write_text(f'[[accept]]\nticker = "QQQ"\nday = {error.where}\nsource = "the notice"\n')
    assert not [issue for issue in load(folder).issues if issue.severity == "error"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('fact = ["a"]\n', r"not a list of tables.*\[\[fact\]\]"),
        (f"[[fact]]\nvalue = {6000 * '9'}\n", "thousands of digits"),
        (f"a = {9999 * '['}{9999 * ']'}\n", "nests too deep"),
        ('[[distribution]]\nticker = "IWM"\nday = 2024-01-02\namount = 1e300\nsource = "x"\n', "from 0 to"),
        ('[[fact]]\nticker = "IWM"\nname = "net_assets"\nvalue = 1\n', "must cite its source"),
        ('[[fact]]\nticker = "IWM"\nname = "net_asets"\nvalue = 1\nsource = "x"\n', "Did you mean net_assets"),
        ('[[distribution]]\nticker = "IWM"\namount = 1\nsource = "x"\n', "has no day"),
        ('[[distribution]]\nticker = "IWM"\nday = 2024-01-02\namount = -1\nsource = "x"\n', "at least zero"),
        ('[[distributions]]\nticker = "IWM"\n', "is unknown"),
        ('[[fact]]\nticker = "IWM\n', "not TOML.*line 2"),
    ],
)
def test_a_mistake_in_corrections_is_named(folder: Path, text: str, message: str) -> None:
    (folder / "facts.toml").write_text(text)
    with pytest.raises(DataError, match=message) as caught:
        load(folder)
    assert caught.value.where == "facts.toml"


def test_progress_names_each_part(folder: Path) -> None:
    told: list[str] = []
    open_source("files", folder).load(Request(("IWM", "QQQ")), told.append)
    assert told[:3] == ["IWM", "QQQ", "SPY"]


def test_a_third_fund_with_the_same_last_day_moves_nothing(folder: Path) -> None:
    two, three = load(folder), load(folder, "IWM", "QQQ", "SPY")
    assert two.as_of == three.as_of
    for ticker in ("IWM", "QQQ"):
        assert two.histories[ticker].sha256 == three.histories[ticker].sha256
        assert two.funds[ticker] == three.funds[ticker]


def test_live_data_are_fetched_before_they_are_read() -> None:
    with pytest.raises(UsageError, match=r"read from a snapshot\. Fetch one with `reportgen fetch`"):
        open_source("yahoo")
    with pytest.raises(UsageError, match="--snapshot DIR"):
        open_source("snapshot")
    with pytest.raises(UsageError, match=r"There is no source 'yaho'. Did you mean yahoo, snapshot\?"):
        open_source("yaho")


def test_importing_the_sources_loads_no_reader() -> None:
    code = "import sys, reportgen.sources; print({'pandas', 'exchange_calendars', 'pyarrow'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
