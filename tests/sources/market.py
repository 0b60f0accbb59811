"""An invented market for tests: answers in the shapes that yfinance gives, for the seams' in-memory twins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np

from reportgen import calendar
from reportgen.model import ContextFunds
from reportgen.sources._fred import SERIES, address
from reportgen.sources._wanted import Order
from reportgen.sources._web import MemoryWeb
from reportgen.sources.fetch import Told, Tools
from reportgen.sources.yahoo._market import Answer, MemoryMarket

FIRST, AS_OF = date(2023, 10, 2), date(2026, 3, 27)
NOW = datetime(2026, 3, 28, 9, 30, tzinfo=UTC)
CONTEXT = ContextFunds(companions=("XLE",))
INFO: Mapping[str, Any] = {
    "longName": "Sample Small Companies ETF", "category": "Small Blend", "fundFamily": "Sample", "legalType": "ETF",
    "fundInceptionDate": 958953600, "totalAssets": 71_915_577_344, "yield": 0.0102, "currency": "USD",
    "quoteType": "ETF", "netExpenseRatio": 0.19, "dividendYield": 1.02, "netAssets": 7.19e10, "typeDisp": "ETF",
    "fullExchangeName": "NYSEArca", "ytdReturn": 12.3, "marketCap": 1,
}  # fmt: skip
FUND: Mapping[str, Any] = {
    "overview": {"categoryName": "Small Blend", "family": "Sample", "legalType": "ETF"},
    "operations": {"Annual Report Expense Ratio": 0.0019, "Annual Holdings Turnover": 0.2, "Total Net Assets": 7e4},
    "equity": {"Price/Earnings": 0.055},
    "holdings": [{"symbol": f"A{i}", "name": f"Company {i}", "weight": 0.05 - i / 1000} for i in range(10)],
    "sectors": {"technology": 0.4, "financial_services": 0.35, "energy": 0.25},
}


def prices(ticker: str, start: date = FIRST, end: date = AS_OF) -> Answer:
    """Daily prices whose adjusted close follows from closes and quarterly dividends."""
    days = tuple(calendar.sessions(start, end).tolist())
    seed = sum(map(ord, ticker))
    closes = [round(100.0 + 5 * float(np.sin(i / (5 + seed % 7))) + i / (40 + seed % 11), 4) for i in range(len(days))]
    if ticker.startswith("^"):
        closes = [4.2 + i / 10_000 for i in range(len(days))]
    paid = [0.25 if i % 63 == 40 and not ticker.startswith("^") else 0.0 for i in range(len(days))]
    factors = [1.0] * len(days)
    for i in range(len(days) - 1, 0, -1):
        factors[i - 1] = factors[i] * (1 - paid[i] / closes[i - 1])
    adjusted = [close * factor for close, factor in zip(closes, factors, strict=True)]
    columns = {
        "Open": closes, "High": closes, "Low": closes, "Close": closes, "Adj Close": adjusted,
        "Volume": [1e6 + seed] * len(days), "Dividends": paid, "Stock Splits": [0.0] * len(days),
        "Capital Gains": [0.0] * len(days),
    }  # fmt: skip
    info = {"currency": "USD", "instrumentType": "ETF", "longName": f"Sample {ticker} ETF"}
    return Answer(f"https://query2.finance.yahoo.com/v8/finance/chart/{ticker}", days, columns, info)


def profile(ticker: str, **changes: object) -> Answer:
    """A fund's profile; a change to None takes a key out."""
    told = {**INFO, "longName": f"Sample {ticker} ETF", **changes}
    info = {key: value for key, value in told.items() if value is not None}
    return Answer(f"https://query2.finance.yahoo.com/v10/finance/quoteSummary/{ticker}", info=info, fund=FUND)


def market(*funds: str, **changes: Answer | Exception) -> MemoryMarket:
    """A market of some funds and the usual yardsticks; a change such as VTI_profile=... replaces an answer."""
    known: dict[tuple[str, str], Answer | Exception] = {}
    for ticker in dict.fromkeys((*funds, *CONTEXT.tickers, "^IRX")):
        known[ticker, "prices"] = prices(ticker)
        if ticker in funds:
            known[ticker, "profile"] = profile(ticker)
    for name, answer in changes.items():
        ticker, _, what = name.rpartition("_")
        known[ticker, what] = answer
    return MemoryMarket(known)


def web(start: date, end: date = AS_OF, **changes: bytes | Exception) -> MemoryWeb:
    """FRED's tables, and nothing else."""
    days = [day.isoformat() for day in calendar.sessions(start, end).tolist()]
    files: dict[str, bytes | Exception] = {}
    for series in SERIES:
        rows = "".join(f"{day},{_value(i)}\n" for i, day in enumerate(days))
        files[address(series, start, end)] = f"observation_date,{series}\n{rows}".encode()
    for series, content in changes.items():
        files[address(series, start, end)] = content
    return MemoryWeb(files)


def _value(i: int) -> str:
    """FRED prints a dot on a holiday of the bond market."""
    return "." if i % 90 == 7 else f"{4.1 + i / 9000:.2f}"


def order(into: Path, *tickers: str, **changes: Any) -> Order:  # noqa: ANN401
    """An order of two years up to the as-of."""
    return Order(tickers or ("VTI", "VXUS"), AS_OF, into, CONTEXT, **{"years": 2, **changes})


def tools(
    asked: MemoryMarket, net: MemoryWeb, tell: Callable[[Told], None] = lambda _: None, now: datetime = NOW
) -> Tools:
    """The tools of a fetch whose clock stands still."""
    return Tools(asked, net, lambda: now, tell, {"yfinance": "1.7.0"})
