"""Holdings and rates that are downloaded: local files first, routes in one table, web pages refused, stand-ins."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from reportgen.errors import (
    MalformedError,
    NetworkError,
    RateLimitedError,
    UnknownSymbolError,
    UnreachableError,
)
from reportgen.model import Request
from reportgen.sources import _fetch_holdings as holdings
from reportgen.sources._fred import SERIES, address, fetch_series
from reportgen.sources._web import MemoryWeb, UrlWeb
from reportgen.sources.fetch import fetch
from reportgen.sources.holdings._routes import ROUTES, address_of, route_of
from reportgen.sources.snapshot import SnapshotSource
from tests.sources import market as m
from tests.sources.yahoo_server import Fault, Reply, Served, serve

PLAIN = b"Name,Ticker,Weight,Date\nSample One,AAA,0.6,2026-03-25\nSample Two,BBB,0.4,2026-03-25\n"
PAGE = b"<!DOCTYPE html><html><head><title>iShares Sample ETF</title></head><body>Accept our terms</body></html>"
LINES = [
    {"issuerName": name, "ticker": ticker, "percentageOfTotalNetAssets": weight, "securityTypeName": "Common Stock"}
    for name, ticker, weight in (("Sample One", "AAA", 60.0), ("Sample Two", "BBB", 40.0))
]
INVESCO = json.dumps({"effectiveDate": "2026-03-25", "totalNumberOfHoldings": 2, "holdings": LINES}).encode()


def test_a_local_file_comes_before_a_download(tmp_path: Path) -> None:
    (tmp_path / "IWM_old.csv").write_bytes(PLAIN.replace(b"2026-03-25", b"2026-01-05"))
    (tmp_path / "IWM_new.csv").write_bytes(PLAIN)
    net = MemoryWeb({})
    found = holdings.find("IWM", tmp_path, net)
    assert found is not None
    assert (found.path, found.content, found.url, net.asked) == ("holdings/IWM_2026-03-25.csv", PLAIN, None, [])


def test_a_download_keeps_its_day_and_its_form() -> None:
    route = route_of("QQQ")
    assert route is not None
    url = address_of(route, "QQQ")
    found = holdings.find("QQQ", None, MemoryWeb({url: INVESCO}))
    assert found is not None
    assert (found.path, found.source, found.url) == ("holdings/QQQ_2026-03-25.json", "Invesco", url)


def test_a_web_page_under_the_name_of_a_table_is_refused_by_what_it_is() -> None:
    route = route_of("IWM")
    assert route is not None
    with pytest.raises(MalformedError) as caught:
        holdings.find("IWM", None, MemoryWeb({address_of(route, "IWM"): PAGE}))
    assert caught.value.what == (
        'The holdings of IWM from ishares: The file is an HTML page titled "iShares Sample ETF", not a table.'
    )
    assert caught.value.fix == "Download the file by hand, and give its folder with --holdings DIR."


def test_a_fund_without_a_route_has_no_file() -> None:
    assert holdings.find("VTI", None, MemoryWeb({})) is None


def test_the_table_of_routes_is_whole_and_honest() -> None:
    listed = [ticker for route in ROUTES for ticker in route.tickers]
    assert len(listed) == len(set(listed))
    for route in ROUTES:
        assert route.known_from
        assert route.last_seen is None or route.last_seen >= date(2026, 1, 1)
        for ticker in route.tickers:
            url = address_of(route, ticker)
            assert url.startswith("https://")
            assert "{" not in url
            assert ticker.lower() in url.lower()


def test_the_document_tells_the_routes_as_the_table_does() -> None:
    text = (Path(__file__).resolve().parents[2] / "docs" / "live.md").read_text()
    told = dict(re.findall(r"^\| (iShares|Invesco|State Street) \| [^|]+ \| (never|[0-9-]{10})", text, re.MULTILINE))
    names = {"ishares": "iShares", "invesco": "Invesco", "ssga": "State Street"}
    assert told == {names[route.issuer]: str(route.last_seen or "never") for route in ROUTES}


def test_the_holdings_of_a_snapshot_are_used(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "VTI.csv").write_bytes(PLAIN)
    order = m.order(tmp_path / "snap", "VTI", "VXUS", local=tmp_path / "own")
    assert fetch(order, m.tools(m.market("VTI", "VXUS"), m.web(order.start))).missing == ()
    snapshot = SnapshotSource(tmp_path / "snap").load(Request(("VTI", "VXUS"), context=m.CONTEXT))
    held = snapshot.holdings["VTI"]
    assert (held.scope, held.as_of, [row.ticker for row in held.rows]) == ("full", date(2026, 3, 25), ["AAA", "BBB"])


def test_rates_come_without_a_key_and_read_as_rates() -> None:
    start, end = date(2024, 1, 2), date(2026, 3, 27)
    url = address("DGS3MO", start, end)
    assert url == "https://fred.stlouisfed.org/graph/fredgraph.csv?id=DGS3MO&cosd=2024-01-02&coed=2026-03-27"
    assert fetch_series(m.web(start), "DGS3MO", start, end).startswith(b"observation_date,DGS3MO\n2024-01-02,4.10\n")
    with pytest.raises(MalformedError, match=r'FRED\'s table of DGS3MO: The file is an HTML page titled "iShares'):
        fetch_series(m.web(start, DGS3MO=PAGE), "DGS3MO", start, end)


def test_the_bill_stands_in_where_the_rates_cannot_be_had(tmp_path: Path) -> None:
    order = m.order(tmp_path / "snap")
    down = MemoryWeb({address(s, order.start, order.as_of): UnreachableError("Nobody there.") for s in SERIES})
    result = fetch(order, m.tools(m.market("VTI", "VXUS"), down))
    assert [(lack.subject, lack.reason) for lack in result.missing] == [(series, "unreachable") for series in SERIES]
    assert len(down.asked) == 1
    snapshot = SnapshotSource(tmp_path / "snap").load(Request(("VTI", "VXUS"), context=m.CONTEXT))
    assert snapshot.risk_free is not None
    assert snapshot.risk_free.name == "^IRX"
    discount = 0.042 + 0.0001 / 100 * (snapshot.risk_free.values.size - 1)
    assert snapshot.risk_free.values[0] == pytest.approx(365 * 0.042 / (360 - 91 * 0.042), abs=2e-4)
    assert snapshot.risk_free.values[-1] > discount
    assert any("rates were not fetched (unreachable): Nobody there." in issue.message for issue in snapshot.issues)


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    with serve(tmp_path / "server") as running:
        for name, value in running.environment().items():
            monkeypatch.setenv(name, value)
        yield running


FRED = address("DGS3MO", date(2024, 1, 2), date(2026, 3, 27))


def test_the_real_web_goes_by_the_proxy_and_keeps_its_pace(served: Served) -> None:
    paces: list[int] = []
    content = UrlWeb(lambda: paces.append(1), 5.0).get(FRED)
    assert content.startswith(b"observation_date,DGS3MO\n")
    assert (served.kinds(), paces) == (["fred"], [1])


@pytest.mark.parametrize(
    ("reply", "kind", "says"),
    [
        (Reply(429, b""), RateLimitedError, "fred.stlouisfed.org refuses to answer: too many requests."),
        (Reply(404, b""), UnknownSymbolError, "fred.stlouisfed.org has no such file (404)."),
        (Reply(503, b""), UnreachableError, "fred.stlouisfed.org refused the request (503)."),
        (Reply(cut=True), UnreachableError, "fred.stlouisfed.org cannot be reached:"),
        (Reply(200, b"x" * 50, delay=1.0), UnreachableError, "fred.stlouisfed.org cannot be reached: "),
    ],
)
def test_failures_of_the_real_web_are_classified(
    reply: Reply, kind: type[NetworkError], says: str, served: Served
) -> None:
    served.faults = [Fault("fred", reply)]
    with pytest.raises(kind) as caught:
        UrlWeb(lambda: None, 0.7).get(FRED)
    assert caught.value.what.startswith(says)


def test_an_answer_that_breaks_off_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        import threading

        def half() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nobservation_date")

        thread = threading.Thread(target=half)
        thread.start()
        monkeypatch.setenv("no_proxy", "*")
        with pytest.raises(UnreachableError, match="broke off in the middle of its answer"):
            UrlWeb(lambda: None, 5.0).get(f"http://127.0.0.1:{server.getsockname()[1]}/x.csv")
        thread.join()
