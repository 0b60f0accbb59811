"""Hand-made data folders in the shapes that providers serve."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from reportgen import calendar
from reportgen.sources._raw import RawFile

Text = Callable[..., RawFile]
Write = Callable[..., Path]


@pytest.fixture
def raw() -> Text:
    """A file in memory: raw(text, name="IWM.csv")."""

    def make(content: str | bytes, name: str = "IWM.csv") -> RawFile:
        return RawFile(Path(name), name, content.encode() if isinstance(content, str) else content)

    return make


def table(days: Sequence[date], closes: Sequence[float], paid: dict[date, float] | None = None) -> str:
    """A price file in Yahoo's shape whose adjusted close follows from closes and distributions."""
    given = paid or {}
    amounts = np.array([given.get(day, 0.0) for day in days])
    factors = np.ones(len(days))
    for i in range(len(days) - 1, 0, -1):
        factors[i - 1] = factors[i] * (1 - amounts[i] / closes[i - 1])
    rows = [
        f"{day},{close!r},{close!r},{close!r},{close!r},{close * factor!r},1000,{amount!r}"
        for day, close, factor, amount in zip(
            days, map(float, closes), map(float, factors), amounts.tolist(), strict=True
        )
    ]
    return "\n".join(["Date,Open,High,Low,Close,AdjClose,Volume,Dividends", *rows]) + "\n"


@pytest.fixture
def write_prices(tmp_path: Path) -> Write:
    """Writes prices/TICKER.csv: write_prices("IWM", start, end, paid={day: amount}, change=lambda text: text)."""

    def write(
        ticker: str,
        start: date = date(2024, 1, 2),
        end: date = date(2024, 12, 31),
        *,
        paid: dict[date, float] | None = None,
        change: Callable[[str], str] = str,
        folder: str = "prices",
    ) -> Path:
        days = calendar.sessions(start, end).tolist()
        closes = [round(100.0 + 5 * np.sin(i / 7 + len(ticker)) + i / 50, 2) for i in range(len(days))]
        if ticker == "^IRX":
            closes = [round(close / 25, 3) for close in closes]
        path = tmp_path / folder / f"{ticker}.csv"
        path.parent.mkdir(exist_ok=True)
        path.write_text(change(table(days, closes, paid)))
        return path

    return write
