"""Every source keeps the contract, and so does the example of a source of one's own in docs/live.md."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from reportgen.errors import DataError, UsageError
from reportgen.model import Request, Snapshot
from reportgen.sources import Progress, open_source
from reportgen.sources.contract import CHECKS, Check, Opens
from reportgen.sources.fetch import fetch
from reportgen.sources.files import FilesSource
from reportgen.sources.sample import SampleSource, export
from reportgen.sources.snapshot import SnapshotSource
from tests.sources import market as m

Opened = tuple[Opens, tuple[str, ...]]
ROOT = Path(__file__).resolve().parents[2]


@cache
def example() -> type:
    """The class that docs/live.md prints."""
    text = (ROOT / "docs" / "live.md").read_text()
    (code,) = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert len(code.splitlines()) <= 32
    space: dict[str, type] = {}
    exec(code, space)
    return space["LedgerSource"]


@pytest.fixture(scope="module", params=["files", "sample", "snapshot", "own"])
def opens(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Opens, tuple[str, ...]]]:
    folder = tmp_path_factory.mktemp("data")
    match request.param:
        case "files":
            export(folder / "sample")
            yield (lambda: FilesSource(folder / "sample")), ("IWM", "QQQ")
        case "sample":
            yield SampleSource, ("IWM", "QQQ", "TLT")
        case "snapshot":
            order = m.order(folder / "snap", "VTI", "VXUS")
            fetch(order, m.tools(m.market("VTI", "VXUS"), m.web(order.start)))
            yield (lambda: SnapshotSource(folder / "snap")), ("VTI", "VXUS")
        case _:
            yield example(), ("AAA", "BBB")


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_contract(check: Check, opens: Opened) -> None:
    check(*opens)


class Careless:
    """A source without a name that does not care for which day it is asked."""

    name = ""

    def load(self, request: Request, progress: Progress | None = None) -> Snapshot:
        return SampleSource().load(Request(request.tickers), progress)


def test_the_contract_can_be_broken() -> None:
    broken = []
    for check in CHECKS:
        try:
            check(Careless, ("IWM", "QQQ"))
        except AssertionError:
            broken.append(check.__name__)
    assert broken == ["has_a_name", "judges_at_the_day_asked_for", "refuses_what_it_does_not_have"]


def test_an_installed_source_is_opened_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def installed(**wanted: str) -> tuple[EntryPoint, ...]:
        every = (
            EntryPoint("ledger", "ledgers:LedgerSource", "reportgen.sources"),
            EntryPoint("broken", "ledgers:missing", "reportgen.sources"),
            EntryPoint("empty", "builtins:object", "reportgen.sources"),
        )
        return tuple(entry for entry in every if wanted.get("name") in (None, entry.name))

    monkeypatch.setattr("importlib.metadata.entry_points", installed)
    monkeypatch.setitem(sys.modules, "ledgers", type("Ledgers", (), {"LedgerSource": example()}))
    assert open_source("ledger").name == "ledger"
    with pytest.raises(DataError, match="installed source broken cannot be opened"):
        open_source("broken")
    with pytest.raises(DataError, match="installed source empty has no name or no method load"):
        open_source("empty")
    with pytest.raises(UsageError, match=r"There is no source 'ledgr'\. Did you mean ledger"):
        open_source("ledgr")
