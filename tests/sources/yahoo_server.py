"""Yahoo and FRED on this machine: answers in the recorded shapes, faults on demand, and a log of every request.

`Served.local` is plain HTTP, for a session that is told to come here. `Served.proxy` is a proxy that ends TLS, for a
program in which nothing was changed: it believes that it talks to the real hosts.
"""

from __future__ import annotations

import copy
import json
import re
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import trustme

from reportgen import calendar
from tests.sources import market

DATA = Path(__file__).resolve().parent.parent / "data" / "yahoo"
HOSTS = ("*.yahoo.com", "*.finance.yahoo.com", "fred.stlouisfed.org", "www.ishares.com", "dng-api.invesco.com",
         "www.ssga.com")  # fmt: skip
Change = Callable[[Any], Any]
KINDS = {
    "cookie": r"^//fc\.|^/$",
    "consent": r"consent",
    "crumb": r"/v1/test/getcrumb",
    "zone": r"/v8/finance/chart/.*range=1d",
    "chart": r"/v8/finance/chart/.*period1",
    "quoteSummary": r"/v10/finance/quoteSummary/",
    "quote": r"/v7/finance/quote",
    "timeseries": r"/ws/fundamentals-timeseries/",
    "fred": r"/graph/fredgraph.csv",
    "holdings": r"holdings",
}
FILES = {"quoteSummary": "quote-summary.json", "quote": "quote.json", "timeseries": "timeseries.json"}


@dataclass
class Reply:
    """What goes back: a status and a body, after a delay; with `cut`, the connection is reset instead."""

    status: int = 200
    body: bytes = b""
    kind: str = "application/json"
    delay: float = 0.0
    cut: bool = False
    cookie: bool = False


@dataclass
class Fault:
    """Something wrong with requests of one kind (and symbol): a reply in place of the true one, or a change to it.

    times: how often it happens; None for ever.
    """

    kind: str
    reply: Reply | None = None
    change: Change | None = None
    symbol: str | None = None
    times: int | None = None

    def fits(self, kind: str, path: str) -> bool:
        if kind != self.kind or self.times == 0 or (self.symbol is not None and f"/{self.symbol}?" not in path):
            return False
        self.times = None if self.times is None else self.times - 1
        return True


@dataclass
class Served:
    """A running server: its two addresses, the log of requests as (kind, path), and the faults that are on."""

    local: str
    proxy: str
    authority: Path
    log: list[tuple[str, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    known: set[str] | None = None

    def kinds(self) -> list[str]:
        return [kind for kind, _ in self.log]

    def count(self, kind: str) -> int:
        return self.kinds().count(kind)

    def environment(self) -> dict[str, str]:
        """What leads a program here that knows nothing of it."""
        names = ("SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE")
        return {"HTTPS_PROXY": self.proxy, "https_proxy": self.proxy, **dict.fromkeys(names, str(self.authority))}

    def answer(self, path: str) -> Reply:
        kind = next((kind for kind, pattern in KINDS.items() if re.search(pattern, path)), "other")
        self.log.append((kind, path))
        for fault in self.faults:
            if fault.fits(kind, path):
                if fault.reply is not None:
                    return fault.reply
                assert fault.change is not None
                return Reply(body=json.dumps(fault.change(json.loads(self.true(kind, path).body))).encode())
        return self.true(kind, path)

    def true(self, kind: str, path: str) -> Reply:
        """What a healthy server says."""
        symbol = urlsplit(path).path.rpartition("/")[2].replace("%5E", "^")
        plain = {
            "cookie": Reply(404, b"", "text/html", cookie=True),
            "crumb": Reply(200, b"a.Crumb/1", "text/plain"),
            "consent": Reply(200, (DATA / "consent.html").read_bytes(), "text/html"),
        }
        if kind in plain:
            return plain[kind]
        if kind in ("zone", "chart") and self.known is not None and symbol not in self.known:
            return Reply(404, (DATA / "chart-not-found.json").read_bytes())
        if kind in ("zone", "chart"):
            return Reply(body=json.dumps(chart(symbol, path)).encode())
        if kind == "fred":
            return Reply(body=fred(path), kind="text/csv")
        return Reply(body=(DATA / FILES[kind]).read_bytes()) if kind in FILES else Reply(404, b"no", "text/plain")


@cache
def _shape() -> Any:  # noqa: ANN401
    return json.loads((DATA / "chart.json").read_text())


def stamp(day: date) -> int:
    """The opening of a session, as charts stamp it: 9:30 in New York, taken as 13:30 or 14:30 UTC."""
    opening = datetime(day.year, day.month, day.day, 9, 30, tzinfo=calendar.NEW_YORK)
    return int(opening.astimezone(UTC).timestamp())


def chart(symbol: str, path: str) -> Any:  # noqa: ANN401
    """A chart of the span asked for, in the recorded shape."""
    asked = parse_qs(urlsplit(path).query)
    low, high = (int(asked[name][0]) for name in ("period1", "period2")) if "period1" in asked else (0, 2**40)
    answer = market.prices(symbol)
    picked = [i for i, day in enumerate(answer.days) if low <= stamp(day) < high]
    picked = picked if "period1" in asked else picked[-1:]
    told = copy.deepcopy(_shape())
    result = told["chart"]["result"][0]
    result["meta"].update({"symbol": symbol, "longName": f"Sample {symbol} ETF"})
    result["timestamp"] = [stamp(answer.days[i]) for i in picked]
    quote, columns = result["indicators"]["quote"][0], answer.columns
    for ours, theirs in (("Open", "open"), ("High", "high"), ("Low", "low"), ("Close", "close"), ("Volume", "volume")):
        quote[theirs] = [columns[ours][i] for i in picked]
    result["indicators"]["adjclose"][0]["adjclose"] = [columns["Adj Close"][i] for i in picked]
    result["events"]["dividends"] = {
        str(stamp(answer.days[i])): {"amount": columns["Dividends"][i], "date": stamp(answer.days[i])}
        for i in picked
        if columns["Dividends"][i]
    }
    return told


def fred(path: str) -> bytes:
    asked = parse_qs(urlsplit(path).query)
    start, end = (date.fromisoformat(asked[name][0]) for name in ("cosd", "coed"))
    series = asked["id"][0]
    net = market.web(start, end)
    return next(content for url, content in net.files.items() if f"id={series}&" in url and isinstance(content, bytes))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    served: Served
    context: ssl.SSLContext

    def log_message(self, *_: object) -> None:
        """The log is kept by `Served`."""

    def do_CONNECT(self) -> None:
        host = self.path.partition(":")[0]
        self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        self.wfile.flush()
        try:
            with self.context.wrap_socket(self.connection, server_side=True) as inside:
                kind = type("_Inside", (_Handler,), {"served": self.served, "context": self.context, "host": host})
                kind(inside, self.client_address, self.server)
        except (ssl.SSLError, OSError):
            pass  # a client that does not trust us hangs up
        self.close_connection = True

    def do_GET(self) -> None:
        host = getattr(self, "host", "")
        path = f"//{host}{self.path}" if host == "fc.yahoo.com" else self.path
        reply = self.served.answer(path)
        if reply.cut:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.rfile.close()  # or the socket stays open behind it
            raise ConnectionAbortedError
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.kind)
        self.send_header("Content-Length", str(len(reply.body)))
        if reply.cookie:
            domain = "; Domain=.yahoo.com; Secure" if host else ""
            self.send_header("Set-Cookie", f"A3=d=Sample; Expires=Fri, 31 Dec 2038 00:00:00 GMT; Path=/{domain}")
        self.end_headers()
        if reply.delay:
            self.wfile.write(reply.body[:20])
            self.wfile.flush()
            time.sleep(reply.delay)
        try:
            self.wfile.write(reply.body[20:] if reply.delay else reply.body)
        except OSError:
            self.close_connection = True

    do_POST = do_GET  # noqa: N815 - the name is the library's


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A connection that was cut on purpose needs no traceback."""


@contextmanager
def serve(folder: Path, *, trusted: bool = True) -> Iterator[Served]:
    """A server while the block runs. With `trusted` False its certificates are of an authority that nobody knows."""
    authority, other = trustme.CA(), trustme.CA()
    folder.mkdir(parents=True, exist_ok=True)
    bundle = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(bundle))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    (authority if trusted else other).issue_cert(*HOSTS).configure_cert(context)
    served = Served("", "", bundle)
    handler = type("_Bound", (_Handler,), {"served": served, "context": context})
    server = _Server(("127.0.0.1", 0), handler)
    served.local = served.proxy = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
