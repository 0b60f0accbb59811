"""Fetching through the in-memory twins: what is asked, what is kept, what a failure leaves behind."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from reportgen import calendar
from reportgen.errors import (
    DataError,
    IncompleteError,
    MalformedError,
    NetworkError,
    RateLimitedError,
    UnknownSymbolError,
    UnreachableError,
    UsageError,
    WriteError,
)
from reportgen.model import Request
from reportgen.sources._wanted import Order
from reportgen.sources.fetch import Fetched, Told, fetch
from reportgen.sources.snapshot import SnapshotSource
from reportgen.sources.store import read_manifest
from reportgen.sources.yahoo._market import MemoryMarket, PatientMarket, Question
from tests.sources import market as m


def fetched(folder: Path, *tickers: str, asked: MemoryMarket | None = None, **changes: object) -> Fetched:
    order = m.order(folder, *tickers, **changes)
    return fetch(order, m.tools(asked or m.market(*order.tickers), m.web(order.start)))


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_snapshot_is_a_data_folder_with_a_manifest(tmp_path: Path) -> None:
    folder = tmp_path / "snap"
    result = fetched(folder)
    assert (result.folder, result.missing, result.kept) == (folder, (), 0)
    manifest = read_manifest(folder)
    assert {part.path for part in manifest.parts} | {"manifest.json"} == set(contents(folder))
    for part in manifest.parts:
        assert hashlib.sha256((folder / part.path).read_bytes()).hexdigest() == part.sha256
        assert part.retrieved_at == "2026-03-28T09:30:00+00:00"
    assert manifest.find("prices", "VTI") is not None
    assert manifest.versions["yfinance"] == "1.7.0"
    assert manifest.as_of == m.AS_OF


def test_every_fund_of_the_folder_can_be_compared_with_every_other(tmp_path: Path) -> None:
    fetched(tmp_path / "snap", "VTI", "VXUS", "VOO")
    source = SnapshotSource(tmp_path / "snap")
    for pair in (("VTI", "VXUS"), ("VOO", "VTI")):
        snapshot = source.load(Request(pair, context=m.CONTEXT))
        assert (snapshot.tickers, snapshot.as_of) == (pair, m.AS_OF)
        assert not [issue for issue in snapshot.issues if issue.severity == "error"]
        assert {record.retrieved_at for record in snapshot.sources if record.kind == "prices"} == {
            "2026-03-28T09:30:00+00:00"
        }


def test_a_second_fetch_asks_only_for_what_is_missing(tmp_path: Path) -> None:
    folder = tmp_path / "snap"
    down = m.market("VTI", "VXUS", VXUS_profile=IncompleteError("Half of it."))
    first = fetched(folder, asked=down)
    assert [(lack.kind, lack.subject, lack.reason) for lack in first.missing] == [("fund facts", "VXUS", "incomplete")]
    before = contents(folder)
    again = m.market("VTI", "VXUS", "VOO")
    second = fetched(folder, "VTI", "VXUS", "VOO", asked=again)
    assert [(q.symbol, q.what) for q in again.asked] == [("VXUS", "profile"), ("VOO", "prices"), ("VOO", "profile")]
    assert second.missing == ()
    after = contents(folder)
    assert {name: after[name] for name in before if name != "manifest.json"} == {
        name: content for name, content in before.items() if name != "manifest.json"
    }
    third = m.market("VTI", "VXUS", "VOO")
    assert (fetched(folder, "VTI", "VXUS", "VOO", asked=third).new, third.asked) == (0, [])
    assert contents(folder) == after


def test_a_profile_is_held_against_prices_that_were_there_before(tmp_path: Path) -> None:
    folder = tmp_path / "snap"
    fetched(folder, asked=m.market("VTI", "VXUS", VTI_profile=IncompleteError("Half of it.")))
    flipped = m.profile("VTI", **{"yield": 0.98, "dividendYield": None})
    fetched(folder, asked=m.market("VTI", "VXUS", VTI_profile=flipped))
    (issue,) = read_manifest(folder).issues
    assert "The yield is stated as 98%, and the distributions say 0." in issue.message


def test_the_questions_are_as_ordered(tmp_path: Path) -> None:
    asked = m.market("VTI", "VXUS")
    fetched(tmp_path / "snap", asked=asked)
    start = m.order(tmp_path).start
    assert asked.asked[:2] == [Question("VTI", "prices", start, m.AS_OF), Question("VTI", "profile")]
    symbols = [question.symbol for question in asked.asked]
    assert symbols[:4] == ["VTI", "VTI", "VXUS", "VXUS"]
    assert symbols[4:] == [t for t in m.CONTEXT.tickers if t not in ("VTI", "VXUS")] + ["^IRX"]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (RateLimitedError("Too many."), "rate-limited"),
        (UnreachableError("Nobody there."), "unreachable"),
        (UnknownSymbolError("Unknown."), "not found"),
        (MalformedError("A page."), "malformed"),
        (IncompleteError("Half."), "incomplete"),
    ],
)
def test_where_nothing_comes_the_error_is_of_its_class_and_nothing_is_written(
    error: NetworkError, reason: str, tmp_path: Path
) -> None:
    broken = m.market("VTI", "VXUS", VTI_prices=error, VXUS_prices=error)
    told: list[Told] = []
    order = m.order(tmp_path / "snap")
    with pytest.raises(type(error)) as caught:
        fetch(order, m.tools(broken, m.web(order.start), told.append))
    assert caught.value.what == error.what
    assert next(t.message for t in told if t.status == "missing") == f"{reason}: {error.args[0]}"
    assert list(tmp_path.iterdir()) == []


def test_a_provider_out_of_reach_is_not_asked_further(tmp_path: Path) -> None:
    limited = m.market("VTI", "VXUS", VXUS_prices=RateLimitedError("Too many."))
    result = fetched(tmp_path / "snap", asked=limited)
    assert [question.symbol for question in limited.asked] == ["VTI", "VTI", "VXUS"]
    assert {lack.reason for lack in result.missing} == {"rate-limited"}
    assert {"VXUS", "SPY", "HYG", "^IRX"} <= {lack.subject for lack in result.missing}


def test_one_missing_fund_does_not_cost_the_others(tmp_path: Path) -> None:
    five = ("VTI", "VXUS", "VOO", "VUG", "ZZZZ")
    result = fetched(tmp_path / "snap", *five, asked=m.market(*five[:4]))
    assert {(lack.kind, lack.subject, lack.reason) for lack in result.missing if lack.kind != "holdings"} == {
        ("prices", "ZZZZ", "not found"),
        ("fund facts", "ZZZZ", "incomplete"),
    }
    SnapshotSource(tmp_path / "snap").load(Request(five[:4], context=m.CONTEXT))
    with pytest.raises(DataError, match="no prices of ZZZZ"):
        SnapshotSource(tmp_path / "snap").load(Request(("VTI", "ZZZZ"), context=m.CONTEXT))


def test_a_snapshot_of_another_day_is_never_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "snap"
    fetched(folder)
    before = contents(folder)
    with pytest.raises(UsageError, match="holds a snapshot of 2026-03-27 that reaches back 2 years"):
        fetched(folder, years=3)
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match="holds something else than a snapshot"):
        fetched(tmp_path / "own")
    assert contents(folder) == before


def test_a_failure_to_write_leaves_the_earlier_snapshot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "snap"
    fetched(folder)
    before = contents(folder)
    real = Path.write_bytes

    def full(path: Path, content: bytes) -> int:
        if path.name == "manifest.json":
            raise OSError(28, "No space left on device")
        return real(path, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(WriteError, match=r"No space left on device\. Make room or name another folder"):
        fetched(folder, "VTI", "VXUS", "VOO")
    assert contents(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["snap"]


def test_an_interruption_leaves_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "snap"
    fetched(folder)
    before = contents(folder)
    real = Path.write_bytes

    def interrupted(path: Path, content: bytes) -> int:
        if path.name == "VOO.csv":
            raise KeyboardInterrupt
        return real(path, content)

    monkeypatch.setattr(Path, "write_bytes", interrupted)
    with pytest.raises(KeyboardInterrupt):
        fetched(folder, "VTI", "VXUS", "VOO")
    assert contents(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["snap"]


def test_a_snapshot_that_a_crash_left_aside_is_put_back(tmp_path: Path) -> None:
    folder = tmp_path / "snap"
    fetched(folder)
    folder.rename(tmp_path / ".snap.old")
    asked = m.market("VTI", "VXUS")
    assert fetched(folder, asked=asked).new == 0
    assert asked.asked == []


@pytest.mark.parametrize("name", ["prices/VTI.csv", "sessions.csv", "fund_facts/VXUS.json", "rates/DGS3MO.csv"])
def test_a_part_that_was_changed_is_refused(name: str, tmp_path: Path) -> None:
    fetched(tmp_path / "snap")
    path = tmp_path / "snap" / name
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(DataError, match=f"{name}: The file is not the one that was saved"):
        SnapshotSource(tmp_path / "snap").load(Request(("VTI", "VXUS"), context=m.CONTEXT))


def test_a_file_that_was_put_in_is_refused(tmp_path: Path) -> None:
    fetched(tmp_path / "snap")
    (tmp_path / "snap" / "facts.toml").write_text("")
    (tmp_path / "snap" / "holdings").mkdir(exist_ok=True)
    (tmp_path / "snap" / "holdings" / "VTI_2026-03-01.csv").write_text("Name,Weight\nA,1\n")
    with pytest.raises(DataError, match=r"empty|not part of the snapshot"):
        SnapshotSource(tmp_path / "snap").load(Request(("VTI", "VXUS"), context=m.CONTEXT))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: {**t, "schema": 1}, "not of schema 2"),
        (lambda t: {**t, "as_of": "soon"}, "does not fit its schema"),
        (lambda t: {key: t[key] for key in t if key != "parts"}, "does not fit its schema"),
        (lambda t: {**t, "parts": [{**t["parts"][0], "path": "../x"}]}, "lies outside the snapshot"),
        (lambda t: {**t, "parts": [{**t["parts"][0], "sha256": 7}]}, "sha256 is 7"),
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(change: object, message: str, tmp_path: Path) -> None:
    fetched(tmp_path / "snap")
    path = tmp_path / "snap" / "manifest.json"
    assert callable(change)
    path.write_text(json.dumps(change(json.loads(path.read_text()))))
    with pytest.raises(DataError, match=message):
        read_manifest(tmp_path / "snap")


def test_a_refused_question_is_asked_three_times_with_growing_pauses() -> None:
    waits: list[tuple[float, str]] = []
    asked = m.market("VTI", VTI_prices=RateLimitedError("Too many."))
    patient = PatientMarket(asked, lambda seconds, why: waits.append((seconds, why)), 10)
    with pytest.raises(RateLimitedError):
        patient.ask(Question("VTI", "prices"))
    assert len(asked.asked) == 3
    assert waits == [(10, "Too many."), (20, "Too many.")]
    unknown = m.market()
    with pytest.raises(UnknownSymbolError):
        PatientMarket(unknown, lambda *_: None, 10).ask(Question("ZZZZ", "prices"))
    assert len(unknown.asked) == 1


def test_building_from_a_snapshot_loads_no_calendar(tmp_path: Path) -> None:
    fetched(tmp_path / "snap")
    code = (
        "import sys\nfrom pathlib import Path\n"
        "from reportgen.model import ContextFunds, Request\nfrom reportgen.sources.snapshot import SnapshotSource\n"
        f"source = SnapshotSource(Path({str(tmp_path / 'snap')!r}))\n"
        "found = source.load(Request(('VTI', 'VXUS'), context=ContextFunds(companions=('XLE',))))\n"
        "print(found.as_of, sorted({'exchange_calendars', 'pandas', 'yfinance'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "2026-03-27 []\n"


def test_the_sessions_of_a_snapshot_decide_whatever_a_later_calendar_says(tmp_path: Path) -> None:
    folder = tmp_path / "snap"
    fetched(folder)
    before = SnapshotSource(folder).load(Request(("VTI", "VXUS"), context=m.CONTEXT))
    # A day of mourning that the exchange's calendar of that time did not know.
    days = (folder / "sessions.csv").read_text().replace("2026-03-26\n", "")
    told = json.loads((folder / "manifest.json").read_text())
    part = next(part for part in told["parts"] if part["path"] == "sessions.csv")
    part["sha256"] = hashlib.sha256(days.encode()).hexdigest()
    (folder / "sessions.csv").write_text(days)
    (folder / "manifest.json").write_text(json.dumps(told))
    after = SnapshotSource(folder).load(Request(("VTI", "VXUS"), context=m.CONTEXT))
    assert (before.sessions.size - after.sessions.size, after.as_of) == (1, m.AS_OF)
    assert calendar.is_session(date(2026, 3, 26))


def test_a_dividend_and_a_gain_on_one_day_are_flagged(tmp_path: Path) -> None:
    answer = m.prices("VTI")
    paid = [i for i, amount in enumerate(answer.columns["Dividends"]) if amount][-1]
    gains = [0.1 if i == paid else 0.0 for i in range(len(answer.days))]
    dividends = [0.15 if i == paid else amount for i, amount in enumerate(answer.columns["Dividends"])]
    twice = replace(answer, columns={**answer.columns, "Dividends": dividends, "Capital Gains": gains})
    fetched(tmp_path / "snap", asked=m.market("VTI", "VXUS", VTI_prices=twice))
    snapshot = SnapshotSource(tmp_path / "snap").load(Request(("VTI", "VXUS"), context=m.CONTEXT))
    (issue,) = (issue for issue in snapshot.issues if issue.code == "capital-gain-twice")
    assert (issue.subject, issue.where) == ("VTI", str(answer.days[paid]))
    assert "A dividend of 0.15 and a capital gain of 0.1 are both dated" in issue.message


def test_steps_are_told_as_they_happen(tmp_path: Path) -> None:
    told: list[Told] = []
    order = m.order(tmp_path / "snap")
    fetch(order, m.tools(m.market("VTI", "VXUS"), m.web(order.start), told.append))
    assert [(t.status, t.kind, t.subject) for t in told[:5]] == [
        ("asking", "prices", "VTI"),
        ("got", "prices", "VTI"),
        ("asking", "fund facts", "VTI"),
        ("got", "fund facts", "VTI"),
        ("asking", "holdings", "VTI"),
    ]
    assert (told[5].status, told[5].message) == (
        "note", "no route to the issuer's file is known; give it with --holdings DIR",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("day", "years", "start"),
    [(date(2026, 3, 27), 10, date(2016, 2, 25)), (date(2024, 2, 29), 1, date(2023, 1, 28))],
)
def test_a_window_has_its_first_close(day: date, years: int, start: date) -> None:
    assert Order(("VTI",), day, Path("x"), years=years).start == start


def test_an_order_that_cannot_be_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No fund was named"):
        fetch(replace(m.order(tmp_path / "snap"), tickers=()), m.tools(m.market(), m.web(m.FIRST)))
    with pytest.raises(UsageError, match="61 years cannot be fetched"):
        fetched(tmp_path / "snap", years=61)
    with pytest.raises(DataError, match=r"of 2026-03-30 has not closed yet\. The last closed one is of 2026-03-27"):
        fetch(replace(m.order(tmp_path / "snap"), as_of=date(2026, 3, 30)), m.tools(m.market(), m.web(m.FIRST)))
