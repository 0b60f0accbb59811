"""The real yfinance client against a server on this machine: what it asks, what we make of what comes back."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from reportgen.errors import (
    IncompleteError,
    MalformedError,
    NetworkError,
    RateLimitedError,
    UnknownSymbolError,
    UnreachableError,
)
from reportgen.sources.yahoo import _cache
from reportgen.sources.yahoo._fields import profile_of
from reportgen.sources.yahoo._market import Question
from reportgen.sources.yahoo._session import Pace, PoliteSession
from reportgen.sources.yahoo._yfinance import YfinanceMarket
from tests.sources import market as m
from tests.sources.yahoo_server import DATA, Fault, Reply, Served, serve, stamp

PRICES = Question("VTI", "prices", date(2025, 3, 3), date(2026, 3, 27))
PROFILE = Question("VTI", "profile")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    m.prices("VTI")  # the calendar loads before a clock runs
    with serve(tmp_path / "server") as running:
        yield running
    _cache.forget()


@pytest.fixture
def client(served: Served, tmp_path: Path) -> YfinanceMarket:
    """The real client with a session that sends every request to the local server."""

    class Redirected(PoliteSession):
        def send(self, method: str, url: str, **options: Any) -> Any:  # noqa: ANN401
            parts = urlsplit(url)
            return super().send(
                method, f"{served.local}{parts.path or '/'}{'?' + parts.query if parts.query else ''}", **options
            )

    return YfinanceMarket(tmp_path / "cache", Pace(0, lambda: 0.0, lambda _: None), 3.0, Redirected)


def test_prices_are_asked_for_in_the_known_order(client: YfinanceMarket, served: Served) -> None:
    answer = client.ask(PRICES)
    assert served.kinds()[0] == "cookie"
    assert asked_for_data(served) == ["crumb", "zone", "chart"]
    asked = served.log[-1][1]
    for part in ("/v8/finance/chart/VTI?", "interval=1d", "includePrePost=false", "events=div%2Csplits%2CcapitalGains",
                 "crumb=a.Crumb%2F1", f"period1={stamp(date(2025, 3, 3)) - 34200}"):  # fmt: skip
        assert part in asked
    assert (answer.days[0], answer.days[-1]) == (date(2025, 3, 3), date(2026, 3, 27))
    expected = m.prices("VTI", date(2023, 10, 2))
    assert answer.columns["Close"] == tuple(expected.columns["Close"][-len(answer.days) :])
    assert sum(answer.columns["Dividends"]) > 0  # type: ignore[arg-type]
    assert answer.info["longName"] == "Sample VTI ETF"
    assert "crumb" not in answer.url
    assert answer.url.startswith("https://query2.finance.yahoo.com/v8/finance/chart/VTI?period1=")


def test_a_profile_takes_four_requests_more(client: YfinanceMarket, served: Served) -> None:
    client.ask(PRICES)
    served.log.clear()
    answer = client.ask(PROFILE)
    assert asked_for_data(served) == ["quoteSummary", "quote", "timeseries", "quoteSummary"]
    assert (answer.info["netExpenseRatio"], answer.info["fundFamily"]) == (0.19, "Sample")
    assert answer.fund["operations"]["Annual Report Expense Ratio"] == 0.0019
    assert answer.fund["equity"]["Price/Earnings"] == 0.0405
    assert answer.fund["holdings"][0] == {"symbol": "AAAA", "name": "Sample Company 0001", "weight": 0.0501}
    assert answer.fund["sectors"] == {"technology": 0.4, "financial_services": 0.35, "energy": 0.25}


def test_crumb_and_time_zone_are_asked_for_once(client: YfinanceMarket, served: Served) -> None:
    client.ask(PRICES)
    client.ask(PRICES)
    assert asked_for_data(served) == ["crumb", "zone", "chart", "chart"]


def asked_for_data(served: Served) -> list[str]:
    """The requests but those for the cookie: sent here, it has a domain that yfinance does not keep."""
    return [kind for kind in served.kinds() if kind != "cookie"]


def cut(told: Any) -> Any:  # noqa: ANN401
    told["chart"]["result"][0].pop("timestamp")
    told["chart"]["result"][0]["indicators"] = {"quote": [{}], "adjclose": [{}]}
    return told


def nothing(told: Any) -> Any:  # noqa: ANN401
    return {"chart": {"result": [], "error": None}}


MATRIX = {
    "429 for ever": (
        [Fault("chart", Reply(429, b"Too Many Requests", "text/plain"))], RateLimitedError,
        "Yahoo Finance refuses to answer about VTI: too many requests.",
    ),
    "429 on the crumb and the chart": (
        [Fault(kind, Reply(429, b"Too Many Requests", "text/plain")) for kind in ("crumb", "zone")], RateLimitedError,
        "Yahoo Finance refuses to answer about VTI: too many requests.",
    ),
    "401 crumb": (
        [Fault("chart", Reply(401, (DATA / "unauthorized.json").read_bytes()))], UnreachableError,
        "Yahoo Finance refused the request about VTI: 401 Unauthorized.",
    ),
    "500": (
        [Fault("chart", Reply(500, b'{"chart":{"result":null,"error":{"code":"Internal Server Error"}}}'))],
        UnreachableError, "Yahoo Finance is in trouble over VTI: 500 Internal Server Error.",
    ),
    "502": (
        [Fault("zone", Reply(502, b"<html><title>502</title></html>", "text/html"))], UnreachableError,
        "Yahoo Finance is in trouble over VTI: 502 Bad Gateway.",
    ),
    "maintenance page": (
        [Fault("chart", Reply(200, (DATA / "maintenance.html").read_bytes(), "text/html"))], MalformedError,
        'Yahoo Finance sent a web page titled "Yahoo - Planned maintenance" in place of data about VTI.',
    ),
    "truncated JSON": (
        [Fault("chart", Reply(200, b'{"chart":{"result":[{"meta":{"currency":"US'))], MalformedError,
        "The answer of Yahoo Finance about VTI is cut off or no JSON.",
    ),
    "slow body": (
        [Fault("chart", Reply(200, b'{"chart":{"result":[{"meta":{"x":1}}]}}', delay=3.5))], UnreachableError,
        "Yahoo Finance cannot be reached for VTI: it did not answer in time.",
    ),
    "connection reset": (
        [Fault("chart", Reply(cut=True))], UnreachableError, "Yahoo Finance cannot be reached for VTI: the connection",
    ),
    "empty result": (
        [Fault("chart", change=nothing)], IncompleteError, "Yahoo Finance sent no data about VTI for what was asked.",
    ),
    "no rows": (
        [Fault("chart", change=cut)], IncompleteError, "Yahoo Finance sent no data about VTI for what was asked.",
    ),
    "not found": (
        [Fault(kind, Reply(404, (DATA / "chart-not-found.json").read_bytes())) for kind in ("zone", "chart")],
        UnknownSymbolError, "Yahoo Finance knows no symbol VTI.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", MATRIX)
def test_a_failure_is_of_its_class_and_never_delisted(
    case: str,
    client: YfinanceMarket,
    served: Served,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    faults, kind, says = MATRIX[case]
    served.faults = [Fault(**vars(fault)) for fault in faults]
    with caplog.at_level(logging.ERROR), pytest.raises(NetworkError) as caught:
        client.ask(PRICES)
    assert type(caught.value) is kind
    assert caught.value.what.startswith(says)
    assert caught.value.fix
    said = str(caught.value) + "".join(capfd.readouterr())
    assert "delisted" not in said.lower()


def test_one_refusal_is_survived(client: YfinanceMarket, served: Served) -> None:
    served.faults = [Fault("chart", Reply(429, b"Too Many Requests", "text/plain"), times=1)]
    assert client.ask(PRICES).days[-1] == date(2026, 3, 27)
    assert served.count("chart") == 2


def test_a_bad_answer_is_not_given_again_from_memory(client: YfinanceMarket, served: Served) -> None:
    served.faults = [Fault("chart", Reply(200, (DATA / "maintenance.html").read_bytes(), "text/html"), times=1)]
    with pytest.raises(MalformedError):
        client.ask(PRICES)
    assert client.ask(PRICES).days[-1] == date(2026, 3, 27)


@pytest.mark.parametrize(
    ("kind", "status", "says"),
    [
        ("quote", 500, "Yahoo Finance is in trouble over VTI: 500 Internal Server Error."),
        ("quoteSummary", 502, "Yahoo Finance is in trouble over VTI: 502 Bad Gateway."),
    ],
)
def test_a_leg_that_is_down_fails_the_profile(
    kind: str, status: int, says: str, client: YfinanceMarket, served: Served
) -> None:
    served.faults = [Fault(kind, Reply(status, b"{}"))]
    with pytest.raises(UnreachableError) as caught:
        client.ask(PROFILE)
    assert caught.value.what == says


def test_a_figure_that_nobody_needs_may_fail(client: YfinanceMarket, served: Served) -> None:
    served.faults = [Fault("timeseries", Reply(200, b'{"timeseries":{"result":null,"error":{"code":"x"}}}'))]
    assert client.ask(PROFILE).info["netExpenseRatio"] == 0.19


def test_a_corrupt_cache_is_deleted(served: Served, tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    folder.mkdir()
    for name in ("tkr-tz.db", "cookies.db"):
        (folder / name).write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    assert _cache.prepare(folder)
    assert not (folder / "tkr-tz.db").exists()
    assert not (folder / "cookies.db").exists()


def test_a_cache_that_breaks_during_the_work_is_done_without(client: YfinanceMarket, tmp_path: Path) -> None:
    client.ask(PRICES)
    for path in (tmp_path / "cache").glob("tkr-tz.db*"):
        path.write_bytes(b"SQLite format 3\0" + b"\xff" * 9000)
    assert client.ask(Question("VXUS", "prices", PRICES.start, PRICES.end)).days[-1] == date(2026, 3, 27)


def test_a_cache_folder_that_cannot_be_is_done_without(served: Served, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    assert not _cache.prepare(tmp_path / "file" / "cache")


def test_requests_keep_their_distance() -> None:
    times = iter([0.0, 0.4, 1.0, 5.0, 5.0])
    slept: list[float] = []
    pace = Pace(1.0, lambda: next(times), slept.append)
    for _ in range(3):
        pace.keep()
    assert slept == [pytest.approx(0.6)]


def test_the_payloads_have_the_recorded_shapes(real_data: Path) -> None:
    """Every key of ours that a recorded answer could have is one that it has."""
    recorded = json.loads((real_data / "yahoo_http" / "quoteSummary-all-QQQ.json").read_text())
    ours = json.loads((DATA / "quote-summary.json").read_text())
    theirs = recorded["quoteSummary"]["result"][0]
    for module, told in ours["quoteSummary"]["result"][0].items():
        assert set(told) <= set(theirs[module]) | {"bondRatings"}, module
    recorded = json.loads((real_data / "yahoo_http" / "chart-QQQ-2020-01-01-to-2020-01-03.json").read_text())
    chart = json.loads((DATA / "chart.json").read_text())["chart"]["result"][0]
    assert set(chart["meta"]) <= set(recorded["chart"]["result"][0]["meta"])


def recorded(folder: Path, name: str) -> Reply:
    return Reply(200, next((folder / "yahoo_http").glob(f"{name}*")).read_bytes())


@pytest.mark.real_data
def test_recorded_charts_are_read(real_data: Path, client: YfinanceMarket, served: Served) -> None:
    served.faults = [Fault("chart", recorded(real_data, "chart-AAPL"))]
    apple = client.ask(Question("AAPL", "prices", date(2020, 8, 31), date(2020, 11, 6)))
    paid = {day: amount for day, amount in zip(apple.days, apple.columns["Dividends"], strict=True) if amount}
    assert paid == {date(2020, 11, 6): 0.205}
    assert (apple.days[0], apple.days[-1], len(apple.days)) == (date(2020, 8, 31), date(2020, 11, 6), 49)
    assert apple.columns["Stock Splits"][0] == 4.0
    assert apple.columns["Close"][0] == 129.0399932861328
    assert apple.info["instrumentType"] == "EQUITY"
    served.faults = [Fault("chart", recorded(real_data, "historical-via-chart-MSFT"))]
    microsoft = client.ask(Question("MSFT", "prices", date(2021, 2, 1), date(2022, 1, 31)))
    assert [amount for amount in microsoft.columns["Dividends"] if amount] == [0.56, 0.56, 0.56, 0.62]
    served.faults = [Fault("chart", recorded(real_data, "chart-QQQ"))]
    assert client.ask(Question("QQQ", "prices", date(2020, 1, 2), date(2020, 1, 2))).days == (date(2020, 1, 2),)


@pytest.mark.real_data
def test_a_recorded_profile_is_read_and_its_reciprocals_are_left_alone(
    real_data: Path, client: YfinanceMarket, served: Served
) -> None:
    served.faults = [Fault("quoteSummary", recorded(real_data, "quoteSummary-all-QQQ"))]
    answer = client.ask(Question("QQQ", "profile"))
    assert answer.fund["operations"]["Annual Report Expense Ratio"] == 0.002
    assert answer.fund["holdings"][0] == {"symbol": "AAPL", "name": "Apple Inc", "weight": 0.090070695}
    assert 0 < answer.fund["equity"]["Price/Earnings"] < 1
    assert (answer.info["yield"], answer.info["fundFamily"]) == (0.0054, "Invesco")
    content, issues = profile_of("QQQ", answer, date(2025, 2, 24), 0.0054)
    told = json.loads(content)
    assert (told["expenseRatio"], told["yield"], told["sectorWeightings"]["realestate"]) == (0.19, 0.0054, 0.002)
    # Our invented other half names other net assets, so neither figure is believed.
    assert "totalAssets" not in told
    assert ["Net assets are stated as 328,302,690,304" in issue.message for issue in issues] == [True]
