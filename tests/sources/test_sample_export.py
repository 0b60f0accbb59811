"""The sample as a data folder: read back, it is the same."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from reportgen.errors import WriteError
from reportgen.model import Request
from reportgen.sources import open_source
from reportgen.sources._sample.export import adjusted_close
from reportgen.sources.sample import SampleSource, export, sample, universe


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("sample") / "data"
    export(made)
    return made


def test_read_back_every_number_is_the_same(folder: Path) -> None:
    request = Request(("IWM", "QQQ"))
    ours, theirs = SampleSource().load(request), open_source("files", folder).load(request)
    assert theirs.as_of == ours.as_of
    assert theirs.histories.keys() == ours.histories.keys()
    for ticker, history in ours.histories.items():
        for name in ("dates", "close", "distributions", "volume"):
            assert np.array_equal(getattr(history, name), getattr(theirs.histories[ticker], name)), (ticker, name)
    for ticker, held in ours.holdings.items():
        found = theirs.holdings[ticker]
        assert found.rows == held.rows
        assert (found.as_of, found.scope, found.taxonomy) == (held.as_of, held.scope, held.taxonomy)
    assert ours.risk_free is not None
    assert theirs.risk_free is not None
    assert np.array_equal(theirs.risk_free.values, ours.risk_free.values)


def test_read_back_the_funds_are_the_same(folder: Path) -> None:
    tickers = tuple(sample().funds)
    for pair in zip(tickers[::2], tickers[1::2], strict=True):
        ours, theirs = SampleSource().load(Request(pair)), open_source("files", folder).load(Request(pair))
        assert theirs.issues == ours.issues
        for ticker in pair:
            fund, found = ours.funds[ticker], theirs.funds[ticker]
            for name in ("name", "asset_class", "issuer", "index", "category", "inception", "currency", "leverage"):
                assert getattr(found, name) == getattr(fund, name), (ticker, name)
            assert {n: (f.value, f.unit, f.as_of) for n, f in found.facts.items()} == {
                n: (f.value, f.unit, f.as_of) for n, f in fund.facts.items()
            }


def test_prices_stay_within_their_days_range(folder: Path) -> None:
    table = np.genfromtxt(folder / "prices" / "IWM.csv", delimiter=",", skip_header=1, usecols=(1, 2, 3, 4))
    opening, high, low, close = table.T
    assert np.all(high >= np.maximum(opening, close))
    assert np.all(low <= np.minimum(opening, close))
    assert np.all(low > 0)


def test_the_adjusted_close_is_rebuilt_by_the_usual_factor() -> None:
    history = sample().histories["HYG"]
    adjusted = adjusted_close(history)
    assert adjusted[-1] == history.close[-1]
    rebuilt = adjusted[1:] / adjusted[:-1] * (1 - history.distributions[1:] / history.close[:-1])
    np.testing.assert_allclose(rebuilt, history.close[1:] / history.close[:-1], rtol=1e-12)


def test_read_back_it_is_still_marked_as_simulated(folder: Path) -> None:
    snapshot = open_source("files", folder).load(Request(("IWM", "QQQ")))
    assert snapshot.simulated
    records = [record for record in snapshot.sources if record.kind != "calendar"]
    assert all(record.terms.startswith("Simulated") and record.publishable for record in records)


def test_another_export_replaces_the_first(tmp_path: Path) -> None:
    export(tmp_path, universe(1, years=1))
    written = export(tmp_path, universe(1, years=2))
    assert all(path.is_file() for path in written)
    history = open_source("files", tmp_path).load(Request(("F0001", "SPY"))).histories["F0001"]
    assert history.first == date(2024, 3, 27)


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    mine = tmp_path / "prices" / "IWM.csv"
    mine.parent.mkdir()
    mine.write_text("mine")
    with pytest.raises(WriteError, match="not empty"):
        export(tmp_path)
    assert mine.read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["prices"]


def test_a_folder_that_calls_itself_simulated_is_not_enough(tmp_path: Path) -> None:
    (tmp_path / "source.toml").write_text("simulated = true")
    with pytest.raises(WriteError, match="not empty"):
        export(tmp_path)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WriteError, match="cannot be written"):
        export(tmp_path / "file" / "below")


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_funds_of_the_former_export_are_gone(tmp_path: Path) -> None:
    export(tmp_path, universe(2, years=1))
    assert (tmp_path / "prices" / "F0002.csv").is_file()
    written = export(tmp_path, universe(1, years=1))
    assert sorted(tree(tmp_path)) == sorted(path.relative_to(tmp_path).as_posix() for path in written)
    assert not list(tmp_path.rglob("F0002*"))


def test_a_file_of_ones_own_in_an_export_is_never_removed(tmp_path: Path) -> None:
    export(tmp_path, universe(1, years=1))
    (tmp_path / "prices" / "MINE.csv").write_text("mine")
    before = tree(tmp_path)
    with pytest.raises(WriteError, match=r"prices/MINE\.csv is no file of an earlier export"):
        export(tmp_path, universe(1, years=1))
    assert tree(tmp_path) == before


@pytest.mark.parametrize("there_before", [False, True])
def test_a_full_disk_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there_before: bool) -> None:
    folder = tmp_path / "data"
    if there_before:
        export(folder, universe(1, years=1))
    before = tree(tmp_path)
    written, real = [], Path.write_bytes

    def full(path: Path, content: bytes) -> int:
        written.append(path)
        if len(written) > 5:
            raise OSError(28, "No space left on device")
        return real(path, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(WriteError, match="No space left"):
        export(folder, universe(2, years=1))
    assert tree(tmp_path) == before
    assert folder.exists() is there_before
