"""Live data through the command line, with nothing patched: a proxy on this machine plays Yahoo and FRED."""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from reportgen.sources.yahoo import _cache
from tests.cli.conftest import Run, Said
from tests.sources import market as m
from tests.sources.yahoo_server import DATA, Fault, Reply, Served, serve, stamp

FETCH = ("fetch", "VTI", "VXUS", "--as-of", "2026-03-27", "--years", "2", "--into", "snap", "--config", "fast.toml")
COMPARE = ("compare", "VTI", "VXUS", "--format", "html", "--config", "fast.toml")
SETTINGS = """[fetch]
pause = 0
back_off = 0
timeout = 3
years = 2
cache = "cache"
[context]
companions = []
credit = "HYG"
rates = "HYG"
investment_grade = "HYG"
long_rates = "HYG"
technology = "HYG"
"""
LIMITED = Reply(429, b"Too Many Requests", "text/plain")


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """The proxy, with the settings and the environment that lead to it."""
    m.prices("VTI")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "fast.toml").write_text(SETTINGS)
    with serve(tmp_path / "server") as running:
        for name, value in running.environment().items():
            monkeypatch.setenv(name, value)
        yield running
    _cache.forget()


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def left(folder: Path) -> set[str]:
    """What lies in the working folder besides the settings, the server's certificate and yfinance's cache."""
    return {path.name for path in folder.iterdir()} - {"fast.toml", "server", "cache"}


def program(*words: str, env: dict[str, str] | None = None, limit: int | None = None) -> Said:
    """The installed command in a process of its own; `limit`: the largest file that it can write."""
    before = (lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))) if limit else None
    command = Path(sys.executable).with_name("reportgen")
    done = subprocess.run(
        [command, *words],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=before,
        env={**os.environ, **(env or {})},
    )
    return Said(done.returncode, done.stdout, done.stderr)


@pytest.mark.slow
def test_the_installed_command_fetches_rebuilds_and_asks_no_more(served: Served, tmp_path: Path) -> None:
    said = program(*FETCH, "--json")
    assert said.code == 0, said.err
    events = [json.loads(line) for line in said.out.splitlines()]
    assert events[-1] == {"event": "fetched", "folder": "snap", "new": 15, "kept": 0, "missing": []}
    assert {"event": "fetch", "status": "got", "kind": "prices", "subject": "VTI", "message": None} in events
    one = ["zone", "chart"]
    fund = [*one, "quoteSummary", "quote", "timeseries", "quoteSummary"]
    assert served.kinds() == ["cookie", "crumb", *fund, *fund, *(one * 4), "fred", "fred", "fred"]
    assert all("crumb=a.Crumb%2F1" in path for kind, path in served.log if kind in ("chart", "quote", "quoteSummary"))
    served.log.clear()
    again = program(*FETCH, "--json")
    assert (again.code, served.log) == (0, [])
    assert json.loads(again.out.splitlines()[-1])["kept"] == 15
    pages = []
    for out in ("one", "two"):
        built = program(*COMPARE, "--snapshot", "snap", "--out", out, env={"HTTPS_PROXY": "http://127.0.0.1:9"})
        assert built.code == 0, built.err
        pages.append(contents(tmp_path / out))
    (tmp_path / "pairs.csv").write_text("VTI,VXUS\n")
    many = program("batch", "pairs.csv", "--snapshot", "snap", "--out", "many", *COMPARE[3:], "--workers", "1")
    assert many.code == 0, many.err
    pages.append(contents(tmp_path / "many"))
    assert served.log == []
    kept = {name for name in pages[0] if not name.endswith("run.json")}
    assert {name.rpartition("/")[2] for name in kept} >= {"facts.json", "article.html"}
    assert {name: pages[0][name] for name in kept} == {name: pages[1][name] for name in kept}
    assert {name: pages[0][name] for name in kept} == {name: pages[2].get(name) for name in kept}
    manifest = (tmp_path / "snap" / "manifest.json").read_text()
    assert "query2.finance.yahoo.com/v8/finance/chart/VTI?period1=" in manifest
    assert "crumb" not in manifest.lower()


def test_compare_fetches_where_no_data_are_named(served: Served, tmp_path: Path, run: Run) -> None:
    said = run(*COMPARE, "--as-of", "2026-03-27", "--out", "out")
    assert said.code == 0, said.err
    assert left(tmp_path) == {"snapshots", "out"}
    assert (tmp_path / "out" / "2026-03-27" / "vti-vs-vxus" / "article.html").is_file()
    first = served.log.copy()
    assert run(*COMPARE, "--as-of", "2026-03-27", "--out", "out", "--source", "yahoo").code == 0
    assert served.log == first


BRIEF = SETTINGS + '[brief]\npairs = [["VTI", "VXUS"], ["VTI", "VOO"]]\n[output]\nformats = ["html"]\n'


@pytest.mark.slow
def test_a_brief_of_live_data_asks_for_every_fund_once(served: Served, tmp_path: Path, run: Run) -> None:
    (tmp_path / "fast.toml").write_text(BRIEF)
    asked = ("brief", "--config", "fast.toml", "--as-of", "2026-03-27", "--out", "out")
    planned = run(*asked, "--dry-run")
    assert (planned.code, served.log) == (0, [])
    assert "would fetch 3 funds (VOO, VTI, VXUS)" in planned.out
    said = run(*asked)
    assert said.code == 0, said.err
    assert served.count("quote") == 3, "each fund's facts are asked for once"
    assert served.count("chart") == 3 + 4, "and its prices, and those of the yardsticks"
    place = tmp_path / "out" / "2026-03-27" / "brief"
    record = json.loads((place / "run.json").read_text())
    assert [(pair["slug"], pair["status"]) for pair in record["pairs"]] == [
        ("vti-vs-vxus", "issued"),
        ("vti-vs-voo", "issued"),
    ]
    assert [finding["check"] for finding in record["withheld"]], "Yahoo's data may not be sent on"
    first, pages = served.log.copy(), contents(place)
    assert run(*asked).code == 0
    assert served.log == first, "what was fetched is kept"
    again = contents(place)
    assert {name: again[name] for name in again if name != "run.json"} == {
        name: pages[name] for name in pages if name != "run.json"
    }


def test_a_brief_without_a_network_leaves_nothing(served: Served, tmp_path: Path, run: Run) -> None:
    (tmp_path / "fast.toml").write_text(BRIEF)
    served.faults = [Fault("chart", LIMITED)]
    said = run("brief", "--config", "fast.toml", "--as-of", "2026-03-27", "--out", "out", "--quiet")
    assert said.code == 4
    assert "too many requests" in said.err
    assert not list((tmp_path / "out").rglob("*.html")) if (tmp_path / "out").exists() else True


def both(change: Callable[[Any], Any], *symbols: str) -> list[Fault]:
    return [Fault("chart", change=change, symbol=symbol) for symbol in symbols]


def without_day(day_from_end: int) -> Callable[[Any], Any]:
    """A chart that lacks one of its days."""

    def change(told: Any) -> Any:  # noqa: ANN401
        result = told["chart"]["result"][0]
        position = len(result["timestamp"]) - day_from_end
        for values in (result["timestamp"], *result["indicators"]["quote"][0].values(),
                       result["indicators"]["adjclose"][0]["adjclose"]):  # fmt: skip
            del values[position]
        return told

    return change


def null_row(told: Any) -> Any:  # noqa: ANN401
    result = told["chart"]["result"][0]
    for values in (*result["indicators"]["quote"][0].values(), result["indicators"]["adjclose"][0]["adjclose"]):
        values[-30] = None
    return told


def unfinished(told: Any) -> Any:  # noqa: ANN401
    """A bar more, of a session that is not over: later than the as-of, though the end was told."""
    result = told["chart"]["result"][0]
    result["timestamp"].append(stamp(m.AS_OF) + 3 * 86400)
    for values in (*result["indicators"]["quote"][0].values(), result["indicators"]["adjclose"][0]["adjclose"]):
        values.append(77.0)
    return told


def percent(told: Any) -> Any:  # noqa: ANN401
    """A yield of 1.02% that is served as 1.02 percent points where a fraction was."""
    for module in ("summaryDetail", "defaultKeyStatistics"):
        told["quoteSummary"]["result"][0][module]["yield"] = 0.49
    return told


def ratio_as_fraction(told: Any) -> Any:  # noqa: ANN401
    told["quoteResponse"]["result"][0]["netExpenseRatio"] = 0.0019
    return told


def empty_quote(told: Any) -> Any:  # noqa: ANN401
    told["quoteResponse"]["result"] = []
    return told


NOTHING = {
    "429 for ever": ([Fault("chart", LIMITED)], "Yahoo Finance refuses to answer about VTI: too many requests."),
    "401 crumb": (
        [Fault("chart", Reply(401, (DATA / "unauthorized.json").read_bytes()))],
        "Yahoo Finance refused the request about VTI: 401 Unauthorized.",
    ),
    "500": ([Fault("chart", Reply(500, b"{}"))], "Yahoo Finance is in trouble over VTI: 500 Internal Server Error."),
    "502": ([Fault("chart", Reply(502, b"<html>"))], "Yahoo Finance is in trouble over VTI: 502 Bad Gateway."),
    "maintenance page": (
        [Fault("chart", Reply(200, (DATA / "maintenance.html").read_bytes(), "text/html"))],
        'Yahoo Finance sent a web page titled "Yahoo - Planned maintenance" in place of data about VTI.',
    ),
    "truncated JSON": (
        [Fault("chart", Reply(200, b'{"chart":{"result":[{"meta":'))],
        "The answer of Yahoo Finance about VTI is cut off or no JSON.",
    ),
    "connection reset": (
        [Fault("chart", Reply(cut=True))], "Yahoo Finance cannot be reached for VTI: the connection",
    ),
    "empty result": (
        [Fault("chart", change=lambda _: {"chart": {"result": [], "error": None}})],
        "Yahoo Finance sent no data about VTI for what was asked.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", NOTHING)
def test_where_nothing_comes_nothing_is_written(case: str, served: Served, tmp_path: Path, run: Run) -> None:
    faults, says = NOTHING[case]
    served.faults = [Fault(**vars(fault)) for fault in faults]
    said = run(*FETCH, "--quiet")
    assert said.code == 4
    assert f"reportgen: {says}" in said.err
    assert "delisted" not in said.err.lower()
    assert "Traceback" not in said.err
    assert left(tmp_path) == set()


@pytest.mark.slow
def test_failures_leave_an_earlier_snapshot_untouched(served: Served, tmp_path: Path, run: Run) -> None:
    assert run(*FETCH, "--quiet").code == 0
    before = contents(tmp_path / "snap")
    served.faults = [Fault("chart", LIMITED), Fault("zone", LIMITED)]
    said = run("fetch", "VTI", "DIA", *FETCH[3:], "--quiet")
    assert said.code == 6
    assert "missing  DIA      prices: rate-limited: Yahoo Finance refuses to answer about DIA" in said.err
    after = contents(tmp_path / "snap")
    assert {name: after.get(name) for name in before if name != "manifest.json"} == {
        name: content for name, content in before.items() if name != "manifest.json"
    }
    assert left(tmp_path) == {"snap"}
    built = run(*COMPARE, "--snapshot", "snap", "--out", "out")
    assert built.code == 0, built.err


@pytest.mark.slow
def test_a_slow_answer_counts_as_none(served: Served, tmp_path: Path, run: Run) -> None:
    (tmp_path / "fast.toml").write_text(SETTINGS.replace("timeout = 3", "timeout = 1"))
    served.faults = [Fault("chart", Reply(200, b'{"chart":{"result":[{"meta":{"x":1}}]}}', delay=1.3))]
    said = run(*FETCH, "--quiet")
    assert said.code == 4
    assert "Yahoo Finance cannot be reached for VTI: it did not answer in time." in said.err
    assert left(tmp_path) == set()


def test_a_certificate_of_a_stranger_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    (tmp_path / "fast.toml").write_text(SETTINGS)
    with serve(tmp_path / "server", trusted=False) as stranger:
        for name, value in stranger.environment().items():
            monkeypatch.setenv(name, value)
        said = run(*FETCH, "--quiet")
    assert said.code == 4
    assert "Yahoo Finance cannot be reached for VTI: its certificate could not be verified." in said.err
    assert left(tmp_path) == set()


def test_one_refusal_is_survived(served: Served, run: Run) -> None:
    served.faults = [Fault("chart", LIMITED, symbol="VTI", times=1)]
    assert run(*FETCH, "--quiet") == Said(0, "", "")


def test_two_refusals_are_waited_out(served: Served, run: Run) -> None:
    served.faults = [Fault("chart", LIMITED, symbol="VTI", times=2)]
    said = run(*FETCH, "--quiet")
    assert said.code == 0
    assert "waiting  0 s      prices: Yahoo Finance refuses to answer about VTI: too many requests." in said.err


@pytest.mark.slow
def test_one_ticker_of_five_is_missing(served: Served, tmp_path: Path, run: Run) -> None:
    served.known = {"VTI", "VXUS", "VOO", "VUG", "SPY", "AGG", "HYG", "^IRX"}
    said = run("fetch", "VTI", "VXUS", "VOO", "VUG", "ZZZZ", *FETCH[3:], "--quiet")
    assert said.code == 6
    assert "missing  ZZZZ     prices: not found: Yahoo Finance knows no symbol ZZZZ." in said.err
    assert "delisted" not in said.err.lower()
    assert (tmp_path / "snap" / "prices" / "VUG.csv").is_file()
    assert not list((tmp_path / "snap").rglob("ZZZZ*"))
    refused = run("compare", "VTI", "ZZZZ", *COMPARE[3:], "--snapshot", "snap")
    assert (refused.code, "There are no prices of ZZZZ" in refused.err) == (4, True)


@pytest.mark.parametrize(
    ("fault", "code", "says"),
    [
        (Fault("quote", Reply(500, b"{}"), symbol=None), 6, "fund facts: unreachable: Yahoo Finance is in trouble"),
        (Fault("quote", change=empty_quote), 6, "incomplete: Yahoo Finance's profile of VTI lacks its quote half"),
        (
            Fault("quoteSummary", Reply(502, b"{}")),
            6,
            "fund facts: unreachable: Yahoo Finance is in trouble over VTI: 502",
        ),
    ],
)
def test_half_a_profile_is_none(fault: Fault, code: int, says: str, served: Served, tmp_path: Path, run: Run) -> None:
    served.faults = [Fault(**vars(fault))]
    said = run("fetch", "VTI", *FETCH[3:], "--quiet")
    assert (said.code, says in said.err) == (code, True), said.err
    assert (tmp_path / "snap" / "prices" / "VTI.csv").is_file()
    assert not (tmp_path / "snap" / "fund_facts" / "VTI.json").exists()
    served.faults = []
    assert run("fetch", "VTI", *FETCH[3:], "--quiet").code == 0
    assert (tmp_path / "snap" / "fund_facts" / "VTI.json").is_file()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "key", "says"),
    [
        (
            Fault("quoteSummary", change=percent), "yield",
            "The yield is stated as 49%, and Yahoo's other field say 1.02%. The figure was left out.",
        ),
        (
            Fault("quote", change=ratio_as_fraction), "expenseRatio",
            "The expense ratio is stated as 0.0019 percent and as 0.19 percent. The figure was left out.",
        ),
    ],
)  # fmt: skip
def test_a_unit_that_flipped_is_noticed_and_told(
    fault: Fault, key: str, says: str, served: Served, tmp_path: Path, run: Run
) -> None:
    served.faults = [Fault(**vars(fault))]
    assert run(*FETCH, "--quiet").code == 0
    assert key not in json.loads((tmp_path / "snap" / "fund_facts" / "VTI.json").read_text())
    assert run(*COMPARE, "--snapshot", "snap", "--out", "out").code == 0
    page = (tmp_path / "out" / "2026-03-27" / "vti-vs-vxus" / "article.html").read_text()
    assert says.replace("'", "&#39;") in page or says in page


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (without_day(30), "One session is without a close: 2026-02-"),
        (null_row, "One session is without a close: 2026-02-"),
    ],
)
def test_a_missing_session_is_told_on_the_page(
    change: Callable[[Any], Any], says: str, served: Served, tmp_path: Path, run: Run
) -> None:
    served.faults = both(change, "VTI")
    said = run(*FETCH)
    assert said.code == 0
    assert "got      VTI      prices: one session is without a close: 2026-02-" in said.err
    assert run(*COMPARE, "--snapshot", "snap", "--out", "out").code == 0
    assert says in (tmp_path / "out" / "2026-03-27" / "vti-vs-vxus" / "article.html").read_text()


def test_an_unfinished_bar_is_left_out(served: Served, tmp_path: Path, run: Run) -> None:
    served.faults = both(unfinished, "VTI", "VXUS")
    assert run(*FETCH, "--quiet").code == 0
    assert (tmp_path / "snap" / "prices" / "VTI.csv").read_text().splitlines()[-1].startswith("2026-03-27,")


@pytest.mark.slow
@pytest.mark.parametrize("symbols", [("VXUS",), ("VTI", "VXUS")])
def test_data_that_end_early_hold_unless_that_is_allowed(
    symbols: tuple[str, ...], served: Served, tmp_path: Path, run: Run
) -> None:
    served.faults = both(without_day(1), *symbols)
    assert run(*FETCH, "--quiet").code == 0
    held = run(*COMPARE, "--snapshot", "snap", "--out", "out")
    assert held.code == 3
    assert (
        "The prices of VXUS end on 2026-03-26, before the session of 2026-03-27"
        in held.err + contents(tmp_path / "out")["2026-03-26/vti-vs-vxus.held/notice.txt"].decode()
    )
    let = run(*COMPARE, "--snapshot", "snap", "--out", "out", "--allow-stale", "3d")
    assert let.code == 0, let.err
    page = (tmp_path / "out" / "2026-03-26" / "vti-vs-vxus" / "article.html").read_text()
    assert "The prices of VXUS end on 2026-03-26, before the session of 2026-03-27." in page
    served.faults, before = [], served.count("chart")
    assert run(*FETCH, "--quiet").code == 0
    assert served.count("chart") - before == len(symbols)


@pytest.mark.slow
def test_a_corrupt_cache_and_one_that_cannot_be_are_survived(served: Served, tmp_path: Path, run: Run) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "tkr-tz.db").write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    assert run(*FETCH, "--quiet") == Said(0, "", "")
    shutil.rmtree(tmp_path / "snap")
    shutil.rmtree(tmp_path / "cache")
    (tmp_path / "cache").write_text("a file where a folder should be")
    said = run(*FETCH)
    assert said.code == 0
    assert "cache cannot be written; yfinance works without its cache" in said.err


@pytest.mark.slow
def test_a_full_disk_leaves_what_was_there(served: Served, tmp_path: Path) -> None:
    assert program(*FETCH, "--quiet").code == 0
    before = contents(tmp_path / "snap")
    said = program("fetch", "VTI", "VOO", *FETCH[3:], "--quiet", limit=30_000)
    assert said.code == 5
    assert "reportgen: The snapshot cannot be written to snap: File too large." in said.err
    assert contents(tmp_path / "snap") == before
    assert left(tmp_path) == {"snap"}


def test_an_as_of_that_has_not_closed_is_refused(served: Served, tmp_path: Path, run: Run) -> None:
    said = run("fetch", "VTI", "--as-of", "2034-01-04", "--config", "fast.toml")
    assert (said.code, served.log) == (4, [])
    assert "The session of 2034-01-04 has not closed yet. The last closed one is of" in said.err


def test_without_the_library_the_command_that_installs_it_is_named(
    served: Served, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as without:
        for name in ("yfinance", "curl_cffi"):
            without.setitem(sys.modules, name, None)
        said = run(*FETCH)
    assert said.code == 2
    assert (
        'Live data need the library yfinance, which is not installed. Run: pip install "fund-reportgen[yahoo]"'
        in said.err
    )


@pytest.mark.slow
def test_the_page_says_what_came_from_where_and_when(served: Served, tmp_path: Path, run: Run) -> None:
    assert run(*FETCH, "--quiet").code == 0
    assert run(*COMPARE, "--snapshot", "snap", "--out", "out").code == 0
    page = (tmp_path / "out" / "2026-03-27" / "vti-vs-vxus" / "article.html").read_text()
    sources = page[page.index('id="sources"') :]
    text = " ".join(re.sub(r"<[^>]+>", " ", sources[: sources.index("</section>")]).split())
    today = datetime.now(UTC).date()
    assert "What From Parts As of Retrieved Prices Yahoo Finance VTI, VXUS, SPY" in text
    assert f"HYG 2026-03-27 {today} Rates FRED 10-year Treasury yield (DGS10)" in text
    assert "3-month Treasury yield (DGS3MO)" in text
    assert "Calendar reportgen Sessions of the New York Stock Exchange and the shipped list of scheduled events" in text


@pytest.mark.slow
def test_a_batch_fetches_its_funds_once(served: Served, tmp_path: Path, run: Run) -> None:
    (tmp_path / "pairs.txt").write_text("VTI,VXUS\nVXUS,VOO\n")
    live = ("--source", "yahoo", "--as-of", "2026-03-27", "--config", "fast.toml", "--format", "html", "--workers", "1")
    said = run("batch", "pairs.txt", *live, "--out", "out", "--quiet")
    assert said.code == 0, said.err
    assert [served.kinds().count(kind) for kind in ("quote", "fred")] == [3, 3]
    made = {path.parent.name for path in (tmp_path / "out").rglob("article.html")}
    assert made == {"vti-vs-vxus", "vxus-vs-voo"}
