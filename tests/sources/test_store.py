"""A snapshot that was saved and read back is the same snapshot; what was tampered with is refused."""

import json
from collections.abc import Callable
from dataclasses import fields
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from reportgen.errors import DataError, WriteError
from reportgen.model import DatedSeries, PriceHistory, Request, Snapshot
from reportgen.sources import open_source
from reportgen.sources.store import read_snapshot, save_snapshot

Write = Callable[..., Path]


@pytest.fixture
def snapshot(tmp_path: Path, write_prices: Write) -> Snapshot:
    for ticker in ("IWM", "QQQ", "SPY", "^IRX"):
        write_prices(ticker, paid={date(2024, 6, 20): 0.1})
    (tmp_path / "holdings").mkdir()
    (tmp_path / "holdings" / "IWM_2024-12-20.csv").write_text("Name,Ticker,Weight\nFirst,AAA,0.6\nSecond,BBB,0.4\n")
    (tmp_path / "funds.toml").write_text('[IWM]\nname = "Échantillon"\ninception = 2000-05-22\nnet_assets = 1e9\n')
    return open_source("files", tmp_path).load(Request(("IWM", "QQQ"), date(2024, 12, 28)))


def comparable(value: object) -> object:
    """With arrays as bytes, so that equality means equality."""
    if isinstance(value, PriceHistory):
        return value.sha256, value.source, value.distributions_known
    if isinstance(value, DatedSeries):
        return value.name, value.dates.tobytes(), value.values.tobytes(), value.unit, value.source
    if isinstance(value, np.ndarray):
        return value.tobytes()
    if isinstance(value, dict):
        return [(key, comparable(entry)) for key, entry in value.items()]
    return value


def test_a_snapshot_is_read_back_identically(snapshot: Snapshot, tmp_path: Path) -> None:
    save_snapshot(snapshot, tmp_path / "saved")
    again = read_snapshot(tmp_path / "saved")
    for field in fields(Snapshot):
        assert comparable(getattr(again, field.name)) == comparable(getattr(snapshot, field.name)), field.name


def test_saving_again_gives_the_same_bytes(snapshot: Snapshot, tmp_path: Path) -> None:
    save_snapshot(snapshot, tmp_path / "one")
    save_snapshot(read_snapshot(tmp_path / "one"), tmp_path / "two")
    one, two = ({p.relative_to(f): p.read_bytes() for p in f.rglob("*") if p.is_file()} for f in _folders(tmp_path))
    assert one == two


def _folders(path: Path) -> tuple[Path, Path]:
    return path / "one", path / "two"


def test_a_part_that_was_changed_is_refused(snapshot: Snapshot, tmp_path: Path) -> None:
    save_snapshot(snapshot, tmp_path / "saved")
    path = tmp_path / "saved" / "prices" / "IWM.csv"
    path.write_text(path.read_text().replace("0.1", "0.2", 1))
    with pytest.raises(DataError, match=r"prices/IWM\.csv: The file is not the one that was saved"):
        read_snapshot(tmp_path / "saved")
    path.unlink()
    with pytest.raises(DataError, match=r"prices/IWM\.csv: The file cannot be read"):
        read_snapshot(tmp_path / "saved")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"schema": 2}, "of schema 2"),
        ({"parts": {"../secret": "0"}}, "outside the snapshot"),
        ({"parts": {}}, "does not fit its schema"),
        ({"snapshot": {}}, "does not fit its schema"),
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(
    snapshot: Snapshot, tmp_path: Path, change: dict[str, object], message: str
) -> None:
    save_snapshot(snapshot, tmp_path / "saved")
    path = tmp_path / "saved" / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    with pytest.raises(DataError, match=message):
        read_snapshot(tmp_path / "saved")


def test_a_snapshot_is_never_overwritten_nor_half_written(snapshot: Snapshot, tmp_path: Path) -> None:
    save_snapshot(snapshot, tmp_path / "saved")
    with pytest.raises(WriteError, match="exists already"):
        save_snapshot(snapshot, tmp_path / "saved")
    (tmp_path / "file").write_text("")
    with pytest.raises(WriteError, match="cannot be written"):
        save_snapshot(snapshot, tmp_path / "file" / "saved")
    assert not list(tmp_path.glob(".*new*"))
