"""Every reader against damaged files: an error of ours or data that make sense, and no wild memory.

REPORTGEN_FUZZ=20000 asks for that many; the draws are those of the seed (`tests.conftest.drawn_seed`).
"""

from __future__ import annotations

import json
import math
import os
import random
import resource
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.errors import DataError, ReportgenError
from reportgen.sources._corrections import read_corrections
from reportgen.sources._folder import DataFolder
from reportgen.sources._fund_json import read_fund_json
from reportgen.sources._fund_toml import read_funds_toml
from reportgen.sources._marker import read_marker
from reportgen.sources._prices import read_columns, read_prices
from reportgen.sources._rates import KNOWN, read_bill, read_rate
from reportgen.sources._raw import RawFile
from reportgen.sources.holdings import read_holdings
from reportgen.sources.quality import examine, on_sessions
from reportgen.sources.store import read_manifest
from tests.conftest import REAL_DATA, drawn_seed
from tests.sources import test_holdings as shapes
from tests.sources.conftest import table
from tests.sources.mutator import mutant

FEW, SOME = 600, 3000
MOST_MEMORY = 400 * 1024
"""How much more memory, in kilobytes, a whole run may take than the process had before."""

TOML = b"""[IWM]
basis = "price"
name = "Sample"
asset_class = "equity"
inception = 2000-05-22
expense_ratio = 0.0019
net_assets = 74e9
as_of = 2026-03-26
source = "the fund's page"
"""
FACTS = b"""[[distribution]]
ticker = "QQQ"
day = 2020-09-21
amount = 0.388
source = "the issuer"
[[fact]]
ticker = "IWM"
name = "net_assets"
value = 74e9
as_of = 2026-03-26
source = "the fund's page"
"""
PROFILE = {
    "ticker": "IWM", "longName": "Sample ETF", "category": "Small Blend", "totalAssets": 71_915_577_344,
    "expenseRatio": 0.19, "yield": 0.0102, "fundInceptionDate": 958953600, "fetchedAt": "2026-05-03T22:16:21",
    "topHoldings": [{"symbol": f"A{i}", "name": f"Company {i}", "weight": 0.05} for i in range(10)],
    "sectorWeightings": {"technology": 0.6, "energy": 0.4},
}  # fmt: skip
RATE = b"observation_date,DGS3MO\n2026-03-23,4.10\n2026-03-24,.\n2026-03-25,4.12\n2026-03-26,4.11\n2026-03-27,4.15\n"
BILL = b"Date,Close\n2026-03-23,4.10\n2026-03-24,4.11\n2026-03-25,-0.01\n2026-03-26,0.0\n2026-03-27,4.2\n"


class Target(NamedTuple):
    """A reader with what it must hold for whatever it accepts, and files to damage."""

    read: Callable[[RawFile], None]
    name: str
    seeds: tuple[bytes, ...]


def prices(raw: RawFile) -> None:
    whole = read_prices(raw, "IWM", "price")
    steps = np.diff(read_columns(raw, "IWM")[0]).astype(np.int64)
    if not (np.all(steps >= 0) or np.all(steps <= 0)):
        assert any(issue.code == "unsorted-dates" for issue in whole.issues)
    file, _ = on_sessions(whole)
    history = file.history
    assert np.all(np.diff(history.dates) > np.timedelta64(0, "D"))
    assert np.all((history.close > 0) & np.isfinite(history.close))
    assert np.all((history.distributions >= 0) & np.isfinite(history.distributions))
    for issue in examine(file, history.last):
        assert issue.message.isprintable()


def holdings(ticker: str) -> Callable[[RawFile], None]:
    def read(raw: RawFile) -> None:
        held = read_holdings(raw, ticker).holdings
        assert 0.9 <= math.fsum(row.weight for row in held.rows) <= 1.1
        assert all(math.isfinite(row.weight) and row.name.isprintable() for row in held.rows)

    return read


def profile(raw: RawFile) -> None:
    found = read_fund_json(raw, "IWM")
    for name, fact in found.fund.facts.items():
        assert isinstance(fact.value, float)
        assert 0 <= fact.value <= (1e14 if name == "net_assets" else 1)
    if found.holdings is not None:
        assert math.fsum(row.weight for row in found.holdings.rows) <= 1.005
        total = math.fsum(found.holdings.sectors.values())
        assert total == 0 or 0.9 <= total <= 1.05


def rate(raw: RawFile) -> None:
    series = read_rate(raw, *KNOWN["DGS3MO"])
    assert np.all(np.diff(series.dates) > np.timedelta64(0, "D"))
    assert np.all(np.abs(series.values) <= 0.3)


def bill(raw: RawFile) -> None:
    series = read_bill(raw)
    assert np.all(np.diff(series.dates) > np.timedelta64(0, "D"))
    assert np.all(np.isfinite(series.values))


def tables(name: str, read: Callable[..., object]) -> Callable[[RawFile], None]:
    def through(raw: RawFile) -> None:
        folder = raw.path.parent
        raw.path.write_bytes(raw.content)
        found = DataFolder(folder).toml(name)
        if found is not None:
            read(*found)

    return through


def manifest(raw: RawFile) -> None:
    raw.path.write_bytes(raw.content)
    read_manifest(raw.path.parent)


@cache
def targets(folder: Path) -> Mapping[str, Target]:
    """Every reader, with small files of each shape."""
    days = [date(2026, 3, 2) + timedelta(days=i) for i in range(26)]
    closes = [100.0 + i for i in range(26)]
    yahoo = table(days, closes, {days[9]: 0.5})
    two_level = "Price,Close,Dividends,Volume\nTicker,IWM,IWM,IWM\nDate,,,\n" + "".join(
        f"{day},{close},0.0,1000\n" for day, close in zip(days, closes, strict=True)
    )
    stooq = "Date,Open,High,Low,Close,Volume\n" + "".join(
        f"{d},1,1,1,{c},5\n" for d, c in zip(days, closes, strict=True)
    )
    alpha = "timestamp,open,high,low,close,adjusted_close,volume,dividend_amount,split_coefficient\n" + "".join(
        f"{d},1,1,1,{c},{c},5,0,1\n" for d, c in zip(reversed(days), closes, strict=True)
    )
    part = {
        "path": "prices/IWM.csv", "kind": "prices", "subject": "IWM", "source": "Yahoo Finance", "url": None,
        "retrieved_at": "2026-03-28T09:30:00+00:00", "sha256": "0" * 64, "complete": True,
    }  # fmt: skip
    about = {"schema": 2, "as_of": "2026-03-27", "years": 10, "missing": [], "issues": [], "versions": {}}
    lines = [
        {"ticker": ticker, "issuerName": ticker, "percentageOfTotalNetAssets": weight}
        for ticker, weight in (("AAA", 60.0), ("BBB", 40.0))
    ]
    invesco = json.dumps({"effectiveDate": "2026-03-26", "totalNumberOfHoldings": 2, "holdings": lines})
    held = (shapes.ISHARES, shapes.INVESCO, shapes.PLAIN, shapes.NPORT, invesco)
    marker = b'provider = "X"\nterms = "Mine."\n'
    return {
        "prices": Target(prices, "IWM.csv", tuple(map(str.encode, (yahoo, two_level, stooq, alpha)))),
        "holdings": Target(holdings("QQQ"), "QQQ.csv", tuple(map(str.encode, held))),
        "workbook": Target(holdings("SPY"), "SPY.xlsx", (shapes.workbook(shapes.SSGA),)),
        "profile": Target(profile, "IWM.json", (json.dumps(PROFILE).encode(),)),
        "rate": Target(rate, "DGS3MO.csv", (RATE,)),
        "bill": Target(bill, "^IRX.csv", (BILL,)),
        "funds.toml": Target(tables("funds.toml", read_funds_toml), "funds.toml", (TOML,)),
        "facts.toml": Target(tables("facts.toml", read_corrections), "facts.toml", (FACTS,)),
        "source.toml": Target(tables("source.toml", read_marker), "source.toml", (marker,)),
        "manifest": Target(manifest, "manifest.json", (json.dumps({**about, "parts": [part]}).encode(),)),
    }


def real(folder: Path) -> Mapping[str, Target]:
    """The real files, price files cut to their last two years."""

    def cut(path: Path) -> bytes:
        lines = path.read_bytes().split(b"\n")
        return b"\n".join((*lines[:1], *lines[-500:]))

    def held(name: str, ticker: str) -> Target:
        return Target(holdings(ticker), name, ((folder / "holdings" / name).read_bytes(),))

    def each(part: str) -> tuple[bytes, ...]:
        return tuple(path.read_bytes() for path in sorted((folder / part).iterdir()))

    faulty = [cut(path) for path in sorted((folder / "faulty").glob("*.csv"))]
    usual = [cut(folder / "prices" / f"{ticker}.csv") for ticker in ("IWM", "HYG")]
    return {
        "prices": Target(prices, "IWM.csv", (*usual, *faulty)),
        "ishares": held("IWM_2026-05-05.csv", "IWM"),
        "invesco": held("QQQ_2025-09-26.csv", "QQQ"),
        "ssga": held("SPY_2025-02-07.xlsx", "SPY"),
        "nport": Target(holdings("QQQ"), "x.xml", each("nport")),
        "profile": Target(profile, "IWM.json", each("fund_facts")),
        "rate": Target(rate, "DGS3MO.csv", (cut(folder / "rates" / "DGS3MO.csv"),)),
        "bill": Target(bill, "^IRX.csv", (cut(folder / "prices" / "^IRX.csv"),)),
        "yahoo answers": Target(profile, "IWM.json", each("yahoo_http")),
    }


def attack(target: Target, count: int, seed: int, folder: Path) -> tuple[int, int]:
    """Read so many mutants; how many were refused, and how many accepted. Anything else raised is a crash."""
    draw = random.Random(seed)
    refused = 0
    for number in range(count):
        content = mutant(draw.choice(target.seeds), draw)
        if not content.strip():
            continue  # what is empty is refused before any reader sees it
        try:
            target.read(RawFile(folder / target.name, target.name, content))
        except DataError:
            refused += 1
        except Exception as error:
            if isinstance(error, ReportgenError):
                raise
            (folder / "crash.bin").write_bytes(content)
            raise AssertionError(f"mutant {number} of seed {seed} ({folder / 'crash.bin'}): {error!r}") from error
    return refused, count - refused


def run(found: Mapping[str, Target], count: int, folder: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for number, (name, target) in enumerate(found.items()):
        refused, accepted = attack(target, count // len(found) + 1, drawn_seed() + number, folder)
        assert refused, f"no damage to {name} was refused"
        assert accepted, f"every mutant of {name} was refused: the damage goes too deep to test anything"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MOST_MEMORY


def wanted(count: int) -> int:
    return int(os.environ.get("REPORTGEN_FUZZ", count))


def test_damaged_files_are_refused_or_make_sense(tmp_path: Path) -> None:
    run(targets(tmp_path), FEW, tmp_path)


@pytest.mark.slow
def test_many_damaged_files(tmp_path: Path) -> None:
    run(targets(tmp_path), wanted(SOME), tmp_path)


@pytest.mark.slow
@pytest.mark.real_data
def test_damaged_real_files(real_data: Path, tmp_path: Path) -> None:
    assert real_data == REAL_DATA
    run(real(real_data), wanted(SOME // 6), tmp_path)


@given(st.data())
def test_arbitrary_bytes_are_refused_or_make_sense(data: st.DataObject) -> None:
    content = data.draw(st.binary(min_size=1, max_size=400) | st.text(min_size=1, max_size=400).map(str.encode))
    if not content.strip():
        return
    for read, name in ((prices, "IWM.csv"), (holdings("QQQ"), "QQQ.csv"), (profile, "IWM.json"), (rate, "DGS3MO.csv")):
        try:
            read(RawFile(Path(name), name, content))
        except DataError:
            continue
